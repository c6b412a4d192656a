"""Write the yardstick: labelled posts and notes about invented people, a part to study and two held back.

    python scripts/deid_yardstick.py --out benchmarks

It writes deid_look.jsonl.gz, deid_held.jsonl.gz and deid_held2.jsonl.gz from templates that share no
sentence, and from words of which every list gives one half to look and held; held2, written later, has words
of its own. No finder was written or changed by looking at what is missed in a held part; its totals alone are
read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

from deid_yardstick_slots import FOLDER, PARTS, Case, World, sections

LOOK_ALIKE = str.maketrans("aeopcxi", "аеорсхі")
UNSEEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff"
_SLOT = re.compile(r"\{(\w+)\}")


class Writer:
    """Puts a document together and notes where its identifiers stand."""

    def __init__(self, case: Case) -> None:
        """Start an empty document about one case."""
        self.case, self.text = case, ""
        self.spans: list[dict[str, object]] = []
        self.optional: list[dict[str, object]] = []

    def add(self, template: str) -> None:
        """Append a template with its slots filled."""
        for index, part in enumerate(_SLOT.split(template)):
            for text, kind in self.case.pieces(part) if index % 2 else [(part, "")]:
                self._put(text, kind)

    def _put(self, text: str, kind: str) -> None:
        span: dict[str, object] = {"start": len(self.text), "end": len(self.text) + len(text)}
        self.text += text
        if kind == "optional":
            self.optional.append(span)
        elif kind:
            self.spans.append({**span, "type": kind})


def document(world: World, ident: str) -> dict[str, object]:
    """Return one labelled post or note in one of the styles."""
    rng, writer = world.rng, Writer(Case(world))
    note = rng.random() < 0.4
    lines = (
        [rng.choice(world.templates["note"])]
        if note
        else rng.sample(world.templates["chat"], rng.randint(1, 3))
        + rng.sample(world.templates["plain"], rng.randint(0, 2))
    )
    if rng.random() < 0.4:
        lines += rng.sample(world.templates["number"], rng.randint(1, 2))
    for at, line in enumerate(lines):
        writer.add(("" if not at else "\n" if note or rng.random() < 0.5 else " ") + line)
    style, text = restyled(writer, rng)
    source = f"{'note' if note else 'chat'}{style}"
    return {"id": ident, "source": source, "text": text, "spans": writer.spans, "optional": writer.optional}


def restyled(writer: Writer, rng: random.Random) -> tuple[str, str]:
    """Return the name of a style and the text in it."""
    draw, text = rng.random(), writer.text
    if draw < 0.28:
        return "-lower", same_length(text, text.lower())
    if draw < 0.38:
        return "-upper", same_length(text, text.upper())
    if draw < 0.45:
        return "-unseen", disguised(writer, rng)
    if draw < 0.48:
        return "-alike", changed(writer, lambda part: part.translate(LOOK_ALIKE))
    if draw < 0.56:
        return "-typos", mistyped(writer, rng)
    return "", text


def same_length(text: str, other: str) -> str:
    """Return the second text; both must have the same length, or the labels would move."""
    if len(text) != len(other):
        raise ValueError(text)
    return other


def changed(writer: Writer, change: Callable[[str], str]) -> str:
    """Change the names alone, keeping their length."""
    letters = list(writer.text)
    for span in writer.spans:
        if span["type"] in {"NAME", "LOCATION"}:
            where = slice(int(str(span["start"])), int(str(span["end"])))
            letters[where] = change(writer.text[where])
    return "".join(letters)


def mistyped(writer: Writer, rng: random.Random) -> str:
    """Swap two letters in some of the words that are no identifiers."""
    taken = {at for span in writer.spans for at in range(int(str(span["start"])), int(str(span["end"])))}
    letters = list(writer.text)
    for match in re.finditer(r"[a-z]{5,}", writer.text):
        if not taken.intersection(range(*match.span())) and rng.random() < 0.12:
            at = rng.randint(match.start() + 1, match.end() - 2)
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def disguised(writer: Writer, rng: random.Random) -> str:
    """Put one unseen character into every identifier of three letters or more."""
    text = writer.text
    for span in writer.spans:
        start, end = int(str(span["start"])), int(str(span["end"]))
        if end - start > 2:
            cut = rng.randint(start + 1, end - 1)
            text = text[:cut] + rng.choice(UNSEEN) + text[cut:]
            for other in (*writer.spans, *writer.optional):
                for edge in ("start", "end"):
                    other[edge] = int(str(other[edge])) + (int(str(other[edge])) > cut)
    return text


def plain_documents(sentences: dict[str, list[str]], part: str) -> list[dict[str, object]]:
    """Return the sentences without identifiers of a part, every third one in lower case."""
    kinds = ("hard", "dictation")
    lines = [(kind, line) for kind in kinds for line in sentences[f"{kind} {part}"]]
    return [
        {
            "id": f"plain-{part}-{n:03}",
            "source": kind,
            "text": line.lower() if n % 3 == 2 else line,
            "spans": [],
        }
        for n, (kind, line) in enumerate(lines)
    ]


def write(file: Path, documents: list[dict[str, object]]) -> None:
    """Write documents as gzipped JSON lines, the same bytes every time."""
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in documents)
    file.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def main() -> None:
    """Write every part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=500, help="documents a part")
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    args = parser.parse_args()
    sentences = sections(FOLDER / "deid_yardstick_plain.txt")
    for part in PARTS:
        write(args.out / f"deid_plain_{part}.jsonl.gz", plain_documents(sentences, part))
        world = World.of(part, args.seed)
        write(
            args.out / f"deid_{part}.jsonl.gz", [document(world, f"{part}-{n:04}") for n in range(args.count)]
        )


if __name__ == "__main__":
    main()
