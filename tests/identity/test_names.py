"""Screen names: generated, plain, and never to be taken for each other."""

# ruff: noqa: RUF001 - letters that are taken for others are what this is about

from __future__ import annotations

import random
from importlib.resources import files

import pytest

from bot.domain.screen_names import skeleton
from bot.identity.names import FEWEST_WORDS, ScreenNames, bundled_names
from tests.storage.handed_in import SeededChance

LISTS = {
    name: tuple(files("bot.identity").joinpath("words", f"{name}.txt").read_text("ascii").split())
    for name in ("adjectives", "animals")
}
# Words that would say something about a patient, a place or a person, or that hurt somebody.
UNWELCOME = """
    Acute Chronic Benign Malignant Sick Ill Pale Feverish Lame Dumb Crazy Mad Fat Ugly Black White Brown
    Yellow Red Crab Cancer Tick Louse Leech Worm Rat Pig Ass Donkey Cow Booby Tit Cock Shag Turkey
    Canary Jersey African Asian Alpine Arctic Nordic Boston Texan Southern Monkey Ape Gorilla Snake
    Viper Skunk Sloth Hyena Jackal Mole Fetal Gravid Septic Cyst
"""


class Loaded:
    """Chance that always gives the same end of what it may give."""

    def __init__(self, *, high: bool) -> None:
        self._high = high

    def id(self) -> str:
        raise NotImplementedError

    def key(self) -> bytes:
        raise NotImplementedError

    def between(self, low: float, high: float) -> float:
        return high if self._high else low


def test_a_name_is_an_adjective_and_an_animal() -> None:
    names = bundled_names(SeededChance(1))
    for _ in range(200):
        adjective, animal = names.generate().split(" ")
        assert adjective in LISTS["adjectives"]
        assert animal in LISTS["animals"]


@pytest.mark.parametrize("high", [False, True])
def test_both_ends_of_the_lists_can_be_drawn(high: bool) -> None:
    place = -1 if high else 0
    expected = f"{LISTS['adjectives'][place]} {LISTS['animals'][place]}"
    assert bundled_names(Loaded(high=high)).generate() == expected


def test_the_lists_are_long_plain_and_kind() -> None:
    for words in LISTS.values():
        assert len(words) >= FEWEST_WORDS
        assert len(set(words)) == len(words)
        assert not set(words) & set(UNWELCOME.split())


def test_no_two_names_can_be_taken_for_each_other() -> None:
    names = [f"{adjective} {animal}" for adjective in LISTS["adjectives"] for animal in LISTS["animals"]]
    assert len({skeleton(name) for name in names}) == len(names)


def test_t_09_confusable_variants_fold_to_the_same_name() -> None:
    draw = random.Random(9)  # noqa: S311 - a choice of variants, not a secret
    names = bundled_names(SeededChance(9))
    for _ in range(500):
        name = names.generate()
        for _ in range(20):
            assert skeleton(confuse(name, draw)) == skeleton(name)


LOOK_ALIKES = {
    "a": "аàáâãäåāɑα",
    "c": "сϲç",
    "e": "еèéêëēėё",
    "i": "іìíîïıl1|ɩ",
    "l": "1|Iıӏ",
    "o": "оòóôõöøο0",
    "p": "рρ",
    "s": "ѕ5$ş",
    "u": "ùúûüυ",
    "w": "ԝѡ",
    "x": "хχ",
    "y": "уýÿ",
    "h": "һ",
    "j": "ј",
    "n": "ñ",
    "d": "ԁđ",
    "g": "ğ",
    "k": "к",
    "m": "м",
    "t": "т",
    "r": "ŕ",
    "b": "ḃ",
    "z": "ž",
    "v": "ν",
}


def confuse(name: str, draw: random.Random) -> str:
    """Write a name so that a hasty reader sees no difference."""
    letters = [
        draw.choice(LOOK_ALIKES[letter.lower()])
        if letter.lower() in LOOK_ALIKES and draw.random() < 0.3
        else letter
        for letter in name
    ]
    signs = ["", " ", "  ", "-", "_", "\u200b", "\u00a0", "\u202e", "."]
    written = "".join(letters).replace(" ", draw.choice(signs))
    if draw.random() < 0.3:
        written = written.replace("m", "rn").replace("w", "vv")
    return draw.choice([written.upper(), written.lower(), written.title(), written])


@pytest.mark.parametrize(
    "spoiled", ["quiet", "Quiet2", "Qu\u00efet", "Cu-Te", "Heron", "Clam\u0430r", "Hemn"]
)
def test_a_bad_word_in_a_list_is_refused(spoiled: str) -> None:
    good = (*LISTS["animals"], "Hernn")
    with pytest.raises(ValueError, match="word"):
        ScreenNames((*good, spoiled), good, SeededChance(1))


def test_a_short_list_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 150"):
        ScreenNames(LISTS["animals"], LISTS["adjectives"][:149], SeededChance(1))
