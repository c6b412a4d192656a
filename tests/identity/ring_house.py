"""A data folder with a key file and its keyring, and processes that die at a numbered step of a rotation."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.identity.keyring import (
    Keyring,
    open_keyring,
)
from bot.identity.keys import create_key_file, load_master_key
from bot.identity.rotation import KeyFiles, Rotated, rotate
from bot.identity.sealing import AesSealer
from storage.vault.keyring import KeyringRows
from tests.storage.handed_in import SeededChance

PLACE, VALUE = "accounts|sealed|00", b"Dr. Planted Example"
NOT_THE_KEY = "^This is not the key of this data folder"


class Died(Exception):
    """The process ended here."""


class Boundary:
    """Lets a rotation live until a numbered step, and die just before or just after it."""

    def __init__(self, last: int | None = None, *, after: bool = False) -> None:
        self.last, self.after, self.steps = last, after, 0

    def _begin(self) -> bool:
        self.steps += 1
        if self.steps == self.last and not self.after:
            raise Died
        return self.steps == self.last

    def step(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: object, **kwargs: object) -> object:
            last = self._begin()
            done = act(*args, **kwargs)
            if last:
                raise Died
            return done

        return acting

    def turn(self, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def acting(*args: object, **kwargs: object) -> object:
            last = self._begin()
            done = await act(*args, **kwargs)
            if last:
                raise Died
            return done

        return acting


class House:
    """A data folder with a key file, as processes open it one after the other."""

    def __init__(self, folder: Path, rows: KeyringRows, chance: SeededChance) -> None:
        self.folder, self.rows, self.chance = folder, rows, chance
        self.key = folder / "keys" / "master.key"
        self.notes: list[str] = []

    def files(self, target: Path | None = None) -> KeyFiles:
        return KeyFiles(self.key, target)

    async def open(self, key: Path | None = None) -> AesSealer:
        ring = await open_keyring(self.rows, load_master_key(key or self.key), self.chance)
        return AesSealer(ring, self.chance)

    async def turn(self, target: Path | None = None) -> Rotated:
        return await rotate(self.files(target), self.rows, self.chance, self.note)

    async def note(self, ring: Keyring, key_id: str) -> None:
        assert ring.kek(bytes.fromhex(key_id)) is None
        self.notes.append(key_id)

    def left(self) -> set[str]:
        return {file.name for file in self.key.parent.iterdir()}


def watch(patch: pytest.MonkeyPatch, house: House, boundary: Boundary) -> None:
    """Make a boundary of every step that changes something: in files, in the vault, in the audit chain."""
    patch.setattr("bot.identity.rotation.create_key_file", boundary.step(create_key_file))
    patch.setattr("os.link", boundary.step(os.link))
    patch.setattr(Path, "replace", boundary.step(Path.replace))
    patch.setattr(Path, "unlink", boundary.step(Path.unlink))
    patch.setattr(house.rows, "replace", boundary.turn(house.rows.replace))
    patch.setattr(house, "note", boundary.turn(house.note))
