"""Forms and long answers as Slack's modals, and what can be said at once about what was typed into them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.slack.literal import Json, length, literal, plain_text
from bot.adapters.slack.render import VIEW_BLOCKS, body, pictured, to_blocks
from bot.chat.cards import Card, Paragraph
from bot.chat.forms import ChoiceField, Field, FilesField, Form, TextField
from bot.ports.adapter import Undeliverable

ANSWER = "answer"
"""The action id of every field; its block id is the field's name."""

_TITLE = 24
_TEXT = 3000
_METADATA = 3000
_RADIOS = 5
_BOXES = 10
_OPTIONS = 100
_OPTION_TEXT = 75
_OPTION_VALUE = 150
_FILES = 10
PICTURE_TYPES = (
    *("jpg", "jpeg", "jfif", "png", "gif", "webp", "heic", "heif"),
    *("avif", "tif", "tiff", "jp2", "j2k", "dcm"),
)
"""Names that pictures come under; what a file really is, its own bytes tell later."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a modal has to remember: the command its answers belong to and where it was opened.

    That is a channel, or the Home tab (``tab``).
    """

    command: str = ""
    channel: str = ""
    tab: bool = False

    def __str__(self) -> str:
        """Write it as a modal keeps it."""
        kept: dict[str, object] = {"do": self.command, "in": self.channel}
        return json.dumps({**kept, "tab": True} if self.tab else kept, ensure_ascii=False)

    @classmethod
    def read(cls, metadata: str) -> Origin:
        """Read what :meth:`__str__` wrote; anything else remembers nothing."""
        try:
            kept = json.loads(metadata)
        except ValueError:
            return cls()
        if not isinstance(kept, dict):
            return cls()
        return cls(str(kept.get("do", "")), str(kept.get("in", "")), kept.get("tab") is True)


def form_view(form: Form, origin: Origin | None = None, files: Sequence[str] = ()) -> Json:
    """Translate a form into a modal; raises ``Undeliverable`` where it is too long for one.

    ``files`` are the ids of its uploaded pictures; without one a picture is told in words.
    """
    shown = pictured(form.pictures, files)
    inputs = (_input(field) for field in form.fields)
    why = (Paragraph((form.why,)),) if form.why else ()
    blocks = [*_heading(form.title), *body((*why, *form.lead, *form.passing)), *shown, *inputs]
    kept = dataclasses.replace(origin or Origin(), command=form.command)
    view = _view(form.title, blocks, kept)
    if form.fields:
        view["submit"] = plain_text(form.submit, _TITLE)
    return view


def card_view(card: Card, files: Sequence[str] = (), origin: Origin | None = None) -> Json:
    """Translate a card into a modal without fields."""
    title = card.title or "Curbside"
    shown = dataclasses.replace(card, title="")
    blocks = [*_heading(title), *to_blocks(shown, files, named=True)]
    return _view(title, blocks or to_blocks(Card(card.notice, card.notice)), origin or Origin())


def home_view(card: Card) -> Json:
    """Translate a card into what a person's Home tab shows; raises ``Undeliverable`` where it is too long."""
    blocks = to_blocks(card, named=True)
    if len(blocks) > VIEW_BLOCKS:
        raise Undeliverable("view_too_large")
    return {"type": "home", "callback_id": "consult", "blocks": blocks}


def waiting_view(view: Mapping[str, Any]) -> Json:
    """Make what stands in a submitted modal until the answer comes."""
    title = view.get("title")
    shown = str(title.get("text", "")) if isinstance(title, Mapping) else ""
    blocks = [{"type": "section", "text": plain_text("Working on it.", 100)}]
    return _view(shown or "Curbside", blocks, Origin.read(str(view.get("private_metadata", ""))))


def _view(title: str, blocks: list[Json], origin: Origin) -> Json:
    metadata = str(origin)
    if len(blocks) > VIEW_BLOCKS or length(metadata) > _METADATA:
        raise Undeliverable("view_too_large")
    return {
        "type": "modal",
        "callback_id": "consult",
        "title": plain_text(title, _TITLE),
        "close": plain_text("Close", _TITLE),
        "private_metadata": metadata,
        "blocks": blocks,
    }


