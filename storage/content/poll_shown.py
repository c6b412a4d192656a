"""What was shown of a poll: how many ballots of each cell came with each release, sealed beside the urn."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.disclosure import newcomers
from bot.domain.poll_tally import Bases, Urn


@dataclass(frozen=True, slots=True)
class Shown:
    """For each release how many of its newcomers' ballots are left, and how many of all were taken out."""

    came: tuple[Bases, ...] = ()
    gone: Bases = field(default_factory=dict)

    @classmethod
    def after(cls, urn: Urn) -> Shown:
        """Count all that lies in an urn as shown."""
        return cls((*urn.earlier, newcomers(urn)), urn.gone)

    def without(self, cell: str, release: int) -> Shown:
        """Take out one ballot that came with a release, counted from 0."""
        came = [dict(bases) for bases in self.came]
        came[release][cell] -= 1
        return replace(self, came=tuple(came), gone={**self.gone, cell: self.gone.get(cell, 0) + 1})

    def ever(self) -> Bases:
        """Count the ballots of each cell that were in any release."""
        return sum((Counter(bases) for bases in (*self.came, self.gone)), Counter())


def shown_block(shown: Shown) -> bytes:
    """Write what was shown; cells without a ballot are left out."""
    came = [_filled(bases) for bases in shown.came]
    return json.dumps({"came": came, "gone": _filled(shown.gone)}).encode()


def read_shown(block: bytes) -> Shown:
    """Read what was shown."""
    told = json.loads(block)
    return Shown(tuple(told["came"]), told["gone"])


def _filled(bases: Mapping[str, int]) -> dict[str, int]:
    return {cell: many for cell, many in bases.items() if many}
