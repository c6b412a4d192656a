"""Shapes: how values become plain JSON values and are read again, strictly and without magic."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

VERSION: Final = 1

Value: TypeAlias = Any
"""A value that nobody checked yet, or the JSON form of one."""

T = TypeVar("T")


class PayloadRefused(ValueError):
    """These bytes are not what was asked for; the message names a place in them and never their content."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of value is written as JSON values and read again."""

    write: Callable[[Value], Value]
    read: Callable[[Value], Value]


def refuse(what: str) -> PayloadRefused:
    """Make the refusal of a payload; ``what`` must not quote it."""
    return PayloadRefused(f"the payload holds {what}")


def exactly(kind: type) -> Shape:
    """Values of one JSON type as they are."""

    def read(value: Value) -> Value:
        # `type` and not `isinstance`: in JSON a truth value is no number.
        if type(value) is not kind:
            raise refuse(f"something else where a value of type {kind.__name__} belongs")
        return value

    return Shape(lambda value: value, read)


def one_of(*words: str) -> Shape:
    """One of a few fixed words."""

    def read(value: Value) -> Value:
        if value not in words:
            raise refuse(f"a word that is none of {', '.join(words)}")
        return value

    return Shape(lambda value: value, read)


def word_of(kind: type[StrEnum]) -> Shape:
    """A member of an enumeration, by its value."""
    known = one_of(*(member.value for member in kind))
    return Shape(lambda value: value.value, lambda value: kind(known.read(value)))


def each(shape: Shape) -> Shape:
    """A tuple of any length whose items have one shape."""

    def read(value: Value) -> Value:
        if not isinstance(value, list):
            raise refuse("something else where a list belongs")
        return tuple(shape.read(item) for item in value)

    return Shape(lambda value: [shape.write(item) for item in value], read)


def optional(shape: Shape) -> Shape:
    """Something or nothing."""
    return Shape(
        lambda value: None if value is None else shape.write(value),
        lambda value: None if value is None else shape.read(value),
    )


def text_or(other: Shape) -> Shape:
    """A bare string, or something else."""
    return Shape(
        lambda value: value if isinstance(value, str) else other.write(value),
        lambda value: value if isinstance(value, str) else other.read(value),
    )


def record(of: type[Any], **shapes: Shape) -> Shape:
    """A dataclass by its fields.

    A field that has its default is not written, and one that is not there gets its default.
    """
    defaults = {field.name: _default(field) for field in fields(of)}
    required = {name for name, default in defaults.items() if default is MISSING}

    def write(value: Value) -> Value:
        present = {name: getattr(value, name) for name in shapes}
        return {
            name: shapes[name].write(item)
            for name, item in present.items()
            if name in required or item != defaults[name]
        }

    def read(value: Value) -> Value:
        if not isinstance(value, dict):
            raise refuse(f"no {of.__name__} where one belongs")
        if strange := value.keys() - shapes.keys():
            raise refuse(f"{len(strange)} unknown key(s) in a {of.__name__}")
        if missing := required - value.keys():
            raise refuse(f"a {of.__name__} without {', '.join(sorted(missing))}")
        return of(**{name: shapes[name].read(item) for name, item in value.items()})

    return Shape(write, read)


def _default(field: Field[Any]) -> Value:
    return field.default if field.default_factory is MISSING else field.default_factory()


def kinds(**of: tuple[type[Any], Shape]) -> Shape:
    """One of several dataclasses, told apart by the word under ``kind``."""
    words = {kind: word for word, (kind, _) in of.items()}

    def write(value: Value) -> Value:
        word = words[type(value)]
        return {"kind": word, **of[word][1].write(value)}

    def read(value: Value) -> Value:
        word = value.get("kind") if isinstance(value, dict) else None
        if not isinstance(word, str) or word not in of:
            raise refuse(f"a kind that is none of {', '.join(of)}")
        return of[word][1].read({key: item for key, item in value.items() if key != "kind"})

    return Shape(write, read)


def _read_pair(value: Value) -> Value:
    texts = TEXTS.read(value)
    if len(texts) != 2:
        raise refuse("something else where two strings belong")
    return texts


def _read_table(value: Value) -> Value:
    if not isinstance(value, dict):
        raise refuse("something else where a table belongs")
    return {key: TEXT.read(item) for key, item in value.items()}


def _read_numbers(value: Value) -> Value:
    numbers = each(NUMBER).read(value)
    if len(numbers) != 2:
        raise refuse("something else where two numbers belong")
    return numbers


def _read_tables(value: Value) -> Value:
    if not isinstance(value, dict):
        raise refuse("something else where tables belong")
    return {key: TABLE.read(item) for key, item in value.items()}


TEXT: Final = exactly(str)
NUMBER: Final = exactly(int)
TRUTH: Final = exactly(bool)
TEXTS: Final = each(TEXT)
PAIR: Final = Shape(list, _read_pair)
NUMBER_PAIR: Final = Shape(list, _read_numbers)
TABLE: Final = Shape(dict, _read_table)
TABLES: Final = Shape(lambda value: {key: dict(item) for key, item in value.items()}, _read_tables)


def pack(name: str, shape: Shape, value: object) -> bytes:
    """Write a value as JSON bytes that say what they are and in which version."""
    envelope: Mapping[str, Any] = {"v": VERSION, name: shape.write(value)}
    # ASCII escapes carry every string a chat can hold, half a surrogate pair included.
    return json.dumps(envelope, separators=(",", ":")).encode("ascii")


def unpack(name: str, shape: Shape, payload: bytes, kind: type[T]) -> T:
    """Read what :func:`pack` wrote under the same name; raises :class:`PayloadRefused`."""
    try:
        envelope = json.loads(payload)
    except (ValueError, RecursionError):
        raise refuse("no JSON") from None
    if not isinstance(envelope, dict) or envelope.keys() != {"v", name}:
        raise refuse(f"no {name}")
    if envelope["v"] != VERSION:
        raise refuse("another version")
    value = _read_or_refuse(shape, envelope[name])
    if not isinstance(value, kind):
        raise refuse(f"no {name}")
    return value


def _read_or_refuse(shape: Shape, value: Value) -> Value:
    try:
        return shape.read(value)
    except PayloadRefused:
        raise
    except ValueError:
        # A card's own rules (a picture needs an alt text) count as a refusal of the payload too.
        raise refuse("a value that its type does not allow") from None
