"""The checks name problems and never break, whatever they are given."""

from __future__ import annotations

import copy
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.standin.slack import SlackError
from bot.standin.slack.api.arguments import read_arguments
from bot.standin.slack.api.table import METHODS
from bot.standin.slack.limits.manifest import manifest_problems
from bot.standin.slack.limits.messages import check_message, message_block_problems
from bot.standin.slack.limits.views import view_problems
from tests.standin.broken_calls import GOOD

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
LIKELY: list[Any] = [None, True, 3, "x", "", [], {}, [1], [[1]], [{}], {"type": 5}, {"type": []}, "x" * 5000]


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All places inside a JSON value."""
    if isinstance(value, dict):
        inner = [place for key, entry in value.items() for place in places(entry, (*at, key))]
    elif isinstance(value, list):
        inner = [place for index, entry in enumerate(value) for place in places(entry, (*at, index))]
    else:
        inner = []
    return ([at] if at else []) + inner


def spoilt(value: Any, chance: random.Random, junk: Any) -> Any:
    """The value with junk at one place."""
    copied = copy.deepcopy(value)
    *way, last = chance.choice(places(copied))
    holder = copied
    for step in way:
        holder = holder[step]
    holder[last] = junk
    return copied


@settings(deadline=None)  # A busy machine is not a mistake.
@given(st.sampled_from(sorted(GOOD)), st.randoms(use_true_random=False), JUNK)
def test_good_calls_with_junk_inside(name: str, chance: random.Random, junk: Any) -> None:
    args = spoilt(GOOD[name][1], chance, junk)
    view = args.get("view")
    for surface in ("modal", "home"):
        assert all(isinstance(problem, str) for problem in view_problems(view, surface))
    assert all(isinstance(problem, str) for problem in message_block_problems(args.get("blocks")))


@settings(deadline=None)  # A busy machine is not a mistake.
@given(st.sampled_from(sorted(GOOD)), st.randoms(use_true_random=False))
def test_good_calls_with_likely_mistakes_inside(name: str, chance: random.Random) -> None:
    args = GOOD[name][1]
    for _ in range(5):
        args = spoilt(args, chance, chance.choice(LIKELY))
        assert isinstance(view_problems(args.get("view"), "modal"), list)
        assert isinstance(message_block_problems(args.get("blocks")), list)


@settings(deadline=None)  # A busy machine is not a mistake.
@given(JUNK)
def test_junk_instead_of_a_message_a_view_or_a_manifest(junk: Any) -> None:
    assert view_problems(junk, "modal")
    assert view_problems(junk, "home")
    assert manifest_problems(junk)
    assert list(message_block_problems(junk)) or junk == []


@settings(deadline=None)  # A busy machine is not a mistake.
@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(["channel", "ts", "users"]), JUNK))
def test_junk_instead_of_arguments(method: str, given_arguments: dict[str, Any]) -> None:
    known = METHODS[method]
    try:
        read = read_arguments(given_arguments, known.known, known.needs)
    except SlackError as refusal:
        assert refusal.code == "invalid_arguments"  # noqa: PT017
    else:
        assert set(read) <= set(known.known)


@settings(deadline=None)  # A busy machine is not a mistake.
@given(JUNK, JUNK, JUNK)
def test_junk_instead_of_what_a_message_is_made_of(text: Any, blocks: Any, metadata: Any) -> None:
    try:
        read = read_arguments(
            {"channel": "C1", "text": text, "blocks": blocks, "metadata": metadata},
            METHODS["chat.postMessage"].known,
            ("channel",),
        )
        check_message(read)
    except SlackError as refusal:
        assert refusal.code  # noqa: PT017
