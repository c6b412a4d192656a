"""A poll as a machine: votes, changes, linked accounts, people who leave, the clock, the close, in any order.

The model knows who said what last. After each step the urn holds exactly that, and whatever can be read keeps
the rules: nothing below the smallest cell, and no table that has fewer new people than that in it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.poll_tally import Choice, slots_of
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Shows, Terms
from bot.domain.polls import Poll, PollState, cells_of
from tests.stories.linked import link
from tests.stories.world import World, enrol_everybody, open_world

NUMBER: Final = 901
LEAST: Final = 5
HOURS: Final = 3600
MEMBERS: Final = ("ada", "cleo", "dara", "ravi", "sana", "tove", "udo")
SECOND: Final = "norma"
"""An account that may come to be Ada's."""
TERMS: Final = {
    PollKind.SINGLE: Terms(),
    PollKind.MULTIPLE: Terms(PollKind.MULTIPLE, most=2),
    PollKind.LIKERT: Terms(PollKind.LIKERT),
    PollKind.RANKING: Terms(PollKind.RANKING),
    PollKind.NUMBER: Terms(PollKind.NUMBER, scale=Scale(Decimal(0), Decimal(9), Decimal(1), "mg")),
}
OPTIONS: Final = {PollKind.LIKERT: (*AGREEMENT, NO_OPINION), PollKind.NUMBER: (NO_OPINION,)}
VOTES: Final[dict[PollKind, dict[str, Choice]]] = {
    PollKind.SINGLE: {"1": (0,), "2": (1,), "Watch": (2,), "4": (3,)},
    PollKind.MULTIPLE: {"1": (0,), "1,3": (0, 2), "2, 3": (1, 2), "4": (3,)},
    PollKind.LIKERT: {"1": (0,), "2": (1,), "5": (4,), "6": (5,)},
    PollKind.RANKING: {"1>2>3": (0, 1, 2), "3>1>2": (2, 0, 1), "2>3>1": (1, 2, 0), "4": (3,)},
    PollKind.NUMBER: {"0": (0,), "9 mg": (9,), "5": (5,), "don't know": (10,)},
}
NO_VOTES: Final = {
    PollKind.SINGLE: ("9", "0", "1,2", "maybe"),
    PollKind.MULTIPLE: ("1,2,3", "1,4", "9", "maybe"),
    PollKind.LIKERT: ("7", "very much"),
    PollKind.RANKING: ("1>2", "1>1>2", "1>2>9", "1"),
    PollKind.NUMBER: ("10", "2.5", "-1", "a lot"),
}
T = TypeVar("T")


