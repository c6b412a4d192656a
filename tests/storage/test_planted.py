"""T-02 and T-01: no identity in any byte on disk, and nothing that joins the two databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, text

from bot.chat.cards import Card, Quote, note
from bot.chat.events import Account, Event, FileRef, Kind, Place
from bot.domain.claims import Honorarium
from bot.domain.draft_pictures import StoredPicture
from bot.domain.drafts import Draft, DraftKind, Sent, Source
from bot.domain.members import Persona, Role
from bot.domain.polls import Ballot, Poll
from bot.domain.removals import Removal
from bot.identity.wall import Wall
from bot.ports.adapter import Part
from storage.content.store import ContentStore
from storage.vault.vault import VaultStore
from tests.storage.handed_in import StillClock, disk

PEOPLE = 50


def account(number: int) -> Account:
    if number % 2:
        return Account("slack", f"T0REALM{number}", f"U0USER{number}Q")
    return Account("matrix", f"realm{number}.example", f"@user{number}q:realm{number}.example")


def name(number: int) -> str:
    return f"Nametag{number}q Person"


def event(number: int) -> Event:
    return Event(
        id=f"evid{number}q",
        kind=Kind.FORM,
        account=account(number),
        place=Place.HOME,
        text=f"storytext{number}q",
        values={"story": f"storytext{number}q 555-0142 mail{number}q@person.example"},
        files=(FileRef({"url": f"fileplace{number}q"}),),
        reply_to=f"replyto{number}q",
        handle={"trigger": f"trigger{number}q"},
        remote=f"saidat{number}q",
    )


PLANTED = [
    planted.encode()
    for number in range(PEOPLE)
    for planted in (
        account(number).realm,
        account(number).user,
        *name(number).split()[:1],
        f"evid{number}q",
        f"storytext{number}q",
        f"mail{number}q",
        f"fileplace{number}q",
        f"replyto{number}q",
        f"trigger{number}q",
        f"saidat{number}q",
        f"saidsite{number}q",
        f"homecard{number}q",
        f"hint{number}q",
        f"original{number}q",
        f"typedstory{number}q",
        f"draftsaidat{number}q",
        f"uploadplace{number}q",
        f"uncovered{number}q",
        f"dialog{number}q",
        f"token{number}q",
        f"remote{number}q",
        f"secret{number}q",
        f"pixels{number}q",
    )
]


async def live(number: int, wall: Wall, content: ContentStore, clock: StillClock) -> None:
    """One person's day: joins, writes, has a draft and a picture, is told something, votes."""
    clock.move(61)
    await wall.joining.enrol(account(number), name(number), "Dermatology", Role.PHYSICIAN, by="shell")
    known = await wall.who(account(number))
    assert known is not None
    await wall.naming(known).persona(Persona.NAMED)
    received = await content.inbox.accept(f"site{number % 3}", [event(number)], None)
    removal = Removal(1, "story", "NAME", "auto", "[name]", "a name", f"hint{number}q", f"original{number}q")
    fields = {"story": f"storytext{number}q"}
    source = Source(
        {"story": f"typedstory{number}q"},
        (Sent("site", f"draftsaidat{number}q"),),
        {"p1": {"url": f"uploadplace{number}q"}},
    )
    draft = Draft(
        f"d{number}", known.member, DraftKind.CASE, fields, clock.now(), removals=(removal,), source=source
    )
    async with content.work() as work:
        await work.drafts.add(draft)
        await work.drafts.keep_uncovered(draft, "p1", f"uncovered{number}q".encode() * 9)
        await work.pictures.add(StoredPicture(f"m{number}", f"pixels{number}q".encode() * 9, "image/png"))
        await work.dialogs.put(wall.talk_key(account(number)), f"dialog{number}q".encode())
        token = Honorarium(1, f"token{number}q", "payer", "a book", clock.now() + timedelta(days=90))
        await work.claims.hold(known.member, (token,))
        home = Card(notice="news", blocks=(Quote(f"homecard{number}q"),))
        await work.outbox.tell(known.member, home, quiet=note("news"), key="k", release_at=clock.now())
        sent = Sent(f"saidsite{number}q", f"saidat{number}q")
        await work.outbox.erase(known.member, (sent,), key="k")
        if number % 5 == 0:
            await work.handled(received[0].row)
    await wall.home.keep_part(known.member, account(number), "case:1", Part("message", f"remote{number}q"))
    await wall.cabinet("slack:north").put(f"secret{number}q", f"secret{number}q".encode())