def _heading(title: str) -> Iterator[Json]:
    """Give a title that is too long for the modal's own line a line where it is read whole."""
    if length(literal(title)) > _TITLE:
        yield from to_blocks(Card("", title))


def _input(field: Field) -> Json:
    block: Json = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, 2000),
        "element": _element(field),
        "optional": field.optional if not isinstance(field, FilesField) else True,
    }
    if field.hint:
        block["hint"] = plain_text(field.hint, 2000)
    return block


def _element(field: Field) -> Json:
    match field:
        case TextField():
            return _text(field)
        case ChoiceField():
            return _choice(field)
        case FilesField():
            most = max(1, min(field.most, _FILES))
            types = list(PICTURE_TYPES)
            return {"type": "file_input", "action_id": ANSWER, "filetypes": types, "max_files": most}


def _text(field: TextField) -> Json:
    most = max(1, min(field.max_length, _TEXT))
    element: Json = {
        "type": "plain_text_input",
        "action_id": ANSWER,
        "multiline": field.multiline,
        "max_length": most,
    }
    if field.initial:
        element["initial_value"] = literal(field.initial)[:most]
    return element


def _choice(field: ChoiceField) -> Json:
    if len(field.options) > _OPTIONS:
        raise Undeliverable("too_many_options")
    options = [
        {"text": plain_text(option.label, _OPTION_TEXT), "value": option.value[:_OPTION_VALUE]}
        for option in field.options
    ]
    if field.most > 1:
        return _choices(field, options)
    kind = "radio_buttons" if len(options) <= _RADIOS else "static_select"
    element: Json = {"type": kind, "action_id": ANSWER, "options": options}
    initial = next((option for option in options if option["value"] == field.initial), None)
    if initial is not None:
        element["initial_option"] = initial
    return element


def _choices(field: ChoiceField, options: list[Json]) -> Json:
    """Make boxes to tick; a list where there are many, or where Slack has to count: boxes cannot."""
    boxes = len(options) <= min(_BOXES, field.most)
    element: Json = {
        "type": "checkboxes" if boxes else "multi_static_select",
        "action_id": ANSWER,
        "options": options,
    }
    if not boxes:
        element["max_selected_items"] = min(field.most, len(options))
    initial = [option for option in options if option["value"] in field.initial.split(",")]
    if initial:
        element["initial_options"] = initial
    return element


def problems(view: Mapping[str, Any]) -> dict[str, str]:
    """Find, field by field, what is wrong with a submitted form as far as it can be seen at once."""
    values = view.get("state", {}).get("values", {})
    found: dict[str, str] = {}
    for block in view.get("blocks", []):
        name = str(block.get("block_id", ""))
        answer = values.get(name, {}).get(ANSWER)
        sentence = _problem(block.get("element", {}), answer) if isinstance(answer, Mapping) else ""
        if sentence:
            found[name] = sentence
    return found


def _problem(element: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    if answer.get("type") == "plain_text_input":
        return _too_long(str(answer.get("value") or ""), int(element.get("max_length") or _TEXT))
    if answer.get("type") == "file_input":
        files = [file for file in answer.get("files") or () if isinstance(file, Mapping)]
        return _too_many(files, int(element.get("max_files") or _FILES)) or _not_pictures(files)
    return ""


def _too_long(text: str, most: int) -> str:
    over = len(text) - most
    return f"This is {over:,} characters too long; there is room for {most:,}." if over > 0 else ""


def _too_many(files: Sequence[Mapping[str, Any]], most: int) -> str:
    return f"Attach at most {most} pictures." if len(files) > most else ""


def _not_pictures(files: Sequence[Mapping[str, Any]]) -> str:
    for file in files:
        stem, dot, ending = str(file.get("name") or "").rpartition(".")
        if dot and ending.lower() not in PICTURE_TYPES:
            name = f"{stem[:60]}.{ending[:10]}"
            return f"{name} is not a picture I can read. Attach JPEG, PNG, HEIC or DICOM files."
    return ""
