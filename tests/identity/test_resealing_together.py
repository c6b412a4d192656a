"""Sealing again with a row in every table of the vault, a standing, and a memo for moderators."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import text

from bot.chat.cards import note
from bot.chat.events import Account
from bot.domain.members import MemberId, Persona
from bot.domain.standing import Cause, Standing, Stop
from bot.domain.verification import HardKey, KeyKind, Stage
from bot.identity.applications import Application, Applications
from bot.identity.link_codes import LinkCodes
from bot.identity.sealing import AesSealer
from bot.identity.vouch_slots import Slot
from bot.ports.adapter import Room
from bot.ports.outbox import MEMO, room_name
from storage.content.store import open_content
from storage.vault.sealed import sealed_columns
from tests.identity.test_resealing import House, lived_in
from tests.storage.handed_in import ROOMS
from tests.storage.test_planted import account

AGAIN: Final = Account("matrix", "elsewhere.example", "@again:elsewhere.example")
APPLIES: Final = Account("matrix", "elsewhere.example", "@applies:elsewhere.example")
THEIR_ROOM: Final = room_name("north", Room.MODERATORS)
KEY: Final = HardKey(KeyKind.NPI, "1234567893")
STOPPED: Final = Standing((Stop(Cause.MODERATORS, "You named a hospital.", by="shell", name="Quiet Heron"),))
MOMENT: Final = "2026-03-01T09:00:00+00:00"


async def fill(house: House) -> tuple[MemberId, MemberId, str, bytes]:
    """Put a row into every table that has none; gives member, alias, code, and the index of a slot."""
    wall, sealer = house.wall, AesSealer(house.keys, house.chance)
    assert await wall.belonging.add(account(0), AGAIN)
    known = await wall.who(AGAIN)
    assert known is not None
    alias = await wall.naming(known).persona(Persona.ALIAS)
    await wall.hard_keys.add((KEY,), known.member)
    await wall.routing.paged((known.member,))
    code = await LinkCodes(house.vault, sealer, clock=house.clock, chance=house.chance).show(AGAIN)
    slot = await wall.vouch_slots.take(Slot.VOUCH, known.person, house.clock.now().date())
    applicant = Application("V-1", house.chance.id(), APPLIES, "north", Stage.REVIEW, MOMENT)
    await Applications(house.vault, sealer).keep(applicant)
    async with house.content.work() as work:
        await work.standings.put(known.member, STOPPED)
    assert code is not None
    assert slot is not None
    return known.member, alias, code, slot


async def show_memo(house: House) -> None:
    sealer = AesSealer(house.keys, house.chance)
    with_room = await open_content(
        house.folder / "var",
        sealer,
        rooms=ROOMS,
        clock=house.clock,
        chance=house.chance,
        moderators=THEIR_ROOM,
    )
    async with with_room.work() as work:
        await work.outbox.notify_moderators(
            note("Somebody waits."), quiet=note("Somebody waits."), key="m1", subject=f"{MEMO}1"
        )
    await with_room.close()


async def tables_with_rows(house: House) -> set[str]:
    names = {one.table.name for one in sealed_columns(AesSealer(house.keys, house.chance))}
    async with house.vault._database.reading() as connection:
        counts = {
            name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar()  # noqa: S608
            for name in names
        }
    return {name for name, count in counts.items() if count}


async def test_every_table_of_the_vault_a_standing_and_a_memo_come_under_the_new_key(tmp_path: Path) -> None:
    async with lived_in(tmp_path) as house:
        member, alias, code, slot = await fill(house)
        await show_memo(house)
        columns = {one.table.name for one in sealed_columns(AesSealer(house.keys, house.chance))}
        assert await tables_with_rows(house) == columns
        former, care = await house.rotate(), house.care()
        there = (await care.use())[former]
        assert await care.tend() == there
        assert set(await care.use()) == {house.keys.current}
        await care.tend()
        await care.tend()
        assert house.keys.ids == {house.keys.current}, "the former key has left the ring"

        wall, sealer = house.wall, AesSealer(house.keys, house.chance)
        assert await wall.logins(alias) == (account(0), AGAIN)
        assert await wall.hard_keys.owner(KEY) == member
        codes = LinkCodes(house.vault, sealer, clock=house.clock, chance=house.chance)
        offer = await codes.typed(account(1), code)
        assert offer is not None
        assert offer.shown_in == AGAIN
        known = await wall.who(AGAIN)
        assert known is not None
        assert await wall.vouch_slots.all_of(known.person) == (slot,)
        applied = await Applications(house.vault, sealer).of(APPLIES)
        assert applied is not None
        assert applied.reference == "V-1"
        async with house.content.work() as work:
            assert await work.standings.all() == ((member, STOPPED),)
        claimed = await house.content.queue.claim(f"room:{THEIR_ROOM}", house.clock.now())
        assert claimed is not None
        assert claimed.card == note("Somebody waits.")
        assert (await wall.audit.verify()).problem == ""
