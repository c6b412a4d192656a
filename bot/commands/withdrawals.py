"""What an author hears once everything that was taken back has ended, room by room."""

from __future__ import annotations

from bot.commands.context import House
from bot.domain.members import MemberId
from bot.ports.outbox import Ending, GroupEnded
from bot.views.case import news_card, withdrawal_report


def group_name(member: MemberId, number: int, act: str) -> str:
    """Name the deletions of one act, so that their end can be told to the member."""
    return f"{member}|{number}|{act}"


async def report_withdrawal(house: House, ended: GroupEnded) -> None:
    """Tell the member who took something back how it went in each room."""
    member, number, _ = ended.group.split("|")
    rooms = {room: ending is not Ending.QUARANTINED for room, ending in sorted(ended.rooms.items())}
    async with house.content.work() as work:
        await work.outbox.tell(
            MemberId(member),
            withdrawal_report(int(number), rooms),
            quiet=news_card(int(number)),
            key=f"withdrawn:{ended.group}",
            release_at=house.clock.now(),
        )
        await work.outbox.reported(ended.group)
