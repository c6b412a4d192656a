"""Write the project's own cases for the collective list: invented opinions on invented patients, with keys.

    python scripts/collective_cases.py --out benchmarks

collective_cases.txt says which diseases are thought of together and how they are written; half of its groups
are `held`. Each case takes a truth and distractors from one group. How likely responders name it is set so
that with perfect reading the truth is in the top three for about two thirds of single physicians and seven
eighths of groups of nine (published: 62.5 % and 85.6 %, Barnett 2019). Then every name gets hedges, orders,
capitals and slips of its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from bot.collective.names import load

TABLE: Final = Path(__file__).with_suffix(".txt")
RESPONDERS: Final = 12
CASES_A_GROUP: Final = 40
STRENGTH, STRENGTH_SPREAD, DISTRACTOR_SPREAD, OWN_SPREAD, STRAY = 2.35, 1.2, 1.2, 0.55, 0.2
LENGTHS, LENGTH_WEIGHTS = (1, 2, 3, 4, 5), (10, 20, 35, 20, 15)
BEFORE = (
    "think {}", "concern for {}", "?{}", "? {}", "R/O {}", "r/o {}", "rule out {}", "cannot exclude {}",
    "can't r/o {}", "most likely {}", "prob {}", "prob. {}", "maybe {}", "query {}", "consider {}",
    "would say {}", "looks like {}", "c/w {}", "favor {}", "suspected {}", "ddx: {}", "vs {}", "presumed {}",
    "early {}", "atypical {}", "1. {}", "- {}", "#1 {}", "2) {}",
)  # fmt: skip
AFTER = (
    "{} ??", "{}?", "{} (likely)", "{} - less likely", "{}, must not miss", "{} 70%", "{} (70 %)", "{}.",
    "{} most likely", "{} NOS", "{} possible", "{} vs other", "{} until proven otherwise", "{} [top]",
    "{}, severe", "{} - unlikely", "{}!", "{} w/ complications", "{} (see labs)", "{} \N{THINKING FACE}",
)  # fmt: skip
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (
    ("ph", "f"), ("ie", "ei"), ("ei", "ie"), ("y", "i"), ("ae", "e"), ("rrh", "rh"), ("c", "k"), ("sc", "s"),
)  # fmt: skip


def groups() -> Iterator[tuple[str, str, dict[str, list[str]]]]:
    """Yield each group: its half, its complaint, and the ways to write each disease."""
    parts = re.split(r"^\[(\w+)\] (.*)\n", TABLE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for half, complaint, lines in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        pairs = (line.split(" = ") for line in lines.splitlines() if line)
        yield half, complaint, {heading: ways.split(" | ") for heading, ways in pairs}


def slip(text: str, chance: random.Random) -> str:
    """Return a text with one slip of the fingers or of the ear, in a word of four letters or more."""
    places = [at for at, letter in enumerate(text) if letter.isalpha() and _word_at(text, at) > 3]
    if not places:
        return text
    at = chance.choice(places)
    letter = text[at]
    kind = chance.choice(("drop", "swap", "double", "key", "sound", "space", "extra"))
    sounds = [pair for pair in SOUNDS if pair[0] in text]
    if kind == "sound" and sounds:
        return text.replace(*chance.choice(sounds), 1)
    return {
        "drop": text[:at] + text[at + 1 :],
        "swap": text[: at - 1] + letter + text[at - 1] + text[at + 1 :] if at else text,
        "double": text[:at] + letter + text[at:],
        "key": text[:at] + _beside(letter, chance) + text[at + 1 :],
        "extra": text[:at] + _beside(letter, chance) + text[at:],
        "space": text.replace(" ", "", 1),
    }.get(kind, text)


def _word_at(text: str, at: int) -> int:
    before = re.search(r"\w*$", text[:at])
    after = re.match(r"\w*", text[at:])
    return len((before[0] if before else "") + (after[0] if after else ""))


def _beside(letter: str, chance: random.Random) -> str:
    row = next((keys for keys in KEYS if letter.lower() in keys), letter)
    at = row.find(letter.lower())
    return chance.choice([row[max(at - 1, 0)], row[min(at + 1, len(row) - 1)]])


def written(ways: list[str], chance: random.Random) -> str:
    """Return one physician's way to write a disease."""
    text = chance.choice(ways)
    if chance.random() < 0.12:
        text = slip(text, chance)
    if " of " not in text and text.count(" ") == 1 and chance.random() < 0.05:
        text = ", ".join(reversed(text.split(" ")))
    if chance.random() < 0.25:
        text = chance.choice(BEFORE).format(text)
    if chance.random() < 0.2:
        text = chance.choice(AFTER).format(text)
    cases = (text.upper, text.lower, text.lower, text.capitalize)
    return cases[at]() if (at := chance.randrange(8)) < len(cases) else text


def opinion(strength: dict[str, float], truth: str, others: list[str], chance: random.Random) -> list[str]:
    """Return the headings that one physician names, likeliest first (Plackett-Luce)."""
    noise = {name: -math.log(-math.log(chance.random())) for name in strength}
    noise[truth] += chance.gauss(0, OWN_SPREAD)
    order = sorted(strength, key=lambda name: -(strength[name] + noise[name]))
    kept = order[: chance.choices(LENGTHS, LENGTH_WEIGHTS)[0]]
    return [name if name == truth or chance.random() >= STRAY else chance.choice(others) for name in kept]


def cases(half: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the cases of a half."""
    own_groups = [(complaint, group) for which, complaint, group in groups() if which == half]
    mesh = {disease.name: disease.mesh for disease in load().by_bag.values()}
    ways = {name: each for _, group in own_groups for name, each in group.items()}
    for complaint, group in own_groups:
        others = sorted(ways.keys() - group.keys())
        for number in range(CASES_A_GROUP):
            truth = chance.choice(sorted(group))
            strength = {name: chance.gauss(0, DISTRACTOR_SPREAD) for name in sorted(group)}
            strength[truth] = chance.gauss(STRENGTH, STRENGTH_SPREAD)
            named = [opinion(strength, truth, others, chance) for _ in range(RESPONDERS)]
            yield {
                "case": f"{complaint} {number}",
                "truth": truth,
                "mesh": mesh[truth],
                "meant": named,
                "opinions": [[written(ways[name], chance) for name in each] for each in named],
            }


def main() -> None:
    """Write both halves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    for seed, half in enumerate(("look", "held")):
        chance = random.Random(seed)  # noqa: S311  (a fixed seed, so that the cases can be made again)
        lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases(half, chance))
        (args.out / f"collective_{half}.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
