"""Random samples: as a poll is asked some of its audience are drawn, invited, and alone may vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.commands.context import Context
from bot.domain.members import MemberId, listed
from bot.domain.polls import Poll, PollState
from bot.domain.refusal import Refused
from bot.domain.samples import could_vote, draw, invitations_subject
from bot.ports.outbox import Telling
from bot.ports.work import Work
from bot.views import poll_paying as views


async def invite(ctx: Context, work: Work, poll: Poll) -> Poll:
    """Draw whoever may vote in a poll that asks a random sample, and invite them; raises :class:`Refused`.

    Call it right after the poll was added, before its card is made: it gives the poll with how many were
    drawn. What is kept of who was drawn are names in the poll's own urn, which go when it closes.
    """
    if not poll.terms.sample:
        return poll
    key = await work.polls.urn_key(poll)
    drawn = await _drawn(ctx, await _pool(ctx, work, poll), key, poll)
    _require_enough(ctx, poll, len(drawn))
    invited = replace(poll, invited=len(drawn))
    await work.polls.replace(invited)
    await work.polls.invite(invited, drawn.values())
    subject = invitations_subject(key)
    await work.outbox.tell_all(_invitation(ctx, invited, listed(drawn), subject))
    return invited


async def _pool(ctx: Context, work: Work, poll: Poll) -> list[MemberId]:
    """List everybody who may act and could vote, but for the author."""
    stopped = {member for member, standing in await work.standings.all() if standing.at(ctx.now()).stops}
    left_out = {*stopped, *ctx.ids, poll.author}
    everybody = await work.members.everybody()
    return [member.id for member in everybody if could_vote(poll.terms, member, left_out)]


async def _drawn(ctx: Context, pool: Sequence[MemberId], key: bytes, poll: Poll) -> Mapping[MemberId, str]:
    """Draw as many as the poll asks for, or all there are, with their names in the urn.

    Whoever is on the way in or out has none; somebody else is drawn instead.
    """
    found: dict[MemberId, str] = {}
    rest = draw(pool, len(pool), ctx.house.chance.key)
    while rest and len(found) < poll.terms.sample:
        short = poll.terms.sample - len(found)
        some, rest = rest[:short], rest[short:]
        names = await ctx.house.electorate.voters(some, key, poll.id)
        found |= {member: names[member] for member in some if member in names}
    return found


def _require_enough(ctx: Context, poll: Poll, drawn: int) -> None:
    least = ctx.rules.min_cell
    if poll.terms.sample < least:
        raise Refused(
            "small_sample",
            f"A random sample needs at least {least} colleagues: fewer answers are never shown.",
            "preview",
        )
    if drawn < least:
        raise Refused(
            "few_to_draw",
            f"Fewer than {least} colleagues can be drawn for this, so no result could ever be shown. "
            "Ask a wider audience.",
            "preview",
        )


def _invitation(ctx: Context, poll: Poll, drawn: bytes, subject: str) -> Telling:
    """Make an invitation, to leave once the poll is out and open, to each at a moment of its own."""
    now, (least, most) = ctx.now(), ctx.rules.delay_seconds
    ready = max(now, poll.released_at or now, poll.terms.opens_at or now)
    return Telling(
        drawn,
        views.invitation_card(poll),
        quiet=views.invitation_quiet_card(poll),
        key=ctx.house.chance.id(),
        release_at=ready + timedelta(seconds=least),
        within=most - least,
        subject=subject,
    )


async def require_invited(ctx: Context, work: Work, poll: Poll) -> None:
    """Refuse whoever was not drawn for an open poll that asks a random sample; raises :class:`Refused`."""
    if not poll.terms.sample:
        return
    if not await work.polls.is_invited(poll, ctx.voter(await work.polls.urn_key(poll), poll.id)):
        raise Refused("not_drawn", views.not_drawn_words(poll), f"results {poll.number}")


async def recall(work: Work, poll: Poll, *, standing: bool = False) -> None:
    """Cancel the invitations that wait for a poll; with ``standing`` take back those that were read, too.

    Without the poll's urn nobody finds them any more, so this comes before the urn is destroyed.
    """
    if not poll.terms.sample or poll.state is PollState.CLOSED:
        return
    try:
        subject = invitations_subject(await work.polls.urn_key(poll))
    except KeyError:
        # It came back from a backup without its urn.
        return
    await work.outbox.untell(subject, await work.outbox.told(subject) if standing else ())


async def forget_poll(work: Work, poll_id: str) -> None:
    """Forget a poll that was undone or taken back, with its invitations."""
    poll = await work.polls.get(poll_id)
    if poll is not None:
        await recall(work, poll, standing=True)
    await work.polls.remove(poll_id)
