"""What the slots of the yardstick's templates hold: people, places, dates and numbers, all invented."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
PARTS = ("look", "held", "held2")

Piece = tuple[str, str]
"""A stretch of text and its kind: none when it is no identifier, `optional` when it need not be replaced."""


def sections(file: Path) -> dict[str, list[str]]:
    """Return the sections of a word file: posts a line, notes between dashes, words between bars."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"^\[", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, body = block.partition("]\n")
        lines = [line for line in body.splitlines() if line]
        if name == "note":
            found[name] = [note.strip() for note in body.split("\n-----\n")]
        else:
            bars = any(" | " in line for line in lines)
            found[name] = " | ".join(lines).split(" | ") if bars else lines
    return found


@dataclass
class World:
    """The words and templates of one part, and the chance that draws from them."""

    rng: random.Random
    words: dict[str, list[str]]
    templates: dict[str, list[str]]

    @classmethod
    def of(cls, part: str, seed: int) -> World:
        """Take the templates of a part, and one half of every word list or the part's own."""
        at = PARTS.index(part)
        whole = ("dates", "months", "weekdays", "onsets", "nuclei", "codas", "drugs", "problems")
        words = {
            name: items if name in whole else items[at % 2 :: 2]
            for name, items in sections(FOLDER / "deid_yardstick_words.txt").items()
        }
        if part == "held2":
            words |= sections(FOLDER / "deid_yardstick_words2.txt")
        rng = random.Random(seed + at)  # noqa: S311 (the same posts every time)
        return cls(rng, words, sections(FOLDER / f"deid_yardstick_{part}.txt"))

    def word(self, name: str) -> str:
        """Draw from a list."""
        return self.rng.choice(self.words[name])

    def syllables(self, count: int) -> str:
        """Return a word that nobody knows."""
        parts = (self.word("onsets") + self.word("nuclei") for _ in range(count))
        return "".join(parts) + self.word("codas")

    def digits(self, *shapes: str) -> str:
        """Return one of the shapes, # replaced by a digit and @ by a capital letter."""
        drawn = {"#": "0123456789", "@": "ABCDEFGHJKLMNPRSTVWXYZ", "*": "ABCDEF0123456789", "~": "@"}
        return "".join(self.rng.choice(drawn.get(c, c)) for c in self.rng.choice(shapes))

    def given(self) -> str:
        """Return a given name of any origin."""
        kind = self.rng.choices(("us", "word", "world", "new"), (35, 15, 38, 12))[0]
        return (
            self.syllables(self.rng.randint(1, 2)).capitalize()
            if kind == "new"
            else self.word(f"given {kind}")
        )

    def family(self) -> str:
        """Return a family name of any origin."""
        kind = self.rng.choices(("us", "word", "clinical", "world", "new"), (28, 13, 4, 38, 17))[0]
        if kind == "new":
            return (self.syllables(1) + self.word("family ends")).capitalize()
        return self.word(f"family {kind}")

    def town(self) -> str:
        """Return a town, every fifth one invented."""
        if self.rng.random() < 0.8:
            return self.word("towns")
        return (self.syllables(1) + self.word("town ends")).capitalize()

    def hospital(self) -> str:
        """Return the name of a place of care."""
        draw = self.rng.random()
        if draw < 0.1:
            return self.word("hospital names of")
        first = (
            self.word("hospital saints")
            if draw < 0.25
            else self.town()
            if draw < 0.35
            else self.word("hospital first")
        )
        return f"{first} {self.word('hospital last')}"

    def date(self) -> str:
        """Return a date in one of many shapes."""
        day, month, year = self.rng.randint(1, 28), self.rng.randint(1, 12), self.rng.randint(2014, 2026)
        name = self.words["months"][month - 1]
        return self.word("dates").format(
            d=day,
            m=month,
            y=year,
            yy=f"{year % 100:02}",
            name=name,
            short=name[:3],
            up=name[:3].upper(),
            th=nth(day),
        )


