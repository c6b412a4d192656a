"""What comes out of de-identification: kept and replaced pieces of every field, and the list of findings.

Nothing here holds the original of a replaced piece: drafts keep these values, and all that they may know of
what was taken out is its kind, the reason, and its first and last letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Tier = Literal["auto", "ask"]
"""`auto` is replaced without asking; `ask` is replaced until the author decides that it may stand."""

Category = Literal[
    "NAME",
    "LOCATION",
    "DATE",
    "PHONE",
    "FAX",
    "EMAIL",
    "SSN",
    "MRN",
    "HEALTH_PLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "URL",
    "IP",
    "BIOMETRIC",
    "PHOTO",
    "OTHER_ID",
    "AGE_OVER_89",
    "UNCHECKED",
]
"""The kinds of identifier (45 CFR 164.514(b)(2)), and `UNCHECKED` for a field that a check could not read."""

UNCHECKED_SURROGATE: Final = "[not checked]"


@dataclass(frozen=True, slots=True)
class Kept:
    """A stretch of a field that goes out as the author wrote it."""

    text: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A stretch of a field that goes out as a surrogate; `number` is the number of its finding."""

    surrogate: str
    category: Category
    tier: Tier
    number: int


Piece = Kept | Replaced


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier: `start` and `end` count characters of the field as it came in, end exclusive."""

    number: int
    field: str
    start: int
    end: int
    category: Category
    tier: Tier
    surrogate: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class CleanedText:
    """One whole submission, cleaned. With a name in `failed` it must not be posted and holds no text."""

    pieces: Mapping[str, tuple[Piece, ...]]
    findings: tuple[Finding, ...]
    ran: tuple[str, ...]
    failed: tuple[str, ...]

    def text(self, field: str) -> str:
        """Return the field as it would be posted, both tiers replaced; KeyError for an unknown field."""
        return "".join(p.text if isinstance(p, Kept) else p.surrogate for p in self.pieces[field])

    @property
    def complete(self) -> bool:
        """Say whether every check ran, which posting requires."""
        return not self.failed

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a draft; what was replaced is not in them."""
        return {
            "pieces": {field: [_piece_to_json(p) for p in pieces] for field, pieces in self.pieces.items()},
            "findings": [_finding_to_json(f) for f in self.findings],
            "ran": list(self.ran),
            "failed": list(self.failed),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CleanedText:
        """Rebuild what `to_json` returned; KeyError or TypeError for anything else."""
        return cls(
            pieces={
                field: tuple(_piece_from_json(p) for p in pieces)
                for field, pieces in values["pieces"].items()
            },
            findings=tuple(Finding(**f) for f in values["findings"]),
            ran=tuple(values["ran"]),
            failed=tuple(values["failed"]),
        )


def unchecked(fields: Mapping[str, str], ran: tuple[str, ...], failed: tuple[str, ...]) -> CleanedText:
    """Return the result for a submission that could not be checked: every field is withheld whole."""
    withheld = Replaced(UNCHECKED_SURROGATE, "UNCHECKED", "auto", 0)
    return CleanedText(pieces=dict.fromkeys(fields, (withheld,)), findings=(), ran=ran, failed=failed)


def _piece_to_json(piece: Piece) -> dict[str, Any]:
    if isinstance(piece, Kept):
        return {"kept": piece.text}
    return {
        "surrogate": piece.surrogate,
        "category": piece.category,
        "tier": piece.tier,
        "number": piece.number,
    }


def _piece_from_json(values: Mapping[str, Any]) -> Piece:
    return Kept(values["kept"]) if "kept" in values else Replaced(**values)


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in Finding.__slots__}
