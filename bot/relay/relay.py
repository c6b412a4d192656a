"""The relay: carries out deliveries, one after the other for each destination, and records their end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import (
    Adapter,
    Later,
    Part,
    Undeliverable,
)
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import Claimed, GroupEnded, Queue, Refusal
from bot.ports.tracing import QUIET, Tracer
from bot.ports.work import Content
from bot.relay.agenda import Agenda
from bot.relay.apart import notice_of
from bot.relay.carrying import Carrier, Hands, OnPrompt
from bot.relay.doors import Doors
from bot.relay.insisting import Insisting, is_cancelled
from bot.relay.sharing import Sharing
from bot.relay.sight import Sight
from bot.relay.turns import Turns

_log = structlog.get_logger(__name__)

LONGEST_PAUSE = 60.0
_ANOTHER: Final = timedelta(seconds=0.2)
"""When a destination is looked at again whose first row another bot was claiming."""
MOST_FAULTS = 3
OnGroup = Callable[[GroupEnded], Awaitable[None]]
OnRefusal = Callable[[str], Awaitable[Refusal]]
_OF_LATE: Final = frozenset({"forbidden", "not_found"})
"""Codes after which a second try is worth it: what a platform told of its room may be a moment old."""


class Relay:
    """Carries out what the outbox holds. Each destination has at most one delivery under way."""

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        queue: Queue,
        content: Content,
        wall: Wall,
        adapters: Mapping[str, Adapter],
        *,
        clock: Clock,
        chance: Chance,
        on_group: OnGroup,
        on_prompt: OnPrompt,
        metrics: Metrics,
        on_refusal: OnRefusal,
        steady: Callable[[], Awaitable[None]],
        away: tuple[type[Exception], ...],
        moderators: str = "",
        tracer: Tracer = QUIET,
    ) -> None:
        """Take its collaborators; ``on_group`` and ``on_prompt`` hear of ended groups and shown buttons.

        ``on_refusal`` looks at a room that refused something; ``steady`` goes along with a clock that has
        jumped; ``away`` is what the databases raise while they cannot be reached or written. ``moderators``
        is the site that has the moderators' room, empty where none has.
        """
        self._queue = queue
        self._content = content
        self._wall = wall
        self._adapters = adapters
        self._clock = clock
        self._chance = chance
        self._on_group = on_group
        self._sight = Sight(metrics, tracer, clock)
        self._turns = Turns(adapters, wall, clock, metrics)
        self._insisting = Insisting(clock, away)
        hands = Hands(Doors(wall, adapters, moderators), self._turns, self._sight, self._insisting)
        self._carrier = Carrier(wall, content, adapters, hands, clock=clock, queue=queue, on_prompt=on_prompt)
        self._on_refusal = on_refusal
        self._steady = steady
        self._faults: Counter[str] = Counter()
        self._agenda = Agenda()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._following: dict[str, Claimed] = {}
        """What is in hand by destination, claimed as the one before it ended."""
        self._once_more: set[str] = set()
        """Destinations where something came while they were being served."""
        self._changed = asyncio.Event()
        self._one_look = asyncio.Lock()
        self._fault: BaseException | None = None
        """What kept the queue from being asked, or from being told how a delivery ended."""
        self._left_over = True
        self._may_have_ended = True
        """Whether a group of deliveries may have come to its end since the queue was last asked for that."""
        self._sharing = Sharing(wall, adapters)
        self._stopping = False
        self.ailing = False
        """Whether the queue could not be read last time."""

    def look_for_left_over(self) -> None:
        """Take back what bots that died had claimed, before anything else."""
        self._left_over = True
        self.wake()

    def wake(self, put: Mapping[str, datetime] | None = None) -> None:
        """Look again: a commit put something in for these destinations, to leave at these moments or later.

        Without them, at whatever the queue holds.
        """
        if put is None:
            self._agenda.unknown = self._may_have_ended = True
        else:
            self._agenda.note_all(put)
        self._changed.set()

    async def run(self) -> None:
        """Deliver until :meth:`stop`; waits for commits and release times, never polls."""
        while not self._stopping:
            self._changed.clear()
            try:
                await self._look()
                self.ailing = False
                await self._wait()
            except Exception as fault:  # noqa: BLE001 - one broken delivery must not stop the others
                self.ailing = self._agenda.unknown = self._may_have_ended = True
                _log.error("queue_unavailable", exc_info=fault)
                await self._clock.sleep(1.0)

    async def stop(self, seconds: float = 10.0) -> None:
        """Start nothing more; give deliveries under way up to ``seconds`` to end."""
        self._stopping = True
        self._turns.close()
        self.wake()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=seconds)
            while late:  # Whoever keeps what a platform did, and cannot, gives up when told again.
                for task in late:
                    task.cancel()
                _, late = await asyncio.wait(late, timeout=1.0)

    async def drain(self) -> None:
        """Deliver everything that is due now, but for what a paused site holds up, then return (tests)."""
        self._agenda.unknown = self._may_have_ended = True
        while await self._look() or self._moving():
            if moving := self._moving():
                await self._turns.until_moved(moving)

    def _moving(self) -> list[asyncio.Task[None]]:
        return [task for to, task in self._under_way.items() if to not in self._turns.resting]

    async def _look(self) -> bool:
        """Take back, tell and begin what there is; says whether there was anything.

        One look at a time: whoever finds nothing left to begin knows that all of it was begun.
        """
        async with self._one_look:
            await self._recover()
            told = await self._report_ended()
            return await self._start_due() or told

    async def _recover(self) -> None:
        if self._left_over:
            await self._queue.recover(self._clock.now())
            self._left_over = False

    async def _report_ended(self) -> bool:
        """Tell of groups that ended; a report counts as told with the commit that puts it out."""
        if not self._may_have_ended:
            return False
        self._may_have_ended = False
        ended = await self._queue.unreported()
        for group in ended:
            await self._on_group(group)
        return bool(ended)

    async def _start_due(self) -> bool:
        """Begin to serve what is due; says whether there was anything, or will be when somebody ends."""
        if self._stopping:
            return False
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise fault
        await self._steady()
        whole, self._agenda.unknown = self._agenda.unknown, False
        if whole:
            # What came behind a delivery that is under way is not among the heads.
            self._once_more.update(self._under_way)
            self._agenda.note_all(await self._queue.heads())
        now = self._clock.now()
        due = self._agenda.due(now)
        # Before anything is waited for: whoever ends meanwhile has to look once more.
        again = self._under_way.keys() & set(due)
        self._once_more.update(again)
        # What is elsewhere is looked at again when this bot has the seat, with everything.
        idle = await self._sharing.ours([one for one in due if one not in self._under_way], whole=whole)
        self._agenda.note_all(dict.fromkeys(self._sharing.unasked, now))
        for destination in idle:
            task = asyncio.create_task(self._serve(destination))
            self._under_way[destination] = task
            task.add_done_callback(partial(self._served, destination))
        return bool(idle or again)

    def _served(self, destination: str, done: asyncio.Task[None]) -> None:
        self._under_way.pop(destination, None)
        if destination in self._once_more:
            self._once_more.discard(destination)
            self._agenda.note(destination, self._clock.now())
        if not done.cancelled():
            self._fault = self._fault or done.exception()
        self._changed.set()

    async def _wait(self) -> None:
        due = self._agenda.next()
        waits: list[asyncio.Future[object]] = [asyncio.ensure_future(self._changed.wait())]
        if due is not None:
            seconds = max(0.0, (due - self._clock.now()).total_seconds())
            waits.append(asyncio.ensure_future(self._clock.sleep(seconds)))
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _serve(self, destination: str) -> None:
        """Deliver the destination's rows in order until none is due."""
        while not self._stopping or destination in self._following:
            with self._sight.step("serve"):
                claimed = self._following.pop(destination, None) or await self._next(destination)
                if claimed is not None and not await self._carry_out(claimed):
                    return
            if destination in self._following:
                continue
            if not await self._goes_on(destination):
                return
            if claimed is None:  # Another bot is at it right now.
                self._agenda.note(destination, self._clock.now() + _ANOTHER)
                return

    async def _next(self, destination: str, *, after: str = "") -> Claimed | None:
        """Wait for the destination's turn and claim its first row; None where another bot is at it."""
        unused = await self._turns.next(destination)
        with self._sight.step("claim"):
            claimed = await self._insisting.on(partial(self._claim, destination, after))
        if claimed is None:
            unused()
        return claimed

    async def _goes_on(self, destination: str, after: str = "") -> bool:
        """Say whether the next row may leave now; when it may later is noted."""
        at = await self._insisting.on(partial(self._queue.head, destination, after))
        if at is None or self._stopping:
            return False
        if at <= self._clock.now():
            return True
        self._agenda.note(destination, at)
        return False

    async def _claim(self, destination: str, after: str) -> Claimed | None:
        await self._steady()
        if self._stopping:
            return None
        return await self._queue.claim(destination, self._clock.now(), after)

    async def _carry_out(self, claimed: Claimed) -> bool:
        """Do one delivery; False when its destination has to pause."""
        try:
            made = await self._carrier.carry(claimed)
        except Later as later:
            return await self._again(claimed, later)
        except Undeliverable as never:
            return await self._refused(claimed, never.code)
        except self._insisting.away as away:
            _log.warning("delivery_later", delivery=claimed.id, error=type(away).__name__)
            return await self._again(claimed, Later(None, unsure=True))
        except asyncio.CancelledError as fault:
            if is_cancelled():
                raise
            return await self._failed(claimed, fault)
        except Exception as fault:  # noqa: BLE001 - one broken delivery must not stop the others
            return await self._failed(claimed, fault)
        self._faults.pop(claimed.id, None)
        return await self._end(claimed, made)

    async def _end(self, claimed: Claimed, made: Sequence[Part]) -> bool:
        """End a delivery well; where the next one may leave now, its claim joins in the commit."""
        ending = asyncio.create_task(self._ended_well(claimed, made))
        await asyncio.sleep(0)  # What ends comes first.
        try:
            goes_on = await self._goes_on(claimed.destination, claimed.id)
            if goes_on:
                following = await self._next(claimed.destination, after=claimed.id)
                if following is not None:
                    self._following[claimed.destination] = following
        finally:
            await ending
        return goes_on

    async def _ended_well(self, claimed: Claimed, made: Sequence[Part]) -> None:
        await self._insisting.on(partial(self._queue.sent, claimed, made))
        self._may_have_ended |= bool(claimed.group)
        self._sight.ended(claimed, "sent")

    async def _failed(self, claimed: Claimed, fault: BaseException) -> bool:
        """Something broke on our side of the wire: a few tries, then it is set apart."""
        _log.error("delivery_failed", delivery=claimed.id, exc_info=fault)
        if self._tried_enough(claimed):
            return await self._set_apart(claimed, type(fault).__name__)
        return await self._again(claimed, Later(None, unsure=True))

    async def _refused(self, claimed: Claimed, code: str) -> bool:
        """Tell a room that takes nothing, which waits as a whole, from words that it will never take."""
        refusal = await self._on_refusal(claimed.room) if claimed.room else Refusal.OF_WORDS
        if refusal is Refusal.OF_ROOM:
            self._faults.pop(claimed.id, None)
            # With other bots beside it, what this one knows of pauses may be a moment old.
            return await self._again(claimed, Later(1.0 if claimed.owner else 0.0))
        passing = refusal is Refusal.UNKNOWN or (bool(claimed.room) and code in _OF_LATE)
        if passing and not self._tried_enough(claimed):
            return await self._again(claimed, Later(None))
        return await self._set_apart(claimed, code)

    def _tried_enough(self, claimed: Claimed) -> bool:
        self._faults[claimed.id] += 1
        return self._faults[claimed.id] >= MOST_FAULTS

    async def _again(self, claimed: Claimed, later: Later) -> bool:
        seconds = later.seconds if later.seconds is not None else self._back_off(claimed.tries)
        at = self._clock.now() + timedelta(seconds=seconds)
        await self._insisting.on(partial(self._queue.again, claimed, at, unsure=later.unsure))
        self._agenda.note(claimed.destination, at)
        self._sight.ended(claimed, "later")
        _log.info("delivery_later", delivery=claimed.id, seconds=round(seconds, 1), unsure=later.unsure)
        return False

    def _back_off(self, tries: int) -> float:
        return min(LONGEST_PAUSE, 2.0 ** min(tries, 6) * self._chance.between(0.5, 1.0))

    async def _set_apart(self, claimed: Claimed, code: str) -> bool:
        self._faults.pop(claimed.id, None)
        _log.error("delivery_quarantined", delivery=claimed.id, code=code)
        notice = notice_of(claimed, code, self._clock.now())
        await self._insisting.on(partial(self._queue.quarantine, claimed, code, notice))
        self._may_have_ended |= bool(claimed.group)
        self._sight.ended(claimed, "quarantined")
        return True
