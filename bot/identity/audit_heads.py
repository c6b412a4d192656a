"""The end of the audit chain, told to moderators, so that they notice when somebody cuts it (T-06)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from bot.identity.audit import Audit, Head, Verdict
from bot.ports.clock import Clock
from bot.ports.work import Content
from bot.views.audit import audit_broken_card, audit_head_card, audit_quiet_card

_FROM: Final = 6
"""The hour of the day (UTC) from which on it is told."""
_WORDS: Final = re.compile(r"(\d{1,9})-([0-9a-f]{64})")


def read_head(words: str) -> Head | None:
    """Read the words of an end; None for anything else."""
    match = _WORDS.fullmatch(words.strip())
    return Head(int(match[1]), match[2]) if match else None


class AuditHeads:
    """Checks the chain, and tells its end once a day where it has grown."""

    def __init__(self, audit: Audit, content: Content, clock: Clock) -> None:
        """Take the chain, and the database whose outbox tells moderators."""
        self._audit = audit
        self._content = content
        self._clock = clock
        self._told_on: date | None = None

    async def publish(self) -> None:
        """Tell moderators the end of the chain, or what is wrong with it; the same end is told once."""
        now = self._clock.now()
        if now.hour < _FROM or self._told_on == now.date():
            return
        verdict = await self._audit.verify()
        if not verdict.entries and not verdict.problem:
            return
        if verdict.problem:
            card, key = audit_broken_card(verdict.problem), f"audit-broken:{now.date().isoformat()}"
        else:
            card, key = audit_head_card(verdict.head.words), f"audit:{verdict.head.words}"
        async with self._content.work() as work:
            await work.outbox.notify_moderators(card, quiet=audit_quiet_card(), key=key)
        self._told_on = now.date()

    async def check(self, told: str = "") -> Verdict:
        """Check the chain, also against an end that was told; raises ValueError where that is none."""
        published = read_head(told) if told else None
        if told and published is None:
            raise ValueError(told)
        return await self._audit.verify(published)
