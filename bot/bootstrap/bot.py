"""The bot put together: opened from settings, started, stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from aiohttp import web

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.slack import SlackAdapter, handle_for
from bot.anonymizer import Anonymizer
from bot.bootstrap import parts
from bot.bootstrap.checks import Back, Means, checks_of, way_back
from bot.bootstrap.desk import Desk, Step
from bot.bootstrap.duties import duties_of
from bot.bootstrap.installing import installing_of
from bot.bootstrap.kept import Kept
from bot.bootstrap.keys import key_care_of
from bot.bootstrap.loading import Loading
from bot.bootstrap.numbers import Numbers, timed
from bot.bootstrap.people import people_of
from bot.bootstrap.places import placed, setting_of
from bot.bootstrap.proven import Proven
from bot.bootstrap.rules import rules_of
from bot.bootstrap.sites import matrix_sites, moderators_room, rooms_of, slack_sites
from bot.bootstrap.stores import open_stores
from bot.bootstrap.system import SystemChance, SystemClock
from bot.bootstrap.timekeeper import Timekeeper
from bot.bootstrap.traced import traced
from bot.bootstrap.tracing import Tracing, tracing_of
from bot.bootstrap.watch import Watch
from bot.chat.cards import Card
from bot.chat.events import Account
from bot.commands.context import House
from bot.commands.leaving import leave_rooms
from bot.commands.paying import ClaimDesk
from bot.commands.poll_export import PollTables
from bot.commands.withdrawals import report_withdrawal
from bot.config import Settings
from bot.frontdoor.door import FrontDoor
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.talk import keep_prompt, prompt_of
from bot.identity.people import People
from bot.identity.resealing import KeyCare
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import Adapter, ConfigurationRefused, Health
from bot.ports.backlog import Backlog
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.installing import Installing
from bot.ports.verification import Check
from bot.ports.work import Content
from bot.relay.relay import Relay
from storage.away import AWAY
from storage.content.queue import OutboxQueue
from storage.content.store import ContentStore
from storage.refused import StorageRefused
from storage.roster.roster import StaffedRoster
from storage.vault.vault import VaultStore

SlackHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Bot:
    """A whole Curbside: opened from settings, started, stopped."""

    def __init__(  # noqa: PLR0913 - every collaborator is handed in
        self,
        settings: Settings,
        *,
        content: ContentStore,
        vault: VaultStore,
        roster: StaffedRoster,
        wall: Wall,
        people: People,
        key_care: KeyCare,
        adapters: Sequence[Adapter],
        clock: Clock,
        chance: Chance,
        metrics: Metrics,
        anonymizer: Anonymizer,
        sign_on: Back | None,
        installing: Installing | None,
        tracing: Tracing,
    ) -> None:
        """Put the rooms together; :meth:`open` is the way to call this."""
        self.wall = wall
        self.key_care = key_care
        self.adapters = tuple(adapters)
        self._settings = settings
        self._content, self._vault, self._roster = content, vault, roster
        self.proofing, self.review, self.linking = people.proofing, people.review, people.linking
        self.stopping, self.vouches = people.stopping, people.vouches
        self.first_moderator, self.audit = people.first_moderator, people.audit
        self.sign_on = sign_on
        """Takes people back from the single sign-on, for ``GET /sign-on``; None where there is none."""
        self.installing = installing
        """Takes browsers through an installation; None where no workspace installs the app by itself."""
        self._anonymizer, self._loading = anonymizer, Loading(anonymizer)
        by_site = {adapter.site: adapter for adapter in adapters}
        self._tracing, seen = tracing, traced(content, tracing.tracer)
        house = House(seen, self._anonymizer, clock, chance, rules_of(settings), wall.routing)
        self.house = replace(house, digests=wall.digests, electorate=wall.electorate)
        self.door = self._front_door(by_site, metrics, people)
        self.timekeeper = Timekeeper(self.house)
        self.relay = self._relay_of(by_site, seen, metrics)
        content.changed.append(self.timekeeper.wake)
        content.outgoing.append(self.relay.wake)
        content.ticked.append(self.relay.look_for_left_over)
        self.numbers = self._measured(metrics, clock)
        self._keeping_time = Kept("timekeeper", self.timekeeper.run, clock)
        self._delivering = Kept("relay", self.relay.run, clock)
        self.watch = self._watch_of(people)
        self._sole = tuple(one for one in self.adapters if one.capabilities.sole or settings.database.sqlite)
        self._desk = Desk(
            self.door,
            self._keeping_time,
            self.watch,
            begin=self.timekeeper.begin,
            repairs=self._repairs(),
            adapters=self._sole,
            connect=self._connect,
        )
        self._sitting: asyncio.Task[None] | None = None
        self._proven = Proven(settings, wall.cabinet("proven"))
        content.arrived.append(self.door.look_soon)

    def _watch_of(self, people: People) -> Watch:
        """Make the one who does duties now and then, and those at once for which there is something to do."""
        spread = self._content.spreading.spread
        duties = duties_of(self.house, self.wall, self.key_care, spread)
        watch = Watch(self.house.clock, (*people.duties, *duties))
        self._content.listed.append(partial(watch.begin, spread))
        people.vouches.noted.append(partial(watch.begin, people.vouches.count))
        return watch

    def _relay_of(self, by_site: Mapping[str, Adapter], seen: Content, metrics: Metrics) -> Relay:
        return Relay(
            self._content.queue,
            seen,
            self.wall,
            by_site,
            clock=self.house.clock,
            chance=self.house.chance,
            on_group=partial(report_withdrawal, self.house),
            on_prompt=self._prompted,
            on_refusal=self.door.doorkeeper.doubt,
            steady=self._steady,
            away=AWAY,
            metrics=metrics,
            moderators=self._settings.moderators.site,
            tracer=self._tracing.tracer,
        )

    def _front_door(self, by_site: Mapping[str, Adapter], metrics: Metrics, people: People) -> FrontDoor:
        return FrontDoor(
            self.wall,
            self.house,
            self._content.inbox,
            by_site,
            metrics,
            people,
            moderators_room(self._settings),
            self._tracing.tracer,
        )

    def _measured(self, metrics: Metrics, clock: Clock) -> Numbers:
        """Time the databases, and give what is looked up when somebody reads the metrics."""
        for name, store in (("content", self._content), ("vault", self._vault), ("roster", self._roster)):
            store.pulse.time(clock.monotonic, timed(metrics, name))
        return Numbers(
            metrics,
            clock,
            self.adapters,
            self.door.crowd,
            queue=self._content.queue,
            backlog=self._content.backlog,
            folder=self._settings.data_dir,
        )

    @classmethod
    async def open(
        cls,
        settings: Settings,
        clock: Clock | None = None,
        adapters: Sequence[Adapter] | None = None,
        chance: Chance | None = None,
        metrics: Metrics | None = None,
        anonymizer: Anonymizer | None = None,
        checks: Sequence[Check] | None = None,
        tracing: Tracing | None = None,
    ) -> Self:
        """Open and migrate the databases and build the adapters; nothing connects yet.

        Raises ``ConfigurationRefused`` that names the setting.
        """
        clock, chance = clock or SystemClock(), chance or SystemChance()
        rooms = tuple(adapter.site for adapter in adapters) if adapters is not None else rooms_of(settings)
        tracing = tracing or tracing_of(settings.tracing)
        keys, vault, content, roster = await open_stores(settings, rooms, clock, chance)
        sealer = AesSealer(keys, chance)
        wall = Wall(vault, content, sealer, chance=chance, clock=clock)
        if adapters is None:
            adapters = (*slack_sites(settings, wall, clock), *matrix_sites(settings, wall, clock, chance))
        means = Means(wall.cabinet, sealer.index, clock, chance)
        if checks is None:
            checks = checks_of(settings, adapters, roster, means)
        people = people_of(
            settings,
            wall,
            content=content,
            vault=vault,
            roster=roster,
            sealer=sealer,
            checks=checks,
            adapters=adapters,
            apart=content.queue.apart,
            clock=clock,
            chance=chance,
        )
        return cls(
            settings,
            content=content,
            vault=vault,
            roster=roster,
            wall=wall,
            people=people,
            key_care=key_care_of(settings, keys, (vault, content, roster), wall, chance),
            adapters=adapters,
            clock=clock,
            chance=chance,
            metrics=metrics or Metrics(),
            anonymizer=anonymizer or Anonymizer(),
            sign_on=way_back(checks),
            installing=installing_of(settings, adapters, wall, means),
            tracing=tracing,
        )

    @property
    def queue(self) -> OutboxQueue:
        """The outbox, for metrics."""
        return self._content.queue

    @property
    def backlog(self) -> Backlog:
        """What waits and what was set apart, for ``curbside outbox``."""
        return self._content.backlog

    @property
    def poll_tables(self) -> PollTables:
        """Tables of closed polls, for ``curbside polls``."""
        return PollTables(self.house)

    @property
    def claims(self) -> ClaimDesk:
        """Where tokens of polls that pay are counted and redeemed, for ``curbside polls``."""
        return ClaimDesk(self._content, self.house.clock)

    @property
    def pausing(self) -> Pausing:
        """What pauses and resumes consult rooms."""
        return self.door.pausing

    @property
    def slack_events(self) -> SlackHandler | None:
        """The handler of ``POST /slack/events``, where a workspace uses HTTP mode."""
        labels = {site.name for site in self._settings.slack if site.mode == "http"}
        http = [one for one in self.adapters if isinstance(one, SlackAdapter) and one.site in labels]
        return handle_for(http) if http else None

    @property
    def own_rooms(self) -> Mapping[str, str]:
        """Ids of the consult rooms, by site, that the bot made because the configuration names none."""
        unnamed = {site.name for site in self._settings.matrix if not site.room}
        matrix = [one for one in self.adapters if isinstance(one, MatrixAdapter) and one.site in unnamed]
        return {one.site: one.room for one in matrix if one.room}

    def _repairs(self) -> tuple[Step, ...]:
        """List what is finished before anybody acts, in this order."""
        leaving = partial(self.wall.leaving.repair, partial(leave_rooms, self.house))
        moderators = partial(self.review.gather, self._settings.moderators.room)
        wall = self.wall
        return (wall.joining.repair, wall.belonging.repair, wall.renaming.repair, leaving, moderators)

    async def start(self) -> None:
        """Take the databases, connect every site, deliver; and handle, unless another bot has the seat.

        Raises ``ConfigurationRefused``.
        """
        try:
            await self._content.own()
            await self._vault.own()
        except StorageRefused as refused:
            raise ConfigurationRefused(setting_of(self._settings), refused.sentence) from refused
        self._loading.begin()
        self._content.seat.only_while(lambda: self._vault.there)
        await self._connect([one for one in self.adapters if one not in self._sole])
        if await self._content.seat.take():
            await self._desk.take()
        self._delivering.start()
        self._sitting = asyncio.create_task(self._desk.sit(self._content.seat, self.house.clock))

    async def _connect(self, adapters: Sequence[Adapter]) -> None:
        """Connect sites; if one refuses, the others are given up before anything is closed."""
        connecting = [asyncio.create_task(self._connect_one(adapter)) for adapter in adapters]
        try:
            await asyncio.gather(*connecting)
        finally:
            for one in connecting:
                one.cancel()
            await asyncio.gather(*connecting, return_exceptions=True)

    async def _connect_one(self, adapter: Adapter) -> None:
        proven = await self._proven.holds(adapter.site)
        try:
            await adapter.start(self.door.doorway(adapter.site), proven=proven)
        except ConfigurationRefused as refused:
            raise placed(refused, adapter) from refused
        if not proven and adapter.health().connected:
            await self._proven.note(adapter.site)

    async def stop(self) -> None:
        """Take nothing more in hand, finish what is under way (at most 10 s), disconnect, close everything.

        What comes in meanwhile stays in the inbox for the next start.
        """
        if self._sitting is not None:
            self._sitting.cancel()
            await asyncio.wait([self._sitting])
        await self._desk.close()
        await self.relay.stop()
        await self._delivering.ended()
        await asyncio.gather(*(adapter.stop() for adapter in self.adapters))
        await self._loading.ended()
        await self._anonymizer.close()
        await self._content.close()
        await self._vault.close()
        await self._roster.close()
        await self._tracing.close()

    def health(self) -> Mapping[str, Health]:
        """Say for each part whether it works right now."""
        relay, timekeeper = self._delivering.health(), self._keeping_time.health()
        own = {
            "database": self._databases(),
            "keys": parts.keys(self._settings.key_file),
            "disk": parts.disk(self._settings.data_dir),
            "relay": parts.but(relay, parts.RELAY_AILS if self.relay.ailing else ""),
            "timekeeper": parts.but(timekeeper, parts.TIMEKEEPER_AILS if self.timekeeper.ailing else ""),
            "watch": self.watch.health(),
        }
        if self._sitting is not None and not self._desk.settled:
            own |= dict.fromkeys(("timekeeper", "watch"), self._unsettled)
        return own | {adapter.site: self._health_at(adapter) for adapter in self.adapters}

    @property
    def _unsettled(self) -> Health:
        """Another bot is at the desk, or this one has its seat and is not at it yet, or cannot have it."""
        if self._content.seat.held:
            return parts.NOT_YET
        return parts.ELSEWHERE if self._content.there and self._vault.there else parts.CANNOT_SIT

    def _databases(self) -> Health:
        files = ("content", "vault", "roster") if self._settings.database.sqlite else ()
        there = parts.files(self._settings.data_dir, *files)
        answering = parts.databases(
            on_server=not self._settings.database.sqlite,
            content=self._content,
            vault=self._vault,
            roster=self._roster,
        )
        return answering if there.connected else there

    def _health_at(self, adapter: Adapter) -> Health:
        """A paused room is no fault of the bot's: the site stays ready, and its problem says it.

        Whether a room is paused is known at the desk.
        """
        health = adapter.health()
        if health.elsewhere and self._content.seat.held:
            return parts.NOT_YET
        if health.problem or not self._desk.open or adapter.site not in self.pausing.paused:
            return health
        return replace(health, problem=parts.paused(self.pausing.flaws.get(adapter.site)))

    async def _steady(self) -> None:
        """Go along with a jump of the clock; of several bots, the one at the desk does it."""
        if self._desk.open:
            await self.timekeeper.steady()

    async def _prompted(self, account: Account, card: Card) -> None:
        async with self._content.work() as work:
            prompt = prompt_of(card.buttons)
            await keep_prompt(work.dialogs, self.wall.talk_key(account), prompt, self.house.clock.now())
