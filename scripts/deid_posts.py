"""Write labelled chat posts and notes about invented people, to measure de-identification on other templates.

    python scripts/deid_posts.py --count 600 --seed 11 --out benchmarks/deid_posts.jsonl.gz

Every third name is made of syllables, so that many stand in no word list at all. Words and sentences are in
deid_posts.txt; no finder was written by looking at the second series of templates.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parent
SENTENCES = frozenset(("chat", "note", "plain", "chat two", "note two", "plain two"))


def sections(file: Path) -> dict[str, list[str]]:
    """Return the sections of the word file: sentences a line, everything else between bars."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name] += [line] if name in SENTENCES else line.split(" | ")
    return found


WORDS = sections(FOLDER / "deid_posts.txt")

Slot = Callable[["Person"], tuple[str, str]]


class Person:
    """An invented patient with the people, places and numbers round them."""

    def __init__(self, rng: random.Random) -> None:
        """Draw everything that stays the same within one document."""
        self.rng = rng
        self.given, self.family = self.new_given(), self.new_family()
        self.hospital = " ".join(rng.choice(WORDS[part]) for part in ("hospital first", "hospital last"))
        self.town = (
            rng.choice(WORDS["towns"])
            if rng.random() < 0.7
            else (self.syllables(1) + rng.choice(WORDS["town ends"])).capitalize()
        )
        self.doctor = self.new_family()

    def syllables(self, count: int) -> str:
        """Return a word that nobody knows."""
        return "".join(
            self.rng.choice(WORDS["onsets"]) + self.rng.choice(WORDS["nuclei"]) for _ in range(count)
        ) + self.rng.choice(WORDS["codas"])

    def new_given(self) -> str:
        """Return a given name, every fourth one made up."""
        return self.rng.choice(WORDS["given"]) if self.rng.random() < 0.75 else self.syllables(1).capitalize()

    def new_family(self) -> str:
        """Return a family name, every third one made up."""
        if self.rng.random() < 0.67:
            return self.rng.choice(WORDS["family"])
        return (self.syllables(1) + self.rng.choice(WORDS["endings"])).capitalize()

    def digits(self, shape: str) -> str:
        """Replace # by a digit and @ by a capital letter."""
        letters = "ABCDEFGHJKLMNPRSTVWXYZ"
        return "".join(
            self.rng.choice("0123456789") if c == "#" else self.rng.choice(letters) if c == "@" else c
            for c in shape
        )

    def date(self) -> str:
        """Return a date in one of many shapes."""
        rng = self.rng
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2015, 2026)
        word = WORDS["months"][month - 1]
        return rng.choice(
            (
                f"{month}/{day}/{year}",
                f"{month:02}/{day:02}/{year % 100:02}",
                f"{year}-{month:02}-{day:02}",
                f"{day}.{month}.{year}",
                f"{day:02}-{word[:3].upper()}-{year}",
                f"{word} {day}, {year}",
                f"{word[:3]} {day}",
                f"{day} {word} {year}",
                f"{word} {day}{nth(day)}",
                f"{day}{nth(day)} of {word}",
                f"{word[:3]} '{year % 100}",
                f"{word} {year}",
                f"{month}/{year}",
                f"{month}-{day}-{year % 100:02}",
            )
        )


def nth(day: int) -> str:
    """Return the ending of an ordinal number."""
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _pick(kind: str, *shapes: str) -> Slot:
    return lambda person: (person.digits(person.rng.choice(shapes)), kind)


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _full(p: Person) -> str:
    initial = f"{p.given} {p.rng.choice('ABDJKLMR')}. {p.family}"
    return p.rng.choice((f"{p.given} {p.family}", initial, f"{p.given} {p.family}"))


def _last_first(p: Person) -> str:
    return p.rng.choice((f"{p.family}, {p.given}", f"{p.family.upper()}, {p.given.upper()}"))


def _street(p: Person) -> str:
    number = p.rng.choice(("##", "###", "####"))
    return p.digits(f"{number} {p.rng.choice(WORDS['streets'])} {p.rng.choice(WORDS['street kinds'])}")


def _email(p: Person) -> str:
    server = p.rng.choice(("mail.example", "riverpost.net", "hospital.example.org"))
    return f"{p.given.lower()}.{_letters(p.family)}@{server}"


def _portal(p: Person) -> str:
    return f"https://portal.example.org/pt/{_letters(p.family)}"


def _blog(p: Person) -> str:
    return f"http://www.{_letters(p.family)}blog.com/about"


def _photo(p: Person) -> str:
    what, ending = p.rng.choice(("wound", "ecg", "cxr")), p.rng.choice(("jpg", "png", "HEIC"))
    return f"{p.family.lower()}_{what}_{p.rng.randint(1, 99)}.{ending}"


def _matrix(p: Person) -> str:
    return f"@{p.given.lower()}.{_letters(p.family)}:{p.rng.choice(('chat', 'matrix'))}.example.org"


