"""Specialties: a code gives a broad name, whatever part of the field it names."""

from __future__ import annotations

import pytest

from bot.domain.credentials import is_physician_code
from bot.domain.specialties import GENERAL, specialty_of


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("207R00000X", "Internal medicine"),
        ("207RC0000X", "Cardiology"),
        ("207RI0011X", "Cardiology"),
        ("207RA0001X", "Cardiology"),
        ("207RT0003X", "Gastroenterology"),
        ("207RX0202X", "Hematology and oncology"),
        ("207LC0200X", "Critical care"),
        ("207RC0200X", "Critical care"),
        ("2086S0102X", "Critical care"),
        ("207LP2900X", "Pain medicine"),
        ("208VP0014X", "Pain medicine"),
        ("207QH0002X", "Palliative medicine"),
        ("2084S0012X", "Sleep medicine"),
        ("207QS0010X", "Sports medicine"),
        ("207VX0201X", "Obstetrics and gynecology"),
        ("2080P0202X", "Pediatrics"),
        ("2084P0800X", "Psychiatry"),
        ("2084P0804X", "Psychiatry"),
        ("2084N0400X", "Neurology"),
        ("2084V0102X", "Neurology"),
        ("208400000X", "Psychiatry and neurology"),
        ("2085R0001X", "Radiation oncology"),
        ("2085R0202X", "Radiology"),
        ("208600000X", "Surgery"),
        ("2086S0129X", "Vascular surgery"),
        ("208M00000X", "Hospital medicine"),
        ("202K00000X", "Phlebology"),
    ],
)
def test_a_code_gives_the_name_that_physicians_use(code: str, name: str) -> None:
    assert specialty_of(code) == name
    assert specialty_of(f" {code.lower()} ") == name
    assert is_physician_code(code)


@pytest.mark.parametrize("code", ["207RZ9999X", "207R", "207RA0000X"])
def test_a_part_that_is_not_known_counts_as_its_field(code: str) -> None:
    assert specialty_of(code) == "Internal medicine"


@pytest.mark.parametrize("code", ["", "   ", "207", "207900000X", "208E00000X", "163W00000X", "363A00000X"])
def test_a_field_that_is_not_known_is_medicine(code: str) -> None:
    assert specialty_of(code) == GENERAL == "Medicine"


@pytest.mark.parametrize("code", ["163WP2900X", "363LG0300X", "225XH0002X"])
def test_a_part_says_nothing_without_a_physicians_field(code: str) -> None:
    assert not is_physician_code(code)
    assert specialty_of(code) == GENERAL
