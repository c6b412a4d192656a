"""Finding cases by their words."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.cases import MOST_LISTED
from bot.commands.context import Ask, Context
from bot.domain.permissions import Action, require
from bot.domain.search import search_words
from bot.views.search import find_form, found_card, no_words_card


async def find(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or list the cases that have the words."""
    require(Action.FIND, ctx.member)
    typed = request.values.get("words", "") if request.submitted else request.argument
    if not typed and not request.submitted:
        return find_form()
    words = search_words(typed)
    if not words:
        return no_words_card()
    async with ctx.look() as work:
        found = await work.search.cases(words, ctx.now(), MOST_LISTED)
    return found_card(found)
