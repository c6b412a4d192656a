"""Looking words up: how likely a word is to be a name, a place, an everyday word or a clinical term."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

from bot.anonymizer.words.morphology import joined_forms, made_of_parts
from bot.anonymizer.words.table import SortedTable

_FOLDER: Final = Path(__file__).parent
_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h"}
)
_CACHED_WORDS: Final = 16_384
_VERB_ENDINGS: Final = ("ing", "ed")
_SHORTEST_STEM: Final = 4
_SHORTEST_SLIP: Final = 5
_LONGEST_SLIP: Final = 16
_PLAIN: Final = re.compile(r"\w+", re.ASCII)
_MEDICAL_ENDING: Final = re.compile(
    r".{3}(?:itis|osis|oses|otic|emia|aemia|emic|uria|uric|oma|omas|omata|pathy|pathies|pathic|ectomy"
    r"|ectomies|ostomy|otomy|otomies"
    r"|plasty|plasties|scopy|scopies|scopic|scopically|gram|grams|graphy|graphic|lysis|lytic|algia"
    r"|algias|algic|plegia|plegic|paresis"
    r"|rrhea|rrhoea|rrhage|rrhagic|rrhaphy|trophy|trophic|troph|penia|penic|cytes?|cytic|cytosis|blast"
    r"|blastic|phage|genic|genesis|ogenous"
    r"|megaly|sclerosis|stenosis|stenotic|ectasis|ectasia|desis|pexy|centesis|cele|cyst|oid|ology|ologic"
    r"|ological|ologist|iatric|iatry|iatrics"
    r"|mab|nib|tinib|zumab|ximab|prazole|conazole|azole|azoles|olol|pril|prils|sartan|statin|statins"
    r"|cillin|mycin|micin|floxacin|cycline|dipine"
    r"|gliptin|gliflozin|glutide|tide|vir|navir|tegravir|buvir|caine|pam|lam|azepam|setron|triptan"
    r"|dronate|parin|xaban|gatran|grel|fibrate|thiazide"
    r"|semide|terol|sone|solone|onide|oxetine|pine|idone|peridol|barbital|curonium|curium|fentanil"
    r"|orphan|orphine|codone|profen|coxib|platin"
    r"|rubicin|taxel|trexate|citabine|ciclib|rafenib|limus|stim|poetin|ase|ases|globulin|globulins"
    r"|globin|ferrin|kinase|amine|amines|ic"
    r" acid"
    r"|ly|ally|ness|ing|tion|tions|sion|sions|ment|ments|ized|ised|izing|ization|isation|able|ible|less"
    r"|ful|ular|ulum|ous|eous|ious|ated|ation|ations)"
    r"$"
)
_BEGINNING: Final = re.compile(
    r"(?:anti|auto|bi|cardio|cephalo|cerebro|cervico|contra|costo|cranio|cysto|de|dermato|dorso|dys"
    r"|electro|endo|entero|epi|extra|fibro|gastro"
    r"|gluco|hemi|hemo|haemo|hepato|hetero|homo|hydro|hyper|hypo|ileo|immuno|infra|inter|intra|ischio"
    r"|jejuno|juxta|laparo|laryngo|latero|leuko"
    r"|lympho|macro|mal|mega|meningo|micro|mid|mono|multi|musculo|myelo|myo|naso|neo|nephro|neuro|non"
    r"|normo|oculo|oligo|onco|ophthalmo|ortho"
    r"|osteo|oto|pan|para|patho|peri|pharyngo|phlebo|photo|pleuro|pneumo|poly|post|postero|pre|pseudo"
    r"|psycho|pulmo|pyo|quadri|radio|re|retro"
    r"|rhino|sacro|semi|sub|super|supra|tachy|brady|tele|thoraco|thrombo|thyro|trans|tri|ultra|un|uni"
    r"|uretero|urethro|uro|utero|vaso|veno|ventriculo|vertebro|over|under|out)"
)


@dataclass(frozen=True)
class Word:
    """What is known of one word: ranks run from 0 (unknown) to 9, `english` is 2 plus the Zipf frequency."""

    english: int = 0
    zipf: int = 0
    given: int = 0
    family: int = 0
    place: int = 0
    clinical: bool = False
    medical_form: bool = False

    @cached_property
    def name(self) -> int:
        """Rank as a person's name, given or family."""
        return max(self.given, self.family)

    @cached_property
    def margin(self) -> float:
        """How much commoner the word is as a name than as a word, in powers of ten."""
        if not self.name:
            return -9.0
        as_name = 4.5 + (self.name - 8) / 2
        return as_name - (self.zipf if self.english > 1 else max(0, self.english) * 1.5)

    @cached_property
    def plain(self) -> bool:
        """Say whether this is an everyday or clinical word."""
        return self.english > 1 or self.clinical

    @cached_property
    def unknown(self) -> bool:
        """Say whether no list has this word and its form does not tell that it is clinical."""
        return not (self.english or self.clinical or self.medical_form or self.name or self.place)


