"""Claim tokens: a ledger of digests without members, and what members can still read, sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from bot.domain.claims import HELD, ClaimCounts, Claimed, Honorarium, Redemption
from bot.domain.members import MemberId
from storage.columns import moment, ticks
from storage.connection import Connection
from storage.content.claim_tables import claims
from storage.content.dialogs import DialogRows


class ClaimRows:
    """Fills :class:`bot.domain.claims.Claims`."""

    def __init__(self, connection: Connection, dialogs: DialogRows) -> None:
        """Work on the connection's transaction; ``dialogs`` keep what is sealed and has its day."""
        self._connection = connection
        self._dialogs = dialogs

    async def mint(self, poll: int, digests: Sequence[str]) -> None:
        """Keep the digests of new tokens of a poll, sorted: no page shows in which order they came."""
        rows = [{"poll": poll, "digest": digest} for digest in sorted(digests)]
        await self._connection.execute(insert(claims), rows)

    async def redeem(self, poll: int, digest: str, on: date) -> Redemption:
        """Note that a token was redeemed, once."""
        this = (claims.c.poll == poll) & (claims.c.digest == digest)
        redeem = update(claims).where(this, claims.c.redeemed_on.is_(None)).values(redeemed_on=on)
        if (await self._connection.execute(redeem)).rowcount:
            return Redemption(Claimed.NOW, on)
        earlier: date | None = (
            await self._connection.execute(select(claims.c.redeemed_on).where(this))
        ).scalar()
        return Redemption(Claimed.UNKNOWN) if earlier is None else Redemption(Claimed.EARLIER, earlier)

    async def is_redeemed(self, poll: int, digest: str) -> bool:
        """Say whether a token was redeemed."""
        this = (claims.c.poll == poll) & (claims.c.digest == digest) & claims.c.redeemed_on.is_not(None)
        return (await self._connection.execute(select(claims.c.digest).where(this))).first() is not None

    async def counts(self, poll: int) -> ClaimCounts:
        """Count the tokens of a poll."""
        found = select(func.count(), func.count(claims.c.redeemed_on)).where(claims.c.poll == poll)
        minted, redeemed = (await self._connection.execute(found)).one()
        return ClaimCounts(minted, redeemed)

    async def give(self, new: Mapping[MemberId, Honorarium], now: datetime) -> None:
        """Add a token to what each of these members can still read."""
        earlier = await self._dialogs.get_several([held_key(member) for member in new])
        states = {}
        for member, one in new.items():
            key = held_key(member)
            kept = _read(earlier[key]) if key in earlier else ()
            held = (*(old for old in kept if old.until > now), one)
            states[key] = _written(held), max(old.until for old in held)
        await self._dialogs.put_several(states)

    async def held(self, member: MemberId) -> tuple[Honorarium, ...]:
        """Give the tokens that a member can still read, in the order in which they came."""
        kept = await self._dialogs.get(held_key(member))
        return () if kept is None else _read(kept)

    async def hold(self, member: MemberId, held: Sequence[Honorarium]) -> None:
        """Keep these tokens for a member to read, and no others, until the last one's time is over."""
        key = held_key(member)
        # Dropped first: what is put over something else keeps the earlier end.
        await self._dialogs.drop(key)
        if held:
            await self._dialogs.put(key, _written(held), max(one.until for one in held))


def held_key(member: MemberId) -> str:
    """Give the key of the dialog that holds a member's tokens."""
    return f"{HELD}:{member}"


def _written(held: Sequence[Honorarium]) -> bytes:
    rows = [[one.number, one.token, one.payer, one.payment, ticks(one.until)] for one in held]
    return json.dumps(rows).encode()


def _read(kept: bytes) -> tuple[Honorarium, ...]:
    return tuple(
        Honorarium(number, token, payer, payment, moment(until))
        for number, token, payer, payment, until in json.loads(kept)
    )
