"""T-06: the audit chain notices every change, removal, exchange and cut of its entries."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from bot.identity.audit import Audit, Head
from bot.identity.sealing import AesSealer
from bot.ports.sealing import SealBroken
from storage.vault.vault import VaultStore
from tests.storage.handed_in import StillClock

LENGTH = 12


@pytest.fixture
def audit(vault: VaultStore, sealer: AesSealer, clock: StillClock) -> Audit:
    return Audit(vault, sealer, clock)


@pytest.fixture
async def heads(audit: Audit, clock: StillClock) -> list[Head]:
    heads = []
    for number in range(LENGTH):
        clock.move(60)
        heads.append(await audit.append("enrolled", by="shell", reference=f"E-{number}"))
    return heads


async def change(vault: VaultStore, *statements: str, **values: object) -> None:
    async with vault._database.transaction() as connection:
        for statement in statements:
            await connection.execute(text(statement), values)


CUT = "DELETE FROM audit WHERE number > :left"


class Died(Exception):
    """The process stops here."""


async def test_an_empty_chain_is_well(audit: Audit) -> None:
    verdict = await audit.verify()
    assert (verdict.entries, verdict.head, verdict.problem) == (0, Head(0, ""), "")


async def test_a_chain_is_well_and_tells_what_was_done(audit: Audit, heads: list[Head]) -> None:
    verdict = await audit.verify(published=heads[3])
    assert (verdict.entries, verdict.head, verdict.problem) == (LENGTH, heads[-1], "")
    entries = await audit.entries()
    assert [entry.reference for entry in entries] == [f"E-{number}" for number in range(LENGTH)]
    assert {(entry.what, entry.by) for entry in entries} == {("enrolled", "shell")}
    assert entries[0].at < entries[1].at


async def test_two_writers_at_once_make_one_chain(
    audit: Audit, vault: VaultStore, sealer: AesSealer, clock: StillClock
) -> None:
    other = Audit(vault, sealer, clock)
    await asyncio.gather(
        *(one.append("enrolled", by="shell", reference=f"E-{n}") for n in range(8) for one in (audit, other))
    )
    verdict = await audit.verify()
    assert (verdict.entries, verdict.problem) == (16, "")


@pytest.mark.parametrize(
    "statements",
    [
        ["UPDATE audit SET sealed = (SELECT sealed FROM audit WHERE number = 3) WHERE number = 5"],
        ["UPDATE audit SET mac = (SELECT mac FROM audit WHERE number = 3) WHERE number = 5"],
        ["UPDATE audit SET mac = zeroblob(32) WHERE number = 12"],
        ["DELETE FROM audit WHERE number = 5"],
        ["DELETE FROM audit WHERE number = 1"],
        ["DELETE FROM audit WHERE number = 5", "UPDATE audit SET number = number - 1 WHERE number > 5"],
        [
            "UPDATE audit SET number = 99 WHERE number = 5",
            "UPDATE audit SET number = 5 WHERE number = 6",
            "UPDATE audit SET number = 6 WHERE number = 99",
        ],
        ["INSERT INTO audit SELECT 13, sealed, mac FROM audit WHERE number = 12"],
    ],
    ids=["swapped", "mac", "forged", "hole", "beheaded", "closed up", "reordered", "repeated"],
)
async def test_t_06_a_changed_chain_is_noticed(
    audit: Audit, vault: VaultStore, heads: list[Head], statements: list[str]
) -> None:
    await change(vault, *statements)
    assert "altered or moved" in (await audit.verify()).problem


@pytest.mark.parametrize("left", range(LENGTH))
async def test_t_06_a_cut_end_is_noticed(
    audit: Audit, vault: VaultStore, heads: list[Head], left: int
) -> None:
    await change(vault, CUT, left=left)
    assert "missing" in (await audit.verify()).problem


async def test_t_06_a_cut_end_with_an_old_note_is_noticed_by_a_published_head(
    audit: Audit, vault: VaultStore, sealer: AesSealer, heads: list[Head]
) -> None:
    async with vault._database.transaction() as connection:
        noted = (await connection.execute(text("SELECT sealed FROM secrets"))).scalar_one()
    await audit.append("enrolled", by="shell", reference="E-last")
    published = (await audit.verify()).head
    await change(vault, CUT, left=LENGTH)
    await change(vault, "UPDATE secrets SET sealed = :noted", noted=noted)
    assert (await audit.verify()).problem == ""
    assert "missing" in (await audit.verify(published)).problem


@pytest.mark.parametrize("how", ["UPDATE secrets SET sealed = zeroblob(700)", "DELETE FROM secrets"])
async def test_t_06_a_spoiled_note_of_the_end_is_noticed(
    audit: Audit, vault: VaultStore, heads: list[Head], how: str
) -> None:
    await change(vault, how)
    assert "missing" in (await audit.verify()).problem


async def test_a_process_that_died_before_the_note_leaves_a_good_chain(
    audit: Audit, vault: VaultStore, heads: list[Head], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise Died

    keep: Callable[..., Awaitable[None]] = vault.keep_secret
    monkeypatch.setattr(vault, "keep_secret", die)
    with pytest.raises(Died):
        await audit.append("enrolled", by="shell", reference="E-lost-note")
    monkeypatch.setattr(vault, "keep_secret", keep)
    assert (await audit.verify()).problem == ""
    assert (await audit.verify()).entries == LENGTH + 1


async def test_an_entry_does_not_open_after_another_one(
    audit: Audit, vault: VaultStore, heads: list[Head]
) -> None:
    await change(
        vault, "UPDATE audit SET sealed = (SELECT sealed FROM audit WHERE number = 3) WHERE number = 5"
    )
    with pytest.raises(SealBroken):
        await audit.entries()


async def test_an_entry_that_comes_while_the_chain_is_read_is_no_cut(
    audit: Audit, heads: list[Head], vault: VaultStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = vault.audit

    async def read_slowly() -> object:
        chain = await read()
        await audit.append("enrolled", by="shell", reference="E-late")
        return chain

    monkeypatch.setattr(vault, "audit", read_slowly)
    assert (await audit.verify()).problem == ""
