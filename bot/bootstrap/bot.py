"""The bot put together: opened from settings, started, stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol, Self

from aiohttp import web

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.slack import SlackAdapter, handle_for
from bot.anonymizer import Anonymizer
from bot.bootstrap.checks import Back, Means, checks_of, way_back
from bot.bootstrap.installing import installing_of
from bot.bootstrap.keys import key_care_of
from bot.bootstrap.people import people_of
from bot.bootstrap.sites import matrix_sites, moderators_room, rooms_of, slack_sites
from bot.bootstrap.system import SystemChance, SystemClock
from bot.bootstrap.timekeeper import Timekeeper
from bot.bootstrap.watch import Watch
from bot.chat.cards import Card
from bot.chat.events import Account
from bot.commands.context import House, Rules
from bot.commands.digests import send_digests
from bot.commands.housekeeping import tidy
from bot.commands.leaving import leave_rooms
from bot.commands.paging import list_unanswered
from bot.commands.paying import ClaimDesk
from bot.commands.poll_export import PollTables
from bot.commands.withdrawals import report_withdrawal
from bot.config import Settings
from bot.config.sections import Retention
from bot.domain.retention import Keep
from bot.frontdoor.door import FrontDoor
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.talk import keep_prompt, prompt_of
from bot.identity.keyring import LiveKeys
from bot.identity.keys import KeyRefused
from bot.identity.people import Duty, People
from bot.identity.resealing import KeyCare
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.metrics import Metrics
from bot.ports.adapter import MODERATORS_ROOM, Adapter, ConfigurationRefused, Health
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.installing import Installing
from bot.ports.outbox import Backlog
from bot.ports.verification import Check
from bot.relay.relay import Relay
from storage.away import AWAY
from storage.content.queue import OutboxQueue
from storage.content.store import ContentStore, open_content
from storage.refused import StorageRefused
from storage.roster.roster import StaffedRoster, open_staffed_roster
from storage.vault.keyring import open_keys
from storage.vault.vault import VaultStore, open_vault

_TIDY_EVERY = 3600.0
_DIGESTS_EVERY = 600.0
"""Seconds between two looks for members whose morning has come."""
PAUSED = "Nothing leaves for the consult room: it is paused. See curbside outbox list."
SlackHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Bot:
    """A whole Curbside: opened from settings, started, stopped."""

    _keeping_time: asyncio.Task[None] | None = None
    _delivering: asyncio.Task[None] | None = None

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
    ) -> None:
        """Put the rooms together; :meth:`open` is the way to call this."""
        self.wall = wall
        self.key_care = key_care
        self.adapters = tuple(adapters)
        self._settings = settings
        self._content = content
        self._vault = vault
        self._roster = roster
        self.proofing, self.review, self.linking = people.proofing, people.review, people.linking
        self.stopping, self.vouches = people.stopping, people.vouches
        self.first_moderator, self.audit = people.first_moderator, people.audit
        self.sign_on = sign_on
        """Takes people back from the single sign-on, for ``GET /sign-on``; None where there is none."""
        self.installing = installing
        """Takes browsers through an installation; None where no workspace installs the app by itself."""
        self._anonymizer = anonymizer
        by_site = {adapter.site: adapter for adapter in adapters}
        rules = _rules(settings)
        house = House(content, self._anonymizer, clock, chance, rules, wall.routing)
        self.house = replace(house, digests=wall.digests, electorate=wall.electorate)
        self.door = FrontDoor(
            wall, self.house, content.inbox, by_site, metrics, people, moderators_room(settings)
        )
        self.timekeeper = Timekeeper(self.house)
        self.relay = Relay(
            content.queue,
            content,
            wall,
            by_site,
            clock=clock,
            chance=chance,
            on_group=partial(report_withdrawal, self.house),
            on_prompt=self._prompted,
            on_refusal=self.door.doorkeeper.doubt,
            steady=self.timekeeper.steady,
            away=AWAY,
            metrics=metrics,
            moderators=settings.moderators.site,
        )
        content.changed.extend((self.relay.wake, self.timekeeper.wake))
        self.watch = Watch(clock, (*people.duties, *self._duties()))
        people.vouches.noted.append(partial(self.watch.begin, people.vouches.count))

    def _duties(self) -> tuple[tuple[float, Duty], ...]:
        """List what is done every so many seconds, beside what concerns people."""
        leaving = partial(self.wall.leaving.repair, partial(leave_rooms, self.house))
        unanswered = partial(list_unanswered, self.house)
        hourly = (partial(tidy, self.house), leaving, self.key_care.tend, unanswered)
        digests = (_DIGESTS_EVERY, partial(send_digests, self.house))
        return (*((_TIDY_EVERY, duty) for duty in hourly), digests)

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
    ) -> Self:
        """Open and migrate the databases and build the adapters; nothing connects yet.

        Raises ``ConfigurationRefused`` that names the setting.
        """
        clock, chance = clock or SystemClock(), chance or SystemChance()
        rooms = tuple(adapter.site for adapter in adapters) if adapters is not None else rooms_of(settings)
        keys, vault, content, roster = await _open_storage(settings, rooms, clock, chance)
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

    async def start(self) -> None:
        """Take the databases, finish what stopped half-way, connect every site, deliver.

        Raises ``ConfigurationRefused``.
        """
        try:
            self._content.own()
        except StorageRefused as refused:
            raise ConfigurationRefused("data_dir", refused.sentence) from refused
        await self.wall.joining.repair()
        await self.wall.belonging.repair()
        await self.wall.renaming.repair()
        await self.wall.leaving.repair(partial(leave_rooms, self.house))
        await self.review.gather(self._settings.moderators.room)
        await self.door.resume()
        await self._connect()
        self.door.open()
        await self.door.doorkeeper.open()
        self._delivering = asyncio.create_task(self.relay.run())
        self._keeping_time = asyncio.create_task(self.timekeeper.run())
        self.watch.start()

    async def _connect(self) -> None:
        """Connect every site; if one refuses, the others are given up before anything is closed."""
        connecting = [asyncio.create_task(self._connect_one(adapter)) for adapter in self.adapters]
        try:
            await asyncio.gather(*connecting)
        finally:
            for one in connecting:
                one.cancel()
            await asyncio.gather(*connecting, return_exceptions=True)

    async def _connect_one(self, adapter: Adapter) -> None:
        try:
            await adapter.start(self.door.doorway(adapter.site))
        except ConfigurationRefused as refused:
            raise _placed(refused, adapter) from refused

    async def stop(self) -> None:
        """Take nothing more in hand, finish what is under way (at most 10 s), disconnect, close everything.

        What comes in meanwhile stays in the inbox for the next start.
        """
        if self._keeping_time is not None:
            self._keeping_time.cancel()
            await asyncio.wait([self._keeping_time])
        await self.door.doorkeeper.close()
        await self.watch.stop()
        await self.door.close()
        if self._delivering is not None:
            await self.relay.stop()
            await self._delivering
        await asyncio.gather(*(adapter.stop() for adapter in self.adapters))
        await self._anonymizer.close()
        await self._content.close()
        await self._vault.close()
        await self._roster.close()

    def health(self) -> Mapping[str, Health]:
        """Say for each part whether it works right now."""
        own = {
            "database": _answering(content=self._content, vault=self._vault),
            "keys": Health(connected=True),  # Without the master key and both canaries nothing would be open.
            "relay": _running(self._delivering),
        }
        return own | {adapter.site: self._health_at(adapter) for adapter in self.adapters}

    def _health_at(self, adapter: Adapter) -> Health:
        """A paused room is no fault of the bot's: the site stays ready, and its problem says it."""
        health = adapter.health()
        if health.problem or adapter.site not in self.pausing.paused:
            return health
        return Health(health.connected, PAUSED)

    async def _prompted(self, account: Account, card: Card) -> None:
        async with self._content.work() as work:
            prompt = prompt_of(card.buttons)
            await keep_prompt(work.dialogs, self.wall.talk_key(account), prompt, self.house.clock.now())


