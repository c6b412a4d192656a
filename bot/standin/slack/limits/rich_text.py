"""Rich text: sections, lists, quotes and the parts they are written in."""

from __future__ import annotations

from collections.abc import Mapping

from .elements import ID, URL
from .rules import Rule, by_type, flag, items, one_of, shape, string, whole

_style = shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_styled: dict[str, Rule] = {"style": _style}


def _part(needs: Mapping[str, Rule], may: Mapping[str, Rule] | None = None) -> Rule:
    return shape({"type": string(40), **needs}, {**_styled, **(may or {})})


_PARTS: dict[str, Rule] = {
    "text": _part({"text": string(40_000, 0)}),
    "link": _part({"url": URL}, {"text": string(40_000), "unsafe": flag}),
    "emoji": _part({"name": string(100)}, {"unicode": string(40), "skin_tone": whole(1, 6)}),
    "user": _part({"user_id": ID}),
    "channel": _part({"channel_id": ID}),
    "usergroup": _part({"usergroup_id": ID}),
    "broadcast": _part({"range": one_of("here", "channel", "everyone")}),
    "date": _part(
        {"timestamp": whole(0, 9_999_999_999), "format": string(200)}, {"url": URL, "fallback": string(200)}
    ),
    "color": _part({"value": string(20)}),
}
_parts = items(by_type(lambda: _PARTS, *_PARTS), 0, 1000)
_border: dict[str, Rule] = {"border": whole(0, 1)}
_section = shape({"type": string(40), "elements": _parts})
_SECTIONS: dict[str, Rule] = {
    "rich_text_section": _section,
    "rich_text_preformatted": shape(
        {"type": string(40), "elements": _parts}, {**_border, "language": string(40)}
    ),
    "rich_text_quote": shape({"type": string(40), "elements": _parts}, _border),
    "rich_text_list": shape(
        {
            "type": string(40),
            "style": one_of("bullet", "ordered"),
            "elements": items(by_type(lambda: _SECTIONS, "rich_text_section"), 1, 1000),
        },
        {**_border, "indent": whole(0, 8), "offset": whole(0, 10_000)},
    ),
}

sections = items(by_type(lambda: _SECTIONS, *_SECTIONS), 1, 1000)
