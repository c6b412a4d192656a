"""A poll's table as CSV: the numbers of card, alt text and chart, in cells that no spreadsheet runs."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO

import pytest

from bot.adapters.slack import forms as slack_forms
from bot.adapters.slack import render as slack
from bot.domain.poll_tally import Counts, Group, Result
from bot.domain.poll_terms import NO_OPINION
from bot.domain.polls import Poll
from bot.domain.specialties import NAMES
from bot.standin.slack.limits.blocks import check_blocks
from bot.standin.slack.limits.views import view_problems
from bot.views.chart_letters import written
from bot.views.poll_chart import poll_sheet
from bot.views.poll_result import result_card, result_words
from bot.views.poll_table import HEADER, harmless, poll_table, table_card
from tests.views.poll_results import CLOSED, HERON, POLLS
from tests.views.test_views import words_of

Row = Mapping[str, str]


def rows_of(poll: Poll) -> list[Row]:
    return list(csv.DictReader(StringIO(poll_table(poll), newline=""), strict=True))


def texts(poll: Poll) -> Mapping[str, str]:
    """Give what is read of a result, in the letters of the chart."""
    return {
        "card": written(words_of(result_card(poll, HERON))),
        "alt": written(result_words(poll)),
        "chart": "\n".join(poll_sheet(poll).said),
    }


def spoken(row: Row) -> set[str]:
    """Say a row of the table as it is said elsewhere; its last digit is rounded, so a half goes both ways."""
    said = set()
    for nudge in (-1e-6, 1e-6):
        percent, low, high = (int(100 * (float(row[one]) + nudge) + 0.5) for one in ("share", "low", "high"))
        said.add(f"{row['value']} of {row['base']} ({percent} %, {min(low, 99)}-{max(high, 1)} %)")
    return said


def of_all(poll: Poll, *measures: str) -> list[Row]:
    return [row for row in rows_of(poll) if row["scope"] == "all" and row["measure"] in measures]


@pytest.mark.parametrize("name", POLLS)
def test_card_alt_text_chart_and_table_say_the_same_numbers(name: str) -> None:
    poll = POLLS[name]
    number = name.startswith("number")
    counts = of_all(poll, "agree", "disagree", "first", *([] if number else ["count"]))
    (ballots,) = (row["value"] for row in of_all(poll, "ballots"))
    (unsure,) = (row["value"] for row in of_all(poll, "undecided"))
    (science,) = (row["option"] for row in of_all(poll, "science line"))

    for where, text in texts(poll).items():
        for row in counts:
            assert row["base"] == "0" or any(said in text for said in spoken(row)), (where, row)
        for row in of_all(poll, "points"):
            assert f"{row['value']} points" in text, (where, row)
        for row in of_all(poll, "mean rank"):
            assert f"mean rank {float(row['value']):.1f}" in text, (where, row)
        assert f"{ballots} physicians" in text, where
        assert (f"; {unsure} of them" in text) == (unsure != "0"), where
        assert science in text, where


@pytest.mark.parametrize("name", ["number", "number_sampled"])
def test_quartiles_and_bars_are_the_same_everywhere(name: str) -> None:
    poll = POLLS[name]
    low, middle, high = (row["value"] for row in of_all(poll, "lower quartile", "median", "upper quartile"))
    (unit,) = (row["option"] for row in of_all(poll, "unit"))
    counts = [int(row["value"]) for row in of_all(poll, "count")]

    for where, text in texts(poll).items():
        assert f"{middle} {unit}" in text, where
        assert f"{low}-{high} {unit}" in text, where
    said = result_words(poll).partition("Answers: ")[2].partition(". ")[0].split("; ")
    assert sum(int(one.rpartition(": ")[2]) for one in said) == sum(counts)
    drawn = poll_sheet(poll).said
    assert [one.rpartition(": ")[2] for one in said] == [one for one in drawn if one.isdigit()][: len(said)]


def test_a_breakdown_adds_up_to_the_whole() -> None:
    rows = [row for row in rows_of(POLLS["single"]) if row["measure"] in ("ballots", "count", "undecided")]
    for row in rows:
        if row["scope"] == "all":
            parts = [
                int(one["value"])
                for one in rows
                if one["scope"] != "all"
                and (one["measure"], one["option"]) == (row["measure"], row["option"])
            ]
            assert sum(parts) == int(row["value"])


def test_the_breakdown_is_in_the_thread_and_in_the_answer_not_in_the_room() -> None:
    poll = POLLS["single"]
    line = "Dermatology (14 voted, 2 of them without an opinion): Potent steroid: 8 of 12 (67 %)"
    assert line in words_of(result_card(poll, HERON, chart="ab" * 16))
    assert line in words_of(result_card(poll, HERON, parted=True))
    assert "Dermatology" not in words_of(result_card(poll, HERON))


def test_who_is_in_the_group_of_the_small_ones_is_not_said() -> None:
    assert "Cardiology" not in poll_table(POLLS["single"])
    assert "Cardiology" not in words_of(result_card(POLLS["single"], HERON, parted=True))


def test_the_table_is_what_rfc_4180_says() -> None:
    table = poll_table(POLLS["multiple"])
    assert table.startswith(",".join(HEADER) + "\r\n")
    assert table.endswith("\r\n")
    assert {len(row) for row in csv.reader(StringIO(table, newline=""), strict=True)} == {len(HEADER)}


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ('=HYPERLINK("x")', '\'=HYPERLINK("x")'),
        ("+1 more", "'+1 more"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),  # noqa: RUF001
        ("-5.5", "-5.5"),
        ("3 or more", "3 or more"),
    ],
)
def test_no_cell_is_a_formula(words: str, cell: str) -> None:
    assert harmless(words) == cell
    poll = replace(POLLS["single"], question=words, options=(words, "b", "c", NO_OPINION))
    assert [row["option"] for row in of_all(poll, "count", "question")][:2] == [cell, cell]


def test_a_long_table_keeps_slacks_limits() -> None:
    nine = POLLS["multiple"]
    counts = Counts(9, (5, 4, 3, 2, 1, 1, 1, 1, 1, 0))
    groups = tuple(Group((name,), counts) for name in NAMES)
    total = Counts(9 * len(NAMES), tuple(len(NAMES) * count for count in counts.slots))
    card = table_card(replace(nine, result=Result(total, CLOSED, groups)))

    messages = slack.to_messages(card, ())
    assert len(messages) > 1
    assert [problem for blocks in messages for problem in check_blocks(blocks, "message")] == []
    assert view_problems(slack_forms.card_view(card, []), "modal") == []


def test_without_a_result_there_is_no_table() -> None:
    with pytest.raises(ValueError, match="without a result"):
        poll_table(replace(POLLS["single"], result=None))
