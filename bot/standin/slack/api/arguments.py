"""Arguments of a call: gathered from JSON, form or query, and read as the kind each name stands for."""

from __future__ import annotations

import json
import re
from typing import Any

from ..wire import Json, SlackError

FLAGS = frozenset(
    [
        "as_user",
        "unfurl_links",
        "unfurl_media",
        "mrkdwn",
        "link_names",
        "reply_broadcast",
        "return_im",
        "include_locale",
        "force",
        "include_num_members",
        "inclusive",
        "include_all_metadata",
        "exclude_archived",
        "prevent_creation",
        "test",
        "show_files_hidden_by_limit",
    ]
)
NUMBERS = frozenset({"limit", "count", "page", "length"})
OBJECTS = frozenset({"view", "metadata", "manifest", "message"})
LISTS = frozenset({"blocks", "attachments", "files"})
WORD_LISTS = frozenset({"users", "types", "channels", "file_ids"})
TIMES = frozenset({"ts", "thread_ts", "timestamp", "message_ts", "oldest", "latest"})


def read_arguments(given: Json, known: frozenset[str], needed: tuple[str, ...]) -> Json:
    """The arguments in their proper kinds; SlackError ``invalid_arguments`` names what is wrong."""
    present = {name: value for name, value in given.items() if value is not None and value != ""}
    problems = [f"unknown argument: {name}" for name in sorted(set(given) - known)]
    problems += [f"missing required field: {name}" for name in needed if name not in present]
    read: Json = {}
    for name in sorted(set(present) & known):
        try:
            read[name] = _read(name, present[name])
        except ValueError as problem:
            problems.append(f"{name}: {problem}")
    if problems:
        raise SlackError.with_messages("invalid_arguments", problems)
    return read


def _read(name: str, value: Any) -> Any:
    if name in FLAGS:
        return _flag(value)
    if name in NUMBERS:
        return _number(value)
    if name in OBJECTS:
        return _structure(value, dict)
    if name in LISTS:
        return _structure(value, list)
    if name in WORD_LISTS:
        return _words(value)
    if not isinstance(value, str):
        raise ValueError("must be a string")  # noqa: TRY004  (one kind of error for all wrong arguments)
    if name in TIMES and not re.fullmatch(r"\d+(\.\d+)?", value):
        raise ValueError("must be a message time")
    return value


def _flag(value: Any) -> bool:
    words = {"1": True, "true": True, "0": False, "false": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() in words:
        return words[str(value).lower()]
    raise ValueError("must be a boolean")


def _number(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+", str(value)):
        raise ValueError("must be an integer")
    return int(value)


def _structure(value: Any, kind: type) -> Any:
    parsed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(parsed, kind):
        raise ValueError("must be an object" if kind is dict else "must be an array")  # noqa: TRY004
    return parsed


def _words(value: Any) -> list[str]:
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError("must be a list separated by commas")
    return [word.strip() for word in words if word.strip()]
