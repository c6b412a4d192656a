"""Polls as they are typed: one line into words by field of the form, and settings back into a line.

``poll 123 ranking "Which first?" a | b | c [for cardiology; closes 3d]``: case, kind and settings may lack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from bot.domain.poll_terms import PollKind, Shows
from bot.domain.refusal import Refused

Typed = Mapping[str, str]
"""What was typed or chosen, by field of the form; what is absent was not said."""
SETTINGS: Final = (
    *("audience", "trainees", "most", "shuffled", "opens", "closes", "closes_after", "shows"),
    *("sponsor", "payment", "sample"),
)
"""The fields that settings in square brackets say, in the order in which they are written."""
KINDS: Final = {
    **{kind.value: kind for kind in PollKind},
    "one": PollKind.SINGLE,
    "several": PollKind.MULTIPLE,
    "agree": PollKind.LIKERT,
    "agreement": PollKind.LIKERT,
    "rank": PollKind.RANKING,
}
YES: Final = "yes"
NO: Final = "no"

_KIND: Final = "|".join(KINDS)
_CASE: Final = re.compile(
    rf"#(\d{{1,9}})(?=\s|$)|(\d{{1,9}})(?=$|\s+(?:(?:{_KIND})\s+)?[\"“„«])", re.IGNORECASE
)
_NAMED: Final = re.compile(
    rf"(?P<kind>{_KIND})(?:\s*:\s*|\s+(?=[\"“„«])|$)|(?P<bare>(?-i:multiple|likert|ranking|rank|agree|number))"
    r"\s+(?-i:(?=[A-Z](?:[a-z]|\s)))",
    re.IGNORECASE,
)
"""A kind stands before quotes or a colon; without them, before a question that begins with a capital."""
_QUOTED: Final = re.compile(r'["“„«](?P<question>[^"”“»]*)["”“»]\s*(?P<options>.*)', re.DOTALL)
_BRACKETS: Final = re.compile(r"\s*\[(?P<settings>[^\[\]]*)\]\s*$")
_HEADS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("audience", r"for\s+(.+)"),
        ("no trainees", r"(?:no|without)\s+trainees?"),
        ("with trainees", r"(?:with\s+)?trainees?(?:\s+too)?"),
        ("in order", r"(?:not\s+shuffled|in\s+order)"),
        ("shuffled", r"(?:shuffled?|random\s+order)"),
        ("closes_after", r"closes?\s+(?:at|after)\s+(\d+)\s+(?:votes?|ballots?)"),
        ("opens", r"opens?\s+(.+)"),
        ("closes", r"closes?\s+(.+)"),
        ("snapshots", r"snapshots?"),
        ("author", r"(?:author|me)\s+only|only\s+(?:the\s+author|me)"),
        ("close", r"after\s+close|shows?\s+after\s+close"),
        ("sponsor", r"sponsor(?:ed\s+by)?\s+(.+)"),
        ("payment", r"(?:pays|payment)\s+(.+)"),
        ("sample", r"sample\s+(?:of\s+)?(\S+)"),
        ("most", r"(?:at\s+)?most\s+(\S+)|up\s+to\s+(\S+)"),
    )
)
_MEANING: Final = {
    "no trainees": ("trainees", NO),
    "with trainees": ("trainees", YES),
    "shuffled": ("shuffled", YES),
    "in order": ("shuffled", NO),
    "snapshots": ("shows", Shows.SNAPSHOTS.value),
    "author": ("shows", Shows.AUTHOR.value),
    "close": ("shows", Shows.CLOSE.value),
}
_BEGINNINGS: Final = (
    *("for", "trainees", "without", "shuffled", "opens", "closes", "snapshots", "author", "sponsor"),
    *("sponsored", "payment", "pays", "sample", "most"),
)
_TOGETHER: Final = {"audience": ", ", "sponsor": ", ", "payment": ", "}
"""Settings that may hold a comma, and what joins their parts."""


def read_line(argument: str) -> dict[str, str]:
    """Read what stands behind the word; settings stay as they were typed, in a field of their own."""
    typed: dict[str, str] = {}
    rest = argument.strip()
    if match := _CASE.match(rest):
        typed["case"], rest = match[1] or match[2], rest[match.end() :].strip()
    if match := _NAMED.match(rest):
        typed["kind"] = KINDS[(match["kind"] or match["bare"]).casefold()].value
        rest = rest[match.end() :].strip()
    if (match := _BRACKETS.search(rest)) and _are_settings(match["settings"]):
        typed["settings"], rest = match["settings"].strip(), rest[: match.start()]
    question, options = _parted(rest)
    words = {"question": question, "options": "\n".join(_several(options))}
    return typed | {name: text for name, text in words.items() if text}


def _parted(text: str) -> tuple[str, str]:
    if match := _QUOTED.fullmatch(text):
        return match["question"].strip(), match["options"]
    head, mark, rest = text.partition("?")
    return f"{head.strip()}{mark}", rest


def _several(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[\n|]", text) if part.strip()]


def _are_settings(text: str) -> bool:
    """Tell settings from an option that ends in brackets: one part is a setting, or looks like one."""
    parts = _several(re.sub(r"[,;]", "\n", text))
    if any(_setting(part) for part in parts):
        return True
    return any(get_close_matches(part.casefold().split()[0], _BEGINNINGS, n=1, cutoff=0.75) for part in parts)


def read_settings(text: str) -> dict[str, str]:
    """Read settings, apart by commas, semicolons or lines; raises :class:`Refused`."""
    typed: dict[str, str] = {}
    last = ""
    for part in _several(re.sub(r"[,;]", "\n", text.strip().removeprefix("[").removesuffix("]"))):
        said = _setting(part)
        if not said and last in _TOGETHER:
            typed[last] += f"{_TOGETHER[last]}{part}"
            continue
        if not said:
            raise _unknown(part)
        if twice := sorted(said.keys() & typed.keys()):
            raise Refused(
                "twice", f"Two of the settings say {_SAID[twice[0]]}. Leave one of them.", "help poll"
            )
        typed |= said
        last = next(iter(said))
    return _with_payment(typed)


def _with_payment(typed: dict[str, str]) -> dict[str, str]:
    """Part ``Acme, Inc. pays 50 EUR``, whose sponsor may hold a comma."""
    if "payment" in typed or "sponsor" not in typed:
        return typed
    sponsor, *payment = re.split(r"\s+pays\s+", typed["sponsor"], maxsplit=1)
    return {**typed, "sponsor": sponsor, **({"payment": payment[0]} if payment else {})}


_SAID: Final = {
    "audience": "who it is for",
    "trainees": "whether trainees may vote",
    "most": "how many may be chosen",
    "shuffled": "in which order the options stand",
    "opens": "when it opens",
    "closes": "when it closes",
    "closes_after": "at how many votes it closes",
    "shows": "who reads the result",
    "sponsor": "who sponsors it",
    "payment": "what is paid",
    "sample": "how many are drawn",
}


def _setting(part: str) -> dict[str, str]:
    """Read one setting; empty where it is none."""
    for name, pattern in _HEADS:
        match = pattern.fullmatch(part)
        if match is None:
            continue
        if name in _MEANING:
            return dict([_MEANING[name]])
        return {name: next(group for group in match.groups() if group).strip()}
    return {}


def _unknown(part: str) -> Refused:
    near = get_close_matches(part.casefold().split()[0], _BEGINNINGS, n=1, cutoff=0.6)
    meant = f" Did you mean {near[0]}?" if near else " Such as: for cardiology; closes 3d; no trainees."
    return Refused("no_setting", f"I don't know the setting “{part[:40]}”.{meant}", "help poll")


def settings_line(typed: Typed) -> str:
    """Write settings so that they are read again the same."""
    said = (_written(name, typed[name], typed) for name in SETTINGS if typed.get(name))
    return "; ".join(text for text in said if text)


_CHOICES: Final = {
    ("trainees", NO): "no trainees",
    ("shuffled", YES): "shuffled",
    ("shows", Shows.SNAPSHOTS.value): "snapshots",
    ("shows", Shows.AUTHOR.value): "author only",
}
_PHRASES: Final = {"audience": "for {}", "closes_after": "closes at {} votes", "payment": "pays {}"}


def _written(name: str, value: str, typed: Typed) -> str:
    if name in ("trainees", "shuffled", "shows"):
        return _CHOICES.get((name, value), "")
    if name == "sponsor" and typed.get("payment"):
        return f"sponsor {value} pays {typed['payment']}"
    if name == "payment" and typed.get("sponsor"):
        return ""
    return _PHRASES.get(name, f"{name} {{}}").format(value)
