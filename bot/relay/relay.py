"""The relay: carries out deliveries, one after the other for each destination, and records their end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.commands.pictures import PictureGone, load_images
from bot.domain.members import MemberId
from bot.identity.own_names import NameGone
from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import (
    Action,
    Adapter,
    Delete,
    Delivery,
    Image,
    Later,
    Part,
    Post,
    Record,
    Undeliverable,
)
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import (
    JOINING,
    MODERATING,
    Claimed,
    GroupEnded,
    Queue,
    Refusal,
    What,
    kept_as,
    site_and_room,
)
from bot.ports.work import Content
from bot.relay.actions import action_of
from bot.relay.apart import Apart
from bot.relay.doors import Doors
from bot.relay.insisting import Insisting, is_cancelled
from bot.views.drafts import stays_card, stays_quiet_card

_log = structlog.get_logger(__name__)

_CHANGES = (What.EDIT, What.REPLACE, What.DELETE)
LONGEST_PAUSE = 60.0
MOST_FAULTS = 3
OnGroup = Callable[[GroupEnded], Awaitable[None]]
OnPrompt = Callable[[Account, Card], Awaitable[None]]
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
        self._on_prompt = on_prompt
        self._metrics = metrics
        self._doors = Doors(wall, adapters, moderators)
        self._insisting = Insisting(clock, away)
        self._apart = Apart(content, clock)
        self._on_refusal = on_refusal
        self._steady = steady
        self._faults: Counter[str] = Counter()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at the queue again: a commit put something in."""
        self._changed.set()

    async def run(self) -> None:
        """Deliver until :meth:`stop`; waits for commits and release times, never polls."""
        await self._queue.recover(self._clock.now())
        while not self._stopping:
            self._changed.clear()
            try:
                await self._report_ended()
                await self._start_due()
                await self._wait()
            except Exception as fault:  # noqa: BLE001 - one broken delivery must not stop the others
                _log.error("queue_unavailable", exc_info=fault)
                await self._clock.sleep(1.0)

    async def stop(self, seconds: float = 10.0) -> None:
        """Start nothing more; give deliveries under way up to ``seconds`` to end."""
        self._stopping = True
        self.wake()
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=seconds)
            for task in late:
                task.cancel()

    async def drain(self) -> None:
        """Deliver everything that is due now, then return (tests and the end of a demo)."""
        while await self._report_ended() or await self._start_due() or self._under_way:
            if self._under_way:
                await asyncio.wait(list(self._under_way.values()))

    async def _report_ended(self) -> bool:
        """Tell of groups that ended; a report counts as told with the commit that puts it out."""
        ended = await self._queue.unreported()
        for group in ended:
            await self._on_group(group)
        return bool(ended)

    async def _start_due(self) -> bool:
        if self._stopping:
            return False
        await self._steady()
        started = False
        for destination in await self._queue.due(self._clock.now()):
            if destination not in self._under_way:
                task = asyncio.create_task(self._serve(destination))
                self._under_way[destination] = task
                task.add_done_callback(partial(self._served, destination))
                started = True
        return started

    def _served(self, destination: str, done: asyncio.Task[None]) -> None:
        self._under_way.pop(destination, None)
        self.wake()

    async def _wait(self) -> None:
        due = await self._queue.next_due(frozenset(self._under_way))
        waits: list[asyncio.Future[object]] = [asyncio.ensure_future(self._changed.wait())]
        if due is not None:
            seconds = max(0.0, (due - self._clock.now()).total_seconds())
            waits.append(asyncio.ensure_future(self._clock.sleep(seconds)))
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _serve(self, destination: str) -> None:
        """Deliver the destination's rows in order until none is due."""
        while not self._stopping:
            claimed = await self._insisting.on(partial(self._claim, destination))
            if claimed is None or not await self._carry_out(claimed):
                return

    async def _claim(self, destination: str) -> Claimed | None:
        await self._steady()
        return None if self._stopping else await self._queue.claim(destination, self._clock.now())

    async def _carry_out(self, claimed: Claimed) -> bool:
        """Do one delivery; False when its destination has to pause."""
        try:
            await self._deliver(claimed)
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
        await self._insisting.on(partial(self._queue.sent, claimed))
        self._count(claimed, "sent")
        return True

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
            return await self._again(claimed, Later(0.0))
        passing = refusal is Refusal.UNKNOWN or (bool(claimed.room) and code in _OF_LATE)
        if passing and not self._tried_enough(claimed):
            return await self._again(claimed, Later(None))
        return await self._set_apart(claimed, code)

    def _tried_enough(self, claimed: Claimed) -> bool:
        self._faults[claimed.id] += 1
        return self._faults[claimed.id] >= MOST_FAULTS

    def _count(self, claimed: Claimed, ending: str) -> None:
        to = "room" if claimed.member is None else "home"
        self._metrics.count("curbside_deliveries", to=to, what=claimed.what, ending=ending)

    async def _again(self, claimed: Claimed, later: Later) -> bool:
        seconds = later.seconds if later.seconds is not None else self._back_off(claimed.tries)
        at = self._clock.now() + timedelta(seconds=seconds)
        await self._insisting.on(partial(self._queue.again, claimed, at, unsure=later.unsure))
        self._count(claimed, "later")
        _log.info("delivery_later", delivery=claimed.id, seconds=round(seconds, 1), unsure=later.unsure)
        return False

    def _back_off(self, tries: int) -> float:
        return min(LONGEST_PAUSE, 2.0 ** min(tries, 6) * self._chance.between(0.5, 1.0))

    async def _set_apart(self, claimed: Claimed, code: str) -> bool:
        self._faults.pop(claimed.id, None)
        _log.error("delivery_quarantined", delivery=claimed.id, code=code)
        await self._insisting.on(partial(self._queue.quarantine, claimed, code))
        self._count(claimed, "quarantined")
        await self._insisting.while_away(partial(self._apart.tell, claimed, code))
        return True

    async def _deliver(self, claimed: Claimed) -> None:
        if claimed.damaged:
            raise Undeliverable("unreadable")
        if claimed.member is None:
            await self._deliver_to_room(claimed)
        elif claimed.what is What.ERASE:
            await self._erase(claimed, claimed.member)
        elif claimed.what is What.SHOW_OUT:
            await self._doors.show_out(claimed.member)
        elif claimed.what is not What.REPLACE and await self._wall.is_stopped_persona(claimed.member):
            _log.info("not_told", delivery=claimed.id)
        elif claimed.but is None or not await self._wall.is_same_person(claimed.member, claimed.but):
            await self._deliver_home(claimed, claimed.member)
            if claimed.subject == JOINING:
                await self._doors.admit_others(claimed.member)

    async def _deliver_to_room(self, claimed: Claimed) -> None:
        if claimed.what is What.REPLACE and not claimed.parts:
            return  # What was under way when it was put did not get through.
        site, room = site_and_room(claimed.room)
        adapter = self._adapter_at(site)

        async def record(part: Part) -> None:
            await self._insisting.while_away(partial(self._queue.record, claimed, part))

        action = action_of(claimed, await self._named(claimed.card), claimed.parts)
        delivery = await self._delivery(claimed, None, action, claimed.parts)
        await self._hand_over(adapter, replace(delivery, room=room), record)

    async def _deliver_home(self, claimed: Claimed, member: MemberId) -> None:
        account = await self._wall.mailbox(member)
        if account is None:
            raise Undeliverable("no_home_chat")
        adapter = self._doors.serving(account)
        if claimed.subject == JOINING:
            await self._doors.admit(account)
        if claimed.subject == MODERATING:
            await self._doors.admit_moderator(account)
        card = await self._named(claimed.card if adapter.capabilities.private_home else claimed.quiet)
        if claimed.what in _CHANGES and await self._changed_home(claimed, (member, account), card):
            return
        if claimed.what is What.REPLACE:
            return
        await self._hand_home(replace(claimed, what=What.POST, thread=""), (member, account), card)
        if card is not None and card.buttons and adapter.capabilities.numbered_buttons:
            await self._on_prompt(account, card)

    async def _changed_home(self, claimed: Claimed, to: tuple[MemberId, Account], card: Card | None) -> bool:
        """Change a message or take it back; False where a new one has to say it instead."""
        if await self._wall.home.parts(to[0], claimed.thread):
            with suppress(Undeliverable):
                await self._hand_home(claimed, to, card)
                return True
        return claimed.what is What.DELETE

    async def _hand_home(self, claimed: Claimed, to: tuple[MemberId, Account], card: Card | None) -> None:
        member, account = to
        kept_under = claimed.thread or kept_as(claimed.subject, claimed.id)
        parts = tuple(await self._wall.home.parts(member, kept_under))

        async def record(part: Part) -> None:
            keep = partial(self._wall.home.keep_part, member, account, kept_under, part)
            await self._insisting.while_away(keep)

        action = action_of(claimed, card, parts)
        delivery = await self._delivery(claimed, account, action, parts)
        await self._hand_over(self._doors.serving(account), delivery, record)

    async def _named(self, card: Card | None) -> Card | None:
        """Write in the names of those who chose to be named: here and not earlier."""
        try:
            return None if card is None else await self._wall.own_names.filled(card)
        except NameGone as gone:
            raise Undeliverable("name_gone") from gone

    async def _erase(self, claimed: Claimed, member: MemberId) -> None:
        """Take back what the member said; of what may not be taken back, the member is told once."""
        sites = dict.fromkeys(sent.site for sent in claimed.sent)
        if all([await self._erase_at(claimed, site) for site in sites]):
            return
        async with self._content.work() as work:
            await work.outbox.tell(
                member,
                stays_card(),
                quiet=stays_quiet_card(),
                key=f"stays:{claimed.subject}",
                release_at=self._clock.now(),
            )

    async def _erase_at(self, claimed: Claimed, site: str) -> bool:
        """Take back what was said at one site; False where the platform does not let the bot."""
        said = tuple(Part("message", sent.remote) for sent in claimed.sent if sent.site == site)
        delivery = Delivery(id=claimed.id, account=None, action=Delete(said), tried=claimed.tried)
        try:
            await self._hand_over(self._adapter_at(site), delivery, _make_nothing)
        except Undeliverable as never:
            _log.warning("erasure_refused", delivery=claimed.id, code=never.code)
            return False
        return True

    def _adapter_at(self, site: str) -> Adapter:
        adapter = self._adapters.get(site)
        if adapter is None:
            raise Undeliverable("unknown_site")
        return adapter

    async def _hand_over(self, adapter: Adapter, delivery: Delivery, record: Record) -> None:
        began = self._clock.monotonic()
        try:
            await adapter.deliver(delivery, record)
        finally:
            seconds = self._clock.monotonic() - began
            self._metrics.took("curbside_delivery_seconds", seconds, platform=adapter.platform)

    async def _delivery(
        self, claimed: Claimed, account: Account | None, action: Action, parts: tuple[Part, ...]
    ) -> Delivery:
        return Delivery(
            id=claimed.id,
            account=account,
            action=action,
            tried=claimed.tried,
            done=parts if isinstance(action, Post) else (),
            images=await self._images(action),
        )

    async def _images(self, action: Action) -> dict[str, Image]:
        if isinstance(action, Delete):
            return {}
        try:
            return await load_images(self._content, action.card.pictures)
        except PictureGone as gone:
            raise Undeliverable("picture_gone") from gone


async def _make_nothing(_part: Part) -> None:
    raise ValueError("taking something back makes nothing")
