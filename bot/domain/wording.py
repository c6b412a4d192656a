"""Several names in one breath."""

from __future__ import annotations

from collections.abc import Iterable


def enumerated(names: Iterable[str]) -> str:
    """Say names one after the other: ``a, b and c``; empty for none."""
    *others, last = [*names] or [""]
    return f"{', '.join(others)} and {last}" if others else last
