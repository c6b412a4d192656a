"""What may stay on a picture: lines of known clinical words and measures, and never anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.anonymizer.pictures.clinical import is_clinical
from bot.anonymizer.pictures.pieces import is_stroke
from bot.anonymizer.pictures.reading import Reading

STAYS = """
L | R | AP | PA ERECT | SUPINE PORTABLE | kVp 85 | 125 kV 1.6 mAs | SID 110 cm | W 1800 L 900 | WW: 350 WL: 50
EI 412 | DI -0.3 | Zoom 62% | SL 3.0 mm | FOV 36 cm | Im 18/92 | Loc: -48.5 | T2 FLAIR | TR 4500 TE 92
MI 1.2 | TIs 0.4 | FR 41 Hz | Depth 12 cm | 2D 62% | Vmax 182 cm/s | LVEF 55 % | A4C | PRF 4.2 kHz
Hb 9.8 g/dL (13.0-17.0) LOW | WBC 14.2 x10^9/L HIGH | Creatinine 186 umol/L | pH 7.21 | HbA1c 9.8 % | INR 1.4
25 mm/s 10 mm/mV | aVR | V1 | Sinus rhythm | QT/QTc 392/431 ms | HR 82 bpm | NIBP 98/54 | SpO2 91% | Temp 38.9
Sinusrhythm | 0 1 2 3 4 5 | 5 10 15 20 | 12 | 1 cm | 2.4 x 1.8 cm | 63 y | Age 63 | Lossy 1:10
"""
GOES = """
Harlan Quist | QUIST, HARLAN | Quist^Harlan | Mr Quist | Dr. Vesper | Tech: MO | Patient | Name: R
MRN 448 12 | ID 4471920 | 4471920 | A1607558 | Acc 98-44121 | #512 | S1948231 | Room 4 Bed B
03/14/2021 | 14.03.2021 | 2021-03-14 | 14-MAR-24 | Mar 2024 | 12:52 | 12:52:54 | DOB 1932 | 1948 | geb. 12.04
Marlowe Bay Hospital | Kestrel Imaging | St Brigid | 41 Cobbler Row | Tel 201-555-0104 | h@mail.example
Иванова | 山田花子 | Müller | 93 y | Age 97 | L Harlan | kVp 85 Quist | May 14 | Chest Marlowe | ... | |
"""


def lines(table: str) -> list[str]:
    return [line.strip() for row in table.splitlines() for line in row.split("|") if line.strip()]


@pytest.mark.parametrize("line", lines(STAYS))
def test_known_clinical_lines_stay(line: str) -> None:
    assert is_clinical(line)


@pytest.mark.parametrize("line", lines(GOES))
def test_everything_else_goes(line: str) -> None:
    assert not is_clinical(line)


@given(st.sampled_from(lines(STAYS)), st.sampled_from(lines(GOES)[:7]), st.booleans())
def test_a_name_beside_clinical_words_takes_the_line_with_it(
    clinical: str,
    name: str,
    first: bool,
) -> None:
    assert not is_clinical(f"{name} {clinical}" if first else f"{clinical} {name}")


@given(st.integers(10_000, 10**12), st.sampled_from(("", "ID ", "kVp ", "W ", "HR ")))
def test_a_long_number_never_stays(number: int, before: str) -> None:
    assert not is_clinical(f"{before}{number}")


@given(st.text(max_size=40))
def test_any_reading_gets_an_answer(reading: str) -> None:
    assert is_clinical(reading) in (True, False)


@pytest.mark.parametrize("name", ["iris", "marsh", "left"])
def test_a_name_of_the_case_never_stays(name: str) -> None:
    assert not is_clinical(f"{name} diameter 11 mm", names=frozenset({name}))


@pytest.mark.parametrize("reading", ["—", "一 一", "/ / \\", "NVWN", "nnnn", "M i l"])
def test_traces_and_edges_are_no_writing(reading: str) -> None:
    assert is_stroke(Reading(reading, 0.8))


@pytest.mark.parametrize("reading", ["", ": . .", "..:", "Harlan", "ab: 12", "Иванов"])
def test_letters_that_the_reader_does_not_know_are_still_writing(reading: str) -> None:
    assert not is_stroke(Reading(reading, 0.8))
