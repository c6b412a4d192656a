"""Rotation: another master key for the same keyring, in steps of which each may be the last for a while.

Between the commit that seals the ring under both keys and the one that leaves it under the new key alone,
either key file opens the data; whoever runs the rotation again finishes it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from pathlib import Path

from bot.identity.keyring import (
    INCOMING,
    STANDING,
    Keyring,
    RingRows,
    fits,
    open_keyring,
    ring_sealer,
    settle,
)
from bot.identity.keys import KEY_BYTES, KeyRefused, MasterKey, create_key_file, load_master_key, sync_folder
from bot.ports.chance import Chance

Note = Callable[[Keyring, str], Awaitable[None]]
"""Writes ``keys_rotated`` into the audit chain, with a ring that opens it and the id of the fresh key."""


class Rotated(StrEnum):
    """What came of a rotation."""

    ROTATED = "rotated"
    FINISHED = "finished"
    """One that had stopped half-way is done now; no further one was begun."""


class KeyFiles:
    """The key file, the place of the next one, and the two names that exist during a rotation only.

    ``staged`` is the next key before it is in its place; ``former`` the one before, in a rotation in place.
    """

    def __init__(self, current: Path, target: Path | None = None) -> None:
        """Name the files; without a target the key is replaced where it lies."""
        self.current = current.resolve()
        self.target = self.current if target is None else target.resolve()
        self.staged = self.target.with_name(f"{self.target.name}.new")
        self.former = self.current.with_name(f"{self.current.name}.old")
        self.in_place = self.target == self.current

    def incoming(self) -> MasterKey | None:
        """Load the next key if it is there already; raises :class:`KeyRefused` for one that is no key."""
        self._drop_cut_off()
        if self.staged.exists():
            return load_master_key(self.staged)
        return None if self.in_place else _loaded(self.target)

    def stage(self, chance: Chance) -> MasterKey:
        """Make the next key beside its place, or take the one that an earlier try left there."""
        if not self.staged.exists():
            create_key_file(self.staged, chance)
        return load_master_key(self.staged)

    def place(self) -> None:
        """Bring the staged key to its place, where nothing else may be; nothing happens where it is there."""
        if not self.staged.exists():
            return
        try:
            if self.in_place:
                self._swap()
            else:
                self._settle_elsewhere()
        except OSError as error:
            raise KeyRefused(
                f"The new key {self.staged} cannot be brought to {self.target} ({error.strerror}); "
                "mend that and run `curbside keys rotate` again."
            ) from None
        sync_folder(self.target.parent)

    def _swap(self) -> None:
        """Replace the key file in one step; at every moment there is a whole key under its name."""
        if not _same(self.current, self.former):
            os.link(self.current, self.former)
            sync_folder(self.current.parent)
        self.staged.replace(self.current)

    def _settle_elsewhere(self) -> None:
        if not _same(self.staged, self.target):
            os.link(self.staged, self.target)
        self.staged.unlink()

    def retire(self) -> None:
        """Remove the former key of a rotation in place."""
        self.former.unlink(missing_ok=True)
        sync_folder(self.former.parent)

    def require_room(self) -> None:
        """Raise :class:`KeyRefused` where something lies that is not this rotation's and is in its way."""
        taken = not self.in_place and self.target.exists() and not _same(self.staged, self.target)
        if taken:
            raise KeyRefused(f"{self.target} exists already, and a key is never overwritten.")
        if self.in_place and self.former.exists() and not _same(self.current, self.former):
            raise KeyRefused(f"{self.former} is in the way of the rotation; move it to another place first.")

    def _drop_cut_off(self) -> None:
        """Remove a staged file that is shorter than a key: its writing was cut off, so nothing uses it."""
        if self.staged.is_file() and self.staged.stat().st_size < KEY_BYTES:
            self.staged.unlink()


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


async def rotate(files: KeyFiles, rows: RingRows, chance: Chance, note: Note) -> Rotated:
    """Give the keyring another master key and a fresh current key, or finish a rotation that stopped.

    In place the former key opens nothing when this returns. With another place for the new key both open
    until a start with the new one. Raises :class:`KeyRefused` for keys and files that do not serve.
    """
    master, incoming, found = load_master_key(files.current), files.incoming(), await rows.rows()
    if incoming is not None and fits(incoming, found.get(INCOMING, found.get(STANDING)), chance):
        _require_another(master, incoming, files, chance)
        await _complete(files, rows, found)
        return Rotated.FINISHED
    if fits(master, found.get(INCOMING), chance):
        if _is(files.former, found.get(STANDING), chance):
            await settle(rows, found)
        elif await rows.in_use():
            raise KeyRefused("A bot still runs with the former key; restart it before the next rotation.")
    ring = await open_keyring(rows, master, chance)
    if _retired(files.former, ring, chance):
        files.retire()
        return Rotated.FINISHED
    files.require_room()
    await _begin(files, rows, chance, note, (master, ring))
    return Rotated.ROTATED


async def _begin(
    files: KeyFiles, rows: RingRows, chance: Chance, note: Note, now: tuple[MasterKey, Keyring]
) -> None:
    """Do a whole rotation. The audit entry comes first, so that none happens without one."""
    master, ring = now
    turned = ring.rotated(master, chance)
    incoming = files.stage(chance)
    _require_another(master, incoming, files, chance)
    await note(ring, turned.current.hex())
    both = {STANDING: turned.sealed(master, chance), INCOMING: turned.sealed(incoming, chance)}
    if not await rows.replace(await rows.rows(), both):
        raise KeyRefused("The keyring changed meanwhile; run `curbside keys rotate` again.")
    await _complete(files, rows, both)


async def _complete(files: KeyFiles, rows: RingRows, found: Mapping[int, bytes]) -> None:
    """Bring the new key to its place and, where it replaces the former one, let only the new one open."""
    files.place()
    if not files.in_place:
        return
    if INCOMING in found:
        await settle(rows, found)
    files.retire()


def _require_another(master: MasterKey, incoming: MasterKey, files: KeyFiles, chance: Chance) -> None:
    if ring_sealer(master, chance).current == ring_sealer(incoming, chance).current:
        there = files.staged if files.staged.exists() else files.target
        raise KeyRefused(f"{there} holds the same key as {files.current}; remove it.")


def _retired(path: Path, ring: Keyring, chance: Chance) -> bool:
    """Say whether the file is what a rotation in place would have removed, had it not been stopped."""
    former = _loaded(path)
    return former is not None and ring_sealer(former, chance).current == ring.former


def _is(path: Path, sealed: bytes | None, chance: Chance) -> bool:
    key = _loaded(path)
    return key is not None and fits(key, sealed, chance)


def _loaded(path: Path) -> MasterKey | None:
    """Load the key in a file; None where there is no file, or one that this program did not write."""
    try:
        return load_master_key(path)
    except KeyRefused:
        return None
