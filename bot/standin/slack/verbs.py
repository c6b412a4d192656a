"""What can be asked of a person from outside: one line per act or look, with JSON in and JSON out."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from .player.person import Person
from .player.writing import PROFILE
from .wire import Json

Verb: TypeAlias = Callable[[Person, Json], Awaitable[Any]]


def _where(person: Person, given: Json) -> Json | None:
    """A message as it was read, or the open modal, or the Home tab."""
    where = given["where"]
    if where == "modal":
        return person.modal
    return person.home if where == "home" else where


def _files(given: Json) -> list[tuple[str, bytes]]:
    return [(file["name"], base64.b64decode(file["content"])) for file in given.get("files", [])]


def _entries(given: Json) -> Json:
    """Form entries; a list of objects with ``content`` is files."""
    entries: Json = given.get("entries", {})
    return {name: _entry(value) for name, value in entries.items()}


def _entry(value: Any) -> Any:
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, dict) and "content" in each for each in value)
    ):
        return _files({"files": value})
    return value


async def _slash(person: Person, given: Json) -> Any:
    outcome = await person.slash(given["command"], given.get("text", ""), channel=given.get("channel"))
    return outcome.wire()


async def _click(person: Person, given: Json) -> Any:
    return (await person.click(_where(person, given), given["action_id"], given.get("value"))).wire()


async def _choose(person: Person, given: Json) -> Any:
    return (await person.choose(_where(person, given), given["action_id"], given["option"])).wire()


async def _shortcut(person: Person, given: Json) -> Any:
    return (await person.shortcut(given["callback_id"])).wire()


async def _message_shortcut(person: Person, given: Json) -> Any:
    return (await person.message_shortcut(given["callback_id"], given["message"])).wire()


async def _fill(person: Person, given: Json) -> Any:
    await person.fill(_entries(given))


async def _submit(person: Person, given: Json) -> Any:
    return (await person.submit(_entries(given))).wire()


async def _close_modal(person: Person, given: Json) -> Any:
    return (await person.close_modal(everything=bool(given.get("everything")))).wire()


async def _say(person: Person, given: Json) -> Any:
    text = given.get("text", "")
    return await person.say(given["channel"], text, thread=given.get("thread"), files=_files(given))


async def _say_dm(person: Person, given: Json) -> Any:
    return await person.say_dm(given.get("text", ""), thread=given.get("thread"), files=_files(given))


async def _edit(person: Person, given: Json) -> Any:
    await person.edit(given["message"], given["text"])


async def _delete(person: Person, given: Json) -> Any:
    await person.delete(given["message"])


async def _react(person: Person, given: Json) -> Any:
    await person.react(given["message"], given["name"])


async def _open_home(person: Person, given: Json) -> Any:
    await person.open_home(given.get("tab", "home"))


async def _joins(person: Person, given: Json) -> Any:
    await person.joins(given["channel"])


async def _brings(person: Person, given: Json) -> Any:
    await person.brings(given["channel"], given["guest"])


async def _leaves(person: Person, given: Json) -> Any:
    await person.leaves(given["channel"])


async def _deactivated(person: Person, given: Json) -> Any:
    await person.deactivated()


async def _edits_profile(person: Person, given: Json) -> Any:
    await person.edits_profile(**{name: given[name] for name in PROFILE if name in given})


async def _channel(person: Person, given: Json) -> Any:
    return person.channel(given["channel"])


async def _thread(person: Person, given: Json) -> Any:
    return person.thread(given["channel"], given["message"])


async def _dm(person: Person, given: Json) -> Any:
    return person.dm()


async def _ephemerals(person: Person, given: Json) -> Any:
    return person.ephemerals(given.get("channel"))


async def _modal(person: Person, given: Json) -> Any:
    return person.modal


async def _modals(person: Person, given: Json) -> Any:
    return person.modals


async def _home(person: Person, given: Json) -> Any:
    return person.home


async def _errors(person: Person, given: Json) -> Any:
    return person.errors


VERBS: dict[str, Verb] = {
    "slash": _slash,
    "click": _click,
    "choose": _choose,
    "shortcut": _shortcut,
    "message_shortcut": _message_shortcut,
    "fill": _fill,
    "submit": _submit,
    "close_modal": _close_modal,
    "say": _say,
    "say_dm": _say_dm,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "open_home": _open_home,
    "joins": _joins,
    "brings": _brings,
    "leaves": _leaves,
    "deactivated": _deactivated,
    "edits_profile": _edits_profile,
    "channel": _channel,
    "thread": _thread,
    "dm": _dm,
    "ephemerals": _ephemerals,
    "modal": _modal,
    "modals": _modals,
    "home": _home,
    "errors": _errors,
}
