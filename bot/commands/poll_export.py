"""The released table of a poll as CSV, for its author, moderators and the shell; no row is about a voter."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands import poll_closing
from bot.commands.context import Ask, Context, House
from bot.commands.finding import require_in_sight, require_poll, split_number
from bot.domain.permissions import Action
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.domain.refusal import Refused, not_found
from bot.views.poll_table import poll_table, table_card


async def results(ctx: Context, request: Ask) -> Card | Form:
    """Show a poll's result, or its table as CSV to whoever may have it."""
    _, words = split_number(request.argument)
    if words.casefold() == "csv":
        return await export(ctx, request)
    return await poll_closing.results(ctx, request)


async def export(ctx: Context, request: Ask) -> Card:
    """Answer with the table of a poll as CSV."""
    async with ctx.look() as work:
        poll = await require_poll(ctx, work, request, Action.RESULTS_CSV)
        if poll.terms.shows is Shows.AUTHOR and not ctx.is_mine(poll.author):
            raise not_found("poll", poll.number)
        if poll.state is not PollState.CLOSED and not await poll_closing.may_read_so_far(ctx, work, poll):
            raise _open(poll)
    return table_card(_released(poll))


class PollTables:
    """Tables of closed polls, as the shell writes them."""

    def __init__(self, house: House) -> None:
        """Take the house that keeps the polls."""
        self._house = house

    async def table(self, number: int) -> str:
        """Give the table of a closed poll as CSV; raises :class:`Refused` where there is none to give."""
        async with self._house.content.look() as work:
            poll = await work.polls.by_number(number)
            if poll is None:
                raise Refused("not_found", f"There is no poll {number}.")
            await require_in_sight(work, poll)
        if poll.terms.shows is Shows.AUTHOR:
            raise Refused("author_only", f"The result of poll {number} is for its author alone.")
        if poll.state is not PollState.CLOSED:
            raise _open(poll)
        return poll_table(_released(poll))


def _released(poll: Poll) -> Poll:
    """Give a poll of which a table was released; raises :class:`Refused` for any other."""
    if poll.result is None:
        raise Refused("too_few", f"Too few people voted in poll {poll.number} to show a table.")
    return poll


def _open(poll: Poll) -> Refused:
    sentence = f"Poll {poll.number} is not closed yet; its table is there when it is."
    return Refused("open", sentence, f"results {poll.number}")
