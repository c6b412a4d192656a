"""What people say in the runs: plain clinical words in which the number of the message can be read."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = (
    *("skin", "nail", "hair", "lung", "liver", "heart", "spleen", "tongue"),
    *("bone", "joint", "muscle", "nerve", "eye", "ear", "throat", "bowel"),
)
"""One word for each hexadecimal digit: a number in figures could be taken out as somebody's."""
_LENGTH: Final = 5
_SAID: Final = re.compile(r"Look at ((?:\w+ ){4}\w+)\.")


def text_of(number: int) -> str:
    """Write a message that carries a number below 16 ** 5."""
    digits = " ".join(_DIGITS[number >> shift & 15] for shift in range(4 * (_LENGTH - 1), -1, -4))
    return f"The rash fades on pressure and does not itch; I would wait with a biopsy. Look at {digits}."


def number_in(text: str) -> int | None:
    """Read the number of a message; None where it carries none."""
    found = _SAID.search(text)
    if found is None:
        return None
    number = 0
    for word in found[1].split():
        number = number << 4 | _DIGITS.index(word)
    return number
