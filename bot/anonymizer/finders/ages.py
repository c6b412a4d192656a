"""Ages over 89, in digits and in words; every other age stays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.finders.patterns import Pattern, find_all
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission

_OLD: Final = r"(?:9\d|1[01]\d|12[0-5])"
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_SPELLED: Final = (
    rf"(?:ninety(?:[- ](?:{_ONES}))?|(?:a|one) hundred(?:[ -](?:and"
    rf" )?(?:{_ONES}|ten|eleven|twelve|thirteen|fourteen|fifteen))?)"
)
_YEARS: Final = (
    r"(?:[- ]?(?:years?|yrs?)(?:[- ]?(?:old|of age|young))?|[- ]?y[/.]?[ ]?o\b|[- ]?y\b|[- ]?yr?s?[/ ]?old|[-"
    r" ]?year[- ]old)"
)
_BARE: Final = (
    r"(?![\d%/+:°]|\.\d|-\d|["
    r" ]?(?:%|kg|lbs?|cm|mm|mg|mcg|ml|cc|bpm|beats|degrees|deg|percent|units?|days?|weeks?|wks?|months?"
    r"|mos?|hours?|hrs?|h\b|min\w*|sec\w*|pack|mmhg|on"
    r" ra|on room air|sat\w*|or |systolic|over |feet|ft\b|inches|x\d))"
)
_REASON: Final = "This age is over 89."


def _no_temperature(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 18) : match.start()].lower()
    return (
        re.search(
            r"(?:temp\w*|fever\w*|t|tm|tmax|febrile|of|to|at|above|(?<![\w])>|t:|sat\w*|spo2|up to)[ :=~>]*$",
            before,
        )
        is None
    )


AGES: Final = (
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<![\w./-])(?P<v>{_OLD}){_YEARS}(?![ -]?(?:ago|history|hx|h/o|survival|pack))",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<![\w./-])(?P<v>{_OLD})["
        r" -]?(?:[mf]|male|female|man|woman|lady|gentleman|gal|guy|gent|w|wm|wf|bm|bf|hm|hf|am|af|girl"
        r"|boy|nun|priest|veteran|widow|widower|retiree|grandmother|grandfather)\b",
        when=_no_temperature,
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b[mf][ /,-]?(?P<v>{_OLD})\b(?![%/.]\d|-\d)",
        when=lambda m: m.group()[0].isupper() or m.group()[1] in "/ ,-",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        r"\b(?:aged?|age of|turn(?:s|ed|ing)?|birthday[ :]+|nearly|almost)[ :=]*(?:is |was"
        rf" )?(?P<v>{_OLD}|{_SPELLED})\b{_BARE}",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b(?:she|he|pt|patient|who|mom|mum|mother|dad|father|grandma|grandmother|grandpa|grandfather"
        rf"|gran|nana|aunt|uncle|wife|husband|they|sister|brother|lady|gentleman|woman|man)"
        r"(?:'s| is| was|'re| are| just turned| just hit)(?: now| already| only| about| almost| nearly)?"
        rf" (?P<v>{_OLD}|{_SPELLED})\b{_BARE}",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b(?P<v>{_SPELLED})(?:[- ]?(?:years?|yrs?)[- ](?:old|of age|young)|[- ]?y[/.]?o\b|[- ]year[-"
        r" ]?old)",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        r"\b(?:in (?:her|his|their) )(?P<v>(?:(?:early|mid|late)[- ])?(?:nineties|90'?s|hundreds))\b",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b(?:lady|gentleman|man|woman|male|female|pt|patient|widow|widower|veteran|mother|father|grandmother"
        rf"|grandfather|resident) ?, ?(?P<v>{_OLD})(?= ?,)",
    ),
    Pattern("AGE_OVER_89", _REASON, r"\b(?:super)?(?:nonagenarian|centenarian)s?\b"),
)
AFTER_NAME: Final = re.compile(
    rf"\s*(?:,|\()\s*(?P<v>{_OLD})\b{_BARE}(?=\s*(?:,|\)|;|\.|$|yo|y/o|from|w/|with|who|here|p/w|s/p|h/o"
    rf"|presents|presenting|adm|in"
    r" |lives))",
    re.IGNORECASE,
)
"""An age behind a name, between commas or in brackets: `Mrs X, 93, fell`."""


class AgesOver89:
    """Finds ages over 89, also behind names that the checks before it found."""

    name = "ages over 89"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield the ages of every field."""
        for field in submission.fields:
            yield from find_all(AGES, field)
            for name in before:
                behind = (
                    AFTER_NAME.match(field.text, name.end)
                    if name.field == field.name and name.category == "NAME"
                    else None
                )
                if behind:
                    yield Found(field.name, *behind.span("v"), "AGE_OVER_89", "auto", _REASON)
