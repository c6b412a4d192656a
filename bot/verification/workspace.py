"""The workplace by the account itself: a full member of a workspace or homeserver that may take part."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from bot.chat.events import Account
from bot.domain.verification import ELSEWHERE, Finding, Outcome, Step
from bot.ports.adapter import Later, Profile
from bot.ports.verification import Claims, Started
from bot.verification.references import read, written

AskProfile = Callable[[str, Account], Awaitable[Profile | None]]
"""Gives what a site says of an account; raises ``Later`` or ``TimeoutError``."""


LONGEST_NAME: Final = 120
"""Characters of a name that are kept; a homeserver lets a display name fill a page."""
LONGEST_PICTURE: Final = 255
"""Characters of a picture's mark; a longer one is none, since a part of it could be another picture's too."""


class Workspace:
    """Shows the workplace; the profile's name counts only at sites where the hospital locks names.

    ``domains`` are the e-mail domains by site: a site that has none proves a workplace by itself.
    """

    name: Final = "workspace"
    step: Final = Step.WORKPLACE
    interactive: Final = False

    def __init__(
        self, profile: AskProfile, domains: Mapping[str, tuple[str, ...]], names_locked: Collection[str]
    ) -> None:
        """Take the way to ask, and what the operator says of the sites."""
        self._profile = profile
        self._domains = {site: frozenset(map(str.casefold, names)) for site, names in domains.items()}
        self._names_locked = names_locked

    async def start(self, claims: Claims) -> Started:
        """Note whose account it is."""
        account = claims.account
        told = {"site": claims.site, "realm": account.realm, "user": account.user}
        return Started(ref=written({**told, "platform": account.platform}))

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Ask the site, and judge what it says."""
        told = read(ref)
        account = Account(told["platform"], told["realm"], told["user"])
        try:
            profile = await self._profile(told["site"], account)
        except (Later, TimeoutError):
            return Finding(Outcome.UNAVAILABLE, "silent")
        return self._judged(told["site"], profile)

    def _judged(self, site: str, profile: Profile | None) -> Finding:
        if profile is None:
            return Finding(Outcome.FAIL, "gone")
        if not profile.member:
            return Finding(Outcome.FAIL, "guest")
        domains = self._domains.get(site, frozenset())
        _, at, domain = profile.email.rpartition("@")
        name = profile.name[:LONGEST_NAME] if site in self._names_locked else ""
        picture = profile.picture if len(profile.picture) <= LONGEST_PICTURE else ""
        if domains and (not at or domain.casefold() not in domains):
            return Finding(Outcome.FAIL, ELSEWHERE, name=name, picture=picture)
        return Finding(Outcome.PASS, "workplace", name=name, picture=picture)
