"""A pattern: a regular expression, what it finds, and the sentence that tells the author why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bot.anonymizer.cleaned import Category, Tier
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Field


def _always(_: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True)
class Pattern:
    """What matches (its group `v`, or the whole) is found if `when` agrees.

    `needs` are letters without which nothing matches, `digits` says that nothing does without a digit: both
    are looked for first, since most texts hold few of either.
    """

    category: Category
    reason: str
    expression: str
    tier: Tier = "auto"
    role: str = ""
    when: Callable[[re.Match[str]], bool] = _always
    needs: str = ""
    digits: bool = False
    flags: re.RegexFlag = field(default=re.IGNORECASE)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, compiled at first use."""
        return re.compile(self.expression, self.flags)

    def may_find(self, where: Field) -> bool:
        """Say whether the field holds what the pattern cannot do without."""
        return (where.digits or not self.digits) and self.needs in where.text

    def find(self, where: Field) -> Iterator[Found]:
        """Yield what the pattern finds in one field."""
        for match in self.compiled.finditer(where.text):
            if self.when(match):
                group = next((g for g in ("v", "w", "x") if self.compiled.groupindex.get(g) and match[g]), 0)
                yield Found(where.name, *match.span(group), self.category, self.tier, self.reason, self.role)


def find_all(patterns: Iterable[Pattern], where: Field) -> Iterator[Found]:
    """Yield what any of the patterns finds in one field."""
    for pattern in patterns:
        if pattern.may_find(where):
            where.beat()
            yield from pattern.find(where)
