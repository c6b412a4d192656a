"""Hiding and locking: what moderators take out of sight until they restore it, what they close to answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.refusal import Refused

LONGEST_REASON: Final = 480
"""Characters of what a moderator writes to the one whose words are hidden."""
_TARGET: Final = re.compile(r"#?(?P<case>\d{1,9})(?:\.(?:(?P<comment>c)?(?P<item>\d{1,6})))?", re.IGNORECASE)


class Why(StrEnum):
    """Why something was hidden or locked: the code that the audit chain keeps. The words go to its writer."""

    IDENTIFIES = "identifies"
    WRONG = "wrong"
    ABUSE = "abuse"
    ADVERTISING = "advertising"
    NOT_CLINICAL = "not_clinical"
    OTHER = "other"


_CODES: Final = {why.value.replace("_", ""): why for why in Why}


@dataclass(frozen=True, slots=True)
class Target:
    """What a moderator names: case ``123``, its opinion ``123.2`` or its comment ``123.c2``.

    Polls have numbers of the same row; ``poll`` says that it was found to be one.
    """

    case: int
    opinion: int | None = None
    comment: int | None = None
    poll: bool = False

    @property
    def name(self) -> str:
        """How it is spoken of, and typed."""
        if self.opinion is not None:
            return f"{self.case}.{self.opinion}"
        return f"{self.case}.c{self.comment}" if self.comment is not None else f"{self.case}"

    @property
    def is_case(self) -> bool:
        """Whether it is a whole case."""
        return self.opinion is None and self.comment is None and not self.poll


class Stage(StrEnum):
    """How far the deciding about something hidden has come."""

    REPORTED = "reported"
    """Members' reports hid it, and no moderator has decided."""
    DECIDED = "decided"
    APPEALED = "appealed"
    """Its writer asks for another moderator's look."""
    UPHELD = "upheld"
    """Another moderator looked too."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is hidden, as a code and in a moderator's own words; ``by`` is the moderator."""

    why: Why = Why.OTHER
    words: str = ""
    by: str = ""
    stage: Stage = Stage.DECIDED

    @property
    def waits(self) -> bool:
        """Whether a moderator is still to decide."""
        return self.stage in (Stage.REPORTED, Stage.APPEALED)

    def upheld(self, reason: Reason) -> Reason:
        """Give the reason once a moderator has decided that it stays hidden; raises :class:`Refused`."""
        if self.stage is not Stage.APPEALED:
            return reason
        if self.by == reason.by:
            raise Refused(
                "own_decision",
                "You have hidden this yourself. Another moderator has to decide whether it stays hidden; you "
                "can only show it again.",
                "mod reports",
            )
        return replace(reason, stage=Stage.UPHELD)


def split_target(typed: str) -> tuple[Target | None, str]:
    """Split ``123.2 the rest`` into what is named and the rest; None and all of it where nothing is."""
    first, _, rest = typed.strip().partition(" ")
    target = target_of(first)
    return (target, rest.strip()) if target is not None else (None, typed.strip())


def target_of(typed: str) -> Target | None:
    """Read what is named; None where it is none of these."""
    named = _TARGET.fullmatch(typed.strip())
    if named is None:
        return None
    item = int(named["item"]) if named["item"] else None
    if named["comment"]:
        return Target(int(named["case"]), comment=item)
    return Target(int(named["case"]), opinion=item)


def reason_of(typed: str) -> Reason:
    """Read a reason: a code as its first word (``identifies``), and words; without a code it is *other*."""
    words = " ".join(typed.split())
    first, _, rest = words.partition(" ")
    why = why_of(first)
    return Reason(why, rest[:LONGEST_REASON]) if why else Reason(Why.OTHER, words[:LONGEST_REASON])


def why_of(typed: str) -> Why | None:
    """Read a reason's code, as ``not clinical`` or ``identifies``; None where it is none."""
    return _CODES.get(re.sub(r"[\W_]", "", typed).casefold())


def hidden_already(name: str) -> Refused:
    """Refuse to hide twice."""
    return Refused("hidden", f"#{name} is hidden already.", f"mod restore {name}")


def not_hidden(name: str) -> Refused:
    """Refuse to restore what everybody can read."""
    return Refused("not_hidden", f"#{name} is not hidden.", f"mod hide {name}")
