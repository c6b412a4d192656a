"""The Matrix half of a campaign: a real homeserver in its own process, and physicians at their clients."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.adapters.matrix.site import account_of
from bot.chat.events import Account
from bot.standin.people import Message, Person
from bot.standin.synapse import Synapse

PASSWORD = "correct horse"
BOT = "curbside"


@dataclass
class MatrixSide:
    """A homeserver with the bot's account and some people."""

    synapse: Synapse
    bot: str
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    async def start(cls, folder: Path, names: tuple[str, ...]) -> MatrixSide:
        """Start the homeserver and sign everybody in."""
        synapse = Synapse(folder / "synapse")
        await asyncio.to_thread(synapse.start)
        side = cls(synapse, await asyncio.to_thread(synapse.register, BOT, PASSWORD))
        for name in names:
            user = await asyncio.to_thread(synapse.register, name, PASSWORD)
            side.people[name] = Person(synapse.url, user, PASSWORD, folder / "clients" / name)
            await side.people[name].start()
        return side

    async def stop(self) -> None:
        """Sign everybody out and stop the homeserver."""
        for person in self.people.values():
            await person.stop()
        await asyncio.to_thread(self.synapse.stop)

    def account(self, name: str) -> Account:
        """The account of a person."""
        return account_of(self.people[name].user)

    def home(self, name: str) -> str:
        """The room in which the bot welcomed a person; empty before."""
        welcomed = (one for one in self.people[name].read() if "You are in" in one.body)
        return next((message.room for message in welcomed), "")

    def is_in(self, name: str) -> bool:
        """Whether a person was welcomed and is in the consult room too."""
        return bool(self.home(name)) and len(self.people[name].client.rooms) > 1

    async def caught_up(self) -> None:
        """Wait until every client has seen all that was said so far: a word of its own comes after it."""
        for name, person in self.people.items():
            said = await person.say(self.home(name), "good night")
            await person.until(partial(_has, person, said))

    def room_as_seen(self, by: str) -> list[Message]:
        """Everything in the consult room, in the order in which it was said."""
        person = self.people[by]
        homes = {self.home(name) for name in self.people}
        return [message for message in person.read() if message.room not in homes]


def _has(person: Person, event: str) -> bool:
    return any(message.id == event for message in person.messages)