def nth(day: int) -> str:
    """Return the ending of an ordinal number."""
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


class Case:
    """One document's people, places and numbers; what stays the same in it is drawn once."""

    def __init__(self, world: World) -> None:
        """Draw the patient and those round the patient."""
        self.world, self.rng = world, world.rng
        self.first, self.last = world.given(), world.family()
        self.doctor = world.family()
        self.home, self.place = world.town(), world.hospital()
        self.old = self.rng.randint(90, 104)

    def pieces(self, slot: str) -> list[Piece]:
        """Return what a slot of a template holds."""
        maker = MAKERS.get(slot) or MAKERS.get(slot.rstrip("23"))
        if maker is None:
            raise KeyError(slot)
        made = maker(self)
        return [made] if isinstance(made, tuple) else made

    def full(self, first: str, last: str) -> str:
        """Return a full name in one of its usual shapes."""
        initial = self.rng.choice("ABCDEFGHJKLMNPRSTW")
        return self.rng.choice(
            (f"{first} {last}",) * 5
            + (f"{first} {initial}. {last}", f"{first[0]}. {last}", f"{first} {self.world.given()} {last}")
        )


def _doctor(case: Case, name: str) -> list[Piece]:
    before = case.rng.choice(("Dr. ", "Dr ", "dr ", "Dr ", "Prof. ", "Prof ", "", "", ""))
    return [(before, ""), (name, "NAME")]


def _full_doctor(case: Case) -> list[Piece]:
    world = case.world
    name = case.full(world.given(), case.doctor if case.rng.random() < 0.4 else world.family())
    return [(name, "NAME"), (case.rng.choice(("", "", "", " MD", ", MD", ", DO", ", NP", " PhD")), "")]


def _last_first(case: Case) -> Piece:
    first, last = case.first, case.last
    middle = f" {case.rng.choice('ABCDEFJKLM')}"
    return case.rng.choice(
        (
            f"{last}, {first}",
            f"{last.upper()}, {first}",
            f"{last},{first}",
            f"{last}, {first}{middle}",
            f"{last} {first}",
        )
    ), "NAME"


def _birth(case: Case) -> Piece:
    date = case.world.date()
    return re.sub(r"20[12]\d", lambda m: str(int(m.group()) - case.rng.randint(25, 70)), date), "DATE"


def _age(case: Case) -> Piece:
    return str(case.rng.randint(17, 89)), "optional"


def _street(case: Case) -> Piece:
    world = case.world
    number = world.digits("##", "#", "####", "###")
    unit = case.rng.choice(("", "", "", ", Apt #", " #@", ", Unit ##"))
    return world.digits(f"{number} {world.word('streets')} {world.word('street kinds')}{unit}"), "LOCATION"


def _email(case: Case) -> Piece:
    first, last = plain(case.first), plain(case.last)
    server = case.rng.choice(("postbox.example", "kliniknet.org", "healthmail.co", "uni.example.edu"))
    return case.rng.choice(
        (f"{first}.{last}@{server}", f"{first[0]}{last}@{server}", f"{last}_{first}77@{server}")
    ), "EMAIL"


def _url(case: Case) -> Piece:
    last = plain(case.last)
    return case.rng.choice(
        (
            f"https://mychart.example.net/u/{last}?id=4471",
            f"www.{last}family.net",
            f"http://records.example.org/{last}/scan.pdf",
            f"{last}-physio.example.com/team",
        )
    ), "URL"


def _photo(case: Case) -> Piece:
    last, first = plain(case.last), plain(case.first)
    what, ending = (
        case.rng.choice(("foot", "rash", "ct", "xray")),
        case.rng.choice(("jpeg", "png", "heic", "dcm", "JPG")),
    )
    return case.rng.choice(
        (
            f"{last}{first[0]}_{what}.{ending}",
            f"{what}-{first}-{last}.{ending}",
            f"{last}_{case.rng.randint(1, 12):02}.{ending}",
        )
    ), "PHOTO"


