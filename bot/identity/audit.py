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

_AGAIN: Final = b"again|"
"""What an entry begins with that was sealed again; one as it was first sealed is JSON."""


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

    @property
    def words(self) -> str:
        """How it is told and typed: ``12-`` and the MAC."""
        return f"{self.number}-{self.mac}"


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
        # The note goes first: an end that is noted while the chain is read would look cut off.
        noted = await self._noted()
        chain = await self._vault.audit()
        if chain and noted is None and await self._noted() is None:
            return Verdict(len(chain), Head(0, ""), "The note of where the audit chain ends is missing.")
        return await asyncio.to_thread(self._checked, chain, (noted, published))

    def _checked(self, chain: Sequence[tuple[int, bytes, bytes]], ends: Sequence[Head | None]) -> Verdict:
        previous, head = b"", Head(0, "")
        for place, (number, sealed, mac) in enumerate(chain, start=1):
            if number != place or not hmac.compare_digest(mac, self._expected(previous, sealed)):
                return Verdict(len(chain), head, f"Entry {place} of the audit chain was altered or moved.")
            previous, head = mac, Head(number, mac.hex())
        if any(known is not None and not _holds(chain, known) for known in ends):
            return Verdict(len(chain), head, "Entries at the end of the audit chain are missing.")
        return Verdict(len(chain), head)

    async def entries(self) -> tuple[Entry, ...]:
        """Open all entries in order; raises :class:`SealBroken` or ``PayloadRefused`` for an altered one."""
        opened = []
        previous = b""
        for _, sealed, mac in await self._vault.audit():
            entry = _without_digest(self._sealer.open(sealed, place_after(previous)))
            opened.append(unpack("entry", _ENTRY, entry, Entry))
            previous = mac
        return tuple(opened)

    async def _append_after(self, previous: bytes, entry: bytes) -> Head | None:
        sealed = self._sealer.seal(entry, place_after(previous))
        mac = self._mac(previous, _digest_of(sealed))
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

    def _expected(self, previous: bytes, sealed: bytes) -> bytes:
        """Give the MAC that an entry must have; of one that was sealed again, that of its first sealing."""
        try:
            value = self._sealer.open(sealed, place_after(previous))
        except SealBroken:
            return b""
        return self._mac(previous, _first_digest(value) or _digest_of(sealed))

    def _mac(self, previous: bytes, digest: str) -> bytes:
        return self._sealer.index("audit", f"{previous.hex()}|{digest}")

    async def _note(self, head: Head) -> None:
        noted = self._sealer.seal(f"{head.number}|{head.mac}".encode(), head_place())
        await self._vault.keep_secret(head_name(self._sealer), noted)

    async def _noted(self) -> Head | None:
        sealed = await self._vault.secret(head_name(self._sealer))
        if sealed is None:
            return None
        try:
            number, _, mac = self._sealer.open(sealed, head_place()).decode().partition("|")
        except SealBroken:
            return Head(-1, "")
        return Head(int(number), mac)


def _holds(chain: Sequence[tuple[int, bytes, bytes]], known: Head) -> bool:
    return 0 < known.number <= len(chain) and chain[known.number - 1][2].hex() == known.mac


def head_name(sealer: Sealer) -> bytes:
    """Give the name of the secret that notes where the chain ends."""
    return sealer.index("secret", "audit-head")


def head_place() -> str:
    """Give the place that this note is bound to."""
    return "secrets|sealed|audit-head"


def place_after(previous: bytes) -> str:
    """Give the place that an entry is bound to, by the MAC of the one before it."""
    return f"audit|sealed|{previous.hex()}"


def with_digest(value: bytes, sealed: bytes) -> bytes:
    """Give what an entry is sealed again as: with the digest of its first sealing, which the chain covers."""
    return value if _first_digest(value) else b"%s%s|%s" % (_AGAIN, _digest_of(sealed).encode(), value)


def _first_digest(value: bytes) -> str:
    return value[len(_AGAIN) :].partition(b"|")[0].decode() if value.startswith(_AGAIN) else ""


def _without_digest(value: bytes) -> bytes:
    return value[len(_AGAIN) :].partition(b"|")[2] if value.startswith(_AGAIN) else value


def _digest_of(sealed: bytes) -> str:
    return hashlib.sha256(sealed).hexdigest()


def _iso(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
