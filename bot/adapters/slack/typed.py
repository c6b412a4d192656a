"""What a person typed, read back out of the way Slack writes messages down."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([@#!])([^<>]*)>|<((?:https?|ftp|mailto|tel|slack)[:][^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_BROADCASTS = ("here", "channel", "everyone")


def typed(text: str) -> str:
    """Give the words as typed; a mention of a person, group or channel becomes a word without its id."""
    read = _TOKEN.sub(_replaced, text)
    for entity, character in _ENTITIES:
        read = read.replace(entity, character)
    return read


def _replaced(match: re.Match[str]) -> str:
    sign, inside, address, label = match.groups()
    if sign is None:
        return str(label or address)
    if sign == "@":
        return "@someone"
    if sign == "#":
        return "#channel"
    return _special(str(inside))


def _special(inside: str) -> str:
    name, _, fallback = inside.partition("|")
    if name in _BROADCASTS:
        return f"@{name}"
    return fallback or ("@group" if name.startswith("subteam") else "")
