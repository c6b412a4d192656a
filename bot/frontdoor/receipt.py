"""The receipt of a request: what its commit keeps besides, so that nobody handles it a second time."""

from __future__ import annotations

from dataclasses import dataclass

from bot.frontdoor.talk import Talk, keep_talk
from bot.frontdoor.visit import Visit
from bot.ports.clock import Clock
from bot.ports.work import Work


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """Fills :class:`bot.commands.context.Receipt`; ``after`` is what stays unfinished then."""

    visit: Visit
    after: Talk
    clock: Clock

    async def write(self, work: Work) -> None:
        """Keep what is unfinished, and mark the event as handled."""
        await keep_talk(work.dialogs, self.visit.key, self.after, self.clock.now())
        await work.handled(self.visit.received.row)

    def committed(self) -> None:
        """Note at the visit what was kept with the request."""
        self.visit.settled.append(self.after)
