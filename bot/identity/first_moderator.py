"""The first moderator: an operator makes a code at the shell, and its holder redeems it in the home chat."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.chat.events import Account
from bot.domain.members import Role
from bot.identity.records import joined
from bot.identity.wall import Wall
from bot.ports.adapter import Profile
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from bot.ports.work import Content

GOOD_FOR: Final = timedelta(hours=24)
TRIES: Final = 5
"""Wrong codes of one account, after which it is not heard any more."""
_ALL_TRIES: Final = 25
"""Wrong codes of all accounts together, after which the code is void."""
_SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another."""
_LENGTH: Final = 10
_HALF: Final = _LENGTH // 2
_LONGEST_NAME: Final = 80
_NAMELESS: Final = "First moderator"
_NAME: Final = "code"
_SPECIALTY: Final = "Moderation"

AskProfile = Callable[[], Awaitable[Profile | None]]
"""Asks the platform what it knows of the account; raises ``Later``."""


class Redeemed(StrEnum):
    """What came of a code. Only its holder learns anything but that it is unknown."""

    DONE = "done"
    UNKNOWN = "unknown"
    """No such code, or one that is used up, too old, or tried too often."""
    TOO_LATE = "too_late"
    MEMBER = "member"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is shown once, and until when it is good."""

    words: str = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a code: its keyed hash, its end, and who tried in vain how often."""

    mark: str
    until: str
    tries: Mapping[str, int] = field(default_factory=dict)

    def is_open(self, now: datetime, who: str) -> bool:
        spent = self.tries.get(who, 0) >= TRIES or sum(self.tries.values()) >= _ALL_TRIES
        return now < datetime.fromisoformat(self.until) and not spent

    def tried(self, who: str) -> _Kept:
        return replace(self, tries={**self.tries, who: self.tries.get(who, 0) + 1})


class FirstModerator:
    """Makes the one code and redeems it; both only while there is no moderator."""

    def __init__(self, wall: Wall, content: Content, sealer: Sealer, *, clock: Clock, chance: Chance) -> None:
        """Take the wall, behind which the code lies, the members, and what makes keyed hashes."""
        self._wall = wall
        self._content = content
        self._sealer = sealer
        self._cabinet = wall.cabinet("first moderator")
        self._clock = clock
        self._chance = chance
        self._redeeming = asyncio.Lock()

    async def make(self) -> Code | None:
        """Make a code, in place of an earlier one; None where there is a moderator already."""
        if await self._is_moderated():
            return None
        drawn = "".join(_SIGNS[self._chance.key()[0] % len(_SIGNS)] for _ in range(_LENGTH))
        until = self._clock.now() + GOOD_FOR
        await self._keep(_Kept(self._mark(drawn), until.isoformat(timespec="seconds")))
        await self._wall.audit.append("first_code_made", by="shell", reference="-")
        return Code(f"{drawn[:_HALF]}-{drawn[_HALF:]}", until)

    async def redeem(self, account: Account, typed: str, ask: AskProfile, *, may: bool) -> Redeemed:
        """Make the holder of the code the first moderator; raises ``Later`` where the platform is silent.

        ``may`` says whether the role that the account has lets it; only the holder learns that it does not.
        """
        async with self._redeeming:
            kept = await self._kept()
            if kept is None or not await self._is_right(kept, account, typed):
                return Redeemed.UNKNOWN
            if await self._is_moderated():
                await self._cabinet.drop(_NAME)
                return Redeemed.TOO_LATE
            if not may or await self._wall.accounts.of(account) is not None:
                return Redeemed.MEMBER
            profile = await ask()
            if profile is None or not profile.member:
                return Redeemed.GUEST
            name = " ".join(profile.name.split())[:_LONGEST_NAME] or _NAMELESS
            await self._wall.joining.enrol(account, name, _SPECIALTY, Role.MODERATOR, by="first code")
            await self._cabinet.drop(_NAME)
            return Redeemed.DONE

    async def _is_right(self, kept: _Kept, account: Account, typed: str) -> bool:
        """Compare; a wrong one counts against its account, and against the code."""
        who = self._wall.talk_key(account)[:16]
        if not kept.is_open(self._clock.now(), who):
            return False
        letters = "".join(filter(str.isalnum, typed)).upper()
        if hmac.compare_digest(self._mark(letters), kept.mark):
            return True
        await self._keep(kept.tried(who))
        return False

    def _mark(self, letters: str) -> str:
        return self._sealer.index("secret", joined("first moderator", letters)).hex()

    async def _is_moderated(self) -> bool:
        async with self._content.look() as work:
            everybody = await work.members.everybody()
        return any(member.role is Role.MODERATOR for member in everybody)

    async def _kept(self) -> _Kept | None:
        found = await self._cabinet.get(_NAME)
        return None if found is None else _Kept(**json.loads(found))

    async def _keep(self, kept: _Kept) -> None:
        written = {"mark": kept.mark, "until": kept.until, "tries": dict(kept.tries)}
        await self._cabinet.put(_NAME, json.dumps(written).encode())
