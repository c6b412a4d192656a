"""Drafts: cleaned words that nobody has approved yet, and what their authors sent, under a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update

from bot.chat.shapes import (
    NUMBER,
    NUMBER_PAIR,
    TABLE,
    TABLES,
    TEXT,
    TEXTS,
    TRUTH,
    each,
    optional,
    pack,
    record,
    unpack,
    word_of,
)
from bot.domain.draft_pictures import Cover, DraftPicture
from bot.domain.drafts import Draft, DraftKind, Sent, Source
from bot.domain.members import MemberId
from bot.domain.removals import Fate, Removal
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.erasure import Erasure
from storage.content.tables import drafts, original_pictures, originals


@dataclass(frozen=True, slots=True)
class _Contents:
    """What of a draft is sealed: all but its id, its member, its time, and what its author sent."""

    kind: DraftKind
    templates: dict[str, str]
    about: int | None
    removals: tuple[Removal, ...]
    pictures: tuple[DraftPicture, ...]
    failed: tuple[str, ...]
    settings: dict[str, str]
    text_read: bool
    asked_last: bool


@dataclass(frozen=True, slots=True)
class _Originals:
    """What lies under the draft's own key: the source, and by its number what each piece was."""

    source: Source
    pieces: dict[str, str]


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
_COVER: Final = record(
    Cover,
    number=NUMBER,
    left=NUMBER,
    top=NUMBER,
    width=NUMBER,
    height=NUMBER,
    kind=TEXT,
    corners=each(NUMBER_PAIR),
    by_hand=TRUTH,
)
_PICTURE: Final = record(
    DraftPicture,
    id=TEXT,
    media=TEXT,
    size=NUMBER_PAIR,
    covers=each(_COVER),
    removed=TEXTS,
    notes=TEXTS,
    not_looked_for=TEXTS,
    problem=TEXT,
    seen=TRUTH,
    clean=TRUTH,
    grid=TEXT,
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
    text_read=TRUTH,
    asked_last=TRUTH,
)
_ORIGINALS: Final = record(
    _Originals,
    source=record(Source, fields=TABLE, sent=each(record(Sent, site=TEXT, remote=TEXT)), files=TABLES),
    pieces=TABLE,
)


