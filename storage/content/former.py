"""Former members: posts without a member behind them, and screen names that are never given again."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, update

from bot.domain.former import FORMER_MEMBER, Posted
from bot.domain.members import Member, MemberId, Role
from bot.domain.screen_names import skeleton
from bot.ports.outbox import What
from storage.connection import Connection
from storage.content.cases import CaseRows, case_of
from storage.content.comments import comment_of
from storage.content.deliveries import ACTIVE, home_destination
from storage.content.ending_tables import helpful
from storage.content.erasure import Erasure
from storage.content.opinions import opinion_of
from storage.content.polls import poll_of
from storage.content.report_tables import reports
from storage.content.tables import (
    cases,
    comments,
    followers,
    former_members,
    groups,
    members,
    opinions,
    outbox,
    pages,
    polls,
    readings,
    retired_names,
)
from storage.content.tellings import TellingRows

_WRITTEN: Final = ((cases, "author"), (opinions, "member"), (comments, "member"), (polls, "author"))


class FormerRows:
    """Fills :class:`bot.domain.former.FormerMembers`."""

    def __init__(self, connection: Connection, erasure: Erasure, listed: TellingRows, kept: CaseRows) -> None:
        """Work on the connection's transaction; ``listed`` is told by lists, ``kept`` are its cases."""
        self._connection = connection
        self._tellings = listed
        self._cases = kept
        self._erasure = erasure
        self.moved_any = False
        """Whether deliveries have another destination now."""

    async def get(self, member: MemberId) -> Member | None:
        """Find a former member by id."""
        found = select(former_members).where(former_members.c.id == member)
        row = (await self._connection.execute(found)).first()
        return None if row is None else Member(MemberId(row.id), FORMER_MEMBER, Role(row.role), row.specialty)

    async def posted_by(self, member: MemberId) -> Posted:
        """Gather what a member has posted."""
        return Posted(
            tuple(map(case_of, await self._rows(cases, "author", member, "number"))),
            tuple(map(opinion_of, await self._rows(opinions, "member", member, "given_at"))),
            tuple(map(comment_of, await self._rows(comments, "member", member, "row"))),
            tuple(map(poll_of, await self._rows(polls, "author", member, "number"))),
        )

    async def _rows(self, table: Table, column: str, member: MemberId, order: str) -> Any:  # noqa: ANN401
        found = select(table).where(table.c[column] == member).order_by(table.c[order])
        return (await self._connection.execute(found)).all()

    async def retire(self, member: Member, heir: MemberId) -> None:
        """Forget a member and keep the screen name from being given again; posts pass on to ``heir``."""
        passed = [await self._pass_on(table, column, member.id, heir) for table, column in _WRITTEN]
        self._cases.look_anew()
        if any(passed):
            values = {"id": heir, "role": member.role.value, "specialty": member.specialty}
            await self._connection.execute(insert(former_members).values(values))
        for table in (readings, helpful, pages, followers, reports):
            await self._connection.execute(delete(table).where(table.c.member == member.id))
        await self._connection.execute(insert(retired_names).values(skeleton=skeleton(member.screen_name)))
        await self._connection.execute(delete(members).where(members.c.id == member.id))
        self._erasure.owed = True

    async def _pass_on(self, table: Table, column: str, member: MemberId, heir: MemberId) -> int:
        mine = update(table).where(table.c[column] == member).values({column: heir})
        return (await self._connection.execute(mine)).rowcount

    async def forget_deliveries(self, member: MemberId, nobody: MemberId) -> None:
        """Forget what was or is to be told to a member; what still takes words back is ``nobody``'s then."""
        mine = outbox.c.member == member
        taking_back = mine & ACTIVE & (outbox.c.what == What.ERASE.value)
        values = {
            "member": nobody,
            "destination": home_destination(nobody),
            "key": func.replace(outbox.c.key, member, nobody),
        }
        moved = await self._connection.execute(update(outbox).where(taking_back).values(values))
        self.moved_any |= moved.rowcount > 0
        await self._connection.execute(delete(outbox).where(mine))
        await self._tellings.cut(member)
        # Nobody is there any more to hear how a withdrawal went.
        prefix = f"{member}|"
        await self._connection.execute(
            update(outbox).where(outbox.c.group.startswith(prefix, autoescape=True)).values(group="")
        )
        await self._connection.execute(
            delete(groups).where(groups.c.name.startswith(prefix, autoescape=True))
        )
        self._erasure.owed = True
