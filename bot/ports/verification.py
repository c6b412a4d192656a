"""What verification asks of its checks: one contract for a workspace, a mail server and a register alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bot.chat.events import Account
from bot.domain.verification import Finding, Step


@dataclass(frozen=True, slots=True)
class Claims:
    """What an applicant says of himself, beside what is known of the account. Identity throughout.

    ``values`` are the answers of the form (``number``, ``licence``, ``name``, ``email``); ``proved_name`` is
    the name that a passed check of the workplace proved, or empty.
    """

    account: Account
    site: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    proved_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Started:
    """A check that has begun. ``ref`` is all that the check needs to go on: kept sealed, opaque to others.

    ``asks`` is one sentence that tells the applicant what to do now; empty when :meth:`Check.poll` has its
    answer at once. ``url`` is where to go for it, where there is such a place. ``refused`` is a sentence for
    an applicant whose claims cannot be used; nothing has begun then. ``silent`` says that it was not for the
    claims: the other side did not answer.
    """

    ref: str = field(default="", repr=False)
    asks: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    refused: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class NotIt:
    """What was typed is not what the check waits for; ``left`` more tries may follow."""

    left: int


class Check(Protocol):
    """One way to show one step. A time-out, a fault or silence of the other side is never a pass."""

    @property
    def name(self) -> str:
        """A fixed word: ``workspace``, ``email``, ``roster``."""
        ...

    @property
    def step(self) -> Step:
        """Which step it shows."""
        ...

    @property
    def interactive(self) -> bool:
        """Whether the applicant has to do something between :meth:`start` and the answer."""
        ...

    async def start(self, claims: Claims) -> Started:
        """Begin with an applicant's claims."""
        ...

    async def poll(self, ref: str, typed: str = "") -> Finding | NotIt | None:
        """Give the finding, None while the applicant has not done his part, or say that this was not it.

        ``typed`` is what the applicant typed for this check (a code), or empty. What cannot be asked right
        now is ``UNAVAILABLE``.
        """
        ...


@runtime_checkable
class Lasting(Check, Protocol):
    """A check whose task takes hours or days: it can tell the task again as it stands now.

    Choosing it again goes on with what has begun, until the applicant starts anew.
    """

    async def again(self, ref: str) -> Started:
        """Say what the applicant has to do, while :meth:`Check.poll` gives None; the reference stays."""
        ...


@runtime_checkable
class Local(Protocol):
    """A check that not every site has."""

    def serves(self, site: str) -> bool:
        """Say whether applicants of this site may choose it."""
        ...


@runtime_checkable
class Tidied(Protocol):
    """A check that keeps something which has its day."""

    async def forget(self, ref: str) -> None:
        """Forget what an applicant began and will not go on with."""
        ...

    async def tidy(self) -> None:
        """Forget what nobody can use any more."""
        ...
