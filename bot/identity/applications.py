"""Applications: what an applicant said and what was found, sealed in the vault until it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.chat.events import Account
from bot.chat.shapes import NUMBER, TABLE, TEXT, TEXTS, TRUTH, each, record, unpack, word_of
from bot.domain.duplicates import Signal
from bot.domain.members import MemberId, Role
from bot.domain.verification import (
    Applicant,
    Finding,
    HardKey,
    KeyKind,
    Outcome,
    Recorded,
    Stage,
    Step,
    come_to,
    proved_name,
    settled,
    shows_work,
)
from bot.identity.records import ACCOUNT, Kept, joined, sized
from bot.ports.sealing import Sealed, Sealer
from bot.ports.vault import Vault

_SIZE: Final = 6000
"""Every application is written at this many bytes at least: its length says nothing about its content."""


@dataclass(frozen=True, slots=True)
class Application:
    """One application of one account. ``member`` is the id that the applicant will have as a member.

    ``check`` and ``ref`` are those of the check that waits for the applicant. ``since`` is when it came to
    its stage, in ISO form. ``override`` says that a failed check is to be overridden, which needs two
    moderators; ``approvals`` are the references of those who approved.
    """

    reference: str
    member: str
    account: Account
    site: str
    stage: Stage
    since: str
    values: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Recorded, ...] = ()
    check: str = ""
    ref: str = ""
    names: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    said: str = ""
    override: bool = False
    held: bool = False
    tries: int = 0
    """Numbers that were looked up for it on the day ``tried_on``."""
    tried_on: str = ""
    began: str = ""
    """When it was begun, in ISO form."""
    signals: tuple[Signal, ...] = ()
    gone: bool = False
    """The applicant says that an old account is gone; ``moves`` is the member whose account that is."""
    moves: str = ""
    asked: tuple[Account, ...] = ()
    """The old accounts that were told, and may object."""
    objected: bool = False
    barred: str = ""
    """The banned member to whom something of what was shown belongs."""
    renews: bool = False
    """The applicant is a member already, ``member``, and is verified again."""
    mail: str = ""
    """The keyed hash, in hex, of the e-mail address that was shown."""
    seen: bytes | None = field(default=None, compare=False)
    """The sealed row that this was opened from, for compare and set; None before the first keeping."""

    def __repr__(self) -> str:
        """Show where it stands only."""
        return f"Application({self.stage})"

    @property
    def member_id(self) -> MemberId:
        """The id under which the applicant is told, and will be a member."""
        return MemberId(self.member)

    @property
    def outcome(self) -> Outcome:
        """What all findings together come to."""
        return come_to(self.findings)

    @property
    def credential(self) -> Finding | None:
        """The finding that counts for the second step."""
        return settled(self.findings, Step.CREDENTIAL)

    def has_passed(self, check: str) -> bool:
        """Say whether this check was passed."""
        return any(one.check == check and one.finding.outcome is Outcome.PASS for one in self.findings)

    @property
    def wants_number(self) -> bool:
        """Whether a number may be given: the workplace is shown, and nothing is decided."""
        open_stage = self.stage in (Stage.WORKPLACE, Stage.CREDENTIAL, Stage.MORE, Stage.FAILED)
        return open_stage and shows_work(self.findings)

    @property
    def keys(self) -> tuple[HardKey, ...]:
        """What only this person has: from findings that did not fail, or that moderators are to override."""
        good = (
            one.finding for one in self.findings if self.override or one.finding.outcome is not Outcome.FAIL
        )
        return tuple(dict.fromkeys(key for finding in good for key in finding.keys))

    @property
    def real_name(self) -> str:
        """The proved name, else the one that was typed and that a moderator has bound."""
        return proved_name(self.findings) or self.values.get("name", "")

    @property
    def needed(self) -> int:
        """How many moderators must approve: two where more than one person's look is to be bound by it."""
        unbound = self.gone and not proved_name(self.findings)
        return 2 if self.override or self.barred or unbound else 1

    @property
    def kept(self) -> Kept:
        """What stays of it with the member, for the yearly check."""
        found = self.credential
        waived = found.reason if found is not None and found.outcome is not Outcome.PASS else ""
        return Kept(self.values.get("number", ""), self.values.get("licence", ""), waived, self.mail)

    @property
    def by(self) -> str:
        """Who let the applicant in: the moderator who approved last, or the checks."""
        return self.approvals[-1] if self.approvals else "checks"

    def at(self, stage: Stage, now: datetime) -> Application:
        """Come to a stage."""
        return replace(self, stage=stage, since=now.isoformat(timespec="seconds"))

    def finding(self, step: Step, check: str, finding: Finding) -> Application:
        """Record what a check found, in place of what the same check found before."""
        others = (one for one in self.findings if one.check != check)
        return replace(self, findings=(*others, Recorded(step, check, finding)))

    def as_applicant(self, now: datetime) -> Applicant:
        """Give what moderators and the applicant may see."""
        return Applicant(
            reference=self.reference,
            stage=self.stage,
            values=self.values,
            findings=self.findings,
            proved_name=proved_name(self.findings),
            held=self.held,
            approvals=len(self.approvals),
            needed=self.needed,
            said=self.said,
            waiting_days=(now - datetime.fromisoformat(self.since)).days,
            gone=self.gone,
            objected=self.objected,
            signals=self.signals,
            barred=bool(self.barred),
            renews=self.renews,
        )


