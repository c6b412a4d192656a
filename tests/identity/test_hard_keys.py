"""Hard keys: found by what only one person has, through keyed hashes, each kind under a key of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.members import MemberId
from bot.domain.verification import HardKey, KeyKind
from bot.identity.hard_keys import HardKeys
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
