"""Carrying: what one delivery is at a platform, to a room or to a member whose account the wall knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.chat.cards import Card
from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.own_names import NameGone
from bot.identity.wall import Wall
from bot.ports.adapter import Action, Adapter, Delete, Delivery, Later, Part, Post, Record, Undeliverable
from bot.ports.clock import Clock
from bot.ports.outbox import JOINING, MODERATING, Claimed, Queue, What, kept_as, site_and_room
from bot.ports.work import Content
from bot.relay.actions import action_of, images_of
from bot.relay.doors import Doors
from bot.relay.insisting import Insisting
from bot.relay.making import Making, is_single
from bot.relay.sight import Sight
from bot.relay.turns import Turns
from bot.views.drafts import stays_card, stays_quiet_card

_log = structlog.get_logger(__name__)

_CHANGES = (What.EDIT, What.REPLACE, What.DELETE)
OnPrompt = Callable[[Account, Card], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Hands:
    """What a delivery goes through: doors, the turns of platforms, who looks on, and who insists."""

    doors: Doors
    turns: Turns
    sight: Sight
    insisting: Insisting


class Carrier:
    """Carries single deliveries out. Members become accounts here, one for one delivery."""

    def __init__(
        self,
        wall: Wall,
        content: Content,
        adapters: Mapping[str, Adapter],
        hands: Hands,
        *,
        clock: Clock,
        queue: Queue,
        on_prompt: OnPrompt,
    ) -> None:
        """Take its collaborators; the ``queue`` keeps what a delivery to a room made."""
        self._wall = wall
        self._content = content
        self._adapters = adapters
        self._doors, self._turns, self._sight = hands.doors, hands.turns, hands.sight
        self._insisting = hands.insisting
        self._clock = clock
        self._queue = queue
        self._on_prompt = on_prompt

    async def carry(self, claimed: Claimed) -> tuple[Part, ...]:
        """Do one delivery, and give what it made that is to be kept with its end.

        Raises ``Later``, ``Undeliverable``, and whatever breaks on the way.
        """
        if claimed.damaged:
            raise Undeliverable("unreadable")
        if claimed.member is None:
            return await self._deliver_to_room(claimed)
        await self._deliver_to_member(claimed, claimed.member)
        return ()

    async def _deliver_to_member(self, claimed: Claimed, member: MemberId) -> None:
        if claimed.what is What.ERASE:
            await self._erase(claimed, member)
        elif claimed.what is What.SHOW_OUT:
            await self._doors.show_out(member)
        elif claimed.what is not What.REPLACE and await self._wall.is_stopped_persona(member):
            _log.info("not_told", delivery=claimed.id)
        elif claimed.but is None or not await self._wall.is_same_person(member, claimed.but):
            await self._deliver_home(claimed, member)
            if claimed.subject == JOINING:
                await self._doors.admit_others(member)

    async def _deliver_to_room(self, claimed: Claimed) -> tuple[Part, ...]:
        if claimed.what is What.REPLACE and not claimed.parts:
            return ()  # What was under way when it was put did not get through.
        site, room = site_and_room(claimed.room)
        adapter = self._adapter_at(site)
        action = action_of(claimed, await self._named(claimed.card), claimed.parts)
        delivery = await self._delivery(claimed, None, action, claimed.parts)
        making = Making(self._queue, self._insisting, claimed, waits=is_single(claimed, action))
        await making.done_by(self._hand_over(claimed, adapter, replace(delivery, room=room), making.record))
        return making.unrecorded

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
        await self._hand_over(claimed, self._doors.serving(account), delivery, record)

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
            await self._hand_over(claimed, self._adapter_at(site), delivery, _make_nothing)
        except Undeliverable as never:
            _log.warning("erasure_refused", delivery=claimed.id, code=never.code)
            return False
        return True

    def _adapter_at(self, site: str) -> Adapter:
        adapter = self._adapters.get(site)
        if adapter is None:
            raise Undeliverable("unknown_site")
        return adapter

    async def _hand_over(
        self, claimed: Claimed, adapter: Adapter, delivery: Delivery, record: Record
    ) -> None:
        if not self._queue.holds(claimed):
            raise Later(None)  # Another bot may be at it by now.
        with self._sight.handing(adapter.platform, delivery.id), self._turns.heeding(adapter):
            await adapter.deliver(delivery, record)

    async def _delivery(
        self, claimed: Claimed, account: Account | None, action: Action, parts: tuple[Part, ...]
    ) -> Delivery:
        return Delivery(
            id=claimed.id,
            account=account,
            action=action,
            tried=claimed.tried,
            done=parts if isinstance(action, Post) else (),
            images=await images_of(self._content, action),
        )


async def _make_nothing(_part: Part) -> None:
    raise ValueError("taking something back makes nothing")