def _handle(case: Case) -> Piece:
    first, last = plain(case.first), plain(case.last)
    return case.rng.choice(
        (f"@{first}{last[0]}", f"@dr_{last}", f"@{last}.icu", f"@{first}_{last}")
    ), "OTHER_ID"


def _matrix(case: Case) -> Piece:
    return (
        f"@{plain(case.first)}:{case.rng.choice(('hs.example.net', 'ward.example.org', 'synapse.example'))}",
        "OTHER_ID",
    )


def _ip(case: Case) -> Piece:
    if case.rng.random() < 0.2:
        return case.world.digits("2001:db8:#a#:##::#f", "fe80::#a##:f##d:#e##:##"), "IP"
    return ".".join(str(case.rng.randint(2, 250)) for _ in range(4)), "IP"


def plain(name: str) -> str:
    """Return the letters of a name as they stand in an address."""
    return re.sub("[^a-z]", "", name.lower()) or "px"


def _family_plural(case: Case) -> list[Piece]:
    return [("the ", ""), (case.last, "NAME"), (" family", "")]


def _unit(case: Case) -> Piece:
    return case.world.digits("bed #", "ward #@", "room ###", "ICU ##", "bay #", "rm ##"), "optional"


def _constant(text: str) -> Callable[[Case], Piece]:
    return lambda case: (case.world.digits(*text.split(" | ")), "")


def _shape(kind: str, *shapes: str) -> Callable[[Case], Piece]:
    return lambda case: (case.world.digits(*shapes), kind)


def _listed(name: str, kind: str = "") -> Callable[[Case], Piece]:
    return lambda case: (case.world.word(name), kind)


def _name(draw: Callable[[Case], str]) -> Callable[[Case], Piece]:
    return lambda case: (draw(case), "NAME")


OLD_WORDS = (
    "ninety-two | ninety two | ninety-eight | ninety-five | ninety-six | ninety | hundred and one"
    " | one hundred | hundred and three"
)

