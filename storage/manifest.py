"""The manifest of a backup: what lies in it and what it adds up to, under a keyed hash, as JSON.

It is written last, so a folder without one holds no whole backup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from storage.backup import Copied
from storage.copying import Fingerprint
from storage.refused import StorageRefused

NAME: Final = "manifest.json"
FORMAT: Final = 1
_DAMAGED: Final = "take another backup, or an earlier one."


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was backed up: by which version, when (to the minute), and each database by its name.

    ``tombstones`` is the SHA-256 of that file in hex, empty where nobody had left. ``seal`` is the keyed hash
    of all the rest in hex.
    """

    curbside: str
    taken: datetime
    databases: Mapping[str, Copied]
    tombstones: str
    seal: str = ""

    @property
    def rows(self) -> int:
        """How many rows there are in all databases."""
        return sum(database.rows for database in self.databases.values())

    @property
    def moment(self) -> str:
        """When it was taken, for a sentence."""
        return f"{self.taken:%Y-%m-%d %H:%M} UTC"

    def sealed_over(self) -> str:
        """Give the text that ``seal`` covers."""
        return json.dumps(self._told(), sort_keys=True)

    def write(self) -> str:
        """Write it as JSON."""
        return json.dumps({**self._told(), "seal": self.seal}, indent=2) + "\n"

    def _told(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "curbside": self.curbside,
            "taken": self.taken.isoformat(timespec="minutes"),
            "databases": {name: asdict(copied) for name, copied in self.databases.items()},
            "tombstones": self.tombstones,
        }


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a backup; raises :class:`StorageRefused` for none, a damaged or a newer one."""
    file = folder / NAME
    try:
        told = json.loads(file.read_text("utf-8"))
        if told["format"] > FORMAT:
            raise StorageRefused(newer_backup(str(told["curbside"])))
        return _manifest(told)
    except (FileNotFoundError, NotADirectoryError):
        raise StorageRefused(
            f"{folder} holds no whole backup: there is no {NAME}, which is written last; use another one."
        ) from None
    except OSError as error:
        raise StorageRefused(f"{file} cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged(NAME) from None


def damaged(what: str) -> StorageRefused:
    """Make the refusal of a backup of which a part is not as it was written."""
    return StorageRefused(f"This backup is damaged ({what}), so nothing was restored; {_DAMAGED}")


def newer_backup(version: str) -> str:
    """Say that a newer version took the backup."""
    return f"This backup was taken by a newer version of Curbside ({version}); install that, then restore."


def _manifest(told: Mapping[str, Any]) -> Manifest:
    return Manifest(
        curbside=str(told["curbside"]),
        taken=datetime.fromisoformat(told["taken"]),
        databases={str(name): _copied(one) for name, one in told["databases"].items()},
        tombstones=str(told["tombstones"]),
        seal=str(told["seal"]),
    )


def _copied(told: Mapping[str, Any]) -> Copied:
    tables = {str(name): Fingerprint(**one) for name, one in told["tables"].items()}
    return Copied(str(told["version"]), str(told["sha256"]), tables)
