"""The workplace, and the name, by the hospital's single sign-on.

The sign-on happens in a browser, the application in a chat. A code ties them together: the browser shows it
after the sign-on, and the applicant types it in the chat. Whoever is talked into signing on by the link of
somebody else would have to hand over that code as well.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

from bot.chat.events import Account
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome, Step
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Claims, NotIt, Started
from bot.verification.drawer import Drawer
from bot.verification.email import DIGITS, TRIES, Index
from bot.verification.references import read, written
from bot.verification.sign_on import ProviderSilent, SignedOn, SignOn, TokenRefused, without_padding

LIVES: Final = timedelta(minutes=10)

_SILENT: Final = "The sign-on of your hospital does not answer right now. Try again in a while."
_ASKS: Final = (
    "Sign on at your hospital with this link within ten minutes. The page then shows a code of eight digits:"
    " type it here, and give it to nobody."
)


@dataclass(frozen=True, slots=True)
class _Begun:
    """One sign-on. ``reason`` says why it failed; ``subject`` is there once it came to a good end."""

    site: str = ""
    until: str = ""
    nonce: str = field(default="", repr=False)
    verifier: str = field(default="", repr=False)
    returned: bool = False
    reason: str = ""
    subject: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    keyed: str = field(default="", repr=False)
    tries: int = 0


class Oidc:
    """Sends an applicant to the hospital's sign-on; the one who comes back has to be the one who types."""

    name: Final = "oidc"
    step: Final = Step.WORKPLACE
    interactive: Final = True

    def __init__(
        self,
        provider: SignOn,
        cabinet: Cabinet,
        domains: Mapping[str, tuple[str, ...]],
        *,
        index: Index,
        clock: Clock,
        chance: Chance,
    ) -> None:
        """Take the provider, where a sign-on is kept, and e-mail domains by site; none: any address."""
        self._provider = provider
        self._drawer = Drawer(cabinet, clock)
        self._domains = {site: frozenset(map(str.casefold, names)) for site, names in domains.items()}
        self._index = index
        self._clock = clock
        self._chance = chance
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def tidy(self) -> None:
        """Forget sign-ons whose ten minutes are over."""
        await self._drawer.tidy()

    async def forget(self, ref: str) -> None:
        """Forget a sign-on; whoever comes back from it finds nothing."""
        await self._drawer.drop(read(ref)["place"])

    async def start(self, claims: Claims) -> Started:
        """Give the address at which the applicant signs on; an earlier one of the account ends."""
        state, nonce = self._chance.id(), self._chance.id()
        verifier = without_padding(self._chance.key())
        try:
            url = await self._provider.address(state, nonce, verifier)
        except (ProviderSilent, TimeoutError):
            return Started(refused=_SILENT, silent=True)
        until = self._clock.now() + LIVES
        place = self._place(state)
        begun = _Begun(claims.site, until.isoformat(), nonce, verifier)
        await self._drawer.put(place, _written(begun), owner=self._owner(claims.account), until=until)
        return Started(ref=written({"place": place}), asks=_ASKS, url=url)

    async def returned(self, state: str, code: str) -> str:
        """Take somebody back from the provider; gives the code for the page, empty where it went wrong.

        An empty ``code`` is a provider's own refusal. Each sign-on counts once.
        """
        place = self._place(state)
        async with self._turn(place):
            begun = await self._begun(place)
            if begun is None or begun.returned or self._is_over(begun):
                return ""
            begun = replace(begun, returned=True)
            await self._keep(place, begun)
            return await self._taken_back(place, begun, code)

    async def poll(self, ref: str, typed: str = "") -> Finding | NotIt | None:
        """Compare what was typed with the page's code; the fifth wrong one and a late one fail."""
        place = read(ref)["place"]
        async with self._turn(place):
            begun = await self._begun(place)
            if begun is None or self._is_over(begun):
                await self._drawer.drop(place)
                return Finding(Outcome.FAIL, "sign_on_expired")
            if begun.reason:
                await self._drawer.drop(place)
                silent = begun.reason == "silent"
                return Finding(Outcome.UNAVAILABLE if silent else Outcome.FAIL, begun.reason)
            digits = "".join(sign for sign in typed if sign in "0123456789")
            return await self._compared(place, begun, digits) if digits and begun.keyed else None

    async def _taken_back(self, place: str, begun: _Begun, code: str) -> str:
        try:
            who = await self._provider.signed_on(code, begun.nonce, begun.verifier) if code else None
        except (ProviderSilent, TimeoutError):
            return await self._ended(place, begun, "silent")
        except TokenRefused:
            who = None
        if who is None:
            return await self._ended(place, begun, "sign_on")
        if reason := self._trouble(begun.site, who):
            return await self._ended(place, begun, reason)
        shown = f"{int.from_bytes(self._chance.key()) % 10**DIGITS:0{DIGITS}d}"
        keyed = self._keyed(place, shown).hex()
        await self._keep(place, replace(begun, subject=who.subject, name=who.name, keyed=keyed))
        return shown

    async def _ended(self, place: str, begun: _Begun, reason: str) -> str:
        await self._keep(place, replace(begun, reason=reason))
        return ""

    def _trouble(self, site: str, who: SignedOn) -> str:
        """Say what is missing in somebody whom the provider let in."""
        domains = self._domains.get(site, frozenset())
        _, at, domain = who.email.rpartition("@")
        if not at:
            return "email_unverified"
        return "domain" if domains and domain.casefold() not in domains else ""

    async def _compared(self, place: str, begun: _Begun, digits: str) -> Finding | NotIt:
        if len(digits) != DIGITS:
            return NotIt(TRIES - begun.tries)
        if hmac.compare_digest(self._keyed(place, digits), bytes.fromhex(begun.keyed)):
            await self._drawer.drop(place)
            key = HardKey(KeyKind.SUBJECT, f"{self._provider.issuer} {begun.subject}")
            return Finding(Outcome.PASS, "signed_on", name=begun.name, keys=(key,))
        if begun.tries + 1 >= TRIES:
            await self._drawer.drop(place)
            return Finding(Outcome.FAIL, "code_wrong")
        begun = replace(begun, tries=begun.tries + 1)
        await self._keep(place, begun)
        return NotIt(TRIES - begun.tries)

    def _is_over(self, begun: _Begun) -> bool:
        return self._clock.now() >= datetime.fromisoformat(begun.until)

    def _keyed(self, place: str, code: str) -> bytes:
        return self._index("sign-on code", f"{place}|{code}")

    def _owner(self, account: Account) -> str:
        whole = json.dumps((account.platform, account.realm, account.user))
        return self._index("sign-on account", whole).hex()

    def _place(self, state: str) -> str:
        return self._index("sign-on", state).hex()

    def _turn(self, place: str) -> asyncio.Lock:
        return self._turns.setdefault(place, asyncio.Lock())

    async def _begun(self, place: str) -> _Begun | None:
        kept = await self._drawer.get(place)
        return None if kept is None else _Begun(**json.loads(kept))

    async def _keep(self, place: str, begun: _Begun) -> None:
        await self._drawer.change(place, _written(begun))


def _written(begun: _Begun) -> bytes:
    return json.dumps(asdict(begun)).encode()
