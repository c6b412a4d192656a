"""Teach the judge of names and places, and write its table of weights into the library.

    PYTHONPATH=. python scripts/deid_judge.py --out bot/anonymizer/words/judge.tsv.gz

It learns from invented posts: the two older series, the part of the yardstick that may be studied, and the
templates of deid_school.txt, with names drawn from the library's own table of words; and, to learn what
clinical prose looks like, from sentences without identifiers that --prose names. The held part is not read.

Two logistic regressions, for names and for places, by gradient steps that shrink with each weight's use.
"""

from __future__ import annotations

import argparse
import gzip
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
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
        return self.draw("given") if draw < 0.45 else self.draw("word") if draw < 0.55 else super().given()

    def family(self) -> str:
        """Return a family name."""
        draw = self.rng.random()
        return self.draw("family") if draw < 0.45 else self.draw("word") if draw < 0.55 else super().family()

    def town(self) -> str:
        """Return a town."""
        return self.draw("place") if self.rng.random() < 0.6 else super().town()


def tables() -> dict[str, list[str]]:
    """Return names, towns and words that are names too, each about as often as it is borne."""
    found: dict[str, list[str]] = defaultdict(list)
    packed = FOLDER.parent / "bot" / "anonymizer" / "words" / "words.tsv.gz"
    for line in gzip.decompress(packed.read_bytes()).decode().splitlines():
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
    for slot, draw in spoken.items():
        MAKERS[slot] = lambda case, draw=draw: (draw(case), "")


def school() -> list[dict[str, list[str]]]:
    """Return the sets of templates to learn from."""
    old = deid_posts.WORDS
    return [sections(FOLDER / "deid_school.txt"), sections(FOLDER / "deid_yardstick_look.txt")] + [
        {kind: old[f"{kind}{series}"] for kind in ("chat", "note", "plain")} for series in ("", " two")
    ]


def posts(count: int, seed: int, prose: list[str]) -> Iterator[dict[str, object]]:
    """Yield labelled posts, a third of them from the older generator."""
    first, second, *_ = school()
    plain = sections(FOLDER / "deid_yardstick_plain.txt")
    world = World.of("look", seed)
    rng = world.rng
    lines = plain["hard look"] + plain["dictation look"]
    for number in range(count):
        draw = rng.random()
        if prose and rng.random() < 0.2:
            text = " ".join(rng.sample(prose, rng.randint(1, 4)))
            yield {"text": text.lower() if rng.random() < 0.4 else text, "spans": []}
            continue
        if draw < 0.3:
            deid_posts_rng = rng
            yield deid_posts.document(number, deid_posts_rng, rng.choice(("", " two")))
            continue
        if draw < 0.42:
            text = " ".join(rng.sample(lines, rng.randint(1, 3)))
            yield {"text": text.lower() if rng.random() < 0.4 else text, "spans": []}
            continue
        templates = first if draw < 0.8 else second
        templates = {
            **templates,
            "note": first["note"] + second["note"],
            "number": second["number"],
            "plain": first["plain"] + second["plain"],
        }
        words = {**world.words, "problems": world.words["problems"] + lines}
        yield document(Pupil(rng, words, templates), "s")


def examples(post: dict[str, object], rng: random.Random, names: dict[str, int]) -> Iterator[Example]:
    """Yield the clues of every word of a post with its label: 0 neither, 1 name, 2 place."""
    submission = Submission.of({"x": str(post["text"])})
    field = submission.fields[0]
    before = [item for check in CHECKS for item in check.find(submission, ())]
    reading = Reading.of(field)
    reading.term, reading.eponym = terms(reading), eponyms(reading)
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
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--terms", type=Path, nargs="+", help="gzipped tables of clinical terms, column one")
    parser.add_argument("--prose", type=Path, help="clinical sentences without identifiers, one a line")
    args = parser.parse_args()
    TABLES["term"] = [term for file in args.terms for term in terms_of(file)]
    clinical_words()
    prose = args.prose.read_text(encoding="utf-8").splitlines() if args.prose else []
    rng = random.Random(args.seed)  # noqa: S311 (the same table every time)
    names: dict[str, int] = {}
    rows = [row for post in posts(args.count, args.seed, prose) for row in examples(post, rng, names)]
    counts = [0] * len(names)
    for row, _ in rows:
        for clue in row:
            counts[clue] += 1
    rows = [([clue for clue in row if counts[clue] >= 6], mark) for row, mark in rows]
    print(len(rows), "words,", len(names), "clues,", sum(c >= 6 for c in counts), "kept")
    both = [learn(rows, label, len(names), rng, args.rounds) for label in (1, 2)]
    lines = []
    for clue, index in sorted(names.items()):
        one, two = (round(100 * weights[index]) for weights in both)
        if counts[index] >= 6 and (abs(one) > 3 or abs(two) > 3):
            lines.append(f"{clue}\t{one}\t{two}\n")
    args.out.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
    print(len(lines), "weights,", args.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
