"""Installations of workspaces: tokens, and the ways back that were given out, sealed in the vault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.identity.audit import Audit
from bot.identity.records import joined
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.installing import Begun, BotToken

LIVES: Final = timedelta(minutes=10)
MOST: Final = 100
"""Installations that can be under way; whoever asks for the page is a stranger."""
_TOKEN: Final = "token"  # noqa: S105  (the name of a secret)
_BEGUN: Final = "begun"


class SealedInstallation:
    """Fills :class:`bot.ports.installing.Installation` for one site."""

    def __init__(self, cabinet: Cabinet, audit: Audit, site: str) -> None:
        """Use a cabinet of the workspace's own; ``site`` is how the audit log knows it."""
        self._cabinet = cabinet
        self._audit = audit
        self._site = site
        self._turn = asyncio.Lock()

    async def token(self) -> BotToken | None:
        """Give the token; None while the app is not installed there."""
        kept = await self._cabinet.get(_TOKEN)
        return None if kept is None else BotToken(kept.decode())

    async def keep(self, token: BotToken) -> None:
        """Keep a token in place of an earlier one; committed when this returns."""
        async with self._turn:
            await self._cabinet.put(_TOKEN, token.value.encode())
            await self._audit.append("app_installed", by="workspace", reference=self._site)

    async def forget(self, token: BotToken) -> None:
        """Erase this token; another one that lies there meanwhile stays."""
        async with self._turn:
            if await self.token() == token:
                await self._cabinet.drop(_TOKEN)
                await self._audit.append("app_removed", by="workspace", reference=self._site)


class BegunInstallations:
    """Fills :class:`bot.ports.installing.BegunInstallations`: keyed hashes, each with its time."""

    def __init__(
        self, cabinet: Cabinet, index: Callable[[str, str], bytes], *, clock: Clock, chance: Chance
    ) -> None:
        """Use a cabinet of their own; ``index`` gives keyed hashes."""
        self._cabinet = cabinet
        self._index = index
        self._clock = clock
        self._chance = chance
        self._turn = asyncio.Lock()

    async def begin(self) -> Begun | None:
        """Begin one; None while too many are under way."""
        begun = Begun(self._chance.id(), self._chance.id())
        until = self._clock.now() + LIVES
        async with self._turn:
            live = await self._live()
            if len(live) >= MOST:
                return None
            await self._write({**live, self._mark(begun): until.isoformat()})
        return begun

    async def redeem(self, begun: Begun) -> bool:
        """Say whether this one is under way, and end it; committed when this returns."""
        async with self._turn:
            live, mark = await self._live(), self._mark(begun)
            if mark not in live:
                return False
            await self._write({one: until for one, until in live.items() if one != mark})
        return True

    async def _live(self) -> Mapping[str, str]:
        kept = await self._cabinet.get(_BEGUN)
        listed: Mapping[str, str] = json.loads(kept) if kept else {}
        now = self._clock.now()
        return {one: until for one, until in listed.items() if now < datetime.fromisoformat(until)}

    async def _write(self, live: Mapping[str, str]) -> None:
        if live:
            await self._cabinet.put(_BEGUN, json.dumps(live).encode())
        else:
            await self._cabinet.drop(_BEGUN)

    def _mark(self, begun: Begun) -> str:
        return self._index("installing", joined(begun.state, begun.browser)).hex()
