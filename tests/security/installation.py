"""An installation for tests that look at the disk: both databases, the wall, and people who live there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from bot.anonymizer import Anonymizer
from bot.chat.events import Account
from bot.commands.context import House, Rules
from bot.domain.cases import Case
from bot.domain.members import MemberId, Role
from bot.domain.verification import HardKey, KeyKind
from bot.identity.joining import Admission, Admitted
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from storage import opened
from storage.content.store import ContentStore, open_content
from storage.vault.vault import VaultStore, open_vault
from tests.storage.handed_in import ROOMS, SeededChance, StillClock
from tests.storage.test_planted import account, name


def number(person: int) -> str:
    """Give the number that a person has in the public register."""
    return f"1{person:05d}4321"


def indexed(person: int) -> str:
    """Give a word that a person's case alone has, and that begins as no other does.

    The case has it in capitals, the index of words in small letters, and of those all but what the word
    before it begins with too.
    """
    return sha256(b"%d" % person).hexdigest()[:20] + "q"


@dataclass(frozen=True)
class Installation:
    """What stands between a person and the files of ``data_dir``."""

    data_dir: Path
    wall: Wall
    content: ContentStore
    vault: VaultStore
    sealer: AesSealer
    clock: StillClock
    chance: SeededChance

    @property
    def house(self) -> House:
        return House(self.content, Anonymizer(), self.clock, self.chance, Rules())

    async def admit(self, person: int) -> MemberId:
        """Let somebody in as verification does, with a number and a licence."""
        (screen_name,) = await self.wall.joining.free_names(1)
        keys = (HardKey(KeyKind.NPI, number(person)), HardKey(KeyKind.LICENCE, f"MA licence{person}q"))
        admission = Admission(
            member=MemberId(self.chance.id()),
            screen_name=screen_name,
            real_name=name(person),
            specialty="Dermatology",
            role=Role.PHYSICIAN,
            keys=keys,
            by="checks",
        )
        assert await self.wall.joining.admit(account(person), admission) is Admitted.IN
        return admission.member

    async def member(self, who: Account) -> MemberId:
        known = await self.wall.who(who)
        assert known is not None
        return known.member

    def case(self, person: int, author: MemberId, now: datetime) -> Case:
        """Make a case whose words name its author's number, so that they are found again."""
        words = f"caseword{person}q"
        title = f"{words} {indexed(person).upper()}"
        return Case(f"{person:032x}", 101 + person, author, title, words, words, "soon", now, now)


@asynccontextmanager
async def installed(folder: Path) -> AsyncIterator[Installation]:
    """Open an installation in a folder; a first opening makes it. Commits do not wait for the disk."""
    in_haste = tuple(one.replace("synchronous = FULL", "synchronous = OFF") for one in opened._PRAGMAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "_PRAGMAS", in_haste)
        async with _opened(folder) as installation:
            yield installation


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[Installation]:
    data_dir, clock, chance = folder / "var", StillClock(), SeededChance(11)
    sealer = AesSealer(MasterKey(bytes(range(32))), chance)
    vault = await open_vault(data_dir, sealer)
    content = await open_content(data_dir, sealer, rooms=ROOMS, clock=clock, chance=chance)
    try:
        wall = Wall(vault, content, sealer, chance=chance, clock=clock)
        yield Installation(data_dir, wall, content, vault, sealer, clock, chance)
    finally:
        await content.close()
        await vault.close()
