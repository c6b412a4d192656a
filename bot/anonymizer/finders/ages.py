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
    rf"(?:ninety(?:[- ](?:{_ONES}))?|(?:a[ -]|one[ -])?hundred(?:[ -](?:and"
    rf"[ -])?(?:{_ONES}|ten|eleven|twelve|thirteen|fourteen|fifteen))?)"
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
_RARE_AGE: Final = 110


def _no_temperature(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 18) : match.start()].lower()
    return (
        re.search(
            r"(?:\b(?:temp\w*|fever\w*|t|tm|tmax|febrile|of|to|at|above|t:|sat|sats|saturat\w*|spo2"
            r"|up to)|(?<![\w])>)[ :=~>]*$",
            before,
        )
        is None
    )


_VALUES: Final = re.compile(
    r"\b(?:hr|bp|sats?|spo2|rr|pulse|map|temp|glucose|bg|hgb|plt|wbc|bun|cl|na|alt|ast|alp|ef|etco2|mcv"
    r"|ldl|hdl|tg|iq"
    r"|score|weight|wt|dose|mg|ml|fev1|peak|flow|pco2|po2|pao2|rate|saturat\w*|heart|systolic|sugar|crp"
    r"|esr)\b[^,(]*[,(] ?$",
    re.IGNORECASE,
)


def _no_value(match: re.Match[str]) -> bool:
    """Say whether no vital sign or laboratory word stands in the same breath."""
    return _VALUES.search(match.string[max(0, match.start() - 24) : match.start("v")]) is None


def _no_value_anywhere(match: re.Match[str]) -> bool:
    """Say the same of a number that stands for itself; other numbers near it make it one of a row."""
    before = match.string[max(0, match.start() - 24) : match.start()] + ", "
    return _VALUES.search(before) is None and re.search(r"\d[^a-z]*$", before) is None


def _no_rate(match: re.Match[str]) -> bool:
    """Say whether `at 92` is no rate of a drip: no number in the same breath, and an age people reach."""
    if not match.group().lower().startswith("at "):
        return True
    before = match.string[max(0, match.start() - 24) : match.start()]
    likely = match["v"].isalpha() or not match["v"].isdecimal() or int(match["v"]) < _RARE_AGE
    return likely and not any(letter.isdigit() for letter in before)


AGES: Final = (
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<![\w./-])(?P<v>{_OLD}){_YEARS}(?![ -]?(?:ago|history|hx|h/o|survival|pack))",
        digits=True,
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<![\w./-])(?P<v>{_OLD})["
        r" -]?(?:[mf]|male|female|man|woman|lady|gentleman|gal|guy|gent|w|wm|wf|bm|bf|hm|hf|am|af|girl"
        r"|boy|nun|priest|veteran|widow|widower|retiree|grandmother|grandfather)\b",
        when=_no_temperature,
        digits=True,
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b[mf][ /,-]?(?P<v>{_OLD})\b(?![%/.]\d|-\d)",
        when=lambda m: m.group()[0].isupper() or m.group()[1] in "/ ,-",
        digits=True,
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
        rf"\b(?:lady|gentleman|man|woman|male|female|pt|patient|widow|widower|veteran|mother|father"
        rf"|grandmother"
        rf"|grandfather|resident) ?, ?(?P<v>{_OLD})(?= ?,)",
        digits=True,
    ),
    Pattern("AGE_OVER_89", _REASON, rf"(?<![\w./-])(?P<v>{_OLD})(?:/[mf]|y(?:o|rs?)?[mf])\b", digits=True),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<![\w./-])(?P<v>{_OLD})[ -](?:ans|años|anos|anni|jahren?|jaar|år|lat)\b",
        digits=True,
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        r"\b(?P<v>9\d(?:th|st|nd|rd)|1[01]\d(?:th|st|nd|rd))(?= (?:birthday|year\b))",
        digits=True,
    ),
    Pattern("AGE_OVER_89", _REASON, r"\bborn (?:in )?(?P<v>19[0-2]\d|193[0-5])\b", digits=True),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b(?:(?:lady|gentleman|man|woman|male|female|patient|age) of|at|(?:she|he)'ll be|(?:will"
        rf"|to) be|shy of"
        rf"|approaching|nearly|turns?|turning) (?P<v>{_OLD}|{_SPELLED})(?=,? (?:she|he|they|who|with|in"
        rf"|and|on|now|next)\b"
        rf"|[,.;)]|$){_BARE}",
        when=_no_rate,
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"\b(?P<v>ninety(?:[- ](?:{_ONES}))?)\b(?![ -]?(?:percent|per cent|%|mg|ml|mcg|degrees?"
        rf"|minutes?|mins?|days?|hours?"
        rf"|seconds?|units?|pounds?|kilos?|kg|cm|mm|beats|bpm|weeks?|months?|dollars?|over|miles?"
        rf"|patients?|cases))",
    ),
    Pattern(
        "AGE_OVER_89",
        "This may be an age over 89.",
        rf"\b(?P<v>(?:a|one)[ -]hundred[ -]and[ -](?:{_ONES}))\b(?![ -]?(?:percent|%|mg|ml|degrees?"
        rf"|minutes?|days?|units?))"
        rf"|\((?P<w>{_OLD})\)|(?:^|[.,;] )(?P<x>{_OLD})(?=[.,;] )",
        tier="ask",
        when=_no_value_anywhere,
    ),
    Pattern("AGE_OVER_89", _REASON, rf"\(\s*(?P<v>{_OLD})\s*[,/ ]\s*[mf]\b", digits=True),
    Pattern("AGE_OVER_89", _REASON, rf"[|;\t]\s*(?P<v>{_OLD})\s*[|;\t]", digits=True),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?:^|[,(]|\bis|\bof|\bthis|\bour)\s*(?P<v>{_SPELLED})\b(?=\s*[,);.]|\s*$){_BARE}",
    ),
    Pattern(
        "AGE_OVER_89",
        _REASON,
        rf"(?<=[^\W\d_]{{2}})[,(] ?(?P<v>{_OLD})(?=[,)] ?(?:[^\W\d_]|$))",
        when=_no_value,
        digits=True,
    ),
    Pattern("AGE_OVER_89", _REASON, r"\b(?:super)?(?:nonagenarian|centenarian)s?\b"),
)


class AgesOver89:
    """Finds ages over 89."""

    name = "ages over 89"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield the ages of every field."""
        for field in submission.fields:
            yield from find_all(AGES, field)
