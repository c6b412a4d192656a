"""Scales as physicians type them: ``0-40 mg``, ``0 to 10 step 0.5``; and how they are written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from bot.domain.poll_terms import MOST_MARKS, Scale
from bot.domain.refusal import Refused

LONGEST_UNIT: Final = 20
"""Characters of a unit."""
_NUMBER: Final = r"-?\d{1,7}(?:[.,]\d{1,4})?"
_RANGE: Final = re.compile(
    rf"({_NUMBER})\s*(?:-|\N{{EN DASH}}|to|\.\.)\s*({_NUMBER})(?![\d.,]*\d)\s*(.*)", re.DOTALL
)
_STEP: Final = re.compile(rf"(?:^|(?<=\s))(?:in\s+)?steps?(?:\s+of)?\s+({_NUMBER})(?=\s|$)", re.IGNORECASE)
_NICE: Final = tuple(Decimal(digit).scaleb(power) for power in range(-4, 8) for digit in (1, 2, 5))


def read_scale(typed: str) -> Scale:
    """Read a scale; raises :class:`Refused` with what would be one."""
    match = _RANGE.fullmatch(typed.strip())
    if match is None:
        raise Refused(
            "no_scale",
            "A number needs its scale, from low to high: 0-40 mg, or 0-10 step 0.5 mg.",
            "help poll",
        )
    step = _STEP.search(match[3])
    unit = " ".join(_STEP.sub(" ", match[3], count=1).split())
    return checked_scale(Scale(_number(match[1]), _number(match[2]), _number(step[1] if step else "1"), unit))


def checked_scale(scale: Scale) -> Scale:
    """Refuse a scale on which nobody could vote well; raises :class:`Refused`."""
    if scale.low >= scale.high:
        raise _refused(f"The scale ends before it begins: write {scale.high}-{scale.low}.")
    if scale.step <= 0:
        raise _refused("A step must be more than 0, for example: step 0.5.")
    span = scale.high - scale.low
    fits = _fitting(span)
    if span / scale.step >= MOST_MARKS:
        raise _refused(
            f"That scale has more than {MOST_MARKS} values, so hardly two people would give the same. "
            + (f"A step that fits: step {fits}." if fits else "Take a shorter scale.")
        )
    if span % scale.step:
        raise _refused(
            f"Steps of {scale.step} from {scale.low} do not reach {scale.high}."
            + (f" A step that fits: step {fits}." if fits else "")
        )
    if len(scale.unit) > LONGEST_UNIT:
        raise _refused(f"The unit has {len(scale.unit)} characters; {LONGEST_UNIT} fit. Say it shorter.")
    return scale


def written_scale(scale: Scale, unit: str | None = None) -> str:
    """Write a scale so that it is read again the same; ``unit`` in place of its own."""
    step = "" if scale.step == 1 else f"step {scale.step:f}"
    words = (f"{scale.low:f} to {scale.high:f}", step, scale.unit if unit is None else unit)
    return " ".join(word for word in words if word)


def _fitting(span: Decimal) -> str:
    """Give the smallest round step with which a scale has few enough values, or nothing."""
    for step in _NICE:
        if span / step < MOST_MARKS and not span % step:
            return f"{step:f}"
    return ""


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _refused(sentence: str) -> Refused:
    return Refused("scale", sentence, "help poll")
