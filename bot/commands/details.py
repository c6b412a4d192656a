"""Details of a case on the table: title, age band, sex, kind of question, consent, and the rarer ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_again
from bot.commands.on_table import require_draft
from bot.commands.poll_drafting import settings, split_settings
from bot.domain.details import APART, CHOSEN, Consent, title_of
from bot.domain.drafts import Draft, DraftKind
from bot.domain.languages import Language
from bot.domain.permissions import Action
from bot.domain.proposals import AGE_BANDS, QuestionKind, Sex
from bot.domain.refusal import Refused
from bot.views.details import details_form
from bot.views.preview import text_card

_KNOWN: Mapping[str, frozenset[str]] = {
    "age_band": frozenset(AGE_BANDS),
    "sex": frozenset(Sex),
    "kind": frozenset(QuestionKind),
    "consent": frozenset(Consent),
    "language": frozenset(Language),
}


async def details(ctx: Context, request: Ask) -> Card | Form:
    """Open the form with what the story proposes, or take its answers and show the preview."""
    code, words = split_settings(request.argument)
    async with ctx.look() as work:
        draft = await require_draft(ctx, work, Action.DETAILS, code)
    if draft.kind is DraftKind.POLL:
        return await settings(ctx, request, draft, words)
    if draft.kind is not DraftKind.CASE:
        raise Refused("cases_only", "Only cases and polls have details.", f"preview {draft.code}")
    told = draft.source.fields if draft.source else draft.fields
    if not request.submitted:
        return details_form(draft, told)
    again = await clean_again(ctx, draft, {**told, **_words(draft, told, request)})
    changed = replace(again, settings={**draft.settings, **_choices(request)}, text_read=False)
    changed = changed.also_sent(request.sent)
    async with ctx.work() as work:
        await work.drafts.replace(changed)
    return text_card(changed)


def _words(draft: Draft, told: Mapping[str, str], request: Ask) -> Mapping[str, str]:
    """Give the words that were typed; a title that was left as proposed goes on following the question."""
    typed = {name: request.values.get(name, told.get(name, "")).strip() for name in APART}
    if not draft.fields.get("title") and typed["title"] == title_of(draft):
        typed["title"] = ""
    return typed


def _choices(request: Ask) -> Mapping[str, str]:
    """Give what was chosen; whatever is no choice counts as not said."""
    said = {name: request.values[name] for name in CHOSEN if name in request.values}
    return {name: value if value in _KNOWN[name] else "" for name, value in said.items()}
