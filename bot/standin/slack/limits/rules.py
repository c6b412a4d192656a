"""Building blocks of a description: each rule looks at a value and names what is wrong, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Rule: TypeAlias = Callable[[Any, str], Iterator[str]]


def string(most: int, least: int = 1, pattern: str = "") -> Rule:
    """A text of ``least`` to ``most`` characters, matching ``pattern`` as a whole if there is one."""
    wanted = re.compile(pattern, re.DOTALL) if pattern else None

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"must be a string [json-pointer:{at}]"
        elif len(value) < least:
            yield f"must be more than {least - 1} characters [json-pointer:{at}]"
        elif len(value) > most:
            yield f"must be less than {most + 1} characters [json-pointer:{at}]"
        elif wanted and not wanted.fullmatch(value):
            yield f"must match the wanted form [json-pointer:{at}]"

    return check


def flag(value: Any, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield f"must be a boolean [json-pointer:{at}]"


def whole(low: int, high: int) -> Rule:
    """A whole number between two bounds, both included."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"must be an integer [json-pointer:{at}]"
        elif not low <= value <= high:
            yield f"must be between {low} and {high} [json-pointer:{at}]"

    return check


def one_of(*allowed: str) -> Rule:
    """One of a few words."""

    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield f"must be one of {', '.join(allowed)} [json-pointer:{at}]"

    return check


def items(rule: Rule, least: int, most: int) -> Rule:
    """A list of ``least`` to ``most`` entries, each following ``rule``."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"must be an array [json-pointer:{at}]"
            return
        if len(value) < least:
            yield f"no fewer than {least} items allowed [json-pointer:{at}]"
        if len(value) > most:
            yield f"no more than {most} items allowed [json-pointer:{at}]"
        for index, entry in enumerate(value):
            yield from rule(entry, f"{at}/{index}")

    return check


def shape(needs: Mapping[str, Rule], may: Mapping[str, Rule] | None = None) -> Rule:
    """An object with the fields of ``needs``, perhaps those of ``may``, and no others."""
    known = {**needs, **(may or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"must be an object [json-pointer:{at}]"
            return
        for name in needs:
            if name not in value:
                yield f"missing required field: {name} [json-pointer:{at}]"
        for name, entry in value.items():
            if name not in known:
                yield f"invalid additional property: {name} [json-pointer:{at}]"
            else:
                yield from known[name](entry, f"{at}/{name}")

    return check


def exactly_one(*names: str) -> Rule:
    """An object that has one, and only one, of these fields."""

    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and sum(name in value for name in names) != 1:
            yield f"must have exactly one of {', '.join(names)} [json-pointer:{at}]"

    return check


def any_of(*names: str) -> Rule:
    """An object that has at least one of these fields."""

    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not any(value.get(name) for name in names):
            yield f"must have at least one of {', '.join(names)} [json-pointer:{at}]"

    return check


def both(*rules: Rule) -> Rule:
    """Every one of these rules, in turn; the first that finds something ends it."""

    def check(value: Any, at: str) -> Iterator[str]:
        for rule in rules:
            problems = list(rule(value, at))
            yield from problems
            if problems:
                return

    return check


def by_type(kinds: Callable[[], Mapping[str, Rule]], *allowed: str) -> Rule:
    """An object whose ``type`` picks the rule, from ``allowed`` kinds only."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in allowed or kind not in kinds():
            yield f"unsupported type: {kind} [json-pointer:{at}]"
        else:
            yield from kinds()[kind](value, at)

    return check


def text(most: int, *, plain_only: bool = False) -> Rule:
    """A text object of 1 to ``most`` characters."""
    plain = shape({"type": one_of("plain_text"), "text": string(most)}, {"emoji": flag})
    marked = shape({"type": one_of("mrkdwn"), "text": string(most)}, {"verbatim": flag})

    def check(value: Any, at: str) -> Iterator[str]:
        is_marked = isinstance(value, dict) and value.get("type") == "mrkdwn"
        if is_marked and plain_only:
            yield f"must be plain_text [json-pointer:{at}]"
        yield from (marked if is_marked else plain)(value, at)

    return check