async def test_t_02_nothing_planted_is_in_any_byte_on_disk(
    wall: Wall, content: ContentStore, clock: StillClock, tmp_path: Path
) -> None:
    for number in range(PEOPLE):
        await live(number, wall, content, clock)
        if number == PEOPLE // 2:
            # Both what stands in the log and what was folded into the database is looked at.
            await content._database.truncate()
    left = disk(tmp_path)
    assert len(left) > 500_000
    assert [planted for planted in PLANTED if planted in left] == []


async def test_t_02_a_ballot_does_not_name_its_voter(
    wall: Wall, content: ContentStore, clock: StillClock, tmp_path: Path
) -> None:
    await wall.joining.enrol(account(1), name(1), "Dermatology", Role.PHYSICIAN, by="shell")
    known = await wall.who(account(1))
    assert known is not None
    poll = Poll("p1", 101, known.member, "Biopsy?", ("yes", "no"), clock.now())
    async with content.work() as work:
        await work.polls.add(poll, b"planted-urn-key-" * 2)
        voter = wall.voter(known.person, await work.polls.urn_key(poll), poll.id)
        await work.polls.cast(poll, Ballot("p1", voter, (1,)))
    left = disk(tmp_path)
    assert b"planted-urn-key-" not in left
    assert known.person not in left
    assert known.person.hex().encode() not in left


async def rows(store: Any, statement: str) -> list[Any]:
    async with store._database.reading() as connection:
        return list((await connection.execute(text(statement))).all())


async def test_t_01_the_two_sides_share_no_value(
    wall: Wall, content: ContentStore, vault: VaultStore, clock: StillClock
) -> None:
    for number in range(20):
        await live(number, wall, content, clock)
    sides = []
    for store in (content, vault):
        async with store._database.reading() as connection:
            tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        known = {"alembic_version", "sqlite_sequence", "canary"}
        values = set()
        for table in tables:
            if table not in known:
                for row in await rows(store, f'SELECT * FROM "{table}"'):  # noqa: S608 - names of tables
                    values |= {value for value in row if isinstance(value, str | bytes) and len(value) > 3}
        sides.append({value.hex() if isinstance(value, bytes) else value for value in values})
    assert not sides[0] & sides[1]


async def test_t_01_neither_order_nor_length_matches_members_with_accounts(
    wall: Wall, content: ContentStore, vault: VaultStore, clock: StillClock
) -> None:
    people = 100
    for number in range(people):
        clock.move(3600)
        await wall.joining.enrol(account(number), name(number), "Dermatology", Role.PHYSICIAN, by="shell")
    members = [
        member
        for (member,) in await rows(
            content, "SELECT member FROM outbox WHERE subject = 'joining' ORDER BY \"row\""
        )
    ]
    linked = {}
    for number in range(people):
        known = await wall.who(account(number))
        assert known is not None
        linked[wall.accounts.index(account(number))] = known.member
    for table, key in (("accounts", '"index"'), ("mailboxes", "route")):
        stored = await rows(vault, f"SELECT {key} AS key, length(sealed) AS length FROM {table}")  # noqa: S608
        assert len({row.length for row in stored}) == 1
        if table == "accounts":
            in_order = sum(linked[row.key] == member for row, member in zip(stored, members, strict=True))
            # By chance one in a hundred stands at its place; more than five would be an order.
            assert in_order <= 5


async def test_t_01_nothing_in_the_vault_tells_when(wall: Wall, vault: VaultStore, clock: StillClock) -> None:
    moments = []
    for number in range(10):
        clock.move(timedelta(days=number).total_seconds() + 17)
        await wall.joining.enrol(account(number), name(number), "Dermatology", Role.PHYSICIAN, by="shell")
        moments.append(clock.now())
    numbers = set()
    for table in ("accounts", "mailboxes", "personae", "home_postings", "secrets", "audit"):
        for row in await rows(vault, f'SELECT * FROM "{table}"'):  # noqa: S608 - names of tables
            numbers |= {value for value in row if isinstance(value, int)}
    assert max(numbers) <= len(moments)
