"""Drafts: cleaned words that nobody has approved yet, and therefore sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.chat.shapes import NUMBER, TABLE, TEXT, TEXTS, each, optional, pack, record, unpack, word_of
from bot.domain.drafts import Draft, DraftKind, DraftPicture, Fate, Removal
from bot.domain.members import MemberId
from bot.ports.sealing import Sealer
from storage.content.tables import drafts


@dataclass(frozen=True, slots=True)
class _Contents:
    """What of a draft is sealed: all but its id, its member and its time."""

    kind: DraftKind
    templates: dict[str, str]
    about: int | None
    removals: tuple[Removal, ...]
    pictures: tuple[DraftPicture, ...]
    failed: tuple[str, ...]
    settings: dict[str, str]


_REMOVAL: Final = record(
    Removal,
    number=NUMBER,
    field=TEXT,
    category=TEXT,
    tier=TEXT,
    shown_as=TEXT,
    reason=TEXT,
    hint=TEXT,
    original=TEXT,
    fate=word_of(Fate),
)
_PICTURE: Final = record(
    DraftPicture, media=TEXT, alt=TEXT, removed=TEXTS, problem=TEXT, not_looked_for=TEXTS
)
_CONTENTS: Final = record(
    _Contents,
    kind=word_of(DraftKind),
    templates=TABLE,
    about=optional(NUMBER),
    removals=each(_REMOVAL),
    pictures=each(_PICTURE),
    failed=TEXTS,
    settings=TABLE,
)


class DraftRows:
    """Fills :class:`bot.domain.drafts.Drafts`."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer

    async def add(self, draft: Draft) -> None:
        """Keep a new draft."""
        await self._connection.execute(
            insert(drafts).values(
                id=draft.id, member=draft.member, created_at=draft.created_at, sealed=self._seal(draft)
            )
        )

    async def get(self, draft: str) -> Draft | None:
        """Find one by id, whoever's it is."""
        row = (await self._connection.execute(select(drafts).where(drafts.c.id == draft))).first()
        return None if row is None else self._open(row)

    async def of_member(self, member: MemberId) -> tuple[Draft, ...]:
        """List the member's drafts, newest first."""
        mine = select(drafts).where(drafts.c.member == member).order_by(drafts.c.row.desc())
        return tuple(self._open(row) for row in await self._connection.execute(mine))

    async def older_than(self, moment: datetime) -> tuple[Draft, ...]:
        """List everybody's drafts from before a moment."""
        old = select(drafts).where(drafts.c.created_at < moment)
        return tuple(self._open(row) for row in await self._connection.execute(old))

    async def replace(self, draft: Draft) -> None:
        """Keep a changed draft."""
        await self._connection.execute(
            update(drafts).where(drafts.c.id == draft.id).values(sealed=self._seal(draft))
        )

    async def remove(self, draft: Draft) -> None:
        """Forget a draft."""
        await self._connection.execute(delete(drafts).where(drafts.c.id == draft.id))

    def _seal(self, draft: Draft) -> bytes:
        contents = _Contents(
            kind=draft.kind,
            templates=dict(draft.templates),
            about=draft.about,
            removals=draft.removals,
            pictures=draft.pictures,
            failed=draft.failed,
            settings=dict(draft.settings),
        )
        return self._sealer.seal(pack("draft", _CONTENTS, contents), _place(draft.id))

    def _open(self, row: Row[Any]) -> Draft:
        contents = unpack("draft", _CONTENTS, self._sealer.open(row.sealed, _place(row.id)), _Contents)
        return Draft(
            id=row.id,
            member=MemberId(row.member),
            created_at=row.created_at,
            kind=contents.kind,
            templates=contents.templates,
            about=contents.about,
            removals=contents.removals,
            pictures=contents.pictures,
            failed=contents.failed,
            settings=contents.settings,
        )


def _place(draft: str) -> str:
    return f"drafts|sealed|{draft}"
