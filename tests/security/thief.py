"""A thief of the disk without the key: reads files as SQLite lays them out, and guesses who is who.

Every order that a file shows (of rows, of pages and cells, of overflow pages, of frames in the log) is laid
beside every order of members; each pair of orders votes for the pairs it makes, and the votes decide.
"""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

_LEAF, _INTERIOR = 10, 2
_FRAME_HEAD, _LOG_HEAD = 24, 32


@dataclass(frozen=True)
class Cell:
    """Where one row of a table without row ids lies: page, offset there, and first overflow page."""

    key: bytes
    page: int
    offset: int
    overflow: int
    size: int


def cells(path: Path, table: str) -> list[Cell]:
    """Walk the tree of a table without row ids, in the order of its keys, from the raw bytes of the file."""
    data = path.read_bytes()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        (root,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    size = struct.unpack(">H", data[16:18])[0]
    return list(_walk(data, size, root))


def _walk(data: bytes, size: int, number: int) -> Iterator[Cell]:
    start = (number - 1) * size
    page = data[start : start + size]
    head = 100 if number == 1 else 0
    kind, count = page[head], struct.unpack(">H", page[head + 3 : head + 5])[0]
    assert kind in (_LEAF, _INTERIOR)
    first = head + (8 if kind == _LEAF else 12)
    for place in range(count):
        (offset,) = struct.unpack(">H", page[first + 2 * place : first + 2 * place + 2])
        at = offset
        if kind == _INTERIOR:
            yield from _walk(data, size, struct.unpack(">I", page[at : at + 4])[0])
            at += 4
        yield _cell(page, size, number, offset, at)
    if kind == _INTERIOR:
        yield from _walk(data, size, struct.unpack(">I", page[head + 8 : head + 12])[0])


def _cell(page: bytes, size: int, number: int, offset: int, at: int) -> Cell:
    payload, at = _varint(page, at)
    local = _local(payload, size)
    overflow = struct.unpack(">I", page[at + local : at + local + 4])[0] if local < payload else 0
    return Cell(_first_value(page[at : at + local]), number, offset, overflow, payload)


def _local(payload: int, size: int) -> int:
    """Say how much of a row lies in its page; the rest lies in overflow pages."""
    most, least = (size - 12) * 64 // 255 - 23, (size - 12) * 32 // 255 - 23
    if payload <= most:
        return payload
    fitting = least + (payload - least) % (size - 4)
    return fitting if fitting <= most else least


def _first_value(record: bytes) -> bytes:
    head, at = _varint(record, 0)
    kind, _ = _varint(record, at)
    length = (kind - 12) // 2 if kind >= 12 else 0
    return record[head : head + length]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(9):
        byte = data[at + step]
        if step == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            return value, at + step + 1
    raise AssertionError("unreachable")


def log_order(path: Path, keys: Sequence[bytes]) -> list[bytes]:
    """Order keys by the frame of the write-ahead log in which each of them appears first."""
    log = Path(f"{path}-wal")
    data = log.read_bytes() if log.exists() else b""
    seen = {key: at for key in keys if (at := data.find(key, _LOG_HEAD)) >= 0}
    return sorted(seen, key=seen.__getitem__)


def byte_order(path: Path, keys: Sequence[bytes]) -> list[bytes]:
    """Order keys by where each of them stands first in the raw bytes of the file."""
    data = path.read_bytes()
    return sorted((key for key in keys if key in data), key=data.find)


def orders_of(path: Path, table: str) -> dict[str, list[bytes]]:
    """Give the keys of a table in every order that its file shows."""
    found = cells(path, table)
    keys = [cell.key for cell in found]
    return {
        "rows": keys,
        "overflow pages": [cell.key for cell in sorted(found, key=lambda one: one.overflow)],
        "cells": [cell.key for cell in sorted(found, key=lambda one: (one.page, -one.offset))],
        "cells alone": [cell.key for cell in sorted(found, key=lambda one: -one.offset)],
        "sizes": [cell.key for cell in sorted(found, key=lambda one: (one.size, one.page, one.offset))],
        "bytes": byte_order(path, keys),
        "log": log_order(path, keys),
    }


def guesses(
    identities: dict[str, list[bytes]], members: dict[str, list[bytes]]
) -> dict[tuple[str, str], dict[bytes, bytes]]:
    """Lay every order of identities beside every order of members, forwards and backwards."""
    return {
        (one, f"{other}{' backwards' if turned else ''}"): dict(
            zip(identities[one], reversed(members[other]) if turned else members[other], strict=False)
        )
        for one, other, turned in product(identities, members, (False, True))
    }


_LIKELY = {("overflow pages", "told"): 9, ("cells", "told"): 4, ("log", "told"): 4, ("log", "log"): 4}
"""What a thief who knows SQLite believes most: pages are given out in turn, and so are messages."""


def verdict(guessed: dict[tuple[str, str], dict[bytes, bytes]]) -> dict[bytes, bytes]:
    """Let all guesses vote, and give each identity the member that most of them name, each member once."""
    votes = Counter[tuple[bytes, bytes]]()
    for orders, guess in guessed.items():
        votes.update(dict.fromkeys(guess.items(), _LIKELY.get(orders, 1)))
    named: dict[bytes, bytes] = {}
    taken: set[bytes] = set()
    for (identity, member), _ in votes.most_common():
        if identity not in named and member not in taken:
            named[identity] = member
            taken.add(member)
    return named


def right(guess: dict[bytes, bytes], truth: dict[bytes, bytes]) -> int:
    """Count the identities that a guess names rightly."""
    return sum(truth.get(identity) == member for identity, member in guess.items())
