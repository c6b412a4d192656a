"""Where the databases of an installation lie: files of a folder, or addresses of PostgreSQL servers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from storage.database import Database
from storage.sqlite import SqliteDatabase


@dataclass(frozen=True, slots=True)
class Places:
    """A data folder, and the addresses of content and vault where those are not files in it."""

    folder: Path
    content_url: str = field(default="", repr=False)
    vault_url: str = field(default="", repr=False)

    @property
    def shared(self) -> bool:
        """Whether bots on several machines may work on it."""
        return bool(self.content_url)

    def content(self) -> Database:
        """Make the content database; nothing is opened yet."""
        return self._made("content", self.content_url)

    def vault(self) -> Database:
        """Make the identity vault; nothing is opened yet."""
        return self._made("vault", self.vault_url)

    def _made(self, name: str, url: str) -> Database:
        if not url:
            return SqliteDatabase(self.folder / f"{name}.db")
        from storage.postgres import PostgresDatabase  # noqa: PLC0415 - who has files has no use for it

        return PostgresDatabase(url, name)


def places_of(where: Path | Places) -> Places:
    """Let a folder stand for the files in it."""
    return where if isinstance(where, Places) else Places(where)
