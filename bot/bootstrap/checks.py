"""The checks of verification, made from the settings in the order that the operator gives them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.chat.events import Account
from bot.config import Settings, SlackSite
from bot.domain.credentials import NameBars
from bot.domain.roster import Roster
from bot.ports.adapter import Adapter, Later, Profile
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Check
from bot.verification.email import Index
from bot.verification.npi_api import NpiApi
from bot.verification.roster import RosterCheck
from bot.verification.staff_list import StaffListCheck
from bot.verification.stripe_identity import Access, StripeIdentity
from bot.verification.vouch import Vouch
from bot.verification.workspace import Workspace


def checks_of(
    settings: Settings,
    adapters: Sequence[Adapter],
    roster: Roster,
    *,
    cabinet: Callable[[str], Cabinet],
    index: Index,
    clock: Clock,
    chance: Chance,
) -> tuple[Check, ...]:
    """Make every check that is configured and that this version has.

    ``cabinet`` opens a cabinet of sealed values by its name, ``index`` gives keyed hashes.
    """
    asked = settings.verification
    bars = NameBars(passes=asked.name_pass, review=asked.name_review)
    domains = {site.name: site.allow_domains for site in settings.sites if isinstance(site, SlackSite)}
    key = settings.stripe.secret_key
    access = Access(settings.stripe.api_url, key.get_secret_value() if key is not None else "")
    made: Mapping[str, Check] = {
        "workspace": Workspace(_Asking(adapters), domains, frozenset(asked.names_locked)),
        "vouch": Vouch(clock=clock, chance=chance),
        "stripe": StripeIdentity(access, cabinet("stripe"), index=index, clock=clock, chance=chance),
        "roster": RosterCheck(roster, bars),
        "list": StaffListCheck(roster, bars),
        "npi_api": NpiApi(settings.npi_api.url, bars),
    }
    return tuple(made[name] for name in (*asked.workplace, *asked.person, *asked.credential) if name in made)


def gone_by(adapters: Sequence[Adapter]) -> Callable[[Account], Awaitable[bool]]:
    """Give what says whether a platform tells that an account is switched off, or no member's any more."""

    async def gone(account: Account) -> bool:
        adapter = next((one for one in adapters if one.serves(account)), None)
        if adapter is None or not adapter.health().connected:
            return False
        try:
            profile = await adapter.profile(account)
        except Later:
            return False
        return profile is None or not profile.member

    return gone


class _Asking:
    """Asks the adapter of a site what it knows of an account."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        self._by_site = {adapter.site: adapter for adapter in adapters}

    async def __call__(self, site: str, account: Account) -> Profile | None:
        adapter = self._by_site.get(site)
        if adapter is None:
            raise Later(None)
        return await adapter.profile(account)