MAKERS: dict[str, Callable[[Case], Piece | list[Piece]]] = {
    "full": lambda c: (c.full(c.first, c.last), "NAME"),
    "first": lambda c: (c.first, "NAME"),
    "last": lambda c: (c.last, "NAME"),
    "lastfirst": _last_first,
    "initials": lambda c: (
        c.rng.choice((f"{c.first[0]}.{c.last[0]}.", f"{c.first[0]}. {c.last[0]}.")),
        "NAME",
    ),
    "nick": _listed("nickname", "NAME"),
    "family": _name(lambda c: c.world.family()),
    "family_plural": _family_plural,
    "rel": _name(lambda c: c.world.given()),
    "relfull": _name(lambda c: f"{c.world.given()} {c.last if c.rng.random() < 0.6 else c.world.family()}"),
    "nurse": _name(lambda c: c.world.given()),
    "doc": lambda c: _doctor(c, c.doctor),
    "doc2": lambda c: _doctor(c, c.world.family()),
    "docfirst": _name(lambda c: c.world.given()),
    "docfull": _full_doctor,
    "title": _constant("Mr | Mrs. | Ms | Mr. | Mrs | Miss | Sra. | Mx."),
    "relation": _constant(
        "son | daughter | husband | wife | niece | brother | neighbour | sister-in-law | mother | partner"
    ),
    "trade": _constant("plumber | teacher | welder | farmer | seamstress | librarian"),
    "hosp": lambda c: (c.place, "LOCATION"),
    "hospb": lambda c: (c.world.hospital(), "LOCATION"),
    "hospshort": _listed("hospital short", "LOCATION"),
    "unit": _unit,
    "school": lambda c: (c.world.town(), "LOCATION"),
    "town": lambda c: (c.home if c.rng.random() < 0.7 else c.world.town(), "LOCATION"),
    "street": _street,
    "zip": _shape("LOCATION", "9####", "0####", "3####-####", "@# #@@", "@#@ #@#"),
    "state": _listed("states", "optional"),
    "date": lambda c: (c.world.date(), "DATE"),
    "bday": _birth,
    "shortdate": lambda c: (f"{c.rng.randint(1, 12)}/{c.rng.randint(1, 28)}", "DATE"),
    "month": lambda c: (
        c.rng.choice([m for m in c.world.words["months"] if m not in {"May", "March"}]),
        "DATE",
    ),
    "monthyear": lambda c: (
        c.rng.choice(
            (
                f"{c.world.word('months')[:3]} {{}}",
                f"{c.world.word('months')} {{}}",
                f"{c.rng.randint(1, 12):02}/{{}}",
            )
        ).format(c.rng.randint(2012, 2026)),
        "DATE",
    ),
    "holiday": _listed("holidays", "DATE"),
    "weekday": _listed("weekdays", "optional"),
    "year": lambda c: (str(c.rng.randint(1988, 2025)), "optional"),
    "time": _constant("0#:## | 1#:## | 1###h | #:## pm | 07##"),
    "old": lambda c: (str(c.old), "AGE_OVER_89"),
    "oldwords": lambda c: (c.rng.choice(OLD_WORDS.split(" | ")), "AGE_OVER_89"),
    "age": _age,
    "n": _constant("1# | 2# | 4# | 6#"),
    "phone": _shape(
        "PHONE",
        "(2##) 3##-####",
        "4##-9##-####",
        "3##.2##.####",
        "+1 (6##) 4##-####",
        "7## 8## ####",
        "+353 87 ### ####",
        "07### ######",
        "020 7### ####",
        "5##-3##-#### x##",
        "+49 30 ########",
        "9########2",
    ),
    "pager": _shape("PHONE", "#####", "4###", "8##-####", "x####"),
    "fax": _shape("FAX", "3##-8##-####", "(8##) 4##-####", "+1 5## 6## ####"),
    "email": _email,
    "mrn": _shape(
        "MRN",
        "0#######",
        "######",
        "@######",
        "##-##-##",
        "MR##### #",
        "########@",
        "###-##-####-#",
        "@@-######",
        "9##-###-###",
    ),
    "ssn": _shape("SSN", "3##-##-####", "5## ## ####", "1##-4#-####"),
    "acct": _shape("ACCOUNT", "##########", "AC-#######", "#### #### ####", "@@######"),
    "plan": _shape(
        "HEALTH_PLAN", "@@@ ### ### ###", "#########@", "#@@#@@#@@##", "H####-###-##", "@@########"
    ),
    "npi": _shape("LICENSE", "1#########"),
    "dea": _shape("LICENSE", "F@#######"),
    "lic": _shape("LICENSE", "@###-####-####", "########", "@@######", "@@@@@###### @##@@"),
    "plate": _shape("VEHICLE", "@@@-####", "#@@@###", "@@## @@@", "###-@@@"),
    "vin": _shape("VEHICLE", "2T1BU4EE#DC######", "5YJSA1E2#HF######", "WBA3A5C5#CF######"),
    "serial": _shape("DEVICE", "@@@######", "PM-####-@@", "@##-#####", "########@@", "N# ######"),
    "url": _url,
    "ip": _ip,
    "bio": _shape("BIOMETRIC", "BX-######", "@@@####-##", "0x********"),
    "photo": _photo,
    "slack": _shape("OTHER_ID", "<~U0#@@#@@##@>", "<~W##@@##@@>"),
    "matrix": _matrix,
    "handle": _handle,
    "handlename": lambda c: (f"dr{plain(c.world.family())}", "OTHER_ID"),
    "acc": _shape(
        "OTHER_ID", "@@-##-######", "ACC########", "S##-####@", "##########", "#####/##", "@##.#####"
    ),
    "trial": _shape("OTHER_ID", "##-###-@@", "P-#####", "SCR###-####"),
    "operator": _listed("operators"),
    "drug": _listed("drugs"),
    "problem": _listed("problems"),
}
"""What a slot holds. Slots with a 2 or 3 behind their name are another of the same kind."""
