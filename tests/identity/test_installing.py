"""Installations in the vault: the token in no clear byte, erased when asked, sealed again at a rotation."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bot.identity.installing import LIVES, BegunInstallations, SealedInstallation
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.installing import Begun, BotToken
from storage.vault.tables import secrets
from storage.vault.vault import VaultStore
from tests.storage.handed_in import SeededChance, StillClock
from tests.stories.world import bytes_below

TOKEN, OTHER = BotToken("xoxb-planted-token"), BotToken("xoxb-planted-other")
TEAM = "T0PLANTED"


async def test_t02_a_token_lies_sealed_and_goes_without_a_trace(
    wall: Wall, vault: VaultStore, data_dir: Path
) -> None:
    installation = wall.installation(f"slack:{TEAM}", "city")
    assert await installation.token() is None
    await installation.keep(TOKEN)
    assert wall.installation(f"slack:{TEAM}", "city") is installation, "there is one for both who change it"
    renamed = SealedInstallation(wall.cabinet(f"slack:{TEAM}"), wall.audit, "renamed")
    assert await renamed.token() == TOKEN
    assert await wall.installation("slack:T0OTHER", "city").token() is None
    disk = bytes_below(data_dir)
    assert not [word for word in (TOKEN.value, TEAM) if word.encode() in disk]

    before = await _secrets(vault)
    await installation.forget(OTHER)
    assert await installation.token() == TOKEN, "that was an earlier one"
    await installation.forget(TOKEN)
    assert await installation.token() is None
    after, disk = await _secrets(vault), bytes_below(data_dir)
    [gone] = before.keys() - after.keys()
    assert before[gone] not in disk


async def _secrets(vault: VaultStore) -> dict[bytes, bytes]:
    async with vault._database.reading() as connection:
        rows = await connection.execute(select(secrets.c.name, secrets.c.sealed))
        return {row.name: row.sealed for row in rows}


async def test_both_ends_stand_in_the_audit_log(wall: Wall) -> None:
    installation = wall.installation(f"slack:{TEAM}", "city")
    await installation.keep(TOKEN)
    await installation.forget(OTHER)
    await installation.forget(TOKEN)
    told = [(entry.what, entry.reference) for entry in await wall.audit.entries()]
    assert told == [("app_installed", "city"), ("app_removed", "city")]


async def test_what_is_under_way_lies_there_as_keyed_hashes(
    wall: Wall, sealer: AesSealer, chance: SeededChance, clock: StillClock, data_dir: Path
) -> None:
    cabinet = wall.cabinet("slack:begun")
    begun = BegunInstallations(cabinet, sealer.index, clock=clock, chance=chance)
    one, other = await begun.begin(), await begun.begin()
    assert one is not None
    assert other is not None
    again = BegunInstallations(cabinet, sealer.index, clock=clock, chance=chance)
    kept = await cabinet.get("begun")
    assert kept is not None
    assert not [word for word in (one.state, one.browser) if word.encode() in kept]
    assert not await again.redeem(Begun(one.browser, one.state))
    assert await again.redeem(one), "also after a restart"
    assert not await again.redeem(one)
    await clock.sleep(LIVES.total_seconds())
    assert not await again.redeem(other)
    assert await again.begin() is not None


def test_t24_neither_token_nor_cookie_shows() -> None:
    shown = repr((TOKEN, Begun("planted-state", "planted-browser")))
    assert "planted" not in shown
