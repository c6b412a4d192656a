"""Installing: what is kept of a workspace that took the app in by itself, and the way through a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.installing import Ending

__all__ = ["Begun", "BegunInstallations", "BotToken", "Consent", "Ending", "Installation", "Installing"]


@dataclass(frozen=True, slots=True)
class BotToken:
    """What an installation brought: enough to speak as the bot, so its ``repr`` shows nothing."""

    value: str = field(repr=False)


class Installation(Protocol):
    """The installation of one workspace, sealed in the vault."""

    async def token(self) -> BotToken | None:
        """Give the token; None while the app is not installed there."""
        ...

    async def keep(self, token: BotToken) -> None:
        """Keep a token in place of an earlier one; committed when this returns."""
        ...

    async def forget(self, token: BotToken) -> None:
        """Erase this token; another one that lies there meanwhile stays."""
        ...


@dataclass(frozen=True, slots=True)
class Begun:
    """An installation under way: what its address carries, and what only the browser has that began it."""

    state: str = field(repr=False)
    browser: str = field(repr=False)


class BegunInstallations(Protocol):
    """Installations under way, each good once and for ten minutes."""

    async def begin(self) -> Begun | None:
        """Begin one; None while too many are under way."""
        ...

    async def redeem(self, begun: Begun) -> bool:
        """Say whether this one is under way, and end it; committed when this returns."""
        ...


@dataclass(frozen=True, slots=True)
class Consent:
    """Where a browser goes to consent, and what it has to bring back in a cookie."""

    address: str = field(repr=False)
    browser: str = field(repr=False)


class Installing(Protocol):
    """Takes browsers to a platform's consent page and back. ``public_url`` is how they reach the bot."""

    @property
    def public_url(self) -> str:
        """The address under which browsers reach the bot."""
        ...

    async def begin(self) -> Consent | None:
        """Begin an installation; None while too many are under way."""
        ...

    async def returned(self, begun: Begun, code: str) -> Ending:
        """Take a browser back; an empty ``code`` is the platform's word that nobody consented."""
        ...
