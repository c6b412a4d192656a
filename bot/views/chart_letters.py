"""Words as the charts' typeface can write them: it knows hardly more letters than a typewriter."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from PIL import ImageFont

from bot.views.chart import Font

_SPELT: Final = (
    "‐- ‑- ‒- –- —- −- •- ·. ⁄/ ÷/ ×x ≥>= ≤<= ≈~ ≠<> →-> ←<- „“ «“ »” "  # noqa: RUF001
    "µmicro μmicro αalpha βbeta γgamma δdelta κkappa λlambda ωomega €EUR £GBP "  # noqa: RUF001
    "ßss æae ÆAE œoe ŒOE øo ØO łl ŁL đd ĐD ðd ÐD þth ÞTh ıi"  # noqa: RUF001
)
"""Signs, each with what is written in its place."""
_INSTEAD: Final = {each[0]: each[1:] for each in _SPELT.split()}
_NO_LETTER: Final = "\uffff"


@cache
def font(size: int) -> Font:
    """Give the typeface in a size, in pixels."""
    return ImageFont.load_default(size)


def written(words: str) -> str:
    """Write words with the letters that there are: accents go, other signs are spelt; the rest is ``?``."""
    return "".join(each if _known(each) else "?" for each in _spelt(words))


def legible(words: str, instead: str) -> str:
    """Give words as they can be written, or others where letters of theirs are missing."""
    spelt = _spelt(words)
    return spelt if all(_known(each) for each in spelt) else instead


def _spelt(words: str) -> str:
    return "".join(each if _known(each) else _without_accents(each) for each in words)


def _without_accents(sign: str) -> str:
    if sign in _INSTEAD:
        return _INSTEAD[sign]
    parts = unicodedata.normalize("NFKD", sign)
    bare = "".join(_INSTEAD.get(part, part) for part in parts if not unicodedata.combining(part))
    return bare if bare or parts == sign else parts


@cache
def _known(sign: str) -> bool:
    """Say whether the typeface has a letter, not the box that stands for one that it has not."""
    return sign.isspace() or bytes(font(24).getmask(sign)) != bytes(font(24).getmask(_NO_LETTER))
