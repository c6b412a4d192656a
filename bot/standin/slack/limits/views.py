"""Modals and Home tabs: titles, hidden data and size, around their blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .blocks import check_blocks
from .rules import Rule, flag, one_of, shape, string, text
from .sdk import sdk_problems, sdk_view_problems

MOST_BYTES = 250_000


def _blocks_elsewhere(value: Any, at: str) -> Iterator[str]:
    """Blocks are checked on their own, for their surface."""
    if not isinstance(value, list) or not value:
        yield f"must have at least one block [json-pointer:{at}]"


_common: dict[str, Rule] = {
    "callback_id": string(255),
    "private_metadata": string(3000, 0),
    "external_id": string(255),
}
_modal = shape(
    {"type": one_of("modal"), "title": text(24, plain_only=True), "blocks": _blocks_elsewhere},
    {
        **_common,
        "close": text(24, plain_only=True),
        "submit": text(24, plain_only=True),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_home = shape({"type": one_of("home"), "blocks": _blocks_elsewhere}, _common)


def view_problems(view: Any, surface: str) -> list[str]:
    """All problems of a view meant for ``modal`` or ``home``."""
    if not isinstance(view, dict):
        return ["must be an object [json-pointer:/view]"]
    problems = list((_modal if surface == "modal" else _home)(view, "/view"))
    blocks = view.get("blocks", [])
    problems += check_blocks(blocks, surface, "/view/blocks")
    if not problems:
        problems += [*sdk_problems(blocks, "/view/blocks"), *sdk_view_problems(view)]
    if not problems and surface == "modal" and "submit" not in view and _has_input(blocks):
        problems.append("submit is needed when there are input blocks [json-pointer:/view/submit]")
    return problems


def too_large(view: Any) -> bool:
    """Whether a view is bigger than Slack takes."""
    return len(json.dumps(view).encode()) > MOST_BYTES


def _has_input(blocks: list[dict[str, Any]]) -> bool:
    return any(entry.get("type") == "input" for entry in blocks)
