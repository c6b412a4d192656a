"""A bot that was never put together: it remembers what commands ask of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat.events import Account
from bot.cli import perform
from bot.cli.opening import Bot
from bot.config import Settings
from bot.domain.claims import ClaimCounts, Claimed, Redemption
from bot.domain.members import Member, Role
from bot.domain.pauses import Pause
from bot.domain.refusal import Refused
from bot.domain.standing import Acted, Done, Standing
from bot.domain.verification import Applicant, Stage
from bot.http import Handler
from bot.metrics import Metrics
from bot.ports.adapter import Check, Health
from bot.ports.backlog import Quarantined, Retried, Waiting
from bot.ports.installing import Installing

CONFIG = """
key_file = "keys/master.key"
[http]
port = 0
[[matrix]]
name = "city"
homeserver = "http://127.0.0.1:9"
user = "@curbside:city.example"
password = "canary-password"
"""


@dataclass(frozen=True, slots=True)
class PretendEnrolled:
    reference: str
    already: bool


@dataclass
class PretendJoining:
    enrolled: dict[Account, tuple[str, str, Role, str]] = field(default_factory=dict)

    async def enrol(
        self, account: Account, real_name: str, specialty: str, role: Role, *, by: str
    ) -> PretendEnrolled:
        already = account in self.enrolled
        self.enrolled.setdefault(account, (real_name, specialty, role, by))
        return PretendEnrolled("K7Q2", already)


@dataclass
class PretendWall:
    joining: PretendJoining = field(default_factory=PretendJoining)


@dataclass
class PretendNumbers:
    refreshed: int = 0

    async def refresh(self) -> None:
        self.refreshed += 1


@dataclass
class PretendBacklog:
    rows: list[Waiting] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    apart: dict[str, Quarantined] = field(default_factory=dict)
    outcomes: dict[str, Retried] = field(default_factory=dict)
    retried: list[str] = field(default_factory=list)

    async def waiting(self) -> tuple[Waiting, ...]:
        return tuple(self.rows)

    async def quarantined(self) -> tuple[Quarantined, ...]:
        return tuple(self.apart.values())

    async def paused(self) -> tuple[Pause, ...]:
        return tuple(self.pauses)

    async def retry(self, delivery: str) -> Retried:
        self.retried.append(delivery)
        return self.outcomes.get(delivery, Retried.WAITING)

    async def drop(self, delivery: str) -> bool:
        return self.apart.pop(delivery, None) is not None


@dataclass
class PretendClaims:
    """A ledger of one poll, 45."""

    counted: ClaimCounts = field(default_factory=lambda: ClaimCounts(12, 5))
    came: Redemption = field(default_factory=lambda: Redemption(Claimed.UNKNOWN))
    typed: list[str] = field(default_factory=list)

    async def counts(self, number: int) -> ClaimCounts | None:
        return self.counted if number == 45 else None

    async def redeem(self, number: int, typed: str) -> Redemption | None:
        self.typed.append(typed)
        return self.came if number == 45 else None


@dataclass
class PretendSite:
    site: str
    found: tuple[Check, ...] = ()
    breaks: BaseException | None = None
    hangs: bool = False
    platform: str = "matrix"

    async def checks(self) -> tuple[Check, ...]:
        if self.hangs:
            await asyncio.Event().wait()
        if self.breaks:
            raise self.breaks
        return self.found


@dataclass
class PretendReview:
    """Applications that wait, and what was decided about them."""

    waiting: tuple[Applicant, ...] = ()
    decided: list[tuple[str, str, str]] = field(default_factory=list)

    async def queue(self) -> tuple[Applicant, ...]:
        return self.waiting

    async def approve(self, reference: str, by: str) -> Applicant | None:
        return self._decide("approve", reference, by, Stage.NAMING)

    async def reject(self, reference: str, by: str, words: str) -> Applicant | None:
        return self._decide(f"reject {words}", reference, by, Stage.REJECTED)

    async def ask(self, reference: str, by: str, words: str) -> Applicant | None:
        return self._decide(f"ask {words}", reference, by, Stage.MORE)

    def _decide(self, what: str, reference: str, by: str, stage: Stage) -> Applicant | None:
        found = next((one for one in self.waiting if one.reference == reference), None)
        if found is None:
            return None
        self.decided.append((what, reference, by))
        return replace(found, stage=stage)


@dataclass(frozen=True, slots=True)
class PretendCode:
    words: str
    until: datetime


@dataclass
class PretendFirst:
    code: PretendCode | None = None

    async def make(self) -> PretendCode | None:
        return self.code


@dataclass(frozen=True, slots=True)
class PretendHead:
    number: int = 0
    words: str = "0-"


@dataclass(frozen=True, slots=True)
class PretendVerdict:
    head: PretendHead = PretendHead()
    problem: str = ""


@dataclass
class PretendAudit:
    verdict: PretendVerdict = PretendVerdict()
    told: list[str] = field(default_factory=list)

    async def check(self, told: str = "") -> PretendVerdict:
        self.told.append(told)
        if told == "nonsense":
            raise ValueError(told)
        return self.verdict


@dataclass
class PretendPausing:
    """Rooms that are paused by the shell; ``held`` are paused whatever it says."""

    sites: Sequence[str] = ("city",)
    by_shell: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)

    @property
    def paused(self) -> set[str]:
        return self.by_shell | self.held

    def named(self, site: str) -> str | None:
        return site if site in self.sites else None

    async def pause(self, site: str, by: str) -> bool:
        fresh = site not in self.by_shell
        self.by_shell.add(site)
        return fresh

    async def resume(self, site: str, by: str) -> bool:
        lifted = site in self.by_shell
        self.by_shell.discard(site)
        return lifted


@dataclass
class PretendStopping:
    """Members whom somebody stops, and what was asked about them."""

    answers: Done = Done.SUSPENDED
    asked: list[tuple[str, ...]] = field(default_factory=list)
    listed: tuple[tuple[Member, Standing], ...] = ()

    async def suspend(self, screen_name: str, days: int | None, said: str, *, by: str) -> Acted:
        until = datetime(2026, 3, 8, 9, 0, tzinfo=UTC) if days else None
        return self._note(screen_name, "suspend", screen_name, str(days), said, by, until=until)

    async def ban(self, screen_name: str, said: str, *, by: str) -> Acted:
        return self._note(screen_name, "ban", screen_name, said, by)

    async def restore(self, screen_name: str, *, by: str) -> Acted:
        return self._note(screen_name, "restore", screen_name, by)

    async def stopped(self) -> tuple[tuple[Member, Standing], ...]:
        return self.listed

    def _note(self, screen_name: str, *asked: str, until: datetime | None = None) -> Acted:
        self.asked.append(asked)
        return Acted(self.answers, screen_name, until)


@dataclass
class PretendTables:
    """Tables of polls by number."""

    tables: dict[int, str] = field(default_factory=dict)

    async def table(self, number: int) -> str:
        if number not in self.tables:
            raise Refused("not_found", f"There is no poll {number}.")
        return self.tables[number]


@dataclass
class PretendBot:
    """Opens, starts and stops the way the test says, and writes down what happened."""

    parts: dict[str, Health] = field(default_factory=lambda: {"database": Health(True), "keys": Health(True)})
    adapters: Sequence[PretendSite] = (PretendSite("city"),)
    numbers: PretendNumbers = field(default_factory=PretendNumbers)
    backlog: PretendBacklog = field(default_factory=PretendBacklog)
    poll_tables: PretendTables = field(default_factory=PretendTables)
    wall: PretendWall = field(default_factory=PretendWall)
    review: PretendReview = field(default_factory=PretendReview)
    pausing: PretendPausing = field(default_factory=PretendPausing)
    stopping: PretendStopping = field(default_factory=PretendStopping)
    first_moderator: PretendFirst = field(default_factory=PretendFirst)
    audit: PretendAudit = field(default_factory=PretendAudit)
    claims: PretendClaims = field(default_factory=PretendClaims)
    slack_events: Handler | None = None
    sign_on: Callable[[str, str], Awaitable[str]] | None = None
    installing: Installing | None = None
    own_rooms: dict[str, str] = field(default_factory=dict)
    refuses_to_open: BaseException | None = None
    refuses_to_start: Exception | None = None
    never_starts: bool = False
    never_stops: bool = False
    story: list[str] = field(default_factory=list)
    when_started: Callable[[], object] = lambda: None
    settings: Settings | None = None

    async def open(self, settings: Settings, metrics: Metrics | None = None) -> Bot:
        if self.refuses_to_open:
            raise self.refuses_to_open
        self.settings = settings
        self.story.append("open")
        return self

    def health(self) -> Mapping[str, Health]:
        return self.parts

    async def start(self) -> None:
        self.story.append("start")
        if self.refuses_to_start:
            raise self.refuses_to_start
        self.when_started()
        if self.never_starts:
            await asyncio.Event().wait()

    async def stop(self) -> None:
        self.story.append("stop")
        if self.never_stops:
            await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """Types commands into a shell whose working folder holds a configuration."""

    folder: Path
    captured: pytest.CaptureFixture[str]
    bot: PretendBot = field(default_factory=PretendBot)

    @property
    def config(self) -> Path:
        return self.folder / "curbside.toml"

    def write(self, text: str = CONFIG) -> None:
        self.config.write_text(text, encoding="utf-8")

    def type(self, *words: str) -> Ended:
        code = perform(words, open_bot=self.bot.open)
        said = self.captured.readouterr()
        return Ended(code, said.out, said.err)
