"""The audit chain: sealed entries whose MACs cover each other, so that no change goes unnoticed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.chat.shapes import TEXT, pack, record, unpack
from bot.ports.clock import Clock
from bot.ports.sealing import SealBroken, Sealer
from bot.ports.vault import Vault

_HEAD_PLACE: Final = "secrets|sealed|audit-head"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: ``what`` was done (a fixed word), ``by`` whom (a reference or ``shell``), to which reference.

    No texts, no names, no addresses. ``at`` is the time in ISO form.
    """

    what: str
    by: str
    reference: str
    at: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many entries there are, and the MAC of the last one in hex."""

    number: int
    mac: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found; ``problem`` is a sentence for the operator, empty when all is well."""

    entries: int
    head: Head
    problem: str = ""


_ENTRY: Final = record(Entry, what=TEXT, by=TEXT, reference=TEXT, at=TEXT)


class Audit:
    """Writes entries and checks the whole chain."""

    def __init__(self, vault: Vault, sealer: Sealer, clock: Clock) -> None:
        """Keep the chain in this vault."""
        self._vault = vault
        self._sealer = sealer
        self._clock = clock
        self._last: bytes | None = None
        self._writing = asyncio.Lock()

    async def append(self, what: str, *, by: str, reference: str) -> Head:
        """Add an entry to the end of the chain and note the new end; committed when this returns."""
        entry = pack("entry", _ENTRY, Entry(what, by, reference, _iso(self._clock.now())))
        async with self._writing:
            while (head := await self._append_after(await self._end(), entry)) is None:
                # Another process wrote meanwhile: read the end again.
                self._last = None
            await self._note(head)
        return head

    async def verify(self, published: Head | None = None) -> Verdict:
        """Check every entry, and that the chain still holds its noted end and a ``published`` one."""
        chain = await self._vault.audit()
        previous, head = b"", Head(0, "")
        for place, (number, sealed, mac) in enumerate(chain, start=1):
            if number != place or not hmac.compare_digest(mac, self._mac(previous, sealed)):
                return Verdict(len(chain), head, f"Entry {place} of the audit chain was altered or moved.")
            previous, head = mac, Head(number, mac.hex())
        noted = await self._noted()
        if any(known is not None and not _holds(chain, known) for known in (noted, published)):
            return Verdict(len(chain), head, "Entries at the end of the audit chain are missing.")
        if chain and noted is None:
            return Verdict(len(chain), head, "The note of where the audit chain ends is missing.")
        return Verdict(len(chain), head)

    async def entries(self) -> tuple[Entry, ...]:
        """Open all entries in order; raises :class:`SealBroken` or ``PayloadRefused`` for an altered one."""
        opened = []
        previous = b""
        for _, sealed, mac in await self._vault.audit():
            opened.append(unpack("entry", _ENTRY, self._sealer.open(sealed, _place(previous)), Entry))
            previous = mac
        return tuple(opened)

    async def _append_after(self, previous: bytes, entry: bytes) -> Head | None:
        sealed = self._sealer.seal(entry, _place(previous))
        mac = self._mac(previous, sealed)
        number = await self._vault.append_audit(sealed, mac, previous)
        if number < 0:
            return None
        self._last = mac
        return Head(number, mac.hex())

    async def _end(self) -> bytes:
        if self._last is not None:
            return self._last
        chain = await self._vault.audit()
        return chain[-1][2] if chain else b""

    def _mac(self, previous: bytes, sealed: bytes) -> bytes:
        return self._sealer.index("audit", f"{previous.hex()}|{hashlib.sha256(sealed).hexdigest()}")

    async def _note(self, head: Head) -> None:
        noted = self._sealer.seal(f"{head.number}|{head.mac}".encode(), _HEAD_PLACE)
        await self._vault.keep_secret(self._head_name(), noted)

    async def _noted(self) -> Head | None:
        sealed = await self._vault.secret(self._head_name())
        if sealed is None:
            return None
        try:
            number, _, mac = self._sealer.open(sealed, _HEAD_PLACE).decode().partition("|")
        except SealBroken:
            return Head(-1, "")
        return Head(int(number), mac)

    def _head_name(self) -> bytes:
        return self._sealer.index("secret", "audit-head")


def _holds(chain: Sequence[tuple[int, bytes, bytes]], known: Head) -> bool:
    return 0 < known.number <= len(chain) and chain[known.number - 1][2].hex() == known.mac


def _place(previous: bytes) -> str:
    return f"audit|sealed|{previous.hex()}"


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
