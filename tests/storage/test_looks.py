"""Looks and glances read beside whoever writes: they see the last commit, wait for nobody, change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError

from bot.chat.cards import note
from bot.domain.members import Member, MemberId, Role
from storage.content.store import ContentStore
from tests.storage.handed_in import START
from tests.storage.test_rows import ADA, CASE


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
        assert await look.cases.open_cases(1) == (before,)


async def test_a_look_is_refused_a_change_and_the_next_look_is_whole(content: ContentStore) -> None:
    with pytest.raises(DBAPIError):
        async with content.look() as look:
            await look.cases.add(CASE)
    async with content.look() as look:
        assert await look.cases.get(CASE.id) is None


async def test_each_question_of_a_glance_sees_the_last_commit(content: ContentStore) -> None:
    glance = content.glance()
    assert await glance.cases.get(CASE.id) is None
    async with content.work() as work:
        await work.cases.add(CASE)
        assert await glance.cases.get(CASE.id) is None
    assert await glance.cases.get(CASE.id) == CASE
    assert await glance.cases.open_cases(1) == (CASE,)
    changed = replace(CASE, title="Another title")
    async with content.work() as work:
        await work.cases.replace(changed)
    assert await glance.cases.get(CASE.id) == changed


async def test_a_glance_is_refused_every_change(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
    glance = content.glance()
    with pytest.raises(TypeError, match="only asks"):
        await glance.cases.replace(replace(CASE, title="Another title"))
    with pytest.raises(TypeError, match="only asks"):
        await glance.outbox.post("subject", note("words"), release_at=START)
    with pytest.raises(DBAPIError):
        await glance.cases.remove(CASE.id)
    async with content.look() as look:
        assert await look.cases.get(CASE.id) == CASE


async def test_a_unit_of_work_reads_its_case_once_and_anew_once_anything_changed(
    content: ContentStore,
) -> None:
    other = MemberId("f" * 32)
    ada = Member(ADA, "Quiet Heron", Role.PHYSICIAN, "Dermatology")
    async with content.work() as work:
        await work.members.add(ada)
        await work.cases.add(CASE)
    async with content.work() as work:
        first = await work.cases.by_number(CASE.number)
        assert await work.cases.get(CASE.id) is await work.cases.by_number(CASE.number) is first
        changed = replace(CASE, title="Another title", look_at=START)
        await work.cases.replace(changed)
        assert await work.cases.get(CASE.id) == changed
        await work.former.retire(ada, other)
        assert await work.cases.by_number(CASE.number) == replace(changed, author=other)
        await work.cases.remove(CASE.id)
        assert await work.cases.get(CASE.id) is None
