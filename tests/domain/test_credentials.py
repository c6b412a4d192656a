"""Numbers, taxonomy and degree, licences, and what a claim comes to by them. Everybody here is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.roster_import import numbered
from bot.domain.credentials import (
    Claim,
    NameBars,
    Reason,
    Verdict,
    has_degree,
    is_physician_code,
    judge,
    licence_key,
    npi_trouble,
    physician_rule,
    verdict_of,
)
from bot.domain.roster import Kind, RosterRow

NUMBERS = st.integers(100_000_000, 299_999_999).map(numbered)
NPI = numbered(123456789)
ROW = RosterRow(
    NPI,
    Kind.PERSON,
    last_name="LIND",
    first_name="ADA",
    credential="M.D.",
    physician_taxonomy=True,
    licences=("FL ME12345",),
)
CLAIM = Claim(NPI, "Ada Lind", "FL", "ME0012345")


def test_the_registrys_own_example_has_a_right_check_digit() -> None:
    assert NPI == "1234567893"
    assert npi_trouble(NPI) is None


@given(NUMBERS, st.integers(0, 9), st.integers(1, 9))
def test_any_changed_digit_is_refused(npi: str, place: int, by: int) -> None:
    changed = npi[:place] + str((int(npi[place]) + by) % 10) + npi[place + 1 :]

    assert npi_trouble(npi) is None
    assert npi_trouble(changed) is not None


@given(NUMBERS, st.integers(0, 8))
def test_swapped_neighbours_are_refused_but_for_0_and_9(npi: str, place: int) -> None:
    one, other = npi[place], npi[place + 1]
    swapped = npi[:place] + other + one + npi[place + 2 :]

    if one != other and {one, other} != {"0", "9"}:
        assert npi_trouble(swapped) is not None


@pytest.mark.parametrize(
    "npi",
    ["", "123456789", "12345678935", "0234567893", "3234567893", "123456789x", " 1234567893", "1234567893\n"],
)
def test_what_has_not_the_form_is_no_number(npi: str) -> None:
    assert npi_trouble(npi) is Reason.NPI_FORM


def test_digits_of_other_scripts_are_none() -> None:
    assert npi_trouble("\u0661234567893") is Reason.NPI_FORM


@pytest.mark.parametrize(
    "code", ["202C00000X", "204D00000X", "207R00000X", "208D00000X", "209800000X", " 207r00000x "]
)
def test_codes_of_physicians(code: str) -> None:
    assert is_physician_code(code)


@pytest.mark.parametrize(
    "code", ["", "204E00000X", "204e00000x", "203B00000X", "163W00000X", "390200000X", "120200000X"]
)
def test_codes_of_others(code: str) -> None:
    assert not is_physician_code(code)


@pytest.mark.parametrize(
    "credential",
    [
        *("MD", "M.D.", "M.D", "MD.", "M. D.", "M D", "md", "DO", "D.O.", "D. O.", "\uff2d\uff24"),
        *("MD, PhD", "Ph.D., M.D.", "MD/PHD", "MD-PHD", "MDPHD", "M.D.PH.D.", "D.D.S., M.D.", "MBBS, MD"),
        *("M.D. P.A.", "M. D. P. A.", "MD FACP", "M.D.,F.A.C.P.", "DO, MPH", "Doctor of Medicine"),
    ],
)
def test_texts_with_a_degree(credential: str) -> None:
    assert has_degree(credential)


@pytest.mark.parametrize(
    "credential",
    [
        *(
            "",
            "M.",
            "D",
            "O.D.",
            "OD",
            "O. D.",
            "D.O.M.",
            "D. O. M.",
            "DOM",
            "N.M.D.",
            "NMD",
            "DMD",
            "D.M.D.",
        ),
        *("M.D.S.", "DPM", "D.P.M.", "PharmD", "PHARM.D.", "Ph.D.", "RN", "PA-C", "MBBS", "M.B.B.S.", "EDD"),
        *("Doctor of Medicine in Dentistry", "Naturopathic Medical Doctor", "\u041cD", "M, D"),
    ],
)
def test_texts_without(credential: str) -> None:
    assert not has_degree(credential)


@given(st.text(max_size=200))
def test_any_text_is_read(credential: str) -> None:
    assert has_degree(credential) in (True, False)


@pytest.mark.parametrize(
    ("by_taxonomy", "credential", "reason", "verdict"),
    [
        (True, "M.D.", Reason.PHYSICIAN, Verdict.PASS),
        (True, "", Reason.TAXONOMY_ONLY, Verdict.REVIEW),
        (False, "DO", Reason.DEGREE_ONLY, Verdict.REVIEW),
        (False, "RN", Reason.NO_PHYSICIAN, Verdict.FAIL),
    ],
)
def test_both_make_a_physician(by_taxonomy: bool, credential: str, reason: Reason, verdict: Verdict) -> None:
    assert physician_rule(credential, by_taxonomy=by_taxonomy) is reason
    assert verdict_of(reason) is verdict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("FL", "ME0012345"), ("fl", "me-12345")),
        (("NY", "000123"), ("N.Y.", " 123 ")),
        (("TX", "A-0012-003"), ("TX", "A12003")),
        (("OH", "35.001234"), ("OH", "35001234")),
    ],
)
def test_ways_to_write_one_licence(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert licence_key(*one) == licence_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("FL", "123"), ("GA", "123")), (("FL", "100"), ("FL", "1")), (("FL", "ME123"), ("FL", "MD123"))],
)
def test_different_licences(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert licence_key(*one) != licence_key(*other)


@pytest.mark.parametrize(("state", "number"), [("", "1"), ("FL", ""), ("FL", "--"), ("", "")])
def test_half_a_licence_is_none(state: str, number: str) -> None:
    assert licence_key(state, number) == ""


def test_everything_agrees() -> None:
    judged = judge(CLAIM, ROW)

    assert judged.verdict is Verdict.PASS
    assert judged.reasons == (Reason.NAME_AGREES, Reason.PHYSICIAN, Reason.LICENCE_AGREES)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, Reason.NOT_FOUND),
        (replace(ROW, npi=numbered(100000001)), Reason.NOT_FOUND),
        (replace(ROW, kind=Kind.UNKNOWN), Reason.NOT_FOUND),
        (RosterRow(NPI, Kind.ORGANISATION), Reason.ORGANISATION),
        (replace(ROW, deactivated_on=date(2024, 1, 1)), Reason.DEACTIVATED),
        (RosterRow(NPI, Kind.UNKNOWN, deactivated_on=date(2024, 1, 1)), Reason.DEACTIVATED),
    ],
)
def test_a_row_that_cannot_be_used_fails_by_itself(row: RosterRow | None, reason: Reason) -> None:
    judged = judge(CLAIM, row)

    assert (judged.verdict, judged.reasons) == (Verdict.FAIL, (reason,))


@pytest.mark.parametrize(
    ("npi", "reason"), [("123", Reason.NPI_FORM), ("1234567890", Reason.NPI_CHECK_DIGIT)]
)
def test_a_number_that_cannot_exist_fails_before_anything_else(npi: str, reason: Reason) -> None:
    assert judge(replace(CLAIM, npi=npi), ROW).reasons == (reason,)


@pytest.mark.parametrize(
    ("off", "on", "deactivated"),
    [
        (None, None, False),
        (date(2024, 1, 1), None, True),
        (date(2024, 1, 1), date(2024, 2, 1), False),
        (date(2024, 1, 1), date(2024, 1, 1), True),
        (date(2024, 1, 1), date(2023, 2, 1), True),
    ],
)
def test_a_number_is_off_until_a_later_reactivation(
    off: date | None, on: date | None, deactivated: bool
) -> None:
    assert replace(ROW, deactivated_on=off, reactivated_on=on).deactivated is deactivated


@pytest.mark.parametrize(
    ("claim", "row", "reason", "verdict"),
    [
        (replace(CLAIM, name="Bo Ek"), ROW, Reason.NAME_DIFFERS, Verdict.FAIL),
        (replace(CLAIM, name="A. Lind"), ROW, Reason.NAME_NEAR, Verdict.REVIEW),
        (replace(CLAIM, name=""), ROW, Reason.NAME_UNKNOWN, Verdict.REVIEW),
        (replace(CLAIM, name="Dr. Lind"), ROW, Reason.NAME_UNKNOWN, Verdict.REVIEW),
        (CLAIM, replace(ROW, credential="RN"), Reason.TAXONOMY_ONLY, Verdict.REVIEW),
        (CLAIM, replace(ROW, physician_taxonomy=False), Reason.DEGREE_ONLY, Verdict.REVIEW),
        (CLAIM, replace(ROW, other_credential="MD", credential=""), Reason.TAXONOMY_ONLY, Verdict.REVIEW),
        (replace(CLAIM, licence="1"), ROW, Reason.LICENCE_DIFFERS, Verdict.REVIEW),
        (replace(CLAIM, state="GA"), ROW, Reason.LICENCE_DIFFERS, Verdict.REVIEW),
        (replace(CLAIM, licence=""), ROW, Reason.LICENCE_MISSING, Verdict.REVIEW),
        (CLAIM, replace(ROW, licences=()), Reason.LICENCE_MISSING, Verdict.REVIEW),
    ],
)
def test_the_worst_of_what_was_looked_at_counts(
    claim: Claim, row: RosterRow, reason: Reason, verdict: Verdict
) -> None:
    judged = judge(claim, row)

    assert reason in judged.reasons
    assert judged.verdict is verdict


def test_bars_can_be_set() -> None:
    near = replace(CLAIM, name="Adah Lind")

    assert judge(near, ROW).verdict is Verdict.REVIEW
    assert judge(near, ROW, NameBars(passes=0.7, review=0.5)).verdict is Verdict.PASS
    assert judge(near, ROW, NameBars(passes=0.99, review=0.9)).verdict is Verdict.FAIL


@given(st.builds(Claim, npi=st.text(max_size=12), name=st.text(max_size=30)), st.booleans())
def test_nothing_that_is_typed_passes_without_a_number_of_the_roster(claim: Claim, known: bool) -> None:
    assert judge(claim, ROW if known else None).verdict is not Verdict.PASS
