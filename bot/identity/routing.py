"""Routing in the vault: when somebody can be paged, how often they were, and who is a candidate."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.chat.events import Account
from bot.chat.shapes import NUMBER, TEXT, TEXTS, TRUTH, record, unpack, word_of
from bot.domain.digest_times import Rhythm, Subscription
from bot.domain.members import MemberId
from bot.domain.mydata import Paged
from bot.domain.routing import Availability, Candidate, is_quiet
from bot.identity.accounts import Accounts
from bot.identity.personae import Personae
from bot.identity.records import Enrolment, joined, sized
from bot.ports.clock import Clock
from bot.ports.routing import Change
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

_ALWAYS: Final = -1
"""The hour of somebody without quiet hours."""
_MOST_DECLINED: Final = 20
"""Refusals of a field that are remembered; with these a row stays as long as every other."""


@dataclass(frozen=True, slots=True)
class Routed:
    """One sealed row: what a person said about pages, and what came of pages. Times in ISO form, or empty."""

    zone: str = ""
    quiet_from: int = _ALWAYS
    quiet_to: int = _ALWAYS
    through: bool = False
    duty_until: str = ""
    mute_until: str = ""
    paged_on: str = ""
    today: int = 0
    paged: int = 0
    answered: int = 0
    declined: tuple[str, ...] = field(default=())
    digest: Rhythm = Rhythm.OFF
    digest_at: str = ""
    digest_since: str = ""
    digest_from: str = ""

    def __repr__(self) -> str:
        """Show nothing."""
        return "Routed()"

    @property
    def availability(self) -> Availability:
        """What the person said."""
        quiet = None if self.quiet_from == _ALWAYS else (self.quiet_from, self.quiet_to)
        times = (self.digest_at, self.digest_since, self.digest_from)
        digest = Subscription(self.digest, *(_moment(one) for one in times))
        duty, mute = _moment(self.duty_until), _moment(self.mute_until)
        return Availability(self.zone, quiet, self.through, duty, mute, digest)

    def available(self, said: Availability) -> Routed:
        """Put what the person says now in place of it."""
        quiet_from, quiet_to = said.quiet or (_ALWAYS, _ALWAYS)
        return replace(
            self,
            zone=said.zone,
            quiet_from=quiet_from,
            quiet_to=quiet_to,
            through=said.through,
            duty_until=_written(said.duty_until),
            mute_until=_written(said.mute_until),
            digest=said.digest.rhythm,
            digest_at=_written(said.digest.looked_at),
            digest_since=_written(said.digest.since),
            digest_from=_written(said.digest.told_from),
        )

    def paged_again(self, today: date) -> Routed:
        """Count a page of today."""
        return replace(self, paged_on=today.isoformat(), today=self.pages_on(today) + 1)

    def pages_on(self, today: date) -> int:
        """Say how often the person was paged on a day, if it is the last one with a page."""
        return self.today if self.paged_on == today.isoformat() else 0

    def settle(self, *, answered: bool) -> Routed:
        """Count whether a page was answered, once its case has ended."""
        return replace(self, paged=self.paged + 1, answered=self.answered + answered)

    @property
    def rate(self) -> float:
        """The share of pages answered; who was never paged stands in the middle."""
        return (self.answered + 1) / (self.paged + 2)


_ROUTED: Final = record(
    Routed,
    zone=TEXT,
    quiet_from=NUMBER,
    quiet_to=NUMBER,
    through=TRUTH,
    duty_until=TEXT,
    mute_until=TEXT,
    paged_on=TEXT,
    today=NUMBER,
    paged=NUMBER,
    answered=NUMBER,
    declined=TEXTS,
    digest=word_of(Rhythm),
    digest_at=TEXT,
    digest_since=TEXT,
    digest_from=TEXT,
)


class Routing:
    """Fills :class:`bot.ports.routing.Routing`; rows belong to persons, so a change of name loses nothing."""

    def __init__(
        self,
        vault: Vault,
        sealer: Sealer,
        accounts: Accounts,
        personae: Personae,
        clock: Clock,
        turn: asyncio.Lock,
    ) -> None:
        """Take the vault, what opens its rows, the clock; ``turn`` is held while somebody's rows change."""
        self._vault = vault
        self._sealer = sealer
        self._accounts = accounts
        self._personae = personae
        self._clock = clock
        self._turn = turn

    async def candidates(
        self, author: MemberId, among: Mapping[MemberId, str], but: Collection[MemberId]
    ) -> tuple[Candidate, ...]:
        """Give those among these members who could be paged for an author's case."""
        asking = await self._personae.author(author)
        left_out = {await self._personae.author(one) for one in but}
        # Whoever asks under another name stays in: a page that is missing would say whose name it is.
        left_out |= {asking} if asking == author else set()
        persons, rows = await self._persons(), await self._rows()
        able = {one: persons[one].person for one in among if one in persons and one not in left_out}
        accounts = await self._accounts.of_members((asking, *able))
        now = self._clock.now()

        def found() -> tuple[Candidate, ...]:
            home, listed = _realms(accounts[asking]), []
            for member, person in able.items():
                routed = rows.get(routing_index(self._sealer, person), Routed())
                elsewhere = home.isdisjoint(_realms(accounts[member]))
                listed.append(_candidate(member, among[member], routed, now, elsewhere=elsewhere))
            return tuple(listed)

        return await asyncio.to_thread(found)

    async def _persons(self) -> Mapping[MemberId, Enrolment]:
        """Find who may act at all, by member."""
        links = [link for _, link in await self._accounts.all() if link.state == "active"]
        return {MemberId(link.member): link for link in links}

    async def _rows(self) -> Mapping[bytes, Routed]:
        found = await self._vault.routings()
        return await asyncio.to_thread(lambda: {index: self._open(index, sealed) for index, sealed in found})

    async def paged(self, members: Collection[MemberId]) -> None:
        """Count a page of today for each of these members."""
        today = self._clock.now().date()
        await self._change({member: lambda row: row.paged_again(today) for member in members})

    async def settled(self, author: MemberId, answered: Mapping[MemberId, bool]) -> None:
        """Count for each of these members but the case's author whether a page of theirs was answered."""
        current = {await self._personae.author(one): did for one, did in answered.items()}
        current.pop(await self._personae.author(author), None)
        await self._change({one: _settling(answered=did) for one, did in current.items()})

    async def declined(self, member: MemberId, fields: Collection[str]) -> None:
        """Note that these specialties are not a member's."""

        def note(row: Routed) -> Routed:
            return replace(row, declined=(*row.declined, *fields)[-_MOST_DECLINED:])

        await self._change({member: note})

    async def availability(self, member: MemberId) -> Availability:
        """Say when a member can be paged."""
        row = await self._row_of(member)
        return Availability() if row is None else row.availability

    async def change(self, member: MemberId, change: Change) -> Availability:
        """Change when a member can be paged; gives what holds from now on."""
        await self.change_all({member: change})
        return await self.availability(member)

    async def change_all(self, changes: Mapping[MemberId, Change]) -> None:
        """Change what these members said, in one transaction."""
        await self._change({member: _saying(change) for member, change in changes.items()})

    async def wanting_digests(self) -> Mapping[MemberId, tuple[str, Availability]]:
        """Give all who want digests and may act, each with the person and what was said."""
        rows = {index: row for index, row in (await self._rows()).items() if row.digest is not Rhythm.OFF}
        persons = await self._persons() if rows else {}

        def found() -> Mapping[MemberId, tuple[str, Availability]]:
            indexed = {member: routing_index(self._sealer, one.person) for member, one in persons.items()}
            return {
                member: (persons[member].person, rows[index].availability)
                for member, index in indexed.items()
                if index in rows
            }

        return await asyncio.to_thread(found)

    async def held(self, member: MemberId) -> Paged | None:
        """Give everything that is kept about a member's pages, for the member."""
        row = await self._row_of(member)
        fields = tuple(dict.fromkeys(row.declined)) if row else ()
        return None if row is None else Paged(row.availability, row.paged, row.answered, fields)

    async def _row_of(self, member: MemberId) -> Routed | None:
        index = await self._index(member)
        sealed = None if index is None else await self._vault.routing(index)
        return None if index is None or sealed is None else self._open(index, sealed)

    async def _change(self, changes: Mapping[MemberId, Callable[[Routed], Routed]]) -> None:
        """Change the rows of members in one transaction; one who has left meanwhile gets none."""
        async with self._turn:
            rows: dict[bytes, bytes] = {}
            for member, change in changes.items():
                index = await self._index(member)
                if index is not None:
                    sealed = await self._vault.routing(index)
                    row = Routed() if sealed is None else self._open(index, sealed)
                    rows[index] = self.seal(index, change(row))
            if rows:
                await self._vault.keep_routings(rows)

    async def _index(self, member: MemberId) -> bytes | None:
        links = await self._accounts.links_of(member)
        active = [link for _, link in links if link.state == "active"]
        return routing_index(self._sealer, active[0].person) if active else None

    def seal(self, index: bytes, row: Routed) -> bytes:
        """Seal a row for its place."""
        return self._sealer.seal(sized("routed", _ROUTED, row), _place(index))

    def _open(self, index: bytes, sealed: bytes) -> Routed:
        return unpack("routed", _ROUTED, self._sealer.open(sealed, _place(index)), Routed)


