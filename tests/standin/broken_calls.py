"""Calls that Slack would refuse, and calls it takes: to try the checks with."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": marked(text), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str, text: str = "One") -> Json:
    return {"text": plain(text), "value": value}


def menu(*options: Json, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "menu", "options": list(options), **more}


def entry(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Story"), "element": element, **more}


TEXT_BOX: Json = {"type": "plain_text_input", "action_id": "story"}
FILE_BOX: Json = {"type": "file_input", "action_id": "photos"}


def post(*blocks: Json, **more: Any) -> tuple[str, Json]:
    return "chat.postMessage", {"channel": "ROOM", "text": "x", "blocks": list(blocks), **more}


def modal(*blocks: Json, **more: Any) -> tuple[str, Json]:
    view = {"type": "modal", "title": plain("Ask"), "submit": plain("Go"), "blocks": list(blocks), **more}
    return "views.open", {
        "trigger_id": "TRIGGER",
        "view": {key: value for key, value in view.items() if value},
    }


def home(*blocks: Json, **more: Any) -> tuple[str, Json]:
    return "views.publish", {"user_id": "EVA", "view": {"type": "home", "blocks": list(blocks), **more}}


_CELL: Json = {"type": "raw_text", "text": "a"}

BROKEN: dict[str, tuple[str, Json]] = {
    "unknown block": post({"type": "sektion", "text": marked("x")}),
    "unknown element": post(actions({"type": "knob", "action_id": "a"})),
    "unknown text type": post({"type": "section", "text": {"type": "markdown", "text": "x"}}),
    "section without text": post({"type": "section"}),
    "section too long": post(section("x" * 3001)),
    "empty text": post(section("")),
    "eleven fields": post({"type": "section", "fields": [marked("x")] * 11}),
    "field too long": post({"type": "section", "fields": [marked("x" * 2001)]}),
    "marked header": post({"type": "header", "text": marked("x")}),
    "long header": post({"type": "header", "text": plain("x" * 151)}),
    "long button": post(actions(button(text=plain("x" * 76)))),
    "long value": post(actions(button(value="x" * 2001))),
    "marked button": post(actions(button(text=marked("Go")))),
    "wrong button style": post(actions(button(style="warning"))),
    "26 buttons": post(actions(*[button(action_id=f"b{n}") for n in range(26)])),
    "11 in context": post({"type": "context", "elements": [marked("x")] * 11}),
    "button in context": post({"type": "context", "elements": [button()]}),
    "51 blocks": post(*[section() for _ in range(51)]),
    "same block_id twice": post(section(block_id="a"), section(block_id="a")),
    "same action_id twice": post(actions(button(), button())),
    "long block_id": post(section(block_id="b" * 256)),
    "101 options": post(actions(menu(*[option(str(n)) for n in range(101)]))),
    "options and groups": post(
        actions(menu(option("a"), option_groups=[{"label": plain("g"), "options": [option("a")]}]))
    ),
    "initial not offered": post(actions(menu(option("a"), initial_option=option("b")))),
    "overflow of six": post(
        actions({"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]})
    ),
    "eleven radios": post(
        actions({"type": "radio_buttons", "action_id": "r", "options": [option(str(n)) for n in range(11)]})
    ),
    "picture without alt text": post({"type": "image", "image_url": "https://example.org/a.png"}),
    "picture without source": post({"type": "image", "alt_text": "a"}),
    "file_input in a message": post(entry(FILE_BOX)),
    "alert in a message": post({"type": "alert", "text": plain("x")}),
    "two tables": post({"type": "table", "rows": [[_CELL]]}, {"type": "table", "rows": [[_CELL]]}),
    "long markdown": post({"type": "markdown", "text": "x" * 12_001}),
    "text input in actions": post(actions(TEXT_BOX)),
    "metadata without type": post(section(), metadata={"event_payload": {}}),
    "unknown argument": post(section(), colour="red"),
    "long modal title": modal(section(), title=plain("x" * 25)),
    "long submit": modal(section(), submit=plain("x" * 25)),
    "modal without title": modal(section(), title=None),
    "input without submit": modal(entry(TEXT_BOX), submit=None),
    "long private_metadata": modal(section(), private_metadata="x" * 3001),
    "101 blocks in a modal": modal(*[section() for _ in range(101)]),
    "markdown in a modal": modal({"type": "markdown", "text": "x"}),
    "eleven files": modal(entry({**FILE_BOX, "max_files": 11})),
    "limits the wrong way round": modal(entry({**TEXT_BOX, "min_length": 10, "max_length": 5})),
    "submit at home": home(section(), submit=plain("Go")),
    "file_input at home": home(entry(FILE_BOX)),
}

GOOD: dict[str, tuple[str, Json]] = {
    "only text": ("chat.postMessage", {"channel": "ROOM", "text": "x"}),
    "a person": ("users.info", {"user": "EVA"}),
    "header and sections": post(
        {"type": "header", "text": plain("x" * 150)}, section("x" * 3000), {"type": "divider"}
    ),
    "fields": post({"type": "section", "fields": [marked("x"), plain("y")] * 5}),
    "buttons": post(actions(button(), button(action_id="b", style="danger", value="1"))),
    "accessory": post(section(accessory=menu(option("a"), option("b"), initial_option=option("a")))),
    "overflow": post(section(accessory={"type": "overflow", "action_id": "o", "options": [option("a")]})),
    "context": post(
        {
            "type": "context",
            "elements": [marked("x"), {"type": "image", "image_url": "https://e.org/a", "alt_text": "a"}],
        }
    ),
    "picture": post(
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a", "title": plain("t")}
    ),
    "rich text": post(
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "x", "style": {"bold": True}}],
                },
                {
                    "type": "rich_text_list",
                    "style": "bullet",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
                },
            ],
        }
    ),
    "table": post({"type": "table", "rows": [[_CELL, _CELL]], "column_settings": [{"align": "right"}]}),
    "markdown": post({"type": "markdown", "text": "# x"}),
    "metadata": post(section(), metadata={"event_type": "delivery", "event_payload": {"id": "a"}}),
    "screen name": post(section(), username="Quiet Heron", icon_emoji=":bird:", unfurl_links=False),
    "full modal": modal(
        section(),
        entry({**TEXT_BOX, "multiline": True, "max_length": 3000}, block_id="story"),
        entry({**FILE_BOX, "filetypes": ["png", "jpg"], "max_files": 10}, block_id="photos", optional=True),
        entry({"type": "checkboxes", "action_id": "c", "options": [option("a")]}, block_id="c"),
        entry({"type": "radio_buttons", "action_id": "r", "options": [option("a")]}, block_id="r"),
        entry({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}, block_id="n"),
        private_metadata="x" * 3000,
        notify_on_close=True,
    ),
    "multi select": modal(
        entry({**menu(option("a"), option("b")), "type": "multi_static_select", "max_selected_items": 2})
    ),
    "alert in a modal": modal({"type": "alert", "text": plain("x"), "level": "warning"}),
    "home": home({"type": "header", "text": plain("Cases")}, section(), actions(button())),
}
