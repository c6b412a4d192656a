"""The workplace by a code that goes to an address of the hospital; it proves no name."""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.chat.events import Account
from bot.domain.verification import Finding, Outcome, Step
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Claims, NotIt, Started
from bot.verification.drawer import Drawer
from bot.verification.postman import NotSent, Postman
from bot.verification.references import read, written

Index = Callable[[str, str], bytes]
"""Gives the keyed hash of a value for a purpose, as :meth:`bot.ports.sealing.Sealer.index` does."""

DIGITS: Final = 8
LIVES: Final = timedelta(minutes=10)
TRIES: Final = 5
CODES_A_DAY: Final = 3
DAY: Final = timedelta(days=1)

_ADDRESS: Final = re.compile(
    r"([a-z0-9_+-]+(?:[.'][a-z0-9_+-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.IGNORECASE
)
_LONGEST: Final = 254

_NOT_OURS: Final = "That is not an e-mail address of your hospital. Type the one that you have there."
_NO_MAIL_HERE: Final = "Here an e-mail address does not show where you work. Choose another way."
_TOO_MANY: Final = "Three codes were sent within a day, and that is the limit. Try again tomorrow."
_NOT_SENT: Final = "The mail could not be sent right now. Try again in a while."
_ASKS: Final = (
    "If that address exists, a code of eight digits is on its way to it. Type it here within ten"
    " minutes; five tries are yours."
)
_SUBJECT: Final = "Your code"
_TEXT: Final = (
    "Your code is {code}.\n\n"
    "It counts for ten minutes, and once. Type it in the chat where you asked for it; give it to nobody.\n"
    "If you did not ask for a code, you need not do anything.\n"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is kept for one account: when codes were sent to it, and the code that counts now, if any.

    ``id`` is the code's own, ``keyed`` its keyed hash in hex. Times are in ISO form.
    """

    sent: tuple[str, ...] = ()
    id: str = ""
    keyed: str = field(default="", repr=False)
    until: str = ""
    tries: int = 0


class Email:
    """Sends a code to an address at one of the site's domains, and takes it back once."""

    name: Final = "email"
    step: Final = Step.WORKPLACE
    interactive: Final = True

    def __init__(
        self,
        postman: Postman,
        cabinet: Cabinet,
        domains: Mapping[str, tuple[str, ...]],
        *,
        index: Index,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the one who sends, where codes are kept, and the e-mail domains by site."""
        self._postman = postman
        self._drawer = Drawer(cabinet, clock)
        self._domains = {site: frozenset(map(str.casefold, names)) for site, names in domains.items()}
        self._index = index
        self._clock = clock
        self._chance = chance
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def serves(self, site: str) -> bool:
        """Serve the sites whose e-mail domains are known."""
        return bool(self._domains.get(site))

    async def tidy(self) -> None:
        """Forget accounts that were sent nothing for a day."""
        await self._drawer.tidy()

    async def forget(self, ref: str) -> None:
        """Forget a code; that it was sent counts for a day all the same."""
        told = read(ref)
        async with self._turn(told["place"]):
            asked = await self._asked(told["place"])
            if asked.id == told["code"]:
                await self._keep(told["place"], _Asked(asked.sent))

    async def start(self, claims: Claims) -> Started:
        """Send a code; a new one takes the place of the one before. Nothing counts that was not sent."""
        domains = self._domains.get(claims.site, frozenset())
        address = claims.values.get("email", "").strip()
        if not domains:
            return Started(refused=_NO_MAIL_HERE)
        if not _is_at(address, domains):
            return Started(refused=_NOT_OURS)
        place = self._place(claims.account)
        async with self._turn(place):
            return await self._sent(place, address)

    async def poll(self, ref: str, typed: str = "") -> Finding | NotIt | None:
        """Compare what was typed; the fifth wrong code, a used one and an old one fail."""
        told = read(ref)
        async with self._turn(told["place"]):
            asked = await self._asked(told["place"])
            if asked.id != told["code"] or self._clock.now() >= datetime.fromisoformat(asked.until):
                return Finding(Outcome.FAIL, "code_expired")
            digits = "".join(sign for sign in typed if sign in "0123456789")
            return await self._compared(told["place"], asked, digits) if digits else None

    async def _sent(self, place: str, address: str) -> Started:
        now = self._clock.now()
        asked = await self._asked(place)
        recent = tuple(when for when in asked.sent if now - datetime.fromisoformat(when) < DAY)
        if len(recent) >= CODES_A_DAY:
            return Started(refused=_TOO_MANY)
        code = f"{int.from_bytes(self._chance.key()) % 10**DIGITS:0{DIGITS}d}"
        try:
            await self._postman.send(address, _SUBJECT, _TEXT.format(code=code))
        except NotSent:
            return Started(refused=_NOT_SENT, silent=True)
        number = self._chance.id()
        until = (self._clock.now() + LIVES).isoformat()
        await self._keep(
            place, _Asked((*recent, now.isoformat()), number, self._keyed(number, code).hex(), until)
        )
        return Started(ref=written({"place": place, "code": number}), asks=_ASKS)

    async def _compared(self, place: str, asked: _Asked, digits: str) -> Finding | NotIt:
        if len(digits) != DIGITS:
            return NotIt(TRIES - asked.tries)
        if hmac.compare_digest(self._keyed(asked.id, digits), bytes.fromhex(asked.keyed)):
            await self._keep(place, _Asked(asked.sent))
            return Finding(Outcome.PASS, "code_agrees")
        tries = asked.tries + 1
        last = tries >= TRIES
        await self._keep(place, _Asked(asked.sent) if last else replace(asked, tries=tries))
        return Finding(Outcome.FAIL, "code_wrong") if last else NotIt(TRIES - tries)

    def _keyed(self, number: str, code: str) -> bytes:
        return self._index("email code", f"{number}|{code}")

    def _place(self, account: Account) -> str:
        whole = json.dumps((account.platform, account.realm, account.user))
        return self._index("email account", whole).hex()

    def _turn(self, place: str) -> asyncio.Lock:
        """One after the other for one account: no two tries may see the same count."""
        return self._turns.setdefault(place, asyncio.Lock())

    async def _asked(self, place: str) -> _Asked:
        kept = await self._drawer.get(place)
        if kept is None:
            return _Asked()
        values = json.loads(kept)
        return _Asked(**{**values, "sent": tuple(values["sent"])})

    async def _keep(self, place: str, asked: _Asked) -> None:
        until = datetime.fromisoformat(asked.sent[-1]) + DAY
        await self._drawer.put(place, json.dumps(asdict(asked)).encode(), owner=place, until=until)


def _is_at(address: str, domains: frozenset[str]) -> bool:
    """Whether this is one whole address, and at exactly one of these domains."""
    whole = _ADDRESS.fullmatch(address)
    return whole is not None and len(address) <= _LONGEST and whole[2].casefold() in domains
