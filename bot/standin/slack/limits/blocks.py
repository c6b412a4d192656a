"""Blocks: what each kind holds, how much of it, and on which surface it may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from . import rich_text
from .elements import ELEMENTS, ID, IN_ACTIONS, IN_INPUT, IN_SECTION, URL, slack_file
from .rules import Rule, any_of, both, by_type, exactly_one, flag, items, one_of, shape, string, text, whole


def block(needs: Mapping[str, Rule], may: Mapping[str, Rule] | None = None) -> Rule:
    """A block: type, its own fields, and a block_id."""
    return shape({"type": string(40), **needs}, {"block_id": ID, **(may or {})})


def _one(*kinds: str) -> Rule:
    return by_type(lambda: ELEMENTS, *kinds)


_CONTEXT: dict[str, Rule] = {
    "image": ELEMENTS["image"],
    "plain_text": text(3000),
    "mrkdwn": text(3000),
}
_CELLS: dict[str, Rule] = {
    "raw_text": shape({"type": string(40), "text": string(3000)}),
    "raw_number": shape({"type": string(40), "text": string(3000)}, {"value": whole(-(2**53), 2**53)}),
    "rich_text": shape({"type": string(40), "elements": rich_text.sections}),
}
_column = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})
_picture = both(
    block(
        {"alt_text": string(2000)},
        {"image_url": URL, "slack_file": slack_file, "title": text(2000, plain_only=True)},
    ),
    exactly_one("image_url", "slack_file"),
)
_card_text = {"title": text(150), "subtitle": text(150), "body": text(200)}
_card = both(
    block(
        {},
        {
            **_card_text,
            "hero_image": ELEMENTS["image"],
            "icon": ELEMENTS["image"],
            "actions": items(_one("button"), 1, 5),
        },
    ),
    any_of("hero_image", "title", "actions", "body"),
)

BLOCKS: dict[str, Rule] = {
    "header": block({"text": text(150, plain_only=True)}),
    "divider": block({}),
    "section": both(
        block(
            {},
            {
                "text": text(3000),
                "fields": items(text(2000), 1, 10),
                "accessory": _one(*IN_SECTION),
                "expand": flag,
            },
        ),
        any_of("text", "fields"),
    ),
    "context": block({"elements": items(by_type(lambda: _CONTEXT, *_CONTEXT), 1, 10)}),
    "actions": block({"elements": items(_one(*IN_ACTIONS), 1, 25)}),
    "context_actions": block({"elements": items(_one("feedback_buttons", "icon_button"), 1, 5)}),
    "image": _picture,
    "input": block(
        {"label": text(2000, plain_only=True), "element": _one(*IN_INPUT)},
        {"hint": text(2000, plain_only=True), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": block({"text": string(12_000)}),
    "rich_text": block({"elements": rich_text.sections}),
    "table": block(
        {"rows": items(items(by_type(lambda: _CELLS, *_CELLS), 1, 20), 1, 100)},
        {"column_settings": items(_column, 1, 20)},
    ),
    "video": block(
        {
            "alt_text": string(2000),
            "title": text(200, plain_only=True),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            "author_name": string(50),
            "description": text(200, plain_only=True),
            "provider_icon_url": URL,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
    "alert": block({"text": text(3000)}, {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": _card,
    "carousel": block({"elements": items(by_type(lambda: {"card": _card}, "card"), 1, 10)}),
}

EVERYWHERE = ("header", "divider", "section", "context", "actions", "image", "input", "rich_text", "video")
SURFACES: dict[str, tuple[str, ...]] = {
    "message": (*EVERYWHERE, "markdown", "table", "context_actions", "card", "carousel"),
    "modal": (*EVERYWHERE, "alert"),
    "home": EVERYWHERE,
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}


def check_blocks(blocks: Any, surface: str, at: str = "/blocks") -> Iterator[str]:
    """All problems of a list of blocks on ``message``, ``modal`` or ``home``."""
    kinds = by_type(lambda: BLOCKS, *SURFACES[surface])
    yield from items(kinds, 0, MOST_BLOCKS[surface])(blocks, at)
    if not isinstance(blocks, list):
        return
    known = [entry for entry in blocks if isinstance(entry, dict)]
    yield from _repeated("block_id", known, at)
    for entry in known:
        yield from _repeated("action_id", elements_of(entry), at)
    yield from _misplaced(known, surface, at)


def elements_of(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The elements of a block that a person can act on or fill in."""
    listed = entry.get("elements")
    found = [entry.get("element"), entry.get("accessory"), *(listed if isinstance(listed, list) else [])]
    return [each for each in found if isinstance(each, dict) and str(each.get("type")) in ELEMENTS]


def _repeated(name: str, entries: list[dict[str, Any]], at: str) -> Iterator[str]:
    ids = [entry[name] for entry in entries if isinstance(entry.get(name), str)]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        yield f"{name} `{twice}` already exists [json-pointer:{at}]"


def _misplaced(blocks: list[dict[str, Any]], surface: str, at: str) -> Iterator[str]:
    parts = [part for entry in blocks for part in elements_of(entry)]
    if surface != "modal" and any(part.get("type") == "file_input" for part in parts):
        yield f"file_input is for modals only [json-pointer:{at}]"
    if sum(bool(part.get("focus_on_load")) for part in parts) > 1:
        yield f"focus_on_load may be set once [json-pointer:{at}]"
    if sum(entry.get("type") == "table" for entry in blocks) > 1:
        yield f"only one table is allowed [json-pointer:{at}]"
    written = sum(len(str(entry.get("text"))) for entry in blocks if entry.get("type") == "markdown")
    if written > 12_000:
        yield f"markdown text is more than 12000 characters in all [json-pointer:{at}]"
