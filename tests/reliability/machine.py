"""Where a bot lies on one machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class Machine:
    """A folder with a bot's configuration, its key and its databases."""

    folder: Path

    @property
    def config(self) -> Path:
        """The bot's configuration."""
        return self.folder / "curbside.toml"

    @property
    def content(self) -> Path:
        """The bot's content database."""
        return self.folder / "var" / "content.db"

    @property
    def vault(self) -> Path:
        """The bot's identity vault."""
        return self.folder / "var" / "vault.db"
