"""The second opinion: the validators of Slack's own Python SDK, run over the same blocks and views."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

_BROKEN = (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError)


def sdk_problems(blocks: Any, at: str = "/blocks") -> Iterator[str]:
    """What ``slack_sdk.models`` finds wrong with a list of blocks, deep parts included."""
    if not isinstance(blocks, list):
        yield f"must be an array [json-pointer:{at}]"
        return
    for index, entry in enumerate(blocks):
        yield from _problem_of(entry, f"{at}/{index}")


def sdk_view_problems(view: Any) -> Iterator[str]:
    """What ``slack_sdk.models`` finds wrong with a view, its blocks left out."""
    try:
        View(
            **{key: value for key, value in view.items() if key != "blocks"}, blocks=[{"type": "divider"}]
        ).to_dict()
    except _BROKEN as problem:
        yield f"{problem} [json-pointer:/view]"


def _problem_of(entry: Any, at: str) -> Iterator[str]:
    try:
        parsed = Block.parse(copy.deepcopy(entry))
        if parsed is None:
            yield f"unsupported type [json-pointer:{at}]"
        else:
            parsed.to_dict()
    except _BROKEN as problem:
        yield f"{problem} [json-pointer:{at}]"
