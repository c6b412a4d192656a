"""Teach the judge of names and places, and write its table of weights into the library.

    PYTHONPATH=. python scripts/deid_judge.py --out bot/anonymizer/words/judge.tsv.gz

It learns from invented posts: the two older series, the part of the yardstick that may be studied, and the
templates of deid_school.txt, with names drawn from the library's own table of words; and, to learn what
clinical prose looks like, from sentences without identifiers that --prose names. The held part is not read.

Two logistic regressions, for names and for places, by gradient steps that shrink with each weight's use; the
mean of several lessons, each with posts of its own, judges what is in none of them better than any of them.
"""

from __future__ import annotations

import argparse
import gzip
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import deid_posts
from deid_yardstick import document
from deid_yardstick_slots import FOLDER, MAKERS, World, sections

from bot.anonymizer.clues import clues
from bot.anonymizer.finders.contacts import Contacts
from bot.anonymizer.finders.eponyms import eponyms, terms
from bot.anonymizer.finders.judge import kinds_of
from bot.anonymizer.finders.numbers import Numbers
from bot.anonymizer.finders.when import Dates
from bot.anonymizer.reading import Reading
from bot.anonymizer.submission import Submission
from bot.anonymizer.words import section

Example = tuple[list[int], int]
CHECKS = (Contacts(), Dates(), Numbers())


class Pupil(World):
    """A world whose names and towns come from the library's table of words, everyday words among them."""

    def draw(self, table: str) -> str:
        """Return a word of a table, capitalised."""
        return self.rng.choice(TABLES[table]).title()

    def given(self) -> str:
        """Return a given name: mostly one of the table, else as the yardstick draws it."""
        draw = self.rng.random()
        return self.draw("given") if draw < 0.45 else self.draw("word") if draw < 0.62 else super().given()

    def family(self) -> str:
        """Return a family name."""
        draw = self.rng.random()
        return self.draw("family") if draw < 0.45 else self.draw("word") if draw < 0.62 else super().family()

    def town(self) -> str:
        """Return a town, some of them an everyday word."""
        draw = self.rng.random()
        return self.draw("place") if draw < 0.55 else self.draw("spot") if draw < 0.7 else super().town()

    def hospital(self) -> str:
        """Return a place of care, half of them called by one or two everyday words or a family name."""
        draw = self.rng.random()
        if draw < 0.4:
            return super().hospital()
        first = self.family() if draw < 0.5 else self.town() if draw < 0.65 else self.draw("everyday")
        second = f" {self.draw('everyday')}" if draw > 0.8 else ""
        return f"{first}{second} {self.rng.choice(CARE)}"


CARE = (
    *("General", "Memorial", "Hospital", "Regional", "Medical Center", "Clinic", "Community Hospital"),
    *("County Hospital", "Nursing Home", "Hospice", "Rehab", "Health Center", "Family Medicine"),
    *("Urgent Care", "Surgical Center", "Children's", "Infirmary", "Heart Institute", "Cancer Center"),
    *("Assisted Living", "Pharmacy", "Dialysis"),
)


def tables() -> dict[str, list[str]]:
    """Return names, towns and words that are names too, each about as often as it is borne."""
    found: dict[str, list[str]] = defaultdict(list)
    table = FOLDER.parent / "bot" / "anonymizer" / "words" / "words.tsv"
    for line in table.read_text(encoding="utf-8").splitlines():
        word, digits = line.split("\t")
        english, _, given, family, place, clinical = (int(d) for d in digits)
        if place >= 3 and english < 2 and not clinical and len(word) > 3:
            found["place"].append(word)
        if " " in word or len(word) < 3:
            continue
        if clinical:
            found["clinical"].append(word)
        elif english >= 4:
            found["everyday"] += [word] * (english - 3)
            found["spot"] += [word] * (place >= 4)
        if english < 2 and not clinical:
            found["given"] += [word] * (given - 2 if given > 2 else 0)
            found["family"] += [word] * (family - 2 if family > 2 else 0)
        elif max(given, family) >= 4 and english < 9:
            found["word"] += [word] * (max(given, family) - 3)
    return found


TABLES = tables()


