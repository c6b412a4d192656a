"""Filling in: what a person types or picks, checked as Slack's own client would, and told as state values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ..limits.blocks import elements_of
from ..wire import Json

_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_FIELD = {
    **dict.fromkeys(_TEXTS, "value"),
    "static_select": "selected_option",
    "external_select": "selected_option",
    "overflow": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}
_INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    **{
        field: field.replace("selected", "initial")
        for field in _FIELD.values()
        if field.startswith("selected")
    },
}


class NotOffered(Exception):
    """The person tried what the screen does not offer: no such field, button or option."""


def fillable(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """All (block, element) pairs that hold a value."""
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in _FIELD and element["type"] != "overflow":
                yield block, element


def field_named(blocks: list[Json], name: str) -> tuple[Json, Json]:
    """The one field with this action_id or block_id; NotOffered when there is none, or several."""
    pairs = [(block, element) for block, element in fillable(blocks) if name == element.get("action_id")]
    pairs = pairs or [
        (block, element) for block, element in fillable(blocks) if name == block.get("block_id")
    ]
    if len(pairs) != 1:
        there = [f"{block.get('block_id')}/{element.get('action_id')}" for block, element in fillable(blocks)]
        raise NotOffered(f"{len(pairs)} fields are called {name}; there are {there}")
    return pairs[0]


def acted_on(blocks: list[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    """The element a person acts on; by value as well when several share an action_id."""
    pairs = [(block, each) for block in blocks for each in elements_of(block)]
    found = [pair for pair in pairs if pair[1].get("action_id") == action_id]
    if value is not None:
        found = [pair for pair in found if pair[1].get("value") == value]
    if len(found) != 1:
        there = [f"{each.get('action_id')}={each.get('value', '')}" for _, each in pairs]
        raise NotOffered(f"{len(found)} elements match {action_id}={value}; there are {there}")
    return found[0]


def state_value(element: Json, given: Any) -> Json:
    """The state entry for what a person put into an element; ``None`` empties it."""
    field = _FIELD[element["type"]]
    if field in ("selected_option", "selected_options"):
        given = _picked(element, given)
    if given is None and field.endswith("s"):
        given = []
    entry: Json = {"type": element["type"], field: given}
    return entry


def first_value(element: Json) -> Json:
    """The state entry before anybody touched the element."""
    field = _FIELD[element["type"]]
    initial = element.get(_INITIAL.get(field, ""))
    if initial is None and field.endswith("s"):
        initial = []
    return {"type": element["type"], field: initial}


def complete_state(blocks: list[Json], values: dict[str, Json]) -> dict[str, Json]:
    """All fields of a view with what was filled in, or with what they start with."""
    state: dict[str, Json] = {}
    for block, element in fillable(blocks):
        there = values.get(block["block_id"], {}).get(element["action_id"])
        state.setdefault(block["block_id"], {})[element["action_id"]] = there or first_value(element)
    return state


def input_problems(blocks: list[Json], state: dict[str, Json]) -> dict[str, str]:
    """What Slack's client would say under each field instead of sending the form."""
    problems: dict[str, str] = {}
    for block, element in fillable(blocks):
        if block["type"] != "input":
            continue
        value = _held(element, state[block["block_id"]][element["action_id"]])
        if value in (None, "", []):
            if not block.get("optional"):
                problems[block["block_id"]] = "Please complete this required field."
            continue
        complaint = _complaint(element, value)
        if complaint:
            problems[block["block_id"]] = complaint
    return problems


def _held(element: Json, entry: Json) -> Any:
    return entry.get(_FIELD[element["type"]])


def _complaint(element: Json, value: Any) -> str:
    check = _CHECKS.get(element["type"])
    return check(element, value) if check else ""


def _text_complaint(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters."
    return f"Must be {most} characters or fewer." if len(value) > most else ""


def _email_complaint(element: Json, value: str) -> str:
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value) else "Please enter a valid email address."


def _url_complaint(element: Json, value: str) -> str:
    return "" if re.fullmatch(r"https?://\S+", value) else "Please enter a valid URL."


def _number_complaint(element: Json, value: str) -> str:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    number = float(value)
    below = "min_value" in element and number < float(element["min_value"])
    above = "max_value" in element and number > float(element["max_value"])
    return "The number is out of range." if below or above else ""


def _count_complaint(element: Json, value: list[Any]) -> str:
    most = element.get("max_selected_items", len(value))
    return f"Select no more than {most}." if len(value) > most else ""


def _files_complaint(element: Json, value: list[Json]) -> str:
    if len(value) > element.get("max_files", 10):
        return f"No more than {element.get('max_files', 10)} files."
    kinds = element.get("filetypes")
    wrong = [file["name"] for file in value if kinds and file["filetype"] not in kinds]
    too_big = [file["name"] for file in value if file["size"] > 10_000_000]
    return f"These files cannot be used: {', '.join(wrong + too_big)}" if wrong or too_big else ""


_CHECKS: dict[str, Callable[[Json, Any], str]] = {
    "plain_text_input": _text_complaint,
    "email_text_input": _email_complaint,
    "url_text_input": _url_complaint,
    "number_input": _number_complaint,
    "multi_static_select": _count_complaint,
    "file_input": _files_complaint,
}


def _picked(element: Json, given: Any) -> Any:
    """The options a person picked, by their values; NotOffered when the menu has no such value."""
    if given is None:
        return None
    groups = element.get("option_groups", [])
    options = element.get("options", []) + [option for group in groups for option in group["options"]]
    offered = {option["value"]: option for option in options}
    wanted = given if isinstance(given, list) else [given]
    missing = [value for value in wanted if value not in offered]
    if missing:
        raise NotOffered(f"{missing} are not among {sorted(offered)}")
    return [offered[value] for value in wanted] if isinstance(given, list) else offered[given]


def action_told(block: Json, element: Json, entry: Json, action_ts: str) -> Json:
    """The ``actions`` entry of a click or a choice; ``entry`` is empty for a button."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    for field in ("text", "value", "style", "placeholder", "url"):
        if field in element:
            action[field] = element[field]
    return action | entry
