"""Many events that came at once begin one after the other, and stand back for what is just coming in."""

from __future__ import annotations

import asyncio

from bot.frontdoor.beginning import Beginning


async def rounds(beginning: Beginning, count: int, spent: list[int]) -> None:
    """Begin ``count`` events; put down the round of the loop in which each did."""
    now = 0

    async def begin() -> None:
        async with beginning.one():
            spent.append(now)

    beginning_them = asyncio.gather(*(begin() for _ in range(count)))
    while not beginning_them.done():
        await asyncio.sleep(0)
        now += 1
    await beginning_them


async def test_no_two_of_many_begin_in_one_round_of_the_loop() -> None:
    spent: list[int] = []
    await rounds(Beginning(), 20, spent)
    assert len(set(spent)) == 20
    assert spent == sorted(spent)


async def test_one_that_begins_alone_begins_within_a_few_rounds() -> None:
    spent: list[int] = []
    await rounds(Beginning(), 1, spent)
    assert spent[0] <= 3


async def test_none_begins_while_something_is_coming_in() -> None:
    beginning, spent = Beginning(), list[int]()
    with beginning.coming():
        begun = asyncio.create_task(rounds(beginning, 3, spent))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not spent
    await begun
    assert len(set(spent)) == 3


async def test_one_that_is_given_up_on_the_doorstep_keeps_nobody_out() -> None:
    beginning, spent = Beginning(), list[int]()
    with beginning.coming():
        given_up = asyncio.create_task(rounds(beginning, 1, []))
        for _ in range(3):
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
    await rounds(beginning, 40, spent)
    assert len(spent) == 40