SLOTS: dict[str, Slot] = {
    "full": lambda p: (_full(p), "NAME"),
    "lastfirst": lambda p: (_last_first(p), "NAME"),
    "given": lambda p: (p.given, "NAME"),
    "family": lambda p: (p.family, "NAME"),
    "initials": lambda p: (f"{p.given[0]}.{p.family[0]}.", "NAME"),
    "relgiven": lambda p: (p.new_given(), "NAME"),
    "relfull": lambda p: (f"{p.new_given()} {p.family}", "NAME"),
    "doc": lambda p: (p.doctor, "NAME"),
    "docfull": lambda p: (f"{p.new_given()} {p.new_family()}", "NAME"),
    "hosp": lambda p: (p.hospital, "LOCATION"),
    "town": lambda p: (p.town, "LOCATION"),
    "street": lambda p: (_street(p), "LOCATION"),
    "zip": _pick("LOCATION", "4####", "7####-####"),
    "date": lambda p: (p.date(), "DATE"),
    "short": lambda p: (f"{p.rng.randint(1, 12)}/{p.rng.randint(1, 28)}", "DATE"),
    "holiday": lambda p: (p.rng.choice(WORDS["holidays"]), "DATE"),
    "month": lambda p: (p.rng.choice([m for m in WORDS["months"] if m not in ("May", "March")]), "DATE"),
    "phone": _pick(
        "PHONE",
        "(4##) 5##-####",
        "6##-2##-####",
        "5##.7##.####",
        "+1 3## 4## ####",
        "+44 20 7### ####",
        "8##-2##-#### ext ###",
    ),
    "pager": _pick("PHONE", "4####", "7###", "#####"),
    "fax": _pick("FAX", "4##-5##-####", "(7##) 3##-####"),
    "email": lambda p: (_email(p), "EMAIL"),
    "mrn": _pick("MRN", "########", "#######", "##-###-###", "M#######", "@@######", "###-####-#"),
    "ssn": _pick("SSN", "4##-##-####", "2## ## ####"),
    "acct": _pick("ACCOUNT", "#########", "A########", "##-#######"),
    "plan": _pick("HEALTH_PLAN", "@@@#########", "#@@#-@@#-@@##", "W####-#####"),
    "npi": _pick("LICENSE", "1#########"),
    "dea": _pick("LICENSE", "B@#######"),
    "licence": _pick("LICENSE", "@#######", "@@-####-##"),
    "vin": _pick("VEHICLE", "1HGCM#####A######"),
    "plate": _pick("VEHICLE", "7@@@###", "@@@ ####"),
    "serial": _pick("DEVICE", "SN#######", "@@@######@", "##-@@-####"),
    "url": lambda p: (p.rng.choice((_portal(p), _blog(p))), "URL"),
    "ip": lambda p: (".".join(str(p.rng.randint(2, 250)) for _ in range(4)), "IP"),
    "finger": _pick("BIOMETRIC", "FP-####-@@", "#####-@@@"),
    "photo": lambda p: (_photo(p), "PHOTO"),
    "slack": lambda p: ("<@" + p.digits(p.rng.choice(("U0@@#@@##", "W###@@##@"))) + ">", "OTHER_ID"),
    "matrix": lambda p: (_matrix(p), "OTHER_ID"),
    "handle": lambda p: (f"@{p.given.lower()}_md", "OTHER_ID"),
    "accession": _pick("OTHER_ID", "S##-#####", "24-SP-####", "H########"),
    "trial": _pick("OTHER_ID", "SUBJ-###-##", "0##-####"),
    "old": lambda p: (str(p.rng.randint(90, 106)), "AGE_OVER_89"),
    "oldwords": lambda p: (p.rng.choice(("ninety-four", "ninety one", "ninety-seven")), "AGE_OVER_89"),
}


_SLOT = re.compile(r"\{(\w+)\}")


def fill(template: str, person: Person, at: int, spans: list[dict[str, object]]) -> str:
    """Return a sentence with its slots filled, and note where the identifiers stand."""
    out = ""
    for index, part in enumerate(_SLOT.split(template)):
        if index % 2 == 0:
            out += part
            continue
        text, kind = (person.rng.choice(WORDS["states"]), "") if part == "state" else SLOTS[part](person)
        if kind:
            spans.append({"start": at + len(out), "end": at + len(out) + len(text), "type": kind})
        out += text
    return out


def document(number: int, rng: random.Random, series: str) -> dict[str, object]:
    """Return one labelled post or note; some in lower case, in capitals, or disguised."""
    person, spans = Person(rng), []
    note = rng.random() < 0.3
    lines = (
        rng.sample(WORDS[f"note{series}"], rng.randint(4, 8))
        if note
        else rng.sample(WORDS[f"chat{series}"], rng.randint(1, 3))
    )
    lines += rng.sample(WORDS[f"plain{series}"], rng.randint(1, 3))
    rng.shuffle(lines)
    text, joint = "", "\n" if note or rng.random() < 0.5 else " "
    for line in lines:
        text += fill(line, person, len(text), spans) + joint
    values: dict[str, object] = {
        "id": f"own-{number:05}",
        "source": "note" if note else "chat",
        "spans": spans,
    }
    style = rng.random()
    if style < 0.34:
        values["source"], text = f"{values['source']}-lower", text.lower()
    elif style < 0.42:
        values["source"], text = f"{values['source']}-upper", text.upper()
    elif style < 0.5:
        values["source"], text = f"{values['source']}-disguised", disguise(text, spans, rng)
    return {**values, "text": text.rstrip()} if spans else document(number, rng, series)


def disguise(text: str, spans: list[dict[str, object]], rng: random.Random) -> str:
    """Put one unseen character into every identifier of three letters or more."""
    for at, span in enumerate(spans):
        start, end = int(str(span["start"])), int(str(span["end"]))
        cut = rng.randint(start + 1, end - 1) if end - start > 2 else start
        text = text[:cut] + rng.choice("\u200b\u200c\u2060\u00ad\ufeff") + text[cut:]
        for other in spans[at:]:
            for edge in ("start", "end"):
                if int(str(other[edge])) > cut:
                    other[edge] = int(str(other[edge])) + 1
    return text


def main() -> None:
    """Write the documents."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--series", choices=("", " two"), default=" two", help="which templates")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = random.Random(args.seed)  # noqa: S311 (the same posts every time)
    lines = [
        json.dumps(document(number, rng, args.series), ensure_ascii=False) + "\n"
        for number in range(args.count)
    ]
    args.out.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
