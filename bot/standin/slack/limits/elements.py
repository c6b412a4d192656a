"""The parts of blocks: buttons, menus, inputs and pictures, as Slack describes and limits them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .rules import Rule, any_of, both, exactly_one, flag, items, one_of, shape, string, text, whole

ID = string(255)
URL = string(3000, pattern=r"(https?|mailto):.+")
DATE = string(10, pattern=r"\d{4}-\d\d-\d\d")
CONVERSATION_KINDS = ("im", "mpim", "private", "public")

slack_file = both(shape({}, {"id": string(255, pattern=r"F[A-Z0-9]+"), "url": URL}), exactly_one("id", "url"))
confirm = shape(
    {"title": text(100, plain_only=True), "text": text(300)},
    {
        "confirm": text(30, plain_only=True),
        "deny": text(30, plain_only=True),
        "style": one_of("primary", "danger"),
    },
)
_option_fields: dict[str, Rule] = {"description": text(75, plain_only=True), "url": URL}
option = shape({"text": text(75, plain_only=True), "value": string(150)}, _option_fields)
marked_option = shape({"text": text(75), "value": string(150)}, {"description": text(75), "url": URL})
option_group = shape({"label": text(75, plain_only=True), "options": items(option, 1, 100)})
dispatch = shape({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)})


def element(needs: Mapping[str, Rule], may: Mapping[str, Rule] | None = None) -> Rule:
    """An interactive element: type, its own fields, and an action_id."""
    return shape({"type": string(40), **needs}, {"action_id": ID, **(may or {})})


_menu: dict[str, Rule] = {
    "placeholder": text(150, plain_only=True),
    "focus_on_load": flag,
    "confirm": confirm,
}
_many: dict[str, Rule] = {**_menu, "max_selected_items": whole(1, 100)}
_box: dict[str, Rule] = {
    "placeholder": text(150, plain_only=True),
    "focus_on_load": flag,
    "dispatch_action_config": dispatch,
}
_filter = shape(
    {},
    {
        "include": items(one_of(*CONVERSATION_KINDS), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _static(initial: Mapping[str, Rule], base: Mapping[str, Rule]) -> Rule:
    fields = {"options": items(option, 1, 100), "option_groups": items(option_group, 1, 100)}
    return both(element({}, {**base, **fields, **initial}), exactly_one("options", "option_groups"))


def _bounds_in_order(low: str, high: str) -> Rule:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and low in value and high in value:
            try:
                if float(value[low]) > float(value[high]):
                    yield f"{low} is more than {high} [json-pointer:{at}]"
            except (TypeError, ValueError):
                yield f"{low} and {high} must be numbers [json-pointer:{at}]"

    return check


def _initial_is_offered(value: Any, at: str) -> Iterator[str]:
    """An initial choice must be one of the options."""
    if not isinstance(value, dict):
        return
    chosen = value.get("initial_options") or ([value["initial_option"]] if "initial_option" in value else [])
    groups = [group for group in value.get("option_groups", []) if isinstance(group, dict)]
    offered = list(value.get("options", [])) + [one for group in groups for one in group.get("options", [])]
    if any(choice not in offered for choice in chosen):
        yield f"initial option is not among the options [json-pointer:{at}]"


def _chosen_one(rule: Rule) -> Rule:
    return both(rule, _initial_is_offered)


def _picker(kind: str, rule: Rule, base: Mapping[str, Rule] | None = None) -> Rule:
    return element({}, {**(base or _menu), kind: rule})


ELEMENTS: dict[str, Rule] = {
    "button": element(
        {"text": text(75, plain_only=True)},
        {
            "value": string(2000, 0),
            "url": URL,
            "style": one_of("primary", "danger"),
            "confirm": confirm,
            "accessibility_label": string(75),
        },
    ),
    "image": both(
        shape(
            {"type": string(40), "alt_text": string(2000)},
            {"image_url": URL, "slack_file": slack_file},
        ),
        exactly_one("image_url", "slack_file"),
    ),
    "overflow": element({"options": items(option, 1, 5)}, {"confirm": confirm}),
    "static_select": _chosen_one(_static({"initial_option": option}, _menu)),
    "multi_static_select": _chosen_one(_static({"initial_options": items(option, 1, 100)}, _many)),
    "external_select": _picker("initial_option", option, {**_menu, "min_query_length": whole(0, 100)}),
    "multi_external_select": _picker(
        "initial_options", items(option, 1, 100), {**_many, "min_query_length": whole(0, 100)}
    ),
    "users_select": _picker("initial_user", ID),
    "multi_users_select": _picker("initial_users", items(ID, 1, 100), _many),
    "conversations_select": _picker(
        "initial_conversation",
        ID,
        {**_menu, "filter": _filter, "default_to_current_conversation": flag, "response_url_enabled": flag},
    ),
    "multi_conversations_select": _picker(
        "initial_conversations",
        items(ID, 1, 100),
        {**_many, "filter": _filter, "default_to_current_conversation": flag},
    ),
    "channels_select": _picker("initial_channel", ID, {**_menu, "response_url_enabled": flag}),
    "multi_channels_select": _picker("initial_channels", items(ID, 1, 100), _many),
    "radio_buttons": _chosen_one(
        element(
            {"options": items(marked_option, 1, 10)},
            {"initial_option": marked_option, "confirm": confirm, "focus_on_load": flag},
        )
    ),
    "checkboxes": _chosen_one(
        element(
            {"options": items(marked_option, 1, 10)},
            {"initial_options": items(marked_option, 1, 10), "confirm": confirm, "focus_on_load": flag},
        )
    ),
    "datepicker": _picker("initial_date", DATE),
    "timepicker": _picker("initial_time", string(5, pattern=r"\d\d:\d\d"), {**_menu, "timezone": string(60)}),
    "datetimepicker": element(
        {}, {"initial_date_time": whole(0, 9_999_999_999), "confirm": confirm, "focus_on_load": flag}
    ),
    "plain_text_input": both(
        element(
            {},
            {
                **_box,
                "initial_value": string(3000, 0),
                "multiline": flag,
                "min_length": whole(0, 3000),
                "max_length": whole(1, 3000),
            },
        ),
        _bounds_in_order("min_length", "max_length"),
    ),
    "rich_text_input": element({}, {**_box, "initial_value": shape({"type": one_of("rich_text")})}),
    "email_text_input": element({}, {**_box, "initial_value": string(255)}),
    "url_text_input": element({}, {**_box, "initial_value": URL}),
    "number_input": both(
        element(
            {"is_decimal_allowed": flag},
            {**_box, "initial_value": string(60), "min_value": string(60), "max_value": string(60)},
        ),
        _bounds_in_order("min_value", "max_value"),
    ),
    "file_input": element({}, {"filetypes": items(string(20), 1, 100), "max_files": whole(1, 10)}),
    "feedback_buttons": element({"positive_button": any_of("text"), "negative_button": any_of("text")}),
    "icon_button": element(
        {"icon": string(40), "text": text(75, plain_only=True)},
        {"value": string(2000), "confirm": confirm, "visible_to_user_ids": items(ID, 1, 100)},
    ),
}

CHOICES = tuple(name for name in ELEMENTS if name.endswith("_select"))
PICKERS = ("datepicker", "timepicker", "datetimepicker")
IN_ACTIONS = ("button", "overflow", "radio_buttons", "checkboxes", *PICKERS, *CHOICES)
IN_SECTION = (*IN_ACTIONS, "image")
IN_INPUT = (
    "plain_text_input",
    "rich_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "file_input",
    "radio_buttons",
    "checkboxes",
    *PICKERS,
    *CHOICES,
)
