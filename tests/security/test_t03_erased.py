"""T-03: of somebody who has left, nothing is found in any byte below the data folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from bot.chat.events import Account
from bot.commands.leaving import leave_rooms
from bot.domain.former import Posts
from bot.domain.members import Member, MemberId, Persona, Role
from bot.domain.poll_tally import Counts
from bot.domain.polls import Ballot, Poll
from bot.identity.applications import Applications
from bot.identity.duplicates import signals_owner
from bot.identity.link_codes import LinkCodes, desk_index
from bot.identity.vouch_slots import Slot
from bot.ports.names import Changed
from storage.opened import _PRAGMAS
from storage.sqlite import SqliteDatabase
from tests.security.installation import Installation, indexed, installed, number
from tests.storage.handed_in import disk
from tests.storage.test_planted import account, live, name

PEOPLE: Final = 50
STAY: Final = range(PEOPLE, PEOPLE + 5)
STARTS: Final = 40
"""Bytes of a sealed value that are looked for: format, key id, nonce and the beginning of its own key."""
pytestmark = pytest.mark.timeout(600)


async def move_in(house: Installation, person: int) -> MemberId:
    """Let somebody in and live a day: a case, a ballot, a draft, a picture, talk, things told and kept."""
    member = await house.admit(person)
    await live(person, house.wall, house.content, house.clock)
    case, ballot = house.case(person, member, house.clock.now()), await voter(house, person)
    async with house.content.work() as work:
        await work.cases.add(case)
        await work.dialogs.put(f"last:{member}", case.subject.encode())
        await work.dialogs.put(f"talk:{house.wall.talk_key(account(person))}", b"unfinished")
        poll = await work.polls.get("poll")
        assert poll is not None
        await work.polls.cast(poll, Ballot("poll", ballot, (person % 2,)))
    if is_manifold(person):
        await become_manifold(house, person)
    return member


def is_manifold(person: int) -> bool:
    """Ten of the fifty have two accounts, an alias, a past screen name, and what is kept beside these."""
    return person < PEOPLE and person % 5 == 2


def second(person: int) -> Account:
    return Account("matrix", f"elsewhere{person}.example", f"@again{person}q:elsewhere{person}.example")


async def become_manifold(house: Installation, person: int) -> None:
    wall, who = house.wall, account(person)
    assert await wall.belonging.add(who, second(person))
    known = await wall.who(who)
    assert known is not None
    alias = await wall.naming(known).persona(Persona.ALIAS)
    alias_name, fresh_name = await wall.joining.free_names(2)
    case = house.case(person, alias, house.clock.now())
    async with house.content.work() as work:
        assert await work.members.add(Member(alias, alias_name, Role.PHYSICIAN, "", Persona.ALIAS))
        await work.cases.add(replace(case, id=f"a{person:031x}", number=1000 + person))
    assert await wall.naming(known).change(fresh_name) is Changed.CHANGED
    codes = LinkCodes(house.vault, house.sealer, clock=house.clock, chance=house.chance)
    assert await codes.show(second(person)) is not None
    assert await wall.vouch_slots.take(Slot.VOUCH, known.person, house.clock.now().date()) is not None
    today = await house.member(who)
    shared = house.sealer.index("signal", f"name {person}")
    await house.vault.keep_signals(signals_owner(house.sealer, today), [shared])
    async with house.content.work() as work:
        for what in (f"names:{today}", f"own:{today}", f"shown_out:{wall.talk_key(second(person))}"):
            await work.dialogs.put(what, b"kept for a day")


async def manifold_traces(house: Installation, person: int) -> dict[str, bytes]:
    """Give the traces that somebody leaves beyond what everybody does."""
    wall, sealer, today = house.wall, house.sealer, await house.member(account(person))
    known = await wall.who(account(person))
    assert known is not None
    ids = {"today": today, **{f"held {number}": one for number, one in enumerate(known.held.ids)}}
    async with house.content.work() as work:
        there = {what: await work.members.get(one) for what, one in ids.items()}
    codes = LinkCodes(house.vault, sealer, clock=house.clock, chance=house.chance)
    desk = await codes.desk(second(person))
    courier = wall.accounts.courier(wall.accounts.index(second(person)))
    slots = await wall.vouch_slots.all_of(known.person)
    assert len(slots) == 1
    rows = [
        one for one in await wall.personae.indexes_of(today) if await house.vault.persona(one) is not None
    ]
    dialogs = (f"names:{today}", f"own:{today}", f"shown_out:{wall.talk_key(second(person))}")
    hashes = {
        "second account": wall.accounts.index(second(person)),
        "list of accounts": wall.accounts.listed(today),
        "courier": wall.accounts.route(courier),
        "desk": desk_index(sealer, second(person)),
        "code": bytes.fromhex(desk.offer),
        "slot": slots[0],
        "signals": signals_owner(sealer, today),
        **{f"dialog {number}": sealer.index("dialog", what) for number, what in enumerate(dialogs)},
        **{f"persona {number}": one for number, one in enumerate(rows)},
    }
    names = {f"name {what}": one.screen_name.encode() for what, one in there.items() if one is not None}
    assert len(names) == 3
    lying = {f"id {what}": ids[what].encode() for what, one in there.items() if one is not None}
    return {"courier's id": courier.encode(), **hashes, **names, **lying}


async def voter(house: Installation, person: int) -> str:
    known = await house.wall.who(account(person))
    assert known is not None
    async with house.content.work() as work:
        poll = await work.polls.get("poll")
        assert poll is not None
        return house.wall.voter(known.person, await work.polls.urn_key(poll), poll.id)


async def traces(house: Installation, person: int, member: MemberId) -> dict[str, bytes]:
    """Give everything by which a person could be found again: words, ids, keyed hashes, sealed values."""
    wall, who = house.wall, account(person)
    enrolment, today = await wall.accounts.of(who), await house.member(who)
    assert enrolment is not None
    async with house.content.work() as work:
        kept = await work.members.get(member)
    assert kept is not None
    indexes = {
        "account": wall.accounts.index(who),
        "mailbox": wall.accounts.route(today),
        "application": Applications(house.vault, house.sealer).index(who),
        "dialog": house.sealer.index("dialog", f"talk:{wall.talk_key(who)}"),
        "last": house.sealer.index("dialog", f"last:{today}"),
        "message": wall.home._message(who, f"remote{person}q"),
        "listed": wall.home._listed(member, "case:1"),
    }
    words = {
        "member": member,
        "person": enrolment.person,
        "reference": enrolment.reference,
        "screen name": kept.screen_name,
        "name": name(person),
        "realm": who.realm,
        "user": who.user,
        "number": number(person),
        "case": f"caseword{person}q",
        "voter": await voter(house, person),
        "word in the index": indexed(person)[4:-1],
        "picture": f"pixels{person}q",
    }
    blobs = {f"sealed {what}": blob[:STARTS] for what, blob in (await sealed(house, person, member)).items()}
    hashes = {f"hash of the {what}": index for what, index in indexes.items()}
    more = await manifold_traces(house, person) if is_manifold(person) else {}
    return {**{what: word.encode() for what, word in words.items()}, **hashes, **blobs, **more}


async def sealed(house: Installation, person: int, member: MemberId) -> dict[str, bytes]:
    wall = house.wall
    vault = {
        "account": ("accounts", '"index"', wall.accounts.index(account(person))),
        "mailbox": ("mailboxes", "route", wall.accounts.route(await house.member(account(person)))),
        "posting": ("home_postings", "subject", wall.home._listed(member, "case:1")),
    }
    content = {
        "draft": ("drafts", "member", member),
        "key of the original": ("originals", "draft", f"d{person}"),
        "ballot": ("ballots", "voter", await voter(house, person)),
        "card": ("outbox", "member", member),
    }
    column = {"key of the original": "key", "card": "payload"}
    found = {}
    for store, places in ((house.vault, vault), (house.content, content)):
        for what, (table, by, value) in places.items():
            statement = f"SELECT {column.get(what, 'sealed')} FROM {table} WHERE {by} = :value LIMIT 1"  # noqa: S608
            found[what] = await first(store, statement, value)
    return found


async def first(store: Any, statement: str, value: object) -> bytes:
    async with store._database.reading() as connection:
        return bytes((await connection.execute(text(statement), {"value": value})).scalar_one())


async def everybody_moves_in(house: Installation, people: Sequence[int]) -> dict[int, MemberId]:
    async with house.content.work() as work:
        author = MemberId("f" * 32)
        now = house.clock.now()
        await work.polls.add(Poll("poll", 9, author, "Biopsy?", ("yes", "no"), now), house.chance.key())
    return {person: await move_in(house, person) for person in people}


async def leave(house: Installation, person: int, posts: Posts) -> None:
    rooms = partial(leave_rooms, house.house)
    assert await house.wall.leaving.leave(account(person), posts, rooms)


NOT_STORED: Final = {
    "number",
    "name",
    "realm",
    "user",
    "person",
    "reference",
    "picture",
    "hash of the application",
}
"""What is never on the disk as it is, before leaving neither (T-02); it is looked for all the same."""
WITH_POSTS: Final = {"case", "word in the index"}
"""What stays where the posts do."""


async def test_t_03_of_fifty_who_have_left_nothing_is_on_the_disk(tmp_path: Path) -> None:
    async with installed(tmp_path) as house:
        members = await everybody_moves_in(house, (*range(PEOPLE), *STAY))
        planted = {person: await traces(house, person, member) for person, member in members.items()}
        before = disk(house.data_dir)
        for person in range(PEOPLE):
            there = {what for what, trace in planted[person].items() if trace in before}
            assert planted[person].keys() - there <= NOT_STORED, person

        for person in range(PEOPLE):
            await leave(house, person, Posts.KEPT if person % 2 else Posts.WITHDRAWN)

        after = disk(house.data_dir)
        for person in range(PEOPLE):
            there = {what for what, trace in planted[person].items() if trace in after}
            assert there == (WITH_POSTS if person % 2 else set()), person
        assert {path.name: path.stat().st_size for path in house.data_dir.glob("*-wal")} == {
            "content.db-wal": 0,
            "vault.db-wal": 0,
        }
        await all_is_as_it_was(house, {person: members[person] for person in STAY})
        assert (await house.wall.audit.verify()).problem == ""
    closed = disk(tmp_path / "var")
    assert not [1 for person in range(0, PEOPLE, 2) for trace in planted[person].values() if trace in closed]


async def all_is_as_it_was(house: Installation, members: dict[int, MemberId]) -> None:
    for person, member in members.items():
        assert await house.wall.mailbox(member) == account(person)
        assert await house.member(account(person)) == member
        assert await house.wall.home.subject(account(person), f"remote{person}q") == "case:1"
        async with house.content.work() as work:
            (draft,) = await work.drafts.of_member(member)
            assert draft.source is not None
            assert await work.cases.get(f"{person:032x}") is not None
            assert await work.dialogs.get(f"last:{member}")
            poll = await work.polls.get("poll")
            assert poll is not None
            assert (await work.polls.urn(poll)).cells == {"": Counts(5, (3, 2))}
        assert await house.content.queue.claim(f"home:{member}", house.clock.now()) is not None


async def test_t_03_the_tombstone_of_somebody_leads_back_to_nobody(tmp_path: Path) -> None:
    async with installed(tmp_path) as house:
        members = await everybody_moves_in(house, range(3))
        for person in members:
            await leave(house, person, Posts.KEPT)
        kept = (house.data_dir / "tombstones").read_text("ascii").splitlines()
        assert kept == sorted(kept)
        assert len(kept) == 3
        assert (house.data_dir / "tombstones").stat().st_mode & 0o777 == 0o600
        assert all(member not in "".join(kept) for member in members.values())


async def test_t_03_both_databases_overwrite_what_they_delete(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "some.db")
    async with database.transaction() as connection:
        assert (await connection.execute(text("PRAGMA secure_delete"))).scalar() == 1
    async with database.reading() as connection:
        assert (await connection.execute(text("PRAGMA secure_delete"))).scalar() == 1
    await database.close()


async def test_t_03_without_overwriting_much_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted weakness: with ``secure_delete`` off the same leaving leaves sealed values behind."""
    off = tuple(one.replace("secure_delete = ON", "secure_delete = OFF") for one in _PRAGMAS)
    assert off != _PRAGMAS
    monkeypatch.setattr("storage.opened._PRAGMAS", off)
    async with installed(tmp_path) as house:
        members = await everybody_moves_in(house, range(4))
        planted = {person: await traces(house, person, member) for person, member in members.items()}
        for person in members:
            await leave(house, person, Posts.WITHDRAWN)
        left = disk(house.data_dir)
    found = {what for traced in planted.values() for what, trace in traced.items() if trace in left}
    assert len(found) >= 3