async def _open_storage(
    settings: Settings, rooms: tuple[str, ...], clock: Clock, chance: Chance
) -> tuple[LiveKeys, VaultStore, ContentStore, StaffedRoster]:
    try:
        keys = await open_keys(settings.data_dir, settings.key_file, chance)
        sealer = AesSealer(keys, chance)
        async with AsyncExitStack() as opened:
            vault = await open_vault(settings.data_dir, sealer)
            opened.push_async_callback(vault.close)
            content = await open_content(
                settings.data_dir,
                sealer,
                rooms=rooms,
                moderators=moderators_room(settings),
                clock=clock,
                chance=chance,
            )
            opened.push_async_callback(content.close)
            roster = await open_staffed_roster(settings.data_dir, sealer)
            opened.push_async_callback(roster.close)
            await roster.require_key()
            opened.pop_all()
    except KeyRefused as refused:
        raise ConfigurationRefused("key_file", refused.sentence) from refused
    except StorageRefused as refused:
        raise ConfigurationRefused("data_dir", refused.sentence) from refused
    return keys, vault, content, roster


def _placed(refused: ConfigurationRefused, adapter: Adapter) -> ConfigurationRefused:
    """Name the setting the way the file has it: an adapter knows its own section only."""
    key = refused.key.removeprefix(f"{adapter.platform}.")
    if key in Settings.model_fields or key == MODERATORS_ROOM:
        return refused
    return ConfigurationRefused(f"[[{adapter.platform}]] {adapter.site} {key}", refused.sentence)


class _Store(Protocol):
    @property
    def answering(self) -> bool: ...


def _answering(**stores: _Store) -> Health:
    silent = [name for name, store in stores.items() if not store.answering]
    problem = f"No answer from: {', '.join(silent)}. Look at the disk and at who may write to data_dir."
    return Health(not silent, problem if silent else "")


def _running(task: asyncio.Task[None] | None) -> Health:
    runs = task is not None and not task.done()
    return Health(runs, "" if runs else "The relay does not run.")


def _rules(settings: Settings) -> Rules:
    low, high = settings.relay.delay_seconds
    return Rules(
        undo_seconds=round(settings.relay.undo_seconds),
        delay_seconds=(low, high),
        min_cell=settings.privacy.min_cell,
        blind_first=settings.opinions.blind_first,
        reveal_at=settings.opinions.reveal_at,
        close_at=settings.opinions.close_at,
        name_change_days=settings.privacy.name_change_days,
        pages_for_each=settings.paging.for_each,
        pages_a_day=settings.paging.a_day,
        digest_hour=settings.paging.digest_hour,
        keep=_keep(settings.retention),
    )


def _keep(retention: Retention) -> Keep:
    return Keep(
        originals=timedelta(days=retention.originals),
        drafts=timedelta(days=retention.drafts),
        pictures=timedelta(days=retention.pictures),
    )
