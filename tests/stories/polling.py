"""A poll of any kind in a story: put into both rooms, as asking would."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.commands.context import House
from bot.domain.members import MemberId
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Terms
from bot.domain.polls import Poll, cells_of
from bot.views.poll import poll_card
from tests.stories.world import World

THREE = ("Steroid", "Biopsy", "Watch")
KINDS: dict[str, tuple[Terms, Sequence[str]]] = {
    "single": (Terms(), THREE),
    "likert": (Terms(PollKind.LIKERT), AGREEMENT),
    "multiple": (Terms(PollKind.MULTIPLE, most=2), THREE),
    "ranking": (Terms(PollKind.RANKING), THREE),
    "number": (Terms(PollKind.NUMBER, scale=Scale(Decimal(0), Decimal(20), Decimal("0.5"), "mg")), ()),
}
"""A poll of each kind: its terms and its options."""


async def asked(
    world: World, terms: Terms | None = None, options: Sequence[str] = THREE, author: str = "ben"
) -> Poll:
    """Put a poll into the rooms at once."""
    known = await world.bot.wall.who(world.site_of(author).account(author))
    assert known is not None
    poll = await put(world.bot.house, known.member, terms or Terms(), options)
    await world.settle()
    return poll


async def put(
    house: House, author: MemberId, terms: Terms, options: Sequence[str], question: str = "What first?"
) -> Poll:
    """Open a poll and put it on its way to the rooms."""
    async with house.content.work() as work:
        member = await work.members.get(author)
        assert member is not None
        poll = Poll(
            id=house.chance.id(),
            number=await work.cases.next_number(),
            author=author,
            question=question,
            options=(*options, NO_OPINION),
            asked_at=house.clock.now(),
            terms=terms,
            cells=cells_of(terms),
        )
        await work.polls.add(poll, house.chance.key())
        await work.outbox.post(poll.subject, poll_card(poll, member), release_at=house.clock.now())
    return poll


async def slots_of(world: World, poll: Poll) -> dict[str, tuple[int, ...]]:
    """Count what lies in a poll's urn, by cell."""
    async with world.bot.house.content.work() as work:
        urn = await work.polls.urn(poll)
    return {cell: counts.slots for cell, counts in urn.cells.items() if counts.ballots}


async def ballots_in(world: World, poll: Poll) -> int:
    """Count the ballots in a poll's urn."""
    async with world.bot.house.content.work() as work:
        return (await work.polls.urn(poll)).ballots
