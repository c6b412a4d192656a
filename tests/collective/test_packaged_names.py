"""The packaged names: each heading leads to itself, each short form to headings, in small files."""

from __future__ import annotations

from pathlib import Path

import bot.collective.names
from bot.collective import namer
from bot.collective.names import load

FOLDER = Path(bot.collective.names.__file__).parent


def test_every_heading_is_read_as_itself() -> None:
    headings = set(load().by_bag.values())
    read = {disease.name: namer().named(disease.name) for disease in headings}
    lost = {name for name, named in read.items() if len(named) != 1 or not named[0].disease}
    other = {
        name: named[0].disease.name
        for name, named in read.items()
        if name not in lost and named[0].disease and named[0].disease.name != name
    }
    assert lost == set()
    assert other == {}


def test_every_short_form_is_read_as_what_it_stands_for() -> None:
    for short, meant in load().short.items():
        (named,) = namer().named(short)
        assert (named.disease,) == meant if len(meant) == 1 else named.candidates == meant, short


def test_ambiguous_short_forms_stand_for_different_diseases() -> None:
    assert all(len(set(meant)) == len(meant) for meant in load().short.values())


def test_no_short_form_starts_or_ends_as_a_hedge() -> None:
    assert [short for short in load().short if not namer().named(f"likely {short}?")] == []


def test_the_files_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir() if file.is_file()) < 1_000_000
