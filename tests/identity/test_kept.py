"""What is kept for the yearly check: rows of before open, and no length tells who has a number."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.identity.records import Enrolment, Kept, enrolment_from_bytes, enrolment_to_bytes

BEFORE = Enrolment(
    state="active",
    member="a1" * 16,
    person="b2" * 32,
    reference="E-0123456789",
    real_name="Ada Invented",
    specialty="Dermatology",
    role="physician",
    by="shell",
)
KEPT = Kept(
    number="1234567893",
    licence="MA L123",
    waived="licence_missing",
    mail="c3" * 32,
    checked="2026-03",
    warning="2027-05-01",
    reminded=True,
)


def test_a_row_from_before_yearly_checks_opens() -> None:
    written = json.loads(enrolment_to_bytes(BEFORE))
    assert "kept" not in written["enrolment"]
    assert enrolment_from_bytes(json.dumps(written).encode()) == BEFORE


def test_a_row_is_read_as_it_was_written_and_has_one_length() -> None:
    full = replace(BEFORE, kept=KEPT, chosen="Quiet Heron")
    assert enrolment_from_bytes(enrolment_to_bytes(full)) == full
    assert len(enrolment_to_bytes(full)) == len(enrolment_to_bytes(BEFORE))


def test_what_is_kept_shows_no_number() -> None:
    for planted in (KEPT.number, KEPT.licence, KEPT.mail):
        assert planted not in repr(KEPT)
        assert planted not in repr(replace(BEFORE, kept=KEPT))
