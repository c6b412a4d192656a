"""What stands right behind a name that was found: an age over 89, the number of a record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission

_AGE: Final = re.compile(
    r"(?:'s)?(?:[ ]?[,(|.-][ ]*| (?:is|was|aged?|now|turned|turns|nearly|almost)(?: now)? | )(?P<v>9\d"
    r"|1[01]\d|12[0-5])"
    r"(?![\w%/+:°]|[.,]\d|-\d|[ ]?(?:%|kg|lbs?|cm|mm|mg|mcg|ml|cc|bpm|beats|deg|percent|units?|days?"
    r"|weeks?|wks?|months?"
    r"|hours?|hrs?|min\w*|sec\w*|pack|mmhg|on ra\b|on room|systolic|over |x\d|l\b|liters?|litres?))",
    re.IGNORECASE,
)
_RECORD: Final = re.compile(
    r"(?:'s)?[ ,(|#:-]{1,4}(?P<v>[A-Z]{0,3}-?\d{5,10}[A-Z]?(?:-\d{1,4})*|[A-Z]{2}\d{4,6} \d"
    r"|\d{2,3}(?:[- ]\d{2,3}){2,3})"
    r"(?![\w/]|[.,]\d)",
    re.IGNORECASE,
)


class BehindNames:
    """Finds ages over 89 and record numbers behind names."""

    name = "behind names"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield what stands behind the names that the checks before found."""
        texts = {field.name: field.text for field in submission.fields}
        for name in before:
            if (
                name.category != "NAME"
                or name.role == "unknown"
                or (name.tier == "ask" and name.end - name.start < 3)
            ):
                continue
            text = texts[name.field]
            for pattern, category, reason in (
                (_AGE, "AGE_OVER_89", "This age over 89 stands behind a name."),
                (_RECORD, "MRN", "This number stands behind a name."),
            ):
                behind = pattern.match(text, name.end)
                if behind:
                    yield Found(name.field, *behind.span("v"), category, name.tier, reason)  # type: ignore[arg-type]
