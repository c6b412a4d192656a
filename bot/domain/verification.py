"""Verification: its steps, what a check found, and what all findings together come to. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.domain.duplicates import Signal
from bot.domain.members import Role

NOT_FOUND: Final = "not_found"
"""The reason of a check whose source does not have the number."""

OBJECTION: Final = timedelta(days=14)
"""How long an account that is said to be gone may object before what belongs to it moves."""


ELSEWHERE: Final = "domain"
"""The reason of a check that knows the person by name, whose address there is not one of the hospital's."""


class Step(StrEnum):
    """What has to be shown, in this order."""

    WORKPLACE = "workplace"
    """A person who works at a hospital that may take part."""
    PERSON = "person"
    """Whose name it is, where no check of the workplace proves one. Without it a moderator looks."""
    CREDENTIAL = "credential"
    """A physician, or a trainee whom the medical staff office names."""


class Outcome(StrEnum):
    """What a check comes to, the best first."""

    PASS = "pass"  # noqa: S105 - the word for it, not a password
    REVIEW = "review"
    UNAVAILABLE = "unavailable"
    FAIL = "fail"


class KeyKind(StrEnum):
    """What only one person can have."""

    NPI = "npi"
    LICENCE = "licence"
    SUBJECT = "subject"
    """Issuer and subject of a hospital's single sign-on."""
    ACCOUNT = "account"
    """A chat account; kept only of somebody who left while moderators had stopped them."""
    MAIL = "mail"
    """The keyed hash of an e-mail address that was shown; kept as ``ACCOUNT`` is."""


@dataclass(frozen=True, slots=True)
class HardKey:
    """Something that only one person can have; identity, so its ``repr`` shows the kind alone."""

    kind: KeyKind
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``reason`` is a fixed word for cards, counts and tests, never free text.

    ``name`` is the full name that this check proves, empty where it proves none. ``role`` and ``specialty``
    are what a credential check read from its source. ``picture`` is the platform's mark of the account's own.
    """

    outcome: Outcome
    reason: str
    name: str = field(default="", repr=False)
    keys: tuple[HardKey, ...] = ()
    role: Role = Role.PHYSICIAN
    specialty: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)


class Stage(StrEnum):
    """Where an application stands."""

    WORKPLACE = "workplace"
    """The account alone does not show the workplace; the applicant chooses another way."""
    WAITING = "waiting"
    """A check waits for the applicant: a code, a sign-on, colleagues, a document."""
    CREDENTIAL = "credential"
    """The number is wanted."""
    FAILED = "failed"
    """A check failed; the applicant may try again or ask a moderator."""
    REVIEW = "review"
    """A moderator looks."""
    MORE = "more"
    """A moderator asked for more."""
    NAMING = "naming"
    """All is shown; the screen name is to be chosen."""
    REJECTED = "rejected"
    MOVING = "moving"
    """The old account is asked; unless it objects, what belongs to it moves to this one."""
    RENEWED = "renewed"
    """A member was verified again; nothing is left of the application."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finding with the step and the name of the check that made it."""

    step: Step
    check: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Applicant:
    """An application as moderators and the applicant may see it: never an account, never a screen name.

    ``values`` are what the applicant typed; ``proved_name`` is what a check proved. ``held`` says that the
    number is a member's already. ``approvals`` counts moderators who approved; ``needed`` is how many must.
    ``said`` are the words of a moderator who asked for more or rejected. ``waiting_days`` counts whole days.
    ``gone`` says that the applicant has an old account that is gone, by the applicant's word; ``objected``
    that an account denied it. ``signals`` speak for a second account of one person.
    """

    reference: str
    stage: Stage
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    findings: tuple[Recorded, ...] = ()
    proved_name: str = field(default="", repr=False)
    held: bool = False
    approvals: int = 0
    needed: int = 1
    said: str = field(default="", repr=False)
    waiting_days: int = 0
    gone: bool = False
    objected: bool = False
    signals: tuple[Signal, ...] = ()

    @property
    def is_bound(self) -> bool:
        """Whether a check or moderators bound this person's name to the number.

        Only then may the applicant learn what is known of it: nobody else finds out who is a member.
        """
        return come_to(self.findings) is Outcome.PASS or self.approvals >= self.needed

    barred: bool = False
    """What was shown belongs to somebody who is banned."""
    renews: bool = False
    """A member is verified again."""

    @property
    def shows_work(self) -> bool:
        """Whether the workplace is shown, or left for a moderator to see."""
        return shows_work(self.findings)

    @property
    def works_here(self) -> bool:
        """Whether the workplace is shown."""
        found = settled(self.findings, Step.WORKPLACE)
        return found is not None and found.outcome is Outcome.PASS


def settled(findings: Sequence[Recorded], step: Step) -> Finding | None:
    """Give the finding that counts for a step: its best one; None before the first.

    Of equals the first counts that found the number at all, since it says more than that there is none.
    """
    of_step = [one.finding for one in findings if one.step is step]
    return min(of_step, key=lambda one: (_RANK[one.outcome], one.reason == NOT_FOUND), default=None)


def shows_work(findings: Sequence[Recorded]) -> bool:
    """Say whether the workplace is shown, or could not be looked at and is left for a moderator to see."""
    found = settled(findings, Step.WORKPLACE)
    return found is not None and found.outcome is not Outcome.FAIL


def proved_name(findings: Sequence[Recorded]) -> str:
    """Give the name that a passed check proves, empty where none does: of the workplace, else of the person.

    Where the workplace is shown in another way, the name of a site that knows the person counts too. Names
    that a credential check read from a register prove nothing; they are what is compared.
    """
    of_work = [one.finding for one in findings if one.step is Step.WORKPLACE]
    shown = [finding for finding in of_work if finding.outcome is Outcome.PASS]
    known = [finding for finding in of_work if finding.reason == ELSEWHERE] if shown else []
    of_person = (one.finding for one in findings if one.step is Step.PERSON)
    person = (finding for finding in of_person if finding.outcome is Outcome.PASS)
    return next((finding.name for finding in (*shown, *person, *known) if finding.name), "")


def come_to(findings: Sequence[Recorded]) -> Outcome:
    """Say what an application comes to: the worst of workplace and credential; nothing found is no pass.

    Who somebody is counts through the name alone, which the credential is compared with. What cannot be had
    (``UNAVAILABLE``) goes to a moderator like any other doubt and never passes.
    """
    steps = [settled(findings, step) for step in (Step.WORKPLACE, Step.CREDENTIAL)]
    worst = max(_RANK[one.outcome] if one else _RANK[Outcome.UNAVAILABLE] for one in steps)
    outcome = tuple(Outcome)[worst]
    return Outcome.REVIEW if outcome is Outcome.UNAVAILABLE else outcome


_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
