"""The way of a log line: gather, strip, let through what is declared, write down."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor

from bot.logs.failures import failure
from bot.logs.fields import FIELDS, is_event

Form = Literal["json", "text"]
_ALWAYS = {"event", "level", "timestamp"}


class Undeclared(Exception):
    """A log line has an event or a field that is not declared; raised in tests only."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Who is told of each field left out, and of each line written with its level."""

    dropped: Callable[[], object] = lambda: None
    wrote: Callable[[str], object] = lambda _: None


def processors(form: Form, counts: Counts, *, strict: bool) -> list[Processor]:
    """List the steps of a line, in order; see :func:`bot.logs.configure` for the arguments."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_messages,
        _AllowList(strict, counts.dropped),
        _counting(counts.wrote),
        _as_json if form == "json" else _as_text,
    ]


@dataclass(frozen=True, slots=True)
class _AllowList:
    """Lets through what is declared and looks as declared."""

    strict: bool
    dropped: Callable[[], object]

    def __call__(self, _: object, __: str, line: EventDict) -> EventDict:
        kept = {name: _plain(value) for name, value in line.items() if self._may_stand(name, value)}
        if not is_event(kept.get("event")):
            self._complain("an event that is not a fixed snake_case word")
            kept["event"] = "undeclared_event"
        lost = len(line) - len(kept)
        return kept | ({"dropped": lost} if lost else {})

    def _may_stand(self, name: str, value: object) -> bool:
        if name in _ALWAYS:
            return True
        looks = FIELDS.get(name)
        if looks is not None and (value is None or looks(_plain(value))):
            return True
        self._complain(f"the field {name}" if looks is None else f"a value of {name} of another kind")
        return False

    def _complain(self, what: str) -> None:
        self.dropped()
        if self.strict:
            raise Undeclared(f"{what}: declare it in bot/logs/fields.py or leave it out")


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


def _without_messages(_: object, __: str, line: EventDict) -> EventDict:
    """Put class and place of an exception where its message and local variables would have been."""
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    return {**failure(error), **line} if isinstance(error, BaseException) else line


def _counting(wrote: Callable[[str], object]) -> Processor:
    def count(_: object, __: str, line: EventDict) -> EventDict:
        wrote(line["level"])
        return line

    return count


def _as_json(_: object, __: str, line: EventDict) -> str:
    head = {name: line[name] for name in ("timestamp", "level", "event")}
    return json.dumps({**head, **line}, default=str)


def _as_text(_: object, __: str, line: EventDict) -> str:
    rest = [f"{name}={_shown(value)}" for name, value in line.items() if name not in _ALWAYS]
    return " ".join([line["timestamp"], line["level"].ljust(7), line["event"], *rest])


def _shown(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
