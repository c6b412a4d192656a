"""When the machine's clock has jumped, cases and polls that wait go on waiting as long as they would have."""

from __future__ import annotations

from typing import Final

from bot.commands.context import House
from bot.domain.clock_jumps import Jump, shifted
from bot.domain.poll_times import went_along
from bot.ports.work import Work

_ALL: Final = 2**31 - 1


async def go_along(house: House, jump: Jump, newest: int) -> int:
    """Move the ends of all that is open along with the clock, in one commit; gives how many were moved.

    So do deliveries that wait, up to ``newest``, which was put last before the jump: none leaves within its
    undo time, and none waits for an hour that has been already. Everything else may be early or late by the
    jump without harm: a question to an author, or a look.
    """
    async with house.content.work() as work:
        await work.schedule.move(newest, jump.by)
        waiting = await work.cases.open_cases(_ALL)
        moved = [(case, shifted(case, jump)) for case in waiting]
        changed = [after for before, after in moved if after != before]
        for case in changed:
            await work.cases.replace(case)
        return len(changed) + await _polls_go_along(work, jump)


async def _polls_go_along(work: Work, jump: Jump) -> int:
    open_polls = await work.polls.open_polls(_ALL)
    moved = [(poll, went_along(poll, jump)) for poll in open_polls]
    changed = [after for before, after in moved if after != before]
    for poll in changed:
        await work.polls.replace(poll)
    return len(changed)
