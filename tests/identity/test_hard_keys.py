"""Hard keys: found by what only one person has, through keyed hashes, each kind under a key of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.verification import HardKey, KeyKind
from bot.identity.hard_keys import HardKeys, account_key
from bot.identity.personae import Personae
from bot.ports.sealing import SealBroken, Sealer
from storage.vault.vault import VaultStore

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)
NPI, LICENCE = HardKey(KeyKind.NPI, "1234567893"), HardKey(KeyKind.LICENCE, "1234567893")
OTHER = HardKey(KeyKind.NPI, "1987654321")


@pytest.fixture
async def keys(vault: VaultStore, sealer: Sealer) -> HardKeys:
    keys = HardKeys(vault, sealer, Personae(vault, sealer))
    for number, (owner, held) in enumerate({ADA: (NPI, LICENCE), BEN: (OTHER,)}.items()):
        sealed = {index: keys.seal(index, owner) for index in map(keys.index, held)}
        await vault.add_account(b"account %d" % number, b"", b"route %d" % number, b"", sealed, {})
    return keys


async def test_a_key_leads_to_its_owner_and_an_unknown_one_to_nobody(keys: HardKeys) -> None:
    assert [await keys.owner(key) for key in (NPI, LICENCE, OTHER)] == [ADA, ADA, BEN]
    assert await keys.owner(HardKey(KeyKind.SUBJECT, NPI.value)) is None
    assert await keys.owner(HardKey(KeyKind.NPI, "1")) is None


async def test_one_held_key_is_enough(keys: HardKeys) -> None:
    free = HardKey(KeyKind.SUBJECT, "idp|somebody")
    assert await keys.is_held((free, NPI))
    assert not await keys.is_held((free,))
    assert not await keys.is_held(())


async def test_all_keys_of_a_member_are_found_and_no_others(keys: HardKeys) -> None:
    assert set(await keys.all_of((ADA,))) == {keys.index(NPI), keys.index(LICENCE)}
    assert await keys.all_of((BEN,)) == (keys.index(OTHER),)
    assert await keys.all_of((MemberId("c" * 32),)) == ()


def test_the_same_number_of_two_kinds_has_two_hashes(vault: VaultStore, sealer: Sealer) -> None:
    keys = HardKeys(vault, sealer, Personae(vault, sealer))
    assert keys.index(NPI) != keys.index(LICENCE)
    assert keys.index(NPI) == sealer.index("npi", NPI.value)
    assert keys.index(LICENCE) == sealer.index("licence", LICENCE.value)
    assert len(keys.index(NPI)) == 32


async def test_t_04_a_hard_key_moved_to_another_is_not_served(keys: HardKeys, vault: VaultStore) -> None:
    swap = text(
        'UPDATE hard_keys SET sealed = (SELECT sealed FROM hard_keys WHERE "index" = :o) WHERE "index" = :i'
    )
    async with vault._database.transaction() as connection:
        await connection.execute(swap, {"o": keys.index(OTHER), "i": keys.index(NPI)})
    with pytest.raises(SealBroken):
        await keys.owner(NPI)
    assert await keys.owner(OTHER) == BEN


async def test_the_rows_of_a_member_among_some_keys(keys: HardKeys, vault: VaultStore) -> None:
    rows = await keys.of(ADA, (NPI, OTHER, HardKey(KeyKind.SUBJECT, "idp|somebody")))
    assert rows == {keys.index(NPI): await vault.hard_key(keys.index(NPI))}
    assert set(await keys.of(ADA, (OTHER, LICENCE, NPI))) == {keys.index(LICENCE), keys.index(NPI)}
    assert await keys.of(BEN, (NPI, LICENCE)) == {}


async def test_what_is_added_is_found_and_what_is_anothers_stays_so(keys: HardKeys) -> None:
    subject = HardKey(KeyKind.SUBJECT, "idp|ben")
    await keys.add((subject, NPI), BEN)
    assert (await keys.owner(subject), await keys.owner(NPI)) == (BEN, ADA)


async def test_those_that_are_held_are_picked_out_in_order(keys: HardKeys) -> None:
    free = HardKey(KeyKind.NPI, "1")
    assert await keys.held((OTHER, free, NPI)) == (OTHER, NPI)
    assert await keys.held((free,)) == ()


def test_an_address_has_one_hash_however_it_is_written(keys: HardKeys, sealer: Sealer) -> None:
    assert keys.mail(" Ada@North.Example ") == keys.mail("ada@north.example")
    assert keys.mail("ada@north.example") == sealer.index("mail", "ada@north.example").hex()
    assert keys.mail("ben@north.example") != keys.mail("ada@north.example")
    assert keys.mail("  ") == ""


def test_the_key_of_an_account_differs_in_every_part() -> None:
    accounts = (Account("slack", "T1", "U1"), Account("slack", "T1", "U2"), Account("slack", "T2", "U1"))
    made = [account_key(one) for one in (*accounts, Account("matrix", "T1", "U1"))]
    assert {one.kind for one in made} == {KeyKind.ACCOUNT}
    assert len({one.value for one in made}) == 4


async def test_what_is_barred_goes_to_one_id_with_accounts_and_addresses(keys: HardKeys) -> None:
    gone, account, mail = MemberId("e" * 32), Account("slack", "T1", "U1"), keys.mail("ada@north.example")
    await keys.bar((ADA, MemberId("d" * 32)), gone, (account,), (mail, ""))
    held = (NPI, LICENCE, account_key(account), HardKey(KeyKind.MAIL, mail))
    assert [await keys.owner(key) for key in held] == [gone] * 4
    assert await keys.owner(OTHER) == BEN
    assert await keys.owner(HardKey(KeyKind.MAIL, "")) is None
    assert len(await keys.all_of((gone,))) == 4
