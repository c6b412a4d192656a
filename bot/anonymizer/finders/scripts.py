"""Other scripts: what is not written in Latin letters cannot be judged here, so its author is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission

_LETTER: Final = (
    "\u0400-\u1cff\u1f00-\u1fff\u2c00-\u2dff\u2e80-\u2fff\u3005-\u3007\u3021-\ua63f\ua8e0-\ua8ff"
    "\ua960-\uabff\uac00-\ud7ff\uf900-\ufaff\ufb07-\ufdff\ufe70-\ufefe\U00010000-\U0001efff\U00020000-\U0003ffff"
)
_STRETCH: Final = re.compile(
    rf"[{_LETTER}][{_LETTER}\u200c\u200d'.-]*(?: [{_LETTER}][{_LETTER}'.-]*)*|[\u0370-\u03ff]{{4,}}"
)


class OtherScripts:
    """Asks about every stretch of letters that are not Latin."""

    name = "other scripts"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield the stretches of every field, words with one space between them as one."""
        reason = "This is not written in Latin letters and could not be judged."
        for field in submission.fields:
            if not field.text.isascii():
                for match in _STRETCH.finditer(field.text):
                    yield Found(field.name, *match.span(), "NAME", "ask", reason, "unknown")
