"""Replies: whether words in reply to a message are a command, or what somebody says to it. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.commands.registry import WORDS

SPOKEN_OF: Final = frozenset({"case", "opinion", "comment", "update", "outcome"})
"""What a message can be about so that words in reply to it belong to a case."""

_NUMBER: Final = r"#?\d{1,9}(?:\.\d{1,4})?"
_REPORTED: Final = r"#?\d{1,9}(?:\.c?\d{1,4})?"
_HOURS: Final = r"\d{1,4}\s*(?:m|h|d|hours?|days?)?|off"
_BALLOT: Final = r"[#+-]?\d[\d\s,;.>#]*|\?|do(?:n.?t|\s+not)\s+know|not\s+my\s+field"
_WITHOUT_OPTIONS: Final = "(?:likert|agree|agreement|number)"
"""Kinds of polls that have no options of their own."""
_FITTING: Final = {
    "appeal": _REPORTED,
    "cover": r"\d{1,2}(?:\s+[a-h][1-8])+",
    "digest": r"(?:daily|weekly)(?:\s+[\w/+-]+)?|off|show",
    "duty": _HOURS,
    "follow": rf"(?:{_NUMBER})?\s*off|{_NUMBER}",
    "link": r"\d{4}[ -]?\d{4}",
    "me": r"data|delete|home|own name|quiet off|quiet [\d:.h-]+(?:\s+(?:-|to)\s+[\d:.h]+)?",
    "mod": r".*",
    "mute": _HOURS,
    "next": rf"skip(?:\s+{_NUMBER})?",
    "opinion": r"1\s*[).:].*",
    "own": r"name",
    "poll": rf'.*\|.*|change\s+{_NUMBER}(?:\s.*)?|(?:{_NUMBER}\s+)?{_WITHOUT_OPTIONS}(?:\s*:|\s+["“„«]).*',
    "report": rf"(?:{_REPORTED}\s*)?(?:identifies|wrong|abuse|advertising|not clinical|other)|{_REPORTED}",
    "undo": r"[0-9a-f]{4}",
    "vote": rf"{_NUMBER}\s+(?:{_BALLOT})",
}
"""What may follow a word in a reply, beside numbers; anything else belongs to a sentence."""
_NUMBERS: Final = rf"{_NUMBER}(?:[\s,]+{_NUMBER})*"
_TAKE_WORDS: Final = frozenset({"add", "ask", "comment", "opinion", "outcome", "question"})
"""Words that take what somebody says: "Add 20 mg" is a sentence, so behind them the number is the case's."""
_LABELS: Final = {
    "not my field": "notmine",
    "just read": "read",
    "ask wider": "wider",
    "show the case": "show",
    "give opinion": "opinion",
    "add information": "add",
    "tell the outcome": "outcome",
    "don't ask again": "outcome stop",
}


def label_said(text: str) -> str:
    """Give the command of a button whose label was typed in reply; empty for other words."""
    plain = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return _LABELS.get(" ".join(plain.split()).strip(" ."), "")


def is_command(text: str, number: int | None) -> bool:
    """Tell a command from a sentence that begins as one does ("Open the wound"), in a reply without a prefix.

    It is a command as a word alone, or with what can only belong to a command: numbers, a code, hours.
    ``number`` is that of the case that the message is about.
    """
    word, argument = (*text.split(maxsplit=1), "", "")[:2]
    word = word.casefold()
    if word not in WORDS or not argument:
        return word in WORDS
    if word == "help":
        return argument.strip().casefold() in WORDS
    if word in _TAKE_WORDS and number is not None and _fits(rf"#?{number}\s.*", argument):
        return True
    return _fits(_FITTING.get(word, _NUMBERS), argument) or _fits(_NUMBERS, argument)


def _fits(pattern: str, argument: str) -> bool:
    return re.fullmatch(pattern, argument.strip(), re.IGNORECASE | re.DOTALL) is not None
