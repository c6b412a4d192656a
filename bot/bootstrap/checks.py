"""The checks of verification, made from the settings in the order that the operator gives them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.events import Account
from bot.config import Settings, SlackSite
from bot.domain.credentials import NameBars
from bot.domain.roster import Roster
from bot.ports.adapter import Adapter, Later, Profile
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Check
from bot.verification.email import Email, Index
from bot.verification.npi_api import NpiApi
from bot.verification.oidc import Oidc
from bot.verification.postman import MailServer, SmtpPostman
from bot.verification.roster import RosterCheck
from bot.verification.sign_on import Client, SignOn
from bot.verification.staff_list import StaffListCheck
from bot.verification.stripe_identity import Access, StripeIdentity
from bot.verification.vouch import Vouch
from bot.verification.workspace import Workspace

BACK = "sign-on"
"""The page, below ``[http] public_url``, to which a provider sends people back."""

Back = Callable[[str, str], Awaitable[str]]
"""Takes somebody back from the provider by state and code; gives the code for the page, or nothing."""


@dataclass(frozen=True, slots=True)
class Means:
    """What checks keep things with, and what they take time and chance from."""

    cabinet: Callable[[str], Cabinet]
    index: Index
    clock: Clock
    chance: Chance


def checks_of(
    settings: Settings, adapters: Sequence[Adapter], roster: Roster, means: Means
) -> tuple[Check, ...]:
    """Make every check that is configured and that this version has."""
    asked = settings.verification
    bars = NameBars(passes=asked.name_pass, review=asked.name_review)
    # Homeservers tell no address of an account, so there the account alone shows the workplace.
    told = {site.name: site.allow_domains for site in settings.sites if isinstance(site, SlackSite)}
    made: Mapping[str, Check | None] = {
        "workspace": Workspace(_Asking(adapters), told, frozenset(asked.names_locked)),
        "email": _email(settings, means),
        "oidc": _oidc(settings, means),
        "vouch": Vouch(clock=means.clock, chance=means.chance),
        "stripe": _stripe(settings, means),
        "roster": RosterCheck(roster, bars),
        "list": StaffListCheck(roster, bars),
        "npi_api": NpiApi(settings.npi_api.url, bars),
    }
    wanted = (made.get(name) for name in (*asked.workplace, *asked.person, *asked.credential))
    return tuple(check for check in wanted if check is not None)


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


def way_back(checks: Sequence[Check]) -> Back | None:
    """Find who takes people back from the single sign-on, where there is one."""
    return next((check.returned for check in checks if isinstance(check, Oidc)), None)


def postman_of(settings: Settings, clock: Clock, chance: Chance) -> SmtpPostman | None:
    """Make the one who sends mail; None where no mail server is configured."""
    smtp = settings.smtp
    if not smtp.host:
        return None
    password = smtp.password.get_secret_value() if smtp.password else ""
    server = MailServer(smtp.host, smtp.port, smtp.sender, smtp.user, password)
    return SmtpPostman(server, clock=clock, chance=chance)


def sign_on_of(settings: Settings, clock: Clock) -> SignOn | None:
    """Make the way to the provider; None where none is configured, or browsers have no way back."""
    oidc = settings.oidc
    if not oidc.issuer or not settings.http.public_url:
        return None
    secret = oidc.client_secret.get_secret_value() if oidc.client_secret else ""
    return SignOn(Client(oidc.issuer, oidc.client_id, address_back(settings), secret), clock=clock)


def address_back(settings: Settings) -> str:
    """Give the address that a provider has to know as the one to send people back to."""
    return f"{settings.http.public_url.rstrip('/')}/{BACK}"


def _email(settings: Settings, means: Means) -> Email | None:
    postman = postman_of(settings, means.clock, means.chance)
    if postman is None:
        return None
    cabinet, domains = means.cabinet("check:email"), _domains(settings)
    return Email(postman, cabinet, domains, index=means.index, clock=means.clock, chance=means.chance)


def _oidc(settings: Settings, means: Means) -> Oidc | None:
    provider = sign_on_of(settings, means.clock)
    if provider is None:
        return None
    cabinet, domains = means.cabinet("check:oidc"), _domains(settings)
    return Oidc(provider, cabinet, domains, index=means.index, clock=means.clock, chance=means.chance)


def _stripe(settings: Settings, means: Means) -> StripeIdentity:
    key = settings.stripe.secret_key
    access = Access(settings.stripe.api_url, key.get_secret_value() if key is not None else "")
    cabinet = means.cabinet("stripe")
    return StripeIdentity(access, cabinet, index=means.index, clock=means.clock, chance=means.chance)


def _domains(settings: Settings) -> Mapping[str, tuple[str, ...]]:
    return {site.name: site.allow_domains for site in settings.sites}


class _Asking:
    """Asks the adapter of a site what it knows of an account."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        self._by_site = {adapter.site: adapter for adapter in adapters}

    async def __call__(self, site: str, account: Account) -> Profile | None:
        adapter = self._by_site.get(site)
        if adapter is None:
            raise Later(None)
        return await adapter.profile(account)
