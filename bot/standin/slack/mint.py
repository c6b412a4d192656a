"""New ids, tokens and message times, all from one seed, so that a run can be repeated."""

from __future__ import annotations

import random
import string

_ID_LETTERS = string.ascii_uppercase + string.digits
_HEX = "0123456789abcdef"


class Mint:
    """Makes what Slack would make up; the same seed gives the same ids in the same order."""

    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311  (a repeatable game, no secret is protected by it)

    def id(self, letter: str) -> str:
        """An id such as ``C08K2…``: ``letter``, then ten letters or digits."""
        return f"{letter}0" + "".join(self.chance.choices(_ID_LETTERS, k=9))

    def hex(self, length: int) -> str:
        """``length`` hexadecimal digits."""
        return "".join(self.chance.choices(_HEX, k=length))

    def digits(self, length: int) -> str:
        """``length`` decimal digits."""
        return "".join(self.chance.choices(string.digits, k=length))

    def uuid(self) -> str:
        """An id in the shape of a UUID."""
        raw = self.hex(32)
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def token(self, kind: str) -> str:
        """A token of ``kind`` (``xoxb`` bot, ``xapp`` app-level)."""
        return f"{kind}-{self.digits(12)}-{self.digits(13)}-{self.hex(24)}"
