"""People of a submission: which mentions are the same person, and what that person is to the patient."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_PART: Final = re.compile(r"[^\W\d_]+")
_ROLES: Final = ("patient", "relative", "clinician")


@dataclass(slots=True)
class _Person:
    key: str
    parts: set[str]
    role: str = ""


@dataclass(slots=True)
class People:
    """Collects mentions; two mentions are one person when all parts of the one are parts of the other."""

    _known: list[_Person] = field(default_factory=list)

    def meet(self, mention: str, role: str) -> None:
        """Take note of a mention and of the role in which it stands, if one is told."""
        parts = _parts(mention)
        known = self._find(parts, role)
        if known is None:
            self._known.append(_Person(" ".join(sorted(parts)), parts, role))
            return
        known.parts |= parts
        known.role = known.role or role

    def who(self, mention: str, role: str) -> tuple[str, str]:
        """Return the surrogate's stem and the key of the person that a mention means."""
        known = self._find(_parts(mention), role)
        if known is None:
            return "NAME", mention.casefold()
        return known.role if known.role in _ROLES else "NAME", known.key

    def _find(self, parts: set[str], role: str) -> _Person | None:
        same = [p for p in self._known if _same(parts, p.parts)]
        if not same:
            return None
        return next((p for p in same if p.role == role or not p.role), same[0] if not role else None)


def _parts(mention: str) -> set[str]:
    return {part.casefold() for part in _PART.findall(mention) if len(part) > 1} or {mention.casefold()}


def _same(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one
