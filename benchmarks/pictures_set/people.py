"""Invented people, places and numbers for drawn pictures; the two splits share no name and no form."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SPLITS: Final = ("look", "held")
"""`look` may be studied while working on the checks; `held` is only ever measured."""

_GIVEN: Final = {
    "look": (
        "Marit",
        "Thelonius",
        "Ayesha",
        "Brunhilde",
        "Kenji",
        "Rosalind",
        "Emeka",
        "Svetlana",
        "Horacio",
    ),
    "held": ("Ottoline", "Babajide", "Xenia", "Lorcan", "Ileana", "Takumi", "Perpetua", "Anselm", "Ngozi"),
}
_FAMILY: Final = {
    "look": ("Quillon", "Ashdown", "Berenguer", "Tsukamoto", "Obiechina", "Vasquerel", "Nordahl", "Iqbal"),
    "held": ("Thornbury", "Kvist", "Adewale", "Morozova", "Etchegaray", "Fennimore", "Hashiguchi", "Wu"),
}
_PLACES: Final = {
    "look": ("Marlowe Bay Hospital", "Clinica San Telmo", "Upper Fen Infirmary", "Kestrel Ridge Imaging"),
    "held": ("Saltmarsh General", "Klinikum Auental", "Vesper Hill Medical Centre", "Tern Island Health"),
}
_STREETS: Final = {
    "look": ("41 Cobbler Row, Ashford", "9 Ferrier Ave, Milltown"),
    "held": ("118 Gantry Lane, Holt", "Seestrasse 22, 8702 Auental"),
}
_NAME_FORMS: Final = {
    "look": ("{F}, {g}", "{F}^{g}", "{g} {F}", "Name: {g} {F}", "Patient: {F}, {g}", "{FF} {gg}"),
    "held": ("{FF}, {gg} {i}.", "Pt {g} {F}", "{F} {g}", "PATIENT NAME {FF} {gg}", "Nom: {F} {g}", "Mrs {F}"),
}
_ID_FORMS: Final = {
    "look": ("ID {n8}", "MRN: {n7}", "PID {n8}", "{n8}", "Pat.-Nr. {n7}", "Acc {l}{n7}", "Acc#: {n8}"),
    "held": (
        "Hosp No {l}{n6}",
        "Patient ID: {n9}",
        "NHS {n3} {n3} {n4}",
        "Case {n6}",
        "#{n7}",
        "Visit {l}{l}{n6}",
    ),
}
_DATE_FORMS: Final = {
    "look": ("%d.%m.%Y", "%Y-%m-%d", "%m/%d/%Y", "%d-%b-%Y", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M"),
    "held": ("%d/%m/%y", "%Y.%m.%d", "%b %d, %Y", "%d %B %Y", "%Y%m%d", "%d %b %Y %I:%M %p", "%H:%M:%S"),
}
_DATE_LABELS: Final = {
    "look": ("", "", "DOB: ", "Exam ", "geb. ", "Study Date: "),
    "held": ("", "", "D.O.B. ", "Born ", "Acq: ", "Printed "),
}
_DOCTORS: Final = {
    "look": ("Dr {F}", "Ref: Dr. {g} {F}", "Tech: {FF}"),
    "held": ("{F}, {g} MD", "Prof. {F}", "Operator {gg}"),
}
_FOREIGN: Final = {
    "look": (
        "Иванов Пётр Сергеевич",
        "Παπαδοπούλου Ελένη",
        "山田花子",
        "محمد الحسيني",
        "Пациент: Орлова А.И.",
    ),
    "held": ("Кузнецова Дарья", "Γεωργίου Νίκος", "佐藤健一", "יוסף כהן", "Дата рожд. 04.11.1952"),
}
_PHONES: Final = {"look": ("Tel {n3}-555-{n4}",), "held": ("({n3}) 555-{n4}", "Ext. {n5}")}


@dataclass(frozen=True, slots=True)
class Burned:
    """One line of text to burn in: what it says, whether it identifies somebody, and its kind."""

    text: str
    phi: bool
    kind: str


def identifying(rng: random.Random, split: str, count: int) -> list[Burned]:
    """Return `count` lines about one invented patient, the name always among them."""
    words = _words(rng, split)
    lines = [Burned(rng.choice(_NAME_FORMS[split]).format(**words), phi=True, kind="name")]
    others = [_id, _date, _hospital, _date, _id, _doctor, _phone, _street]
    return lines + [make(rng, split, words) for make in others[: count - 1]]


def foreign(rng: random.Random, split: str, count: int) -> list[Burned]:
    """Return up to `count` identifying lines in other letters than Latin."""
    lines = rng.sample(_FOREIGN[split], k=min(count, len(_FOREIGN[split])))
    return [Burned(line, phi=True, kind="foreign") for line in lines]


def _words(rng: random.Random, split: str) -> dict[str, str]:
    given, family = rng.choice(_GIVEN[split]), rng.choice(_FAMILY[split])
    digits = {f"n{n}": str(rng.randrange(10 ** (n - 1), 10**n)) for n in range(3, 10)}
    letter = rng.choice("ABCDEHKMNRSTUVX")
    names = {"g": given, "F": family, "gg": given.upper(), "FF": family.upper(), "i": given[0]}
    return {**names, "l": letter, **digits}


def _id(rng: random.Random, split: str, words: dict[str, str]) -> Burned:
    return Burned(
        rng.choice(_ID_FORMS[split]).format(**(words | _words(rng, split))), phi=True, kind="number"
    )


def _date(rng: random.Random, split: str, _: dict[str, str]) -> Burned:
    # No zone is drawn.
    day = datetime(1931, 1, 1) + timedelta(minutes=rng.randrange(93 * 365 * 1440))  # noqa: DTZ001
    return Burned(
        rng.choice(_DATE_LABELS[split]) + day.strftime(rng.choice(_DATE_FORMS[split])), phi=True, kind="date"
    )


def _hospital(rng: random.Random, split: str, _: dict[str, str]) -> Burned:
    return Burned(rng.choice(_PLACES[split]), phi=True, kind="hospital")


def _doctor(rng: random.Random, split: str, _: dict[str, str]) -> Burned:
    return Burned(rng.choice(_DOCTORS[split]).format(**_words(rng, split)), phi=True, kind="name")


def _phone(rng: random.Random, split: str, words: dict[str, str]) -> Burned:
    return Burned(rng.choice(_PHONES[split]).format(**words), phi=True, kind="phone")


def _street(rng: random.Random, split: str, _: dict[str, str]) -> Burned:
    return Burned(rng.choice(_STREETS[split]), phi=True, kind="address")
