"""Link codes in the vault: under keyed hashes, counted by account, each good for one use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.chat.events import Account
from bot.chat.shapes import NUMBER, TEXT, kinds, one_of, optional, record, unpack
from bot.domain.linking import CODES_A_DAY, DIGITS, GOOD_FOR, WRONG_A_DAY
from bot.identity.records import ACCOUNT, joined, sized
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

_KEPT_FOR: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Offer:
    """A code and how far it came: ``shown`` in one account, ``typed`` in another, which then ``agreed``.

    ``until`` is when it ends, in ISO form.
    """

    shown_in: Account = field(repr=False)
    until: str
    state: str = "shown"
    typed_in: Account | None = field(default=None, repr=False)

    def is_open(self, now: datetime) -> bool:
        """Say whether its time is not over."""
        return now < datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Desk:
    """What one account did with codes on a ``day``, and the index of the offer it has a part in, in hex."""

    account: Account = field(repr=False)
    day: str
    codes: int = 0
    wrong: int = 0
    offer: str = field(default="", repr=False)


_OFFER: Final = record(
    Offer, shown_in=ACCOUNT, until=TEXT, state=one_of("shown", "typed", "agreed"), typed_in=optional(ACCOUNT)
)
_DESK: Final = record(Desk, account=ACCOUNT, day=TEXT, codes=NUMBER, wrong=NUMBER, offer=TEXT)
_KEPT: Final = kinds(offer=(Offer, _OFFER), desk=(Desk, _DESK))


class LinkCodes:
    """Keeps codes and desks, and forgets them."""

    def __init__(self, vault: Vault, sealer: Sealer, *, clock: Clock, chance: Chance) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer
        self._clock = clock
        self._chance = chance

    async def show(self, account: Account) -> str | None:
        """Make a code for an account, in place of the one before; None once there were three today."""
        desk = await self.desk(account)
        if desk.codes >= CODES_A_DAY:
            return None
        code = self._drawn()
        while await self._vault.link(self._code_index(code)) is not None:
            code = self._drawn()
        index = self._code_index(code)
        offer = Offer(account, _iso(self._clock.now() + GOOD_FOR))
        fresh = replace(desk, codes=desk.codes + 1, offer=index.hex())
        await self._keep({desk.offer: None, index.hex(): offer}, fresh)
        return code

    async def typed(self, account: Account, digits: str) -> Offer | None:
        """Give the offer of a code that another account shows; None, counted, for whatever leads nowhere."""
        index = self._code_index(digits)
        offer = await self._offer(index)
        fits = offer is not None and offer.state == "shown" and offer.is_open(self._clock.now())
        if offer is None or not fits or offer.shown_in == account:
            desk = await self.desk(account)
            await self._keep({}, replace(desk, wrong=desk.wrong + 1))
            return None
        return offer

    async def used_up(self, account: Account) -> bool:
        """Say whether an account typed too many wrong codes today."""
        return (await self.desk(account)).wrong >= WRONG_A_DAY

    async def take(self, digits: str, offer: Offer, typed_in: Account, until: datetime) -> Offer:
        """Note which account typed a code: from now on it is used."""
        index = self._code_index(digits).hex()
        taken = replace(offer, state="typed", typed_in=typed_in, until=_iso(until))
        desk = await self.desk(typed_in)
        await self._keep({desk.offer: None, index: taken}, replace(desk, offer=index))
        return taken

    async def offer_of(self, account: Account) -> Offer | None:
        """Give the offer that an account has a part in, while its time is not over."""
        desk = await self.desk(account)
        offer = await self._offer(bytes.fromhex(desk.offer)) if desk.offer else None
        if offer is None or account not in (offer.shown_in, offer.typed_in):
            return None
        return offer if offer.is_open(self._clock.now()) else None

    async def agree(self, account: Account, offer: Offer) -> None:
        """Note that the account which typed the code agreed."""
        desk = await self.desk(account)
        await self._keep({desk.offer: replace(offer, state="agreed")}, desk)

    async def end(self, account: Account) -> None:
        """Forget the offer that an account has a part in."""
        desk = await self.desk(account)
        await self._keep({desk.offer: None}, replace(desk, offer=""))

    async def desk(self, account: Account) -> Desk:
        """Open what an account did today."""
        today = self._clock.now().date().isoformat()
        index = self._desk_index(account)
        sealed = await self._vault.link(index)
        if sealed is None:
            return Desk(account, today)
        desk = unpack("link", _KEPT, self._sealer.open(sealed, _place(index)), Desk)
        return desk if desk.day == today else replace(desk, day=today, codes=0, wrong=0)

    async def touch(self, account: Account) -> None:
        """Note that something was told to an account, so that its address is forgotten in time."""
        await self._keep({}, await self.desk(account))

    async def old_desks(self) -> tuple[Account, ...]:
        """List the accounts that did nothing with codes for two days; offers that ended go at once."""
        now = self._clock.now()
        old: list[Account] = []
        ended: dict[bytes, bytes | None] = {}
        for index, sealed in await self._vault.links():
            kept = self._open(index, sealed)
            if isinstance(kept, Desk):
                if now.date() - date.fromisoformat(kept.day) >= _KEPT_FOR:
                    old.append(kept.account)
            elif not kept.is_open(now):
                ended[index] = None
        if ended:
            await self._vault.keep_links(ended)
        return tuple(old)

    async def forget(self, account: Account) -> None:
        """Forget what an account did."""
        await self._vault.keep_links({self._desk_index(account): None})

    def _drawn(self) -> str:
        return f"{int.from_bytes(self._chance.key()) % 10**DIGITS:0{DIGITS}}"

    async def _offer(self, index: bytes) -> Offer | None:
        sealed = await self._vault.link(index)
        if sealed is None:
            return None
        return unpack("link", _KEPT, self._sealer.open(sealed, _place(index)), Offer)

    def _open(self, index: bytes, sealed: bytes) -> Offer | Desk:
        payload = self._sealer.open(sealed, _place(index))
        kept = unpack("link", _KEPT, payload, object)
        if isinstance(kept, Offer | Desk):
            return kept
        raise LookupError("something else lies among the link codes")

    async def _keep(self, offers: dict[str, Offer | None], desk: Desk) -> None:
        """Keep a desk and offers in one commit; an empty index is none."""
        values: dict[bytes, bytes | None] = {}
        for name, offer in offers.items():
            index = bytes.fromhex(name)
            if index:
                values[index] = None if offer is None else self._sealed(index, offer)
        index = self._desk_index(desk.account)
        values[index] = self._sealed(index, desk)
        await self._vault.keep_links(values)

    def _sealed(self, index: bytes, kept: Offer | Desk) -> bytes:
        return self._sealer.seal(sized("link", _KEPT, kept), _place(index))

    def _code_index(self, digits: str) -> bytes:
        return self._sealer.index("link", joined("code", digits))

    def _desk_index(self, account: Account) -> bytes:
        return desk_index(self._sealer, account)


async def link_indexes(vault: Vault, sealer: Sealer, accounts: Sequence[Account]) -> tuple[bytes, ...]:
    """List what is kept about accounts and codes: what each did, and the offer that it has a part in."""
    found: list[bytes] = []
    for index in (desk_index(sealer, one) for one in accounts):
        sealed = await vault.link(index)
        if sealed is not None:
            desk = unpack("link", _KEPT, sealer.open(sealed, _place(index)), Desk)
            found += [index, *([bytes.fromhex(desk.offer)] if desk.offer else [])]
    return tuple(found)


def desk_index(sealer: Sealer, account: Account) -> bytes:
    """Give the blind index of what an account did with codes."""
    return sealer.index("link", joined("desk", account.platform, account.realm, account.user))


def _place(index: bytes) -> str:
    return f"links|sealed|{index.hex()}"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