_KEY: Final = record(HardKey, kind=word_of(KeyKind), value=TEXT)
_FINDING: Final = record(
    Finding,
    outcome=word_of(Outcome),
    reason=TEXT,
    name=TEXT,
    keys=each(_KEY),
    role=word_of(Role),
    specialty=TEXT,
    picture=TEXT,
)
_RECORDED: Final = record(Recorded, step=word_of(Step), check=TEXT, finding=_FINDING)
_APPLICATION: Final = record(
    Application,
    reference=TEXT,
    member=TEXT,
    account=ACCOUNT,
    site=TEXT,
    stage=word_of(Stage),
    since=TEXT,
    values=TABLE,
    findings=each(_RECORDED),
    check=TEXT,
    ref=TEXT,
    names=TEXTS,
    approvals=TEXTS,
    said=TEXT,
    override=TRUTH,
    held=TRUTH,
    tries=NUMBER,
    tried_on=TEXT,
    began=TEXT,
    signals=each(word_of(Signal)),
    gone=TRUTH,
    moves=TEXT,
    asked=each(ACCOUNT),
    objected=TRUTH,
    barred=TEXT,
    renews=TRUTH,
    mail=TEXT,
)


class Overtaken(Exception):
    """Somebody else changed the application at the same moment; nothing of this was kept."""


class Applications:
    """The applications in the vault; each is changed only by whoever saw its last state."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Keep them in this vault."""
        self._vault = vault
        self._sealer = sealer

    async def of(self, account: Account) -> Application | None:
        """Open the application of an account, if there is one."""
        index = self.index(account)
        sealed = await self._vault.application(index)
        return None if sealed is None else self._open(index, sealed)

    async def all(self) -> tuple[Application, ...]:
        """Open all, the longest waiting first."""
        opened = [self._open(index, sealed) for index, sealed in await self._vault.applications()]
        return tuple(sorted(opened, key=lambda one: (one.since, one.reference)))

    async def keep(self, application: Application) -> None:
        """Keep it; raises :class:`Overtaken` when somebody else changed it since it was opened here."""
        index, sealed = self.row(application)
        if not await self._vault.keep_application(index, sealed, application.seen):
            raise Overtaken

    def row(self, application: Application) -> tuple[bytes, Sealed]:
        """Give the blind index of an application, and the application sealed for its place."""
        index = self.index(application.account)
        written = sized("application", _APPLICATION, application, _SIZE)
        return index, self._sealer.seal(written, _application_place(index))

    async def drop(self, application: Application, route: bytes | None) -> None:
        """Forget it; with ``route`` the applicant's mailbox too."""
        await self._vault.drop_application(self.index(application.account), route)

    def _open(self, index: bytes, sealed: bytes) -> Application:
        payload = self._sealer.open(sealed, _application_place(index))
        return replace(unpack("application", _APPLICATION, payload, Application), seen=sealed)

    def index(self, account: Account) -> bytes:
        """Give the blind index of an account's application."""
        return self._sealer.index("application", joined(account.platform, account.realm, account.user))


def _application_place(index: bytes) -> str:
    return f"applications|sealed|{index.hex()}"
