"""Opening the bot: what the commands need of it, and the one place where they pick it up."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.chat.events import Account
from bot.cli.loading import undisturbed
from bot.config import Settings, load, revealed
from bot.domain.claims import ClaimCounts, Redemption
from bot.domain.members import Member, Role
from bot.domain.standing import Acted, Standing
from bot.domain.verification import Applicant
from bot.http import Handler
from bot.logs import Scrubber
from bot.metrics import Metrics
from bot.ports.adapter import Check, Health
from bot.ports.backlog import Backlog
from bot.ports.installing import Installing

if TYPE_CHECKING:
    from bot import bootstrap


class Site(Protocol):
    """One site's adapter, as far as the shell talks to it."""

    @property
    def site(self) -> str:
        """The operator's label."""
        ...

    @property
    def platform(self) -> str:
        """``slack`` or ``matrix``."""
        ...

    async def checks(self) -> tuple[Check, ...]:
        """Try everything that an operator can get wrong."""
        ...


class Numbers(Protocol):
    """The numbers that are looked up when the metrics are read."""

    async def refresh(self) -> None:
        """Bring them up to date."""
        ...


class Enrolled(Protocol):
    """The wall's answer to an enrolment."""

    @property
    def reference(self) -> str:
        """What the audit log knows it by; not the screen name."""
        ...

    @property
    def already(self) -> bool:
        """Whether the account was a member before."""
        ...


class Joining(Protocol):
    """How members are made, as far as the shell talks about it."""

    async def enrol(
        self, account: Account, real_name: str, specialty: str, role: Role, *, by: str
    ) -> Enrolled:
        """Make a member by hand."""
        ...


class Wall(Protocol):
    """The wall, as far as the shell talks to it."""

    @property
    def joining(self) -> Joining:
        """How members are made."""
        ...


class Review(Protocol):
    """Those who want in, as far as the shell talks about them."""

    async def queue(self) -> tuple[Applicant, ...]:
        """List what waits for a moderator."""
        ...

    async def approve(self, reference: str, by: str) -> Applicant | None:
        """Approve an application; None where nothing of this reference waits."""
        ...

    async def reject(self, reference: str, by: str, words: str) -> Applicant | None:
        """Reject an application with a reason."""
        ...

    async def ask(self, reference: str, by: str, words: str) -> Applicant | None:
        """Ask the applicant for more."""
        ...


class Pausing(Protocol):
    """What pauses and resumes consult rooms, as far as the shell talks to it."""

    @property
    def sites(self) -> Sequence[str]:
        """The labels of all sites."""
        ...

    @property
    def paused(self) -> Collection[str]:
        """Rooms that were paused when this process last looked."""
        ...

    def named(self, site: str) -> str | None:
        """Find a site by its label."""
        ...

    async def pause(self, site: str, by: str) -> bool:
        """Pause a room; False where somebody did before."""
        ...

    async def resume(self, site: str, by: str) -> bool:
        """Lift what :meth:`pause` did; False where there is nothing to lift."""
        ...


class Stopping(Protocol):
    """Members' standing, as far as the shell talks about it."""

    async def suspend(self, screen_name: str, days: int | None, said: str, *, by: str) -> Acted:
        """Suspend a member for so many days, or until further notice."""
        ...

    async def ban(self, screen_name: str, said: str, *, by: str) -> Acted:
        """Ask for a ban, or agree to one."""
        ...

    async def restore(self, screen_name: str, *, by: str) -> Acted:
        """Lift what moderators did."""
        ...

    async def stopped(self) -> tuple[tuple[Member, Standing], ...]:
        """List whom moderators have stopped."""
        ...


class Code(Protocol):
    """A code of the first moderator, as it is shown once."""

    @property
    def words(self) -> str:
        """What its holder types."""
        ...

    @property
    def until(self) -> datetime:
        """When it stops being good."""
        ...


class FirstModerator(Protocol):
    """Who makes the first moderator."""

    async def make(self) -> Code | None:
        """Make a code; None where there is a moderator already."""
        ...


class AuditHead(Protocol):
    """The end of the audit chain."""

    @property
    def number(self) -> int:
        """How many entries there are."""
        ...

    @property
    def words(self) -> str:
        """How it is told and typed."""
        ...


