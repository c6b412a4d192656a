"""What an author hears once everything that was taken back has ended, room by room."""

from __future__ import annotations

import json

from bot.chat.cards import Card
from bot.commands.context import House
from bot.domain.cases import Case
from bot.domain.members import MemberId
from bot.ports.outbox import Ending, GroupEnded
from bot.ports.work import Work
from bot.views.case import news_card, withdrawal_report


def group_name(member: MemberId, number: int, subject: str) -> str:
    """Name the deletions of one act (``subject`` is what was taken back), so that their end can be told."""
    return f"{member}|{number}|{subject}"


async def report_withdrawal(house: House, ended: GroupEnded) -> None:
    """Tell the member who took something back how it went in each room, and keep it for ``show``."""
    member, number, subject = ended.group.split("|")
    removed = [ending is not Ending.QUARANTINED for _, ending in sorted(ended.rooms.items())]
    what = subject.partition(":")[0]
    async with house.content.work() as work:
        await work.outbox.tell(
            MemberId(member),
            withdrawal_report(int(number), what, removed),
            quiet=news_card(int(number)),
            key=f"withdrawn:{ended.group}",
            release_at=house.clock.now(),
        )
        await work.dialogs.put(f"report:{subject}", json.dumps(removed).encode())
        await work.outbox.reported(ended.group)


async def read_report(work: Work, case: Case) -> Card | None:
    """Give the report on a withdrawn case, or None while its copies are still being removed."""
    kept = await work.dialogs.get(f"report:{case.subject}")
    return withdrawal_report(case.number, "case", json.loads(kept)) if kept else None
