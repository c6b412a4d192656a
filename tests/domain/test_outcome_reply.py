"""Replies to being asked what it was in the end, as physicians type them."""

from __future__ import annotations

import pytest

from bot.domain.outcome_reply import parse_reply
from bot.domain.outcome_text import WrittenOutcome
from bot.domain.outcomes import Certainty
from bot.domain.refusal import Refused

CONFIRMED, PROBABLE, UNKNOWN = Certainty.CONFIRMED, Certainty.PROBABLE, Certainty.UNKNOWN


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("gout", WrittenOutcome(PROBABLE, "gout")),
        ("Gout.", WrittenOutcome(PROBABLE, "Gout")),
        ("It was gout in the end.", WrittenOutcome(PROBABLE, "gout")),
        ("It turned out to be gout", WrittenOutcome(PROBABLE, "gout")),
        ("She had lichen planus after all", WrittenOutcome(PROBABLE, "lichen planus")),
        ("Most likely gout.", WrittenOutcome(PROBABLE, "gout")),
        ("Final diagnosis: pyoderma gangrenosum", WrittenOutcome(PROBABLE, "pyoderma gangrenosum")),
        ("Gout. Crystals in the tap.", WrittenOutcome(PROBABLE, "Gout", "Crystals in the tap.")),
        ("Gout; confirmed by a tap", WrittenOutcome(CONFIRMED, "Gout", "confirmed by a tap")),
        ("Gout, not confirmed", WrittenOutcome(PROBABLE, "Gout, not confirmed")),
        ("confirmed gout how: a tap lesson: tap", WrittenOutcome(CONFIRMED, "gout", "a tap", "tap")),
        ("Confirmed: gout", WrittenOutcome(CONFIRMED, "gout")),
        ("probable gout", WrittenOutcome(PROBABLE, "gout")),
        ("gout how: a tap lesson: tap early", WrittenOutcome(PROBABLE, "gout", "a tap", "tap early")),
        ("unknown", WrittenOutcome(UNKNOWN, "")),
        ("We never found out.", WrittenOutcome(UNKNOWN, "", "We never found out.")),
        ("Lost to follow-up", WrittenOutcome(UNKNOWN, "", "Lost to follow-up")),
        ("We don’t know.", WrittenOutcome(UNKNOWN, "", "We don't know.")),
        ("2 weeks later: gout", WrittenOutcome(PROBABLE, "2 weeks later: gout")),
    ],
)
def test_what_a_reply_tells(text: str, told: WrittenOutcome) -> None:
    assert parse_reply(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "ok",
        "Not yet",
        "Still waiting for the biopsy",
        "We don't know yet",
        "Pending",
        "Which case?",
        "no results yet",
        "Nothing yet.",
        "Ask me again next month",
        "🤷",
        "It was",
        "It was not gout",
    ],
)
def test_what_a_reply_does_not_tell(text: str) -> None:
    assert parse_reply(text) is None


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(Refused, match="too_long"):
        parse_reply("a long course " * 20)
    with pytest.raises(Refused, match="too_long"):
        parse_reply("Gout. " + "She came back. " * 30)