def terms_of(file: Path) -> list[str]:
    """Return the first column of a gzipped table."""
    return [line.split("\t")[0] for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def clinical_words() -> None:
    """Let templates hold eponyms, clinical words, everyday words and whole terms, all without identifiers."""
    eponym = sorted(section("clinical", "alone"))
    spoken = {
        "eponym": lambda c: c.rng.choice(eponym).title() if c.rng.random() < 0.8 else c.rng.choice(eponym),
        "clin": lambda c: c.rng.choice(TABLES["clinical"]),
        "Clin": lambda c: c.rng.choice(TABLES["clinical"]).capitalize(),
        "word": lambda c: c.rng.choice(TABLES["everyday"]),
        "Word": lambda c: c.rng.choice(TABLES["everyday"]).capitalize(),
        "term": lambda c: c.rng.choice(TABLES["term"]),
    }
    words = sections(FOLDER / "deid_school.txt")
    for slot, name in (("like", "likes"), ("thing", "things"), ("act", "acts")):
        spoken[slot] = lambda c, name=name: c.rng.choice(words[name])
        spoken[slot.capitalize()] = lambda c, name=name: c.rng.choice(words[name]).capitalize()
    for slot, draw in spoken.items():
        MAKERS[slot] = lambda case, draw=draw: (draw(case), "")


def school(*, with_look: bool) -> dict[str, list[str]]:
    """Return the templates to learn from, beside the two older series."""
    first, look = sections(FOLDER / "deid_school.txt"), sections(FOLDER / "deid_yardstick_look.txt")
    number = look["number"]
    if not with_look:
        return {**first, "number": number}
    half = {"chat": first["chat"] + look["chat"] * 3}
    return {**first, **half, "note": first["note"] + look["note"], "number": number}


def unnamed(lines: list[str], rng: random.Random, at_most: int) -> dict[str, object]:
    """Return a few sentences without identifiers as one post."""
    text = " ".join(rng.sample(lines, rng.randint(1, at_most)))
    return {"text": text.lower() if rng.random() < 0.4 else text, "spans": []}


def posts(count: int, seed: int, prose: list[str], *, with_look: bool) -> Iterator[dict[str, object]]:
    """Yield labelled posts; some are from the older generator, some without identifiers."""
    templates = school(with_look=with_look)
    plain = sections(FOLDER / "deid_yardstick_plain.txt")
    world = World.of("look", seed)
    rng = world.rng
    lines = plain["hard look"] + plain["dictation look"] if with_look else ["Nothing to add."] * 3
    words = {**world.words, "problems": world.words["problems"] + lines}
    pupil = Pupil(rng, words, templates)
    speechless = Pupil(rng, words, {**templates, "chat": templates["plain"], "note": templates["plain"]})
    for number in range(count):
        draw = rng.random()
        if draw < 0.16 and prose:
            yield unnamed(prose, rng, 4)
        elif draw < 0.24:
            yield unnamed(lines, rng, 3)
        elif draw < 0.44:
            yield deid_posts.document(number, rng, rng.choice(("", " two")))
        else:
            yield document(speechless if draw < 0.6 else pupil, "s")


def examples(post: dict[str, object], rng: random.Random, names: dict[str, int]) -> Iterator[Example]:
    """Yield the clues of every word of a post with its label: 0 neither, 1 name, 2 place."""
    submission = Submission.of({"x": str(post["text"])})
    field = submission.fields[0]
    before = [item for check in CHECKS for item in check.find(submission, ())]
    reading = Reading.of(field)
    reading.term = terms(reading)
    reading.eponym = eponyms(reading)
    kinds = kinds_of(reading, before)
    labels = labels_of(reading, post["spans"])
    for hide in (0.0, 0.35):
        rows = clues(reading, kinds, (lambda chance=hide: rng.random() < chance) if hide else None)
        for at, row in enumerate(rows):
            if row:
                yield [names.setdefault(clue, len(names)) for clue in row], labels[at]


def labels_of(reading: Reading, spans: object) -> list[int]:
    """Return the label of every token."""
    marks = [0] * len(reading)
    for span in spans if isinstance(spans, list) else ():
        label = {"NAME": 1, "LOCATION": 2}.get(span["type"], 0)
        for at, token in enumerate(reading.tokens):
            start, end = reading.field.normalised.original(token.start, token.end)
            if label and span["start"] < end and start < span["end"]:
                marks[at] = label
    return marks


def learn(rows: list[Example], label: int, size: int, rng: random.Random, rounds: int) -> list[float]:
    """Return the weights of one logistic regression."""
    weights, used = [0.0] * size, [1e-3] * size
    order = list(range(len(rows)))
    for _ in range(rounds):
        rng.shuffle(order)
        for index in order:
            row, mark = rows[index]
            total = sum(weights[clue] for clue in row)
            error = (mark == label) - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            if abs(error) < 0.005:
                continue
            for clue in row:
                step = error - 2e-5 * weights[clue]
                used[clue] += step * step
                weights[clue] += 0.15 * step / math.sqrt(used[clue])
    return weights


def main() -> None:
    """Learn and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seeds", type=int, nargs="+", default=[6, 7, 8], help="one lesson for each")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--terms", type=Path, nargs="+", help="gzipped tables of clinical terms, column one")
    parser.add_argument("--prose", type=Path, help="clinical sentences without identifiers, one a line")
    parser.add_argument(
        "--without-look", action="store_true", help="leave the yardstick out, to be measured on it"
    )
    args = parser.parse_args()
    TABLES["term"] = [term for file in args.terms for term in terms_of(file)]
    clinical_words()
    prose = args.prose.read_text(encoding="utf-8").splitlines() if args.prose else []
    total: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for seed in args.seeds:
        given = posts(args.count, seed, prose, with_look=not args.without_look)
        for clue, weights in lesson(given, seed, args.rounds):
            for label, weight in enumerate(weights):
                total[clue][label] += weight / len(args.seeds)
    rounded = {clue: [round(100 * weight) for weight in weights] for clue, weights in total.items()}
    lines = [
        f"{clue}\t{one}\t{two}\n"
        for clue, (one, two) in sorted(rounded.items())
        if max(abs(one), abs(two)) > 3
    ]
    args.out.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(len(lines), "weights,", args.out.stat().st_size, "bytes")


def lesson(given: Iterable[dict[str, object]], seed: int, rounds: int) -> Iterator[tuple[str, list[float]]]:
    """Yield every clue that stands in six places or more, with what it says of names and of places."""
    rng = random.Random(seed)  # noqa: S311 (the same table every time)
    names: dict[str, int] = {}
    rows = [row for post in given for row in examples(post, rng, names)]
    counts = [0] * len(names)
    for row, _ in rows:
        for clue in row:
            counts[clue] += 1
    rows = [([clue for clue in row if counts[clue] >= 6], mark) for row, mark in rows]
    print(len(rows), "words,", len(names), "clues,", sum(c >= 6 for c in counts), "kept", flush=True)
    both = [learn(rows, label, len(names), rng, rounds) for label in (1, 2)]
    for clue, index in names.items():
        if counts[index] >= 6:
            yield clue, [weights[index] for weights in both]


if __name__ == "__main__":
    main()
