"""The words that may stay on a picture, from `clinical_words.txt`."""

from __future__ import annotations

from pathlib import Path
from typing import Final


def _sections() -> dict[str, frozenset[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].strip()
        if words.startswith("["):
            current = sections.setdefault(words.strip("[]"), [])
        else:
            current.extend(words.split())
    return {name: frozenset(words) for name, words in sections.items()}


_SECTIONS: Final = _sections()
UNITS: Final = _SECTIONS["units"]
"""Units of measure; they stay behind numbers and by themselves."""
ALSO_NAMES: Final = _SECTIONS["also names"]
"""Words that are names of people too: they stay only before a number, or beside a word that is none."""
EXTRA: Final = _SECTIONS["only beside others"]
"""Words that stay only beside others."""
OF_PEOPLE: Final = _SECTIONS["of people and places"]
"""Words of medicine that never stay: they speak of who and where."""
STRONG: Final = frozenset().union(
    *(_SECTIONS[name] for name in ("position", "anatomy", "device", "trace", "laboratory", "view"))
)
"""Words that are known to be clinical."""
SINGLE: Final = frozenset("rlapihfsxyzwvtnkdcegm")
"""Letters that stand alone: sides, directions, window, measures."""
SHORT_CODES: Final = r"(?:[ctls]\d{1,2}|v[1-9]r?|t[12]|[fp][34]|b\d{2,4}|x\d{1,3}|\d{1,3}x|[dvtp]\d)"
"""A letter and digits without a space: vertebrae, leads, weightings, diffusion values, magnifications."""
