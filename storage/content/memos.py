"""Memos: what moderators are told, in their own room where there is one, else in each one's home chat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import select

from bot.chat.cards import Card
from bot.domain.members import MemberId, Persona, Role
from bot.domain.standing import Standings
from bot.ports.outbox import MEMO, What
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.deliveries import seal_memo
from storage.content.outbox import OutboxRows
from storage.content.pauses import is_paused
from storage.content.tables import members
from storage.prepared import Prepared

_MODERATORS: Final = Prepared(
    select(members.c.id)
    .where(members.c.role == Role.MODERATOR.value, members.c.persona == Persona.MEMBER.value)
    .order_by(members.c.id)
)


class MemoRows(OutboxRows):
    """The whole of :class:`bot.ports.outbox.Outbox`: rooms, home chats and the moderators."""

    def __init__(
        self,
        connection: Connection,
        sealer: Sealer,
        *,
        rooms: tuple[str, ...],
        moderators: str,
        now: datetime,
        new_id: Callable[[], str],
        standings: Standings,
    ) -> None:
        """Work on the connection's transaction; ``moderators`` names their room, empty where none is."""
        super().__init__(connection, sealer, rooms=rooms, now=now, new_id=new_id, standings=standings)
        self._moderators = moderators

    async def notify_moderators(
        self, card: Card, *, quiet: Card, key: str, subject: str = "", at_home: bool = False
    ) -> None:
        """Tell the moderators something at once, once per ``key``."""
        subject = subject or f"{MEMO}{self._new_id()}"
        if at_home or not self._moderators or await self._held():
            for member in await self._all_moderators():
                await self.tell(member, card, quiet=quiet, key=key, release_at=self._now, subject=subject)
            return
        await self._put_in(
            self._moderators,
            What.POST,
            subject,
            key=f"memo:{self._moderators}:{key}",
            payload=seal_memo(self._sealer, subject, card),
            release_at=self._now,
        )

    async def change_memo(self, subject: str, card: Card, *, revision: int) -> None:
        """Change what stands under ``subject`` in the moderators' room."""
        if self._moderators and await self._may_change(subject, self._moderators, revision):
            payload = seal_memo(self._sealer, subject, card)
            await self._edit_in(self._moderators, subject, payload, revision)

    async def _held(self) -> bool:
        """Say whether the room takes nothing now: whoever must not read it may be in it."""
        return await is_paused(self._connection, self._moderators)

    async def _all_moderators(self) -> list[MemberId]:
        return [MemberId(member) for member in (await self._connection.run(_MODERATORS)).scalars()]
