"""The room left on the disk, and from where on there is too little of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

LITTLE: Final = 1024**3
TOO_LITTLE: Final = 100 * 1024**2
"""Bytes."""


def free_bytes(folder: Path) -> int:
    """Give the bytes free where a folder lies or would lie; raises ``OSError``."""
    there = next(one for one in (folder, *folder.parents) if one.exists())
    return shutil.disk_usage(there).free


def shortage(free: int) -> str:
    """Say in one sentence that so many bytes are little; empty where they are enough."""
    room = f"{free // 1024**2} MB are free where data_dir lies"
    if free < TOO_LITTLE:
        return f"{room}; the bot needs at least {TOO_LITTLE // 1024**2} MB"
    return f"{room}; pictures and backups will want more" if free < LITTLE else ""