def _candidate(
    member: MemberId, specialty: str, routed: Routed, now: datetime, *, elsewhere: bool
) -> Candidate:
    said = routed.availability
    return Candidate(
        member,
        specialty,
        elsewhere=elsewhere,
        on_duty=said.on_duty(now),
        quiet=is_quiet(said.quiet, now.astimezone(zone_of(said.zone)).time()),
        through=said.through,
        muted=said.muted(now),
        paged_on=date.fromisoformat(routed.paged_on) if routed.paged_on else None,
        today=routed.pages_on(now.date()),
        rate=routed.rate,
        declined=Counter(routed.declined)[specialty],
    )


def _realms(accounts: Collection[Account]) -> frozenset[tuple[str, str]]:
    """List the workspaces and homeservers of some accounts."""
    return frozenset((account.platform, account.realm) for account in accounts)


def _saying(change: Change) -> Callable[[Routed], Routed]:
    return lambda row: row.available(change(row.availability))


def _settling(*, answered: bool) -> Callable[[Routed], Routed]:
    return lambda row: row.settle(answered=answered)


def routing_index(sealer: Sealer, person: str) -> bytes:
    """Give the blind index of what is kept about a person's pages."""
    return sealer.index("route", joined("routing", person))


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _written(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def zone_of(name: str) -> tzinfo:
    """Give the time zone of somebody; UTC where none is known."""
    try:
        return ZoneInfo(name) if name else UTC
    except ZoneInfoNotFoundError:
        # The machine's time zones may change; one row must not keep everybody from being paged.
        return UTC


def _place(index: bytes) -> str:
    return f"routing|sealed|{index.hex()}"