class AuditVerdict(Protocol):
    """What a check of the chain found; ``problem`` is empty when all is well."""

    @property
    def head(self) -> AuditHead:
        """Where the chain ends."""
        ...

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence."""
        ...


class Audit(Protocol):
    """Who checks the audit chain."""

    async def check(self, told: str = "") -> AuditVerdict:
        """Check it, also against an end that was told; raises ValueError where that is none."""
        ...


class PollTables(Protocol):
    """Tables of polls, as far as the shell writes them."""

    async def table(self, number: int) -> str:
        """Give the table of a closed poll as CSV; raises ``Refused`` where there is none to give."""
        ...


class Claims(Protocol):
    """Where tokens of polls that pay are counted and redeemed."""

    async def counts(self, number: int) -> ClaimCounts | None:
        """Count the tokens of a poll; None where there is no such poll."""
        ...

    async def redeem(self, number: int, typed: str) -> Redemption | None:
        """Redeem a token as it was typed, once; None where there is no such poll."""
        ...


class Bot(Protocol):
    """The bot put together: databases open and migrated, adapters built, nothing connected yet."""

    @property
    def adapters(self) -> Sequence[Site]:
        """One for every site."""
        ...

    @property
    def wall(self) -> Wall:
        """Where accounts become members."""
        ...

    @property
    def review(self) -> Review:
        """Those who want in."""
        ...

    @property
    def pausing(self) -> Pausing:
        """What pauses and resumes consult rooms."""
        ...

    @property
    def stopping(self) -> Stopping:
        """Members' standing."""
        ...

    @property
    def first_moderator(self) -> FirstModerator:
        """Who makes the first moderator."""
        ...

    @property
    def audit(self) -> Audit:
        """Who checks the audit chain."""
        ...

    @property
    def poll_tables(self) -> PollTables:
        """Tables of closed polls."""
        ...

    @property
    def claims(self) -> Claims:
        """Where tokens of polls that pay are counted and redeemed."""
        ...

    @property
    def numbers(self) -> Numbers:
        """What is looked up when the metrics are read."""
        ...

    @property
    def backlog(self) -> Backlog:
        """What waits and what was set apart, to look at and to act on."""
        ...

    @property
    def slack_events(self) -> Handler | None:
        """The way in for workspaces in HTTP mode, if there are any."""
        ...

    @property
    def sign_on(self) -> Callable[[str, str], Awaitable[str]] | None:
        """Who takes people back from the single sign-on, if there is one."""
        ...

    @property
    def installing(self) -> Installing | None:
        """Who takes browsers through an installation, if workspaces install the app by themselves."""
        ...

    @property
    def own_rooms(self) -> Mapping[str, str]:
        """Ids of the consult rooms, by site, that the bot made."""
        ...

    def health(self) -> Mapping[str, Health]:
        """Say how the parts are: database, keys and each site."""
        ...

    async def start(self) -> None:
        """Take the databases for this process alone and connect; raises ``ConfigurationRefused``."""
        ...

    async def stop(self) -> None:
        """Finish what is under way and close; also right after opening."""
        ...


def settings_of(args: argparse.Namespace) -> Settings:
    """Load the configuration; from then on whatever this command says is scrubbed of its secrets."""
    settings = load(args.config)
    args.scrub = Scrubber(revealed(settings))
    return settings


class OpenBot(Protocol):
    """How a command gets its bot."""

    def __call__(self, settings: Settings, metrics: Metrics | None = None) -> Awaitable[Bot]:
        """Open it; ``metrics`` is what it counts into."""
        ...


async def open_bot(settings: Settings, metrics: Metrics | None = None) -> Bot:
    """Put the real bot together."""
    return await load_bot().open(settings, metrics=metrics)


def load_bot() -> type[bootstrap.Bot]:
    """Load all that a bot is made of."""
    with undisturbed():
        from bot import bootstrap
    return bootstrap.Bot


@asynccontextmanager
async def opened(open_one: OpenBot, settings: Settings) -> AsyncIterator[Bot]:
    """Open the bot beside a running one, without connecting it, and close it again."""
    bot = await open_one(settings)
    try:
        yield bot
    finally:
        await bot.stop()
