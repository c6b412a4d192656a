"""This machine: the key file, the data folder, the disk, and the files that hold secrets."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.config import Settings, is_loopback
from bot.identity.keys import KeyRefused, load_master_key
from bot.ports.adapter import Check
from storage.space import TOO_LITTLE, free_bytes, shortage

_UNUSED = "is read, but this version does not use it yet"
_RETAINED = frozenset({"originals", "drafts", "pictures"})
"""Times of ``[retention]`` that this version keeps."""


def key_file(settings: Settings) -> Iterator[Check]:
    """Try the key: there, private, whole, and where no copy of the data takes it along."""
    name, path = "key file", settings.key_file
    try:
        load_master_key(path)
    except KeyRefused as refused:
        yield Check(name, "fail", refused.sentence)
        return
    if path.resolve().is_relative_to(settings.data_dir.resolve()):
        yield Check(name, "fail", f"{path} lies inside data_dir; move it out, so that no backup holds both")
        return
    yield _owned(name, path) or Check(name, "ok")


def data_folder(settings: Settings) -> Iterator[Check]:
    """Try to write into the data folder, and see who else may look into it."""
    name, folder = "data folder", settings.data_dir
    if not folder.exists():
        yield _to_be_made(name, folder)
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Check(
            name, "fail", f"{folder} cannot be written to ({error.strerror}); give it to the bot's account"
        )
        return
    if folder.stat().st_mode & 0o077:
        yield Check(name, "warn", f"others can look into {folder}; run `chmod 700` on it")
        return
    yield _owned(name, folder) or Check(name, "ok")


def _to_be_made(name: str, folder: Path) -> Check:
    parent = _existing(folder)
    if os.access(parent, os.W_OK | os.X_OK):
        return Check(name, "ok", f"{folder} does not exist yet; the bot makes it")
    return Check(
        name, "fail", f"{folder} does not exist and cannot be made in {parent}; make it for the bot's account"
    )


def _existing(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


def _owned(name: str, path: Path) -> Check | None:
    if path.stat().st_uid == os.geteuid():
        return None
    return Check(
        name, "warn", f"{path} belongs to another account; run doctor as the account that runs the bot"
    )


def disk(settings: Settings) -> Iterator[Check]:
    """Look at the room left where the data live."""
    free = free_bytes(settings.data_dir)
    problem = shortage(free)
    if problem:
        yield Check("disk", "fail" if free < TOO_LITTLE else "warn", problem)
    else:
        yield Check("disk", "ok")


def choices(settings: Settings) -> Iterator[Check]:
    """Point at settings that are allowed and yet give something away."""
    if settings.privacy.min_cell < 5:
        yield Check("[privacy] min_cell", "warn", "below 5, a poll's result can tell who voted what")
    if settings.relay.delay_seconds[1] == 0:
        yield Check(
            "[relay] delay_seconds", "warn", "without a delay, times can tell who posted; [5, 60] is better"
        )
    if not is_loopback(settings.http.host):
        yield Check(
            "[http] host", "warn", "others on the network can read /metrics; let a proxy stand in front"
        )
    for site in settings.matrix:
        if not site.encryption:
            yield Check(f"{site.name} encryption", "warn", "switched off: the homeserver can read every case")


def later(settings: Settings) -> Iterator[Check]:
    """Name what is configured but not used by this version."""
    for name in sorted(settings.retention.model_fields_set - _RETAINED):
        yield Check(f"[retention] {name}", "warn", _UNUSED)
