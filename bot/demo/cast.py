"""Cast: the invented hospitals and people of the demo; any likeness to a real one is chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Platform = Literal["slack", "matrix"]
Standing = Literal["physician", "moderator", "unverified"]


@dataclass(frozen=True, slots=True)
class Hospital:
    """One hospital: its name for people, a short label, and its e-mail domain."""

    name: str
    label: str
    domain: str
    platform: Platform


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the cast. ``handle`` is the account's short name in the hospital's chat."""

    handle: str
    name: str
    specialty: str
    platform: Platform
    standing: Standing = "physician"

    @property
    def is_enrolled(self) -> bool:
        """Whether the bot knows this person from the start."""
        return self.standing != "unverified"


SLACK_HOSPITAL = Hospital("Halden Ridge Hospital", "halden-ridge", "halden-ridge.example", "slack")
MATRIX_HOSPITAL = Hospital("Merrow Bay Medical Center", "merrow-bay", "merrow-bay.example", "matrix")

CAST = (
    Person("rafael", "Dr. Rafael Okonski", "Internal medicine", "slack"),
    Person("amina", "Dr. Amina Tolvanen", "Dermatology", "slack"),
    Person("meilin", "Dr. Mei-Lin Castellane", "Infectious disease", "slack"),
    Person("jonas", "Dr. Jonas Abernethy-Roy", "Emergency medicine", "slack"),
    Person("sunniva", "Dr. Sunniva Parekh", "Pediatrics", "slack"),
    Person("idris", "Dr. Idris Valcourt", "Radiology", "slack"),
    Person("petra", "Dr. Petra Lindqvale", "Anesthesiology", "slack", "unverified"),
    Person("tomasz", "Dr. Tomasz Achterberg", "Dermatology", "matrix"),
    Person("leilani", "Dr. Leilani Brandvik", "Rheumatology", "matrix"),
    Person("noor", "Dr. Noor Whitlock", "Neurology", "matrix"),
    Person("kofi", "Dr. Kofi Marchetti", "Cardiology", "matrix"),
    Person("yuki", "Dr. Yuki Sandoval", "General surgery", "matrix"),
    Person("elias", "Dr. Elias Ravnholt", "Family medicine", "matrix"),
    Person("greta", "Greta Oyelaran", "Medical staff office", "matrix", "moderator"),
)
"""Everybody, in the order in which the page offers them."""


def of(platform: Platform) -> tuple[Person, ...]:
    """Give one hospital's people."""
    return tuple(person for person in CAST if person.platform == platform)


def by_handle(handle: str) -> Person:
    """Find a person; KeyError for a name that is not in the cast."""
    for person in CAST:
        if person.handle == handle:
            return person
    raise KeyError(handle)
