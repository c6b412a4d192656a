"""A queue in memory that offers what :class:`bot.ports.outbox.Queue` asks for, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from bot.chat.cards import Card
from bot.domain.members import MemberId
from bot.ports.adapter import Part
from bot.ports.outbox import Claimed, Ending, GroupEnded, Notice, What


@dataclass
class Row:
    """A delivery that has not ended, and when it may leave."""

    delivery: Claimed
    due_at: datetime
    claimed: bool = False


class MemoryQueue:
    """Fills :class:`bot.ports.outbox.Queue`; ``put`` is its way in.

    ``apart`` is what was set apart and why, ``noticed`` the keys of what moderators are told of it.
    """

    def __init__(self) -> None:
        self._numbers = count(1)
        self._rows: list[Row] = []
        self._stands: dict[tuple[str, str], dict[str, Part]] = {}
        self._ended: dict[str, dict[str, Ending]] = {}
        self.apart: dict[str, str] = {}
        self.noticed: list[str] = []

    def put(
        self,
        to: str | MemberId,
        what: What,
        subject: str,
        card: Card | None,
        due_at: datetime,
        *,
        group: str = "",
        at_home: bool = False,
    ) -> None:
        row = Claimed(
            id=f"{next(self._numbers):032x}",
            destination=f"home:{to}" if at_home else f"room:{to}",
            room="" if at_home else to,
            member=MemberId(to) if at_home else None,
            what=what,
            subject=subject,
            thread="",
            thread_root="",
            card=card,
            quiet=card,
            parts=(),
            tried=False,
            tries=0,
            group=group,
        )
        self._rows.append(Row(row, due_at))

    async def recover(self, now: datetime) -> None:
        for row in self._rows:
            if row.claimed:
                row.claimed, row.due_at = False, now

    async def heads(self) -> Mapping[str, datetime]:
        return {to: row.due_at for to, row in self._heads().items() if not row.claimed}

    async def head(self, destination: str, after: str = "") -> datetime | None:
        here = (row for row in self._rows if row.delivery.destination == destination)
        first = next((row for row in here if row.delivery.id != after), None)
        return None if first is None or first.claimed else first.due_at

    async def claim(self, destination: str, now: datetime, after: str = "") -> Claimed | None:
        row = self._heads().get(destination)
        if row is None or row.claimed or row.due_at > now or row.delivery.id == after:
            return None
        before, row.claimed = row.delivery, True
        stands = self._stands.get((before.room, before.subject), {})
        row.delivery = replace(before, tried=True, tries=before.tries + 1)
        return replace(before, tries=before.tries + 1, parts=tuple(stands.values()))

    def holds(self, claimed: Claimed) -> bool:
        return True

    async def record(self, claimed: Claimed, part: Part) -> None:
        self._stands.setdefault((claimed.room, claimed.subject), {})[part.remote] = part

    async def sent(self, claimed: Claimed, made: Sequence[Part] = ()) -> GroupEnded | None:
        for part in made:
            await self.record(claimed, part)
        return self._end(claimed, Ending.SENT)

    async def again(self, claimed: Claimed, at: datetime, *, unsure: bool) -> None:
        row = next(row for row in self._rows if row.delivery.id == claimed.id)
        row.claimed, row.due_at = False, at
        row.delivery = replace(row.delivery, tried=claimed.tried or unsure)

    async def quarantine(
        self, claimed: Claimed, code: str, notice: Notice | None = None
    ) -> GroupEnded | None:
        self.apart[claimed.subject] = code
        if notice is not None:
            self.noticed.append(notice.key)
        return self._end(claimed, Ending.QUARANTINED)

    async def unreported(self) -> tuple[GroupEnded, ...]:
        waiting = {row.delivery.group for row in self._rows}
        whole = [name for name in self._ended if name not in waiting]
        return tuple(GroupEnded(name, self._ended.pop(name)) for name in whole)

    async def depth(self) -> Mapping[str, int]:
        claimed = sum(row.claimed for row in self._rows)
        waiting = len(self._rows) - claimed
        return {"waiting": waiting, "claimed": claimed, "quarantined": len(self.apart)}

    def _heads(self) -> dict[str, Row]:
        heads: dict[str, Row] = {}
        for row in self._rows:
            heads.setdefault(row.delivery.destination, row)
        return heads

    def _end(self, claimed: Claimed, ending: Ending) -> GroupEnded | None:
        self._rows = [row for row in self._rows if row.delivery.id != claimed.id]
        if claimed.group:
            self._ended.setdefault(claimed.group, {})[claimed.room] = ending
        return None