class DraftRows:
    """Fills :class:`bot.domain.drafts.Drafts`."""

    def __init__(
        self, connection: Connection, sealer: Sealer, erasure: Erasure, new_key: Callable[[], bytes]
    ) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure
        self._new_key = new_key

    async def add(self, draft: Draft) -> None:
        """Keep a new draft, and what its author sent under a fresh key."""
        await self._connection.execute(
            insert(drafts).values(
                id=draft.id, member=draft.member, created_at=draft.created_at, sealed=self._seal(draft)
            )
        )
        if draft.source is not None:
            key = self._new_key()
            await self._connection.execute(
                insert(originals).values(
                    draft=draft.id,
                    key=self._sealer.seal(key, _key_place(draft.id)),
                    sealed=_seal_originals(self._sealer.under(key), draft, draft.source),
                )
            )

    async def get(self, draft: str) -> Draft | None:
        """Find one by id, whoever's it is."""
        row = (await self._connection.execute(select(drafts).where(drafts.c.id == draft))).first()
        return None if row is None else await self._open(row)

    async def of_member(self, *members: MemberId) -> tuple[Draft, ...]:
        """List the drafts of a member (by one or several of the member's ids), newest first."""
        mine = select(drafts).where(drafts.c.member.in_(members)).order_by(drafts.c.row.desc())
        return await self._open_all((await self._connection.execute(mine)).all())

    async def older_than(self, moment: datetime) -> tuple[Draft, ...]:
        """List everybody's drafts from before a moment."""
        old = select(drafts).where(drafts.c.created_at < moment)
        return await self._open_all((await self._connection.execute(old)).all())

    async def replace(self, draft: Draft) -> None:
        """Keep a changed draft; one without its source has it destroyed, key first."""
        await self._connection.execute(
            update(drafts).where(drafts.c.id == draft.id).values(sealed=self._seal(draft))
        )
        if draft.source is None:
            await self._destroy_originals(draft.id)
        elif own := await self._own_sealer(draft.id):
            sealed = _seal_originals(own, draft, draft.source)
            mine = originals.c.draft == draft.id
            await self._connection.execute(update(originals).where(mine).values(sealed=sealed))

    async def remove(self, draft: Draft) -> None:
        """Forget a draft with its source.

        What was posted may stand under another persona, so the log must not keep whose draft it was.
        """
        await self._destroy_originals(draft.id)
        await self._connection.execute(delete(drafts).where(drafts.c.id == draft.id))
        self._erasure.owed = True

    async def keep_uncovered(self, draft: Draft, picture: str, data: bytes) -> None:
        """Keep a picture before anything was covered; nothing where the source is gone already."""
        if own := await self._own_sealer(draft.id):
            sealed = own.seal(data, _picture_place(draft.id, picture))
            await self._connection.execute(
                insert(original_pictures).values(draft=draft.id, picture=picture, sealed=sealed)
            )

    async def uncovered(self, draft: Draft, picture: str) -> bytes | None:
        """Open it; None once the source is gone."""
        mine = (original_pictures.c.draft == draft.id) & (original_pictures.c.picture == picture)
        row = (await self._connection.execute(select(original_pictures).where(mine))).first()
        own = await self._own_sealer(draft.id)
        return own.open(row.sealed, _picture_place(draft.id, picture)) if row and own else None

    async def _own_sealer(self, draft: str) -> Sealer | None:
        row = (
            await self._connection.execute(select(originals.c.key).where(originals.c.draft == draft))
        ).first()
        return self._sealer.under(self._sealer.open(row.key, _key_place(draft))) if row else None

    async def _destroy_originals(self, draft: str) -> None:
        gone = await self._connection.execute(delete(originals).where(originals.c.draft == draft))
        self._erasure.owed |= gone.rowcount > 0

    def _seal(self, draft: Draft) -> bytes:
        contents = _Contents(
            kind=draft.kind,
            templates=dict(draft.templates),
            about=draft.about,
            # What its author put back stands in the cleaned words as well; the rest lies with the source.
            removals=tuple(
                piece if piece.fate is Fate.KEPT else replace(piece, original="") for piece in draft.removals
            ),
            pictures=draft.pictures,
            failed=draft.failed,
            settings=dict(draft.settings),
            text_read=draft.text_read,
            asked_last=draft.asked_last,
        )
        return self._sealer.seal(pack("draft", _CONTENTS, contents), _place(draft.id))

    async def _open_all(self, rows: Sequence[Row[Any]]) -> tuple[Draft, ...]:
        return tuple([await self._open(row) for row in rows])

    async def _open(self, row: Row[Any]) -> Draft:
        contents = unpack("draft", _CONTENTS, self._sealer.open(row.sealed, _place(row.id)), _Contents)
        kept = await self._open_originals(row.id)
        pieces = kept.pieces if kept else {}
        return Draft(
            id=row.id,
            member=MemberId(row.member),
            created_at=row.created_at,
            kind=contents.kind,
            templates=contents.templates,
            about=contents.about,
            removals=tuple(
                replace(piece, original=pieces.get(str(piece.number), piece.original))
                for piece in contents.removals
            ),
            pictures=contents.pictures,
            failed=contents.failed,
            settings=contents.settings,
            source=kept.source if kept else None,
            text_read=contents.text_read,
            asked_last=contents.asked_last,
        )

    async def _open_originals(self, draft: str) -> _Originals | None:
        row = (await self._connection.execute(select(originals).where(originals.c.draft == draft))).first()
        if row is None:
            return None
        own = self._sealer.under(self._sealer.open(row.key, _key_place(draft)))
        return unpack("originals", _ORIGINALS, own.open(row.sealed, _source_place(draft)), _Originals)


def _seal_originals(own: Sealer, draft: Draft, source: Source) -> bytes:
    pieces = {str(piece.number): piece.original for piece in draft.removals}
    return own.seal(pack("originals", _ORIGINALS, _Originals(source, pieces)), _source_place(draft.id))


def _place(draft: str) -> str:
    return f"drafts|sealed|{draft}"


def _key_place(draft: str) -> str:
    return f"originals|key|{draft}"


def _source_place(draft: str) -> str:
    return f"originals|sealed|{draft}"


def _picture_place(draft: str, picture: str) -> str:
    return f"original_pictures|sealed|{draft}|{picture}"
