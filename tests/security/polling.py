"""Families of overlapping polls on paper: people vote, leave and come back, and much of it is shown."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.domain.disclosure import breakdown, in_all
from bot.domain.members import Member, MemberId, Role
from bot.domain.overlap import overlap
from bot.domain.poll_tally import Beside, Choice, Counts, Group, Result, Urn, added, slots_of
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Terms, cell_of, specialty_of_cell
from bot.domain.polls import Poll, cells_of

LEAST = 5
NOW = datetime(2026, 3, 2, tzinfo=UTC)
SPECIALTIES = ("Cardiology", "Dermatology", "Neurology", "Pathology", "Urology")
QUESTIONS = (
    "Would you biopsy this plaque?",
    "Biopsy of this plaque?",
    "Would you not biopsy this plaque?",
)
Weaken = Callable[[Urn], Urn]


@dataclass(frozen=True)
class Sum:
    """A table that was shown, and whose ballots are in it: what an attacker knows at worst."""

    people: frozenset[MemberId]
    slots: tuple[int, ...]


@dataclass
class Booth:
    """One poll with its urn: whose ballot came with which release, and what was shown."""

    poll: Poll
    ballots: dict[MemberId, tuple[str, int]] = field(default_factory=dict)
    released: int = 0
    gone: Counter[str] = field(default_factory=Counter)
    sums: list[Sum] = field(default_factory=list)
    closed: bool = False

    def came(self, release: int) -> Counter[str]:
        return Counter(cell for cell, first in self.ballots.values() if first == release)

    def ever(self) -> Counter[str]:
        return sum((self.came(release) for release in range(self.released)), Counter(self.gone))

    def take_out(self, person: MemberId) -> None:
        cell, release = self.ballots.pop(person, ("", self.released))
        if release < self.released:
            self.gone[cell] += 1


@dataclass
class Family:
    """Polls that ask the same of a house, and what everybody there thinks."""

    chance: random.Random
    members: Mapping[MemberId, Member]
    opinions: Mapping[MemberId, Choice]
    booths: list[Booth]
    weaken: Weaken = lambda urn: urn
    smallest_group: int = LEAST

    def vote(self) -> None:
        booth = self.chance.choice(self.booths)
        person = self.chance.choice([*self.members])
        if booth.closed or not booth.poll.terms.admits(self.members[person]):
            return
        booth.ballots.setdefault(person, (cell_of(self.members[person]), booth.released))

    def leave(self) -> None:
        person = self.chance.choice([*self.members])
        for booth in self.booths:
            if not booth.closed:
                booth.take_out(person)

    def snapshot(self) -> None:
        self.release(self.chance.choice(self.booths), final=False)

    def end(self) -> None:
        self.release(self.chance.choice(self.booths), final=True)

    def release(self, booth: Booth, *, final: bool) -> None:
        if booth.closed:
            return
        urn = self.weaken(self.urn(booth))
        result = booth.poll.release(urn, NOW, LEAST, final=final)
        booth.closed = final
        if result is None or result.held_back or not urn.new:
            return
        booth.poll = booth.poll.snapshot(result)
        booth.released += 1
        booth.sums += [
            self._sum(booth, group) for group in self._tables(booth.poll, urn, result, final=final)
        ]

    def _tables(self, poll: Poll, urn: Urn, result: Result, *, final: bool) -> list[Group]:
        groups = result.groups
        if final and self.smallest_group < LEAST:
            groups = breakdown(urn, in_all(urn.beside), self.smallest_group, poll.nothing)
        return [*groups] or [Group(tuple({specialty_of_cell(cell) for cell in urn.cells}), result.counts)]

    def _sum(self, booth: Booth, group: Group) -> Sum:
        people = frozenset(
            person
            for person, (cell, _) in booth.ballots.items()
            if specialty_of_cell(cell) in group.specialties
        )
        assert len(people) == group.counts.ballots
        return Sum(people, group.counts.slots)

    def urn(self, booth: Booth) -> Urn:
        beside = tuple(
            Beside(other.poll.number, other.ever())
            for other in self.booths
            if other.released and overlap(booth.poll, other.poll)
        )
        earlier = tuple(booth.came(release) for release in range(booth.released))
        new = sum(booth.came(booth.released).values())
        return Urn(self._counts(booth), new, earlier, booth.gone, beside)

    def _counts(self, booth: Booth) -> dict[str, Counts]:
        poll, cells = booth.poll, {cell for cell, _ in booth.ballots.values()}
        return {
            cell: added(
                (self.ballot(poll, person) for person, (own, _) in booth.ballots.items() if own == cell),
                poll.nothing,
            )
            for cell in cells
        }

    def ballot(self, poll: Poll, person: MemberId) -> Counts:
        counted = slots_of(poll.terms, len(poll.options), self.opinions[person])
        return Counts(1, tuple(int(slot in counted) for slot in range(len(poll.nothing.slots))))

    def shown(self) -> list[Sum]:
        return [shown for booth in self.booths for shown in booth.sums]


def family(
    seed: int,
    weaken: Weaken = lambda urn: urn,
    smallest_group: int = LEAST,
    *,
    most: int = 5,
    leaving: bool = True,
) -> Family:
    """Ask up to ``most`` polls of the same, let everything happen to them, and close all."""
    chance = random.Random(seed)  # noqa: S311 - the same families in every run
    members = _members(chance)
    poll = _poll(chance)
    opinions = {person: _opinion(chance, poll) for person in members}
    booths = [Booth(_asked(chance, poll, number)) for number in range(1, chance.randint(1, most) + 1)]
    asked = Family(chance, members, opinions, booths, weaken, smallest_group)
    weights = (1.0, leaving * chance.choice((0.0, 0.02, 0.1)), chance.choice((0.0, 0.02, 0.1)), 0.01)
    happenings = (asked.vote, asked.leave, asked.snapshot, asked.end)
    for happens in chance.choices(happenings, weights, k=chance.randint(50, 500)):
        happens()
    for booth in booths:
        asked.release(booth, final=True)
    return asked


def _members(chance: random.Random) -> dict[MemberId, Member]:
    weights = [chance.choice((1, 2, 6)) for _ in SPECIALTIES]
    people = {}
    for number in range(chance.randint(15, 70)):
        role = Role.TRAINEE if chance.random() < 0.2 else Role.PHYSICIAN
        member = MemberId(f"{number:032}")
        people[member] = Member(member, f"Name {number}", role, chance.choices(SPECIALTIES, weights)[0])
    return people


def _poll(chance: random.Random) -> Poll:
    kind = chance.choice(list(PollKind))
    options = {PollKind.LIKERT: AGREEMENT, PollKind.NUMBER: ()}.get(kind, ("yes", "no", "later"))
    scale = Scale(Decimal(0), Decimal(4), Decimal(1), "mg") if kind is PollKind.NUMBER else None
    terms = Terms(kind=kind, most=2 if kind is PollKind.MULTIPLE else 0, scale=scale)
    return Poll("0", 0, MemberId("a" * 32), QUESTIONS[0], (*options, NO_OPINION), NOW, terms)


def _asked(chance: random.Random, poll: Poll, number: int) -> Poll:
    audience = chance.choice(((), tuple(chance.sample(SPECIALTIES, chance.randint(1, 4)))))
    terms = replace(poll.terms, audience=audience, trainees=chance.random() < 0.7)
    question = chance.choice(QUESTIONS)
    return replace(poll, id=str(number), number=number, question=question, terms=terms, cells=cells_of(terms))


def _opinion(chance: random.Random, poll: Poll) -> Choice:
    real = poll.undecided[0]
    if chance.random() < 0.1:
        return poll.undecided
    if poll.terms.kind is PollKind.RANKING:
        return tuple(chance.sample(range(real), real))
    if poll.terms.kind is PollKind.MULTIPLE:
        return tuple(sorted(chance.sample(range(real), chance.randint(1, 2))))
    return (chance.randrange(real),)
