"""One submission through the whole library: pieces, findings, failing closed, and what a draft keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NoReturn

import pytest

from bot.anonymizer import Anonymizer, CleanedText, Kept
from bot.anonymizer.finders import TEXT_CHECKS
from bot.anonymizer.found import Found, TextCheck
from bot.anonymizer.submission import Submission

CASE = {
    "title": "Chest pain, Oakdene Hospital",
    "history": (
        "Mrs. Perpetua Quillfeather, 93yo, MRN 4417-2290, seen 3/2/2024 and again 3/5/2024. Wife of Tobias."
    ),
    "question": "quillfeather's team asks: cath or not? call 555-201-7788",
}


class Broken:
    name = "broken"

    def find(self, submission: Submission, before: object) -> NoReturn:
        raise RuntimeError(submission.fields[0].original)


class Halfway:
    name = "halfway"

    def find(self, submission: Submission, before: object) -> Iterator[Found]:
        yield from ()
        raise RecursionError


def test_a_submission_is_cleaned_across_its_fields(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean(CASE)
    text = " ".join(cleaned.text(name) for name in CASE).lower()
    for secret in ("quillfeather", "perpetua", "4417", "3/2", "3/5", "93yo", "oakdene", "555-201"):
        assert secret not in text
    assert "cath or not?" in text
    assert "chest pain" in text
    assert "[day 0]" in text
    assert "[day +3]" in text
    assert "90+yo" in text


def test_one_person_has_one_surrogate_in_all_fields(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean(CASE)
    first = next(f for f in cleaned.findings if f.field == "history" and f.category == "NAME")
    echo = next(f for f in cleaned.findings if f.field == "question" and f.category == "NAME")
    assert first.surrogate == echo.surrogate


def test_findings_count_over_the_input_and_match_the_pieces(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean(CASE)
    for name, text in CASE.items():
        at = 0
        for piece in cleaned.pieces[name]:
            if isinstance(piece, Kept):
                assert text[at : at + len(piece.text)] == piece.text
                at += len(piece.text)
            else:
                finding = cleaned.findings[piece.number - 1]
                assert (finding.field, finding.start) == (name, at)
                assert (finding.surrogate, finding.tier) == (piece.surrogate, piece.tier)
                at = finding.end
        assert at == len(text)


def test_a_draft_keeps_the_result_without_what_was_replaced(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean(CASE)
    kept = json.dumps(cleaned.to_json())
    assert CleanedText.from_json(json.loads(kept)) == cleaned
    for secret in ("uillfeather", "erpetua", "4417", "555-201", "Oakdene"):
        assert secret not in kept


def test_a_hint_is_the_first_and_last_letter_only(cleaner: Anonymizer) -> None:
    cleaned = cleaner.clean({"x": "call 555-201-7788"})
    assert cleaned.findings[0].hint == "5…8"


@pytest.mark.parametrize("check", [Broken(), Halfway()])
def test_a_check_that_raises_withholds_everything_and_is_named(check: TextCheck) -> None:
    cleaned = Anonymizer(checks=(*TEXT_CHECKS, check)).clean(CASE)
    assert cleaned.failed == (check.name,)
    assert not cleaned.complete
    assert {cleaned.text(name) for name in CASE} == {"[not checked]"}
    assert cleaned.findings == ()
    assert "Quillfeather" not in json.dumps(cleaned.to_json())


def test_too_long_a_submission_is_not_checked_and_says_so() -> None:
    cleaned = Anonymizer(longest=50).clean({"a": "x" * 30, "b": "y" * 21})
    assert cleaned.failed == ("length",)
    assert cleaned.text("b") == "[not checked]"


class Endless:
    """A check that never ends by itself; every step of it takes a second."""

    name = "endless"

    def __init__(self, now: list[float]) -> None:
        self.now = now

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        while True:
            self.now[0] += 1
            submission.fields[0].beat()
            yield Found("a", 0, 1, "NAME", "auto", "a reason")


def test_a_check_that_runs_out_of_time_is_stopped_and_has_failed() -> None:
    now = [0.0]
    checks = (TEXT_CHECKS[0], Endless(now))
    cleaned = Anonymizer(checks=checks, seconds=10, clock=lambda: now[0]).clean({"a": "fine"})
    assert cleaned.ran == (TEXT_CHECKS[0].name,)
    assert cleaned.failed == ("endless",)
    assert cleaned.text("a") == "[not checked]"
    assert now == [11.0]


def test_nothing_to_find_leaves_every_character(cleaner: Anonymizer) -> None:
    text = (
        "72M with chest pain x2h, BP 120/80, trop 2867. T2-weighted MRI, C5-C6, 3/5 strength.\n\tThoughts? 🙂"
    )
    cleaned = cleaner.clean({"x": text})
    assert cleaned.text("x") == text
    assert cleaned.findings == ()
    assert cleaned.ran


def test_an_empty_submission_is_clean(cleaner: Anonymizer) -> None:
    assert cleaner.clean({}).complete
    assert cleaner.clean({"x": ""}).text("x") == ""


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\x00\x01",
        "🙂" * 50,
        "שלום",
        "مرحبا",
        "病人",
        "\u202eabc",
        "a\u0301" * 20,
        "(" * 3000,
        "1/" * 2000,
        "a-" * 2000,
        "Dr " * 900,
        "A. " * 900,
        "@" * 2000,
        "1 " * 2000,
        "[" * 3000,
    ],
)
def test_strange_text_neither_raises_nor_takes_long(cleaner: Anonymizer, text: str) -> None:
    cleaned = cleaner.clean({"x": text})
    assert cleaned.failed == ()
