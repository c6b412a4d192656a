"""A look reads beside whoever writes: it sees the last commit, waits for nobody, and changes nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from storage.content.store import ContentStore
from tests.storage.test_rows import CASE


async def test_a_look_sees_the_last_commit_while_somebody_writes(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
    async with content.work() as work:
        await work.cases.replace(replace(CASE, title="Another title"))
        async with content.look() as look:
            seen = await look.cases.get(CASE.id)
    assert seen == CASE
    async with content.look() as look:
        assert await look.cases.get(CASE.id) == replace(CASE, title="Another title")


async def test_a_look_goes_on_seeing_what_it_saw_first(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
    async with content.look() as look:
        before = await look.cases.get(CASE.id)
        async with content.work() as work:
            await work.cases.replace(replace(CASE, title="Another title"))
        assert await look.cases.by_number(CASE.number) == before


async def test_a_look_is_refused_a_change_and_the_next_look_is_whole(content: ContentStore) -> None:
    with pytest.raises(DBAPIError):
        async with content.look() as look:
            await look.cases.add(CASE)
    async with content.look() as look:
        assert await look.cases.get(CASE.id) is None