class PollMachine(RuleBasedStateMachine):
    """One poll, seven members of two hospitals, and an account more."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.opened = open_world(Path(self.folder.name))
        self.votes: dict[str, Choice] = {}
        self.members = set(MEMBERS)
        self.linked = False
        self.shown: list[frozenset[str]] = []
        """Whose ballots were in each table that somebody could read."""
        self.at: datetime | None = None

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    @initialize(kind=st.sampled_from(PollKind), shows=st.sampled_from((Shows.CLOSE, Shows.SNAPSHOTS)))
    def ask(self, kind: PollKind, shows: Shows) -> None:
        self.kind = kind
        self.run(self._ask(kind, shows))

    async def _ask(self, kind: PollKind, shows: Shows) -> None:
        self.world = await self.opened.__aenter__()
        await enrol_everybody(self.world)
        known = await self.world.bot.wall.who(self.world.forms.account("ben"))
        assert known is not None
        terms = replace(TERMS[kind], shows=shows)
        options = OPTIONS.get(kind, ("Biopsy", "Steroid", "Watch", NO_OPINION))
        now = self.world.clock.now()
        poll = Poll(
            "p" * 32, NUMBER, known.member, "What first?", options, now, terms=terms, cells=cells_of(terms)
        )
        async with self.world.bot.house.content.work() as work:
            await work.polls.add(poll, self.world.chance.key())

    async def _poll(self) -> Poll:
        async with self.world.bot.house.content.work() as work:
            poll = await work.polls.by_number(NUMBER)
        assert poll is not None
        return poll

    def person_of(self, account: str) -> str:
        return "ada" if account == SECOND else account

    def may(self, account: str) -> bool:
        return self.person_of(account) in self.members and (account != SECOND or self.linked)

    @rule(account=st.sampled_from((*MEMBERS, SECOND)), which=st.integers(0, 3))
    def vote(self, account: str, which: int) -> None:
        words, choice = list(VOTES[self.kind].items())[which]
        told = self.run(self.world.command(account, f"vote {NUMBER} {words}"))
        person = self.person_of(account)
        if not self.may(account):
            assert "verified" in told
        elif self.closed:
            assert f"Poll {NUMBER} is closed" in told
        else:
            assert ("changed" in told) is (person in self.votes), told
            self.votes[person] = choice

    @rule(account=st.sampled_from(MEMBERS), which=st.integers(0, 3))
    def no_vote(self, account: str, which: int) -> None:
        wrong = NO_VOTES[self.kind]
        told = self.run(self.world.command(account, f"vote {NUMBER} {wrong[which % len(wrong)]}"))
        assert "Your vote" not in told.partition("\n")[0], told

    @precondition(lambda self: not self.linked and "ada" in self.members)
    @rule()
    def link_an_account(self) -> None:
        self.run(link(self.world, "ada", SECOND))
        self.linked = True

    @precondition(lambda self: len(self.members) > LEAST)
    @rule(person=st.sampled_from(MEMBERS[1:]))
    def leave(self, person: str) -> None:
        if person in self.members:
            self.run(self.world.command(person, "me delete keep yes"))
            self.members.discard(person)
            if not self.closed:
                self.votes.pop(person, None)

    @rule(minutes=st.sampled_from((1, 11, 300)))
    def pass_time(self, minutes: int) -> None:
        self.run(self.world.wait(minutes * 60))

    @precondition(lambda self: len(self.votes) >= 3)
    @rule()
    def close(self) -> None:
        self.run(self.world.command("ben", f"endpoll {NUMBER}"))

    @property
    def closed(self) -> bool:
        return self.run(self._poll()).state is PollState.CLOSED

    @invariant()
    def the_urn_holds_what_was_said_last(self) -> None:
        if not hasattr(self, "world") or self.closed:
            return
        poll, slots = self.run(self._urn())
        said = Counter(
            slot for one in self.votes.values() for slot in slots_of(poll.terms, len(poll.options), one)
        )
        assert slots == tuple(said[slot] for slot in range(len(poll.nothing.slots)))

    async def _urn(self) -> tuple[Poll, tuple[int, ...]]:
        poll = await self._poll()
        async with self.world.bot.house.content.work() as work:
            urn = await work.polls.urn(poll)
        assert urn.ballots == len(self.votes)
        counts = poll.nothing
        for cell in urn.cells.values():
            counts = counts.plus(cell)
        return poll, counts.slots

    @invariant()
    def what_is_shown_differs_by_enough_people(self) -> None:
        if not hasattr(self, "world"):
            return
        poll = self.run(self._poll())
        result = poll.result
        if result is None:
            assert not self.shown
            return
        assert all(group.counts.ballots >= LEAST for group in result.groups)
        if self.shown and self.at == result.at:
            return
        now = frozenset(self.votes)
        assert result.counts.ballots == len(now)
        assert all(len(now - before) >= LEAST for before in self.shown or [frozenset()])
        self.shown.append(now)
        self.at = result.at

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()


PollMachine.TestCase.settings = settings(
    max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestPollMachine = PollMachine.TestCase


@pytest.mark.soak
def test_a_poll_keeps_its_rules_whatever_happens_to_it() -> None:
    run_state_machine_as_test(
        PollMachine,
        settings=settings(
            max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
