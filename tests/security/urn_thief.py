"""A thief of urns: takes every byte below the data folder and, with the keys, opens all that can be opened.

What is looked for is given: the places that sealed values are bound to, the voters' names among them. So the
thief knows more than any real one, who would have to find those out first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from bot.identity.sealing import AesSealer
from bot.ports.sealing import SealBroken
from tests.storage.handed_in import disk

_FORMAT = b"\x01"
_OVERHEAD = 5 + 12 + 48 + 12 + 16
_BLOCK = 512
_MOST = 6
"""Blocks of 512 bytes that a sealed value is looked for in."""


def opened(folder: Path, sealer: AesSealer, places: Collection[str], key_id: bytes = b"") -> dict[str, bytes]:
    """Open whatever lies anywhere in the files, in free pages and logs too, and is bound to these places.

    ``key_id`` is the id that the values bear, where the sealer's key is another.
    """
    found: dict[str, bytes] = {}
    for sealed in _candidates(disk(folder), key_id or sealer.current):
        for place in places:
            try:
                found[place] = sealer.open(sealed, place)
            except SealBroken:
                continue
    return found


def _candidates(data: bytes, key_id: bytes) -> Iterable[bytes]:
    """Give everything that begins as a sealed value does, at each length that it may have."""
    at = data.find(_FORMAT + key_id)
    seen: set[bytes] = set()
    while at >= 0:
        for blocks in range(1, _MOST + 1):
            piece = data[at : at + _OVERHEAD + blocks * _BLOCK]
            if piece not in seen:
                seen.add(piece)
                yield piece
        at = data.find(_FORMAT + key_id, at + 1)


def places(folder: Path) -> set[str]:
    """List the places of every value that a vote could lie in, as the tables name them."""
    with closing(sqlite3.connect(folder / "content.db")) as database:
        polls = [poll for (poll,) in database.execute("SELECT id FROM polls")]
        votes = list(database.execute("SELECT poll, voter FROM ballots"))
        events = [key.hex() for (key,) in database.execute("SELECT key FROM inbox")]
        talks = [key.hex() for (key,) in database.execute("SELECT key FROM dialogs")]
    return {
        *(f"polls|{column}|{poll}" for poll in polls for column in ("urn_key", "tally", "releases")),
        *(f"ballots|sealed|{poll}|{voter}" for poll, voter in votes),
        *(f"inbox|sealed|{key}" for key in events),
        *(f"dialogs|sealed|{key}" for key in talks),
    }
