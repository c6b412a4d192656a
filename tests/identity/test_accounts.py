"""Accounts in the vault: what is sealed for which place, and ids that lead back to nobody."""

from __future__ import annotations

import pytest

from bot.chat.events import Account
from bot.domain.members import MemberId, Role
from bot.identity.wall import Wall
from bot.ports.sealing import SealBroken, Sealer

ADA = Account("slack", "T0EXAMPLE", "U0ADA")
HOME = Account("matrix", "north.example", "@ada:north.example")
BEN = Account("matrix", "north.example", "@ben:north.example")
NOBODY = MemberId("f" * 32)


async def enrolled(wall: Wall, account: Account) -> MemberId:
    await wall.joining.enrol(account, "Ada Example", "Dermatology", Role.PHYSICIAN, by="shell")
    known = await wall.who(account)
    assert known is not None
    return known.member


async def test_links_and_accounts_of_a_member(wall: Wall) -> None:
    ada, ben = await enrolled(wall, ADA), await enrolled(wall, BEN)
    assert await wall.accounts.of_member(ada) == (ADA,)
    await wall.belonging.add(ADA, HOME)
    assert await wall.accounts.of_member(ada) == (ADA, HOME)
    links = await wall.accounts.links_of(ada)
    assert [index for index, _ in links] == [wall.accounts.index(ADA), wall.accounts.index(HOME)]
    assert {link.member for _, link in links} == {ada}
    assert [index for index, _ in await wall.accounts.links_of(ben)] == [wall.accounts.index(BEN)]
    assert await wall.accounts.links_of(NOBODY) == ()
    assert await wall.accounts.of_member(NOBODY) == ()


async def test_a_link_of_an_account_that_is_anothers_now_is_left_out(wall: Wall) -> None:
    ada, ben = await enrolled(wall, ADA), await enrolled(wall, BEN)
    link = await wall.accounts.of(BEN)
    assert link is not None
    await wall.accounts.replace(wall.accounts.index(ADA), link)
    assert await wall.accounts.links_of(ada) == ()
    assert [index for index, _ in await wall.accounts.links_of(ben)] == [wall.accounts.index(BEN)]


async def test_a_list_is_sealed_for_one_member(wall: Wall, sealer: Sealer) -> None:
    accounts = wall.accounts
    sealed = accounts.seal_listed(NOBODY, (ADA, HOME))
    place = f"member_accounts|sealed|{accounts.listed(NOBODY).hex()}"
    assert b"U0ADA" in sealer.open(sealed, place)
    with pytest.raises(SealBroken):
        sealer.open(sealed, f"member_accounts|sealed|{accounts.listed(MemberId('e' * 32)).hex()}")


def test_ids_and_marks_are_keyed_and_lead_back_to_nobody(wall: Wall, sealer: Sealer) -> None:
    accounts = wall.accounts
    index = accounts.index(ADA)
    assert index == sealer.index("acct", '["slack", "T0EXAMPLE", "U0ADA"]')
    assert accounts.courier(index) == sealer.index("route", f'["courier", "{index.hex()}"]')[:16].hex()
    assert accounts.listed(NOBODY) == sealer.index("route", f'["accounts", "{NOBODY}"]')
    assert accounts.mark(NOBODY, "a") == sealer.index("route", f'["told", "{NOBODY}", "a"]').hex()
    couriers = {accounts.courier(accounts.index(one)) for one in (ADA, HOME, BEN)}
    assert len(couriers) == 3
    assert {len(one) for one in couriers} == {32}
    assert accounts.listed(NOBODY) not in (accounts.route(NOBODY), accounts.listed(MemberId("e" * 32)))
    marks = {accounts.mark(NOBODY, *words) for words in ((), ("a",), ("b",), ("a", "b"), ("ab",))}
    assert len(marks) == 5
    assert accounts.mark(NOBODY, "a") != accounts.mark(MemberId("e" * 32), "a")
    assert {len(one) for one in marks} == {64}


async def test_accounts_of_many_are_those_of_each(wall: Wall) -> None:
    ada, ben = await enrolled(wall, ADA), await enrolled(wall, BEN)
    await wall.belonging.add(ADA, HOME)
    found = await wall.accounts.of_members((ada, ben, NOBODY))
    assert found == {one: await wall.accounts.of_member(one) for one in (ada, ben, NOBODY)}
    assert found[ada] == (ADA, HOME)
