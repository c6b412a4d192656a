"""Reports: one of each member for each posting, until a moderator has decided."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.hiding import Why
from bot.domain.members import MemberId
from bot.domain.reports import Report
from storage.content.store import ContentStore
from tests.storage.handed_in import START

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)


async def test_a_member_reports_a_posting_once_and_a_decision_settles_all(content: ContentStore) -> None:
    first = Report("case:1", ADA, Why.ABUSE, START)
    later = Report("case:1", BEN, Why.OTHER, START + timedelta(hours=1))
    async with content.work() as work:
        for one in (first, later, Report("case:1", ADA, Why.WRONG, START)):
            await work.reports.add(one)
        await work.reports.add(Report("case:2", BEN, Why.WRONG, START + timedelta(hours=2)))
        assert await work.reports.open_of("case:1") == (first, later)
        assert [one.subject for one in await work.reports.waiting()] == ["case:1", "case:1", "case:2"]
        assert await work.reports.by("case:1", MemberId("c" * 32), ADA)
        assert not await work.reports.by("case:2", ADA)
        assert await work.reports.count_since(START, BEN) == 2
        assert await work.reports.count_since(START + timedelta(minutes=90), ADA, BEN) == 1

        assert await work.reports.settle("case:1") == 2
        assert await work.reports.settle("case:1") == 0
        assert await work.reports.open_of("case:1") == ()
        assert await work.reports.by("case:1", ADA)
