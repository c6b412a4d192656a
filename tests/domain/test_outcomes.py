"""Outcomes as values: how they are typed, when authors are asked, what a record adds up to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.opinions import Confidence
from bot.domain.outcome_text import WrittenOutcome, parse_outcome, stops_asking
from bot.domain.outcomes import Certainty, Record, Reminder, Scored, first_reminder, record_of
from bot.domain.refusal import Refused

ENDED = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("confirmed gout", WrittenOutcome(Certainty.CONFIRMED, "gout")),
        ("Confirmed: gout.", WrittenOutcome(Certainty.CONFIRMED, "gout")),
        ("PROBABLE\ngout HOW: a tap", WrittenOutcome(Certainty.PROBABLE, "gout", "a tap")),
        (
            "confirmed gout lesson: tap early; how: a tap",
            WrittenOutcome(Certainty.CONFIRMED, "gout", "a tap", "tap early"),
        ),
        ("unknown", WrittenOutcome(Certainty.UNKNOWN, "")),
        ("unknown, lesson: some things pass", WrittenOutcome(Certainty.UNKNOWN, "", "", "some things pass")),
    ],
)
def test_an_outcome_is_read_as_it_is_typed(text: str, written: WrittenOutcome) -> None:
    assert parse_outcome(text) == written


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gout", "certainty"),
        ("maybe gout", "certainty"),
        ("confirmed", "no_diagnosis"),
        ("probable ?!", "no_diagnosis"),
    ],
)
def test_what_is_not_clear_is_asked_back(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_outcome(text)
    assert refused.value.code == code


@pytest.mark.parametrize("words", ["stop", "Don't ask again", "don’t ask.", "dont ask again"])
def test_the_questions_can_be_stopped_in_words(words: str) -> None:
    assert stops_asking(words)
    assert not stops_asking(f"confirmed {words}")


def test_authors_are_asked_after_3_14_and_60_days() -> None:
    days: list[tuple[int, int]] = []
    reminder: Reminder | None = first_reminder("c3", ENDED)
    while reminder is not None:
        days.append((reminder.asked, (reminder.next_at - ENDED).days))
        reminder = reminder.following(reminder.next_at)
    assert days == [(0, 3), (1, 14), (2, 60)]


def test_what_went_by_during_a_stop_is_asked_once_and_a_clock_set_back_asks_nothing_again() -> None:
    late = first_reminder("c3", ENDED).following(ENDED + timedelta(days=21))
    assert late is not None
    assert (late.asked, late.next_at) == (1, ENDED + timedelta(days=60))
    early = first_reminder("c3", ENDED).following(ENDED + timedelta(days=2))
    assert early is not None
    assert early.next_at == ENDED + timedelta(days=14)
    assert first_reminder("c3", ENDED).following(ENDED + timedelta(days=90)) is None


def test_a_record_counts_first_places_the_first_three_and_each_word() -> None:
    likely, unsure = Confidence.LIKELY, Confidence.UNSURE
    scored = (Scored(1, likely), Scored(3, likely), Scored(4, unsure), Scored(0), Scored(1))
    assert record_of(scored) == Record(5, 2, 3, ((likely, 1, 2), (unsure, 0, 1)))
    assert record_of(()) == Record(0, 0, 0)
