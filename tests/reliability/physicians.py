"""Physicians who go on working whatever happens to the bot, and note what became of their words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from bot.standin.slack.remote import PlayRefused, RemotePerson
from tests.reliability.ledger import Ledger
from tests.reliability.matrix_side import MatrixSide
from tests.reliability.slack_side import SlackSide
from tests.reliability.stage import Stage
from tests.reliability.words import phrases

_NEW_CASE = re.compile(r"New case #(\d+)")
_PATIENCE = 4.0
"""Seconds until a physician gives up on a form that does not open."""


@dataclass
class Physician:
    """Somebody at work.

    Every act takes a turn of ``turns``, so that a slow machine means fewer acts in a minute and not a pile of
    them. ``pace`` is the longest pause before an act, in seconds.
    """

    name: str
    chance: Random
    phrases: Iterator[str]
    ledger: Ledger
    pace: float = 1.5
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    own: set[str] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    curious: bool = False
    """Whether they follow every case, and so are told of everything that is said on it."""
    followed: set[int] = field(default_factory=set)

    async def work(self, over: asyncio.Event) -> None:
        """Go on until told that the day is over, finishing the act that was begun."""
        await self._turn(self.ask)
        while not over.is_set():
            await self._turn(self._act)

    async def _turn(self, act: Callable[[], Awaitable[None]]) -> None:
        await self.turns.acquire()
        await asyncio.sleep(self.chance.uniform(0, self.pace))  # people are not in step with the bot
        await act()

    async def _act(self) -> None:
        numbers = await self.cases()
        if self.curious and (unknown := sorted(set(numbers) - self.followed)):
            self.followed.add(unknown[0])
            await self.follow(unknown[0])
        elif not numbers or self.chance.random() < 0.2:
            await self.ask()
        elif self.chance.random() < 0.3 and (fresh := sorted(set(numbers) - self.answered)):
            number = self.chance.choice(fresh)
            self.answered.add(number)
            await self.say("opinion", number)
        else:
            await self.say("comment", self.chance.choice(numbers))

    async def ask(self) -> None:
        """Ask a case."""
        raise NotImplementedError

    async def say(self, word: str, number: int) -> None:
        """Comment on a case or give an opinion."""
        raise NotImplementedError

    async def follow(self, number: int) -> None:
        """Ask to hear of everything on a case."""
        raise NotImplementedError

    async def cases(self) -> list[int]:
        """Read the numbers of the cases of others off the consult room."""
        raise NotImplementedError

    def _of_others(self, texts: list[str]) -> list[int]:
        found = [(match, text) for text in texts if (match := _NEW_CASE.search(text))]
        return [int(match[1]) for match, text in found if not any(phrase in text for phrase in self.own)]


@dataclass
class AtSlack(Physician):
    """Works with forms, buttons and the slash command."""

    side: SlackSide = field(kw_only=True)

    @property
    def _person(self) -> RemotePerson:
        return self.side.person(self.name)

    async def ask(self) -> None:
        """Fill in the form and post from the preview; a form that does not open is given up."""
        phrase = next(self.phrases)
        opened = await self._person.slash("/consult", "case", channel=self.side.room)
        if opened.ok and await self._sees("Ask colleagues") and await self._fills_in(phrase):
            await self._sees("Preview")
            onward = await self._person.slash("/consult", "post", channel=self.side.room)
            await self._sees("One last look")
            posted = await self._person.slash("/consult", "post", channel=self.side.room)
            self.own.add(phrase)
            self.ledger.note(phrase, accepted=onward.ok and posted.ok)
        if await self._person.modal() is not None:
            await self._person.close_modal(everything=True)

    async def _fills_in(self, phrase: str) -> bool:
        entries = {"story": f"It began with a {phrase}.", "question": f"Would you do more for the {phrase}?"}
        try:
            filled = await self._person.submit(entries)
        except PlayRefused:  # the form closed under the person's hands
            return False
        return filled.ok and not filled.errors

    async def say(self, word: str, number: int) -> None:
        """Type a line, now and then in the direct message, where Slack repeats what is not acknowledged."""
        phrase = next(self.phrases)
        if word == "comment" and self.chance.random() < 0.2:
            await self._person.say_dm(f"comment {number} {phrase}")
            accepted = False
        else:
            line = f"{word} {number} {phrase}"
            accepted = (await self._person.slash("/consult", line, channel=self.side.room)).ok
        self.ledger.note(phrase, accepted=accepted, about=number)

    async def follow(self, number: int) -> None:
        """Type it; where that is not acknowledged nothing came of it."""
        await self._person.slash("/consult", f"follow {number}", channel=self.side.room)

    async def cases(self) -> list[int]:
        """Read them off the channel."""
        shown = await self._person.channel(self.side.room)
        return self._of_others([f"{message['text']} {message.get('blocks')}" for message in shown])

    async def _sees(self, title: str) -> bool:
        async def there() -> bool:
            return title in str(await self._person.modal())

        try:
            await self.side.remote.until(there, timeout=_PATIENCE)
        except TimeoutError:
            return False
        return True


@dataclass
class AtMatrix(Physician):
    """Works with words in the home chat; what the homeserver took, the bot has to handle."""

    side: MatrixSide = field(kw_only=True)

    async def ask(self) -> None:
        """Answer the bot's questions one by one, without waiting for them."""
        phrase = next(self.phrases)
        self.own.add(phrase)
        question = f"Would you do more for the {phrase}?"
        told = ("!consult case", f"It began with a {phrase}.", "done", question, "1", "skip")
        for words in (*told, "!consult post", "!consult post"):
            await self._write(words)
        self.ledger.note(phrase, accepted=True)

    async def say(self, word: str, number: int) -> None:
        """Write a line."""
        phrase = next(self.phrases)
        await self._write(f"!consult {word} {number} {phrase}")
        self.ledger.note(phrase, accepted=True, about=number)

    async def withdraw(self) -> int:
        """Take the oldest own case back that stands in the room; gives its number, 0 if there is none."""
        for message in self.side.room_as_seen(self.name):
            match = _NEW_CASE.search(message.body)
            phrase = next((phrase for phrase in self.own if phrase in message.body), None)
            if match and phrase:
                await self._write(f"!consult withdraw {match[1]} yes")
                self.ledger.about[phrase] = int(match[1])  # no word of it stays in the database
                self.ledger.withdrawn.add(int(match[1]))
                return int(match[1])
        return 0

    async def follow(self, number: int) -> None:
        """Write it."""
        await self._write(f"!consult follow {number}")

    async def cases(self) -> list[int]:
        """Read them off the consult room."""
        return self._of_others([message.body for message in self.side.room_as_seen(self.name)])

    async def _write(self, words: str) -> None:
        person = self.side.people[self.name]
        await person.say(self.side.home(self.name), words)


def at_work(stage: Stage, chance: Random, ledger: Ledger) -> list[Physician]:
    """Give everybody of a stage something to say, each with randomness of their own."""
    fresh = phrases(chance)

    def own() -> Random:
        return Random(chance.random())  # noqa: S311 (a campaign must repeat itself)

    slack = [AtSlack(name, own(), fresh, ledger, side=stage.slack) for name in stage.slack_people]
    matrix = [AtMatrix(name, own(), fresh, ledger, side=stage.matrix) for name in stage.matrix_people]
    return [*slack, *matrix]