def fold(word: str) -> str:
    """Return a word in lower case, without accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.lower().translate(_LETTERS))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)


@cache
def section(file: str, name: str) -> frozenset[str]:
    """Return the folded words of one section of `general` or `clinical`."""
    words = [fold(word) for line in words_of(file)[name] for word in line]
    return frozenset(part for word in words for part in (word, *word.split("-")) if part)


@lru_cache(_CACHED_WORDS)
def sections_of(low: str) -> frozenset[str]:
    """Return the names of the sections of the general word list that a folded word stands in."""
    return frozenset(name for name in words_of("general") if low in section("general", name))


@cache
def words_of(file: str) -> dict[str, list[list[str]]]:
    """Return the sections of a word list, each as lines of words."""
    sections: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    for line in (_FOLDER / f"{file}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            current.append(line.split())
    return sections


@lru_cache(_CACHED_WORDS)
def about(low: str) -> Word:
    """Return what is known of a word in lower case."""
    folded = fold(low).replace("'", "")
    digits = _digits(folded) or _digits_of_plural(folded)
    english, zipf, given, family, place, clinical = tuple(digits or "000000")
    trade = folded in _trade() or (folded.endswith("s") and folded[:-1] in _trade())
    listed = any(digit != "0" for digit in (english, given, family, place))
    form = not listed and (_medical(folded) or _inflected(folded) or _slipped(folded))
    ranks = (int(english), int(zipf), int(given), int(family), int(place))
    return Word(*ranks, clinical=clinical == "1" or trade, medical_form=form)


def _inflected(folded: str) -> bool:
    """Say whether a word is a known one with an ending of verbs: `desatting`, `stented`."""
    stem = next((folded[: -len(end)] for end in _VERB_ENDINGS if folded.endswith(end)), "")
    if len(stem) < _SHORTEST_STEM:
        return False
    undoubled = stem[:-1] if stem[-1] == stem[-2] else stem
    return any(_everyday(form) for form in (stem, undoubled, f"{stem}e"))


def _slipped(folded: str) -> bool:
    """Say whether two neighbouring letters of a common word changed places: `chagne`."""
    if not _SHORTEST_SLIP <= len(folded) <= _LONGEST_SLIP or not folded.isascii():
        return False
    return any(
        _common(folded[:at] + folded[at + 1] + folded[at] + folded[at + 2 :])
        for at in range(len(folded) - 1)
        if folded[at] != folded[at + 1]
    )


def _everyday(folded: str) -> bool:
    digits = _digits(folded)
    return folded in _trade() or (digits is not None and (digits[0] > "2" or digits[5] == "1"))


def _common(folded: str) -> bool:
    digits = _digits(folded)
    return digits is not None and (digits[0] > "5" or (digits[5] == "1" and digits[0] > "3"))


def place_rank(words: str) -> int:
    """Return the rank of a place of several words in lower case, 0 when there is none of that name."""
    folded = fold(words)
    if not _begins_place(folded.partition(" ")[0]):
        return 0
    digits = _digits(folded)
    return int(digits[4]) if digits else 0


def _medical(folded: str) -> bool:
    """Say whether the form of a word tells that it is clinical."""
    if _MEDICAL_ENDING.match(folded) or _compound(folded):
        return True
    return made_of_parts(folded, _forms(), section("clinical", "endings"))


@cache
def _forms() -> frozenset[str]:
    return joined_forms(section("clinical", "forms"))


@lru_cache(_CACHED_WORDS)
def _begins_place(word: str) -> bool:
    """Say whether places of several words begin with this one; most words begin none."""
    return _PLAIN.fullmatch(word) is not None and _table().has_beginning(word.encode() + b" ")


@cache
def _trade() -> frozenset[str]:
    """Words of devices, chat and terms; eponyms are judged by what stands round them."""
    return (
        section("clinical", "devices")
        | section("clinical", "chat")
        | section("clinical", "terms")
        | section("clinical", "more")
    )


def _compound(folded: str) -> bool:
    """Say whether a word is an English word behind a prefix that medicine puts in front of words."""
    front = _BEGINNING.match(folded)
    if front is None or len(folded) - front.end() < 4:
        return False
    rest = _digits(folded[front.end() :])
    return rest is not None and (rest[0] > "1" or rest[5] == "1")


def _digits_of_plural(folded: str) -> str | None:
    if folded.endswith("s") and len(folded) > 4:
        found = _digits(folded[:-1]) or (_digits(folded[:-2]) if folded.endswith("es") else None)
        if found and (found[0] > "1" or found[5] == "1"):
            return f"{min(found[0], '2')}0000{found[5]}"
    return None


@cache
def _table() -> SortedTable:
    return SortedTable(_FOLDER / "words.tsv")


def _digits(key: str) -> str | None:
    found = _table().find(key.encode())
    return None if found is None else found.decode()
