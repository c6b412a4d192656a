"""The checks see what Slack would refuse, and let pass what it takes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.standin.slack import Call
from bot.standin.slack.limits.sdk import sdk_problems
from tests.node.typed_calls import type_problems
from tests.standin.broken_calls import BROKEN, GOOD
from tests.standin.conftest import Clinic


async def _answer(clinic: Clinic, method: str, args: dict[str, Any]) -> str:
    """The stand-in's error for one call, or nothing."""
    names = {"ROOM": clinic.room.id, "EVA": clinic.eva.id}
    args = {key: names.get(value, value) if isinstance(value, str) else value for key, value in args.items()}
    if "trigger_id" in args:
        args["trigger_id"] = clinic.workspace.stage.trigger(clinic.eva.id)
    clinic.slack.rates.on = False
    try:
        await clinic.client.api_call(method, json=copy.deepcopy(args))
    except SlackApiError as refusal:
        return str(refusal.response["error"])
    return ""


@pytest.mark.parametrize("name", GOOD)
async def test_the_standin_takes_what_is_good(clinic: Clinic, name: str) -> None:
    assert await _answer(clinic, *GOOD[name]) == ""


@pytest.mark.parametrize("name", BROKEN)
async def test_the_standin_refuses_what_is_broken(clinic: Clinic, name: str) -> None:
    refusals = ("invalid_blocks", "invalid_arguments", "invalid_metadata_format")
    assert await _answer(clinic, *BROKEN[name]) in refusals
    assert (clinic.eva.channel(clinic.room), clinic.eva.modal, clinic.eva.home) == ([], None, None)


def test_the_sdk_is_a_second_opinion_of_its_own() -> None:
    posts = {name: args["blocks"] for name, (method, args) in BROKEN.items() if "blocks" in args}
    seen = {name for name, blocks in posts.items() if list(sdk_problems(blocks))}
    assert {"unknown block", "section without text", "section too long", "long header", "26 buttons"} <= seen


def _calls(named: dict[str, tuple[str, dict[str, Any]]]) -> list[Call]:
    return [Call(method, "T", args, ok=True, error="", at=0.0) for method, args in named.values()]


@pytest.mark.node
def test_slacks_types_take_what_is_good_and_see_some_of_what_is_broken() -> None:
    good, broken = _calls(GOOD), _calls(BROKEN)
    problems = type_problems([*good, *broken])
    assert {list(GOOD)[number]: told for number, told in problems.items() if number < len(good)} == {}
    seen = {list(BROKEN)[number - len(good)] for number in problems}
    assert {
        "unknown block",
        "unknown element",
        "marked header",
        "button in context",
        "modal without title",
    } <= seen


@pytest.mark.node
def test_a_misnamed_argument_is_seen_by_the_types() -> None:
    call = Call("chat.update", "T", {"channel": "C1", "ts": "1.0", "txt": "x"}, ok=True, error="", at=0.0)
    assert list(type_problems([call])) == [0]
