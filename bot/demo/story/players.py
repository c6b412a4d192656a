"""Players: people of the cast at their clients, as the story needs them: act, then look what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.demo.slack_half import SlackHalf
from bot.demo.stage import Json
from bot.standin.people import Message
from bot.standin.people import Person as MatrixPerson
from bot.standin.slack import Outcome
from bot.standin.slack import Person as SlackPerson


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that a person's client shows: its words, and the thing itself."""

    words: str
    what: Json


@dataclass(slots=True)
class AtSlack:
    """One physician in Slack."""

    name: str
    person: SlackPerson
    half: SlackHalf
    _known: frozenset[str] = frozenset()

    async def types(self, line: str) -> Outcome:
        """Type a slash command in the app's direct message."""
        self.looks_away()
        command, _, text = line.partition(" ")
        return await self.person.slash(command, text)

    async def presses(self, label: str, shown: Json | None) -> Outcome:
        """Press the button with this label in a message or in the open form."""
        self.looks_away()
        button = next((each for each in _buttons(shown) if each["text"]["text"].startswith(label)), None)
        if button is None:
            return Outcome(ok=False, error=f"there is no button {label}")
        return await self.person.click(shown, button["action_id"], button.get("value"))

    async def sends(self, answers: dict[str, Any]) -> Outcome:
        """Fill in and send the open form."""
        self.looks_away()
        return await self.person.submit(answers)

    def looks_away(self) -> None:
        """Take everything shown so far as known."""
        self._known = frozenset(key for key, _ in self._everything())

    def told(self, words: str) -> Shown | None:
        """Find what is newly shown to this person alone, in words, after :meth:`looks_away`."""
        news = (shown for key, shown in self._everything() if key not in self._known)
        return next((shown for shown in news if words in shown.words), None)

    def room(self) -> list[Json]:
        """Give the consult room's messages by the app, oldest first."""
        return [one for one in self.person.channel(self.half.consult) if one.get("bot_id")]

    def in_room(self, words: str) -> Json | None:
        """Find a message of the app in the consult room."""
        found = (one for one in self.room() if not one.get("is_ephemeral") and words in words_of(one))
        return next(found, None)

    def in_thread(self, root: Json, words: str) -> Json | None:
        """Find a message of the app in a thread of the consult room."""
        replies = self.person.thread(self.half.consult, root["ts"])
        return next((one for one in replies if one.get("bot_id") and words in words_of(one)), None)

    def _everything(self) -> Iterator[tuple[str, Shown]]:
        """Give all that only this person is shown, each with a key that changes when it changes."""
        private = [*self.person.ephemerals(), *(one for one in self.person.dm() if one.get("bot_id"))]
        for message in private:
            words = words_of(message)
            yield f"{message['channel']}/{message['ts']}/{hash(words)}", Shown(words, message)
        if (modal := self.person.modal) is not None:
            yield f"{modal['id']}/{modal['hash']}", Shown(words_of(modal), modal)


@dataclass(slots=True)
class AtMatrix:
    """One physician at a Matrix client. ``home`` and ``consult`` are the two rooms with the bot."""

    name: str
    person: MatrixPerson
    bot: str
    home: str
    consult: str
    _known: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    async def writes(self, text: str, *, reply_to: str = "") -> str:
        """Write to the bot in the encrypted direct message."""
        self.looks_away()
        return await self.person.say(self.home, text, reply_to=reply_to)

    def looks_away(self) -> None:
        """Take everything in the direct message as known."""
        self._known = frozenset((one.id, one.edited) for one in self._from_bot())

    def told(self, words: str) -> Message | None:
        """Find what the bot newly wrote in the direct message after :meth:`looks_away`."""
        news = (one for one in self._from_bot() if (one.id, one.edited) not in self._known)
        return next((one for one in news if words in one.body), None)

    def told_picture(self) -> Message | None:
        """Find a picture that the bot newly sent in the direct message."""
        news = (one for one in self._from_bot() if (one.id, one.edited) not in self._known)
        return next((one for one in news if "file" in one.content), None)

    def in_room(self, *words: str, thread: str | None = None) -> Message | None:
        """Find a message in the consult room with all these words; ``thread`` asks for that thread.

        An empty ``thread`` is the main view.
        """
        said = self.person.read(self.consult, self.bot)
        found = (
            one for one in said if all(part in one.body for part in words) and thread in (None, one.thread)
        )
        return next(found, None)

    def picture_in_room(self, after: str) -> Message | None:
        """Find the first picture in the consult room that came after a message."""
        said = self.person.read(self.consult, self.bot)
        start = next((index for index, one in enumerate(said) if one.id == after), len(said))
        return next((one for one in said[start:] if "file" in one.content), None)

    def picture_in_thread(self, root: str) -> Message | None:
        """Find a picture in a thread of the consult room."""
        said = self.person.read(self.consult, self.bot)
        return next((one for one in said if one.thread == root and "file" in one.content), None)

    def _from_bot(self) -> list[Message]:
        return self.person.read(self.home, self.bot)


def words_of(shown: Json) -> str:
    """Read a message or a form aloud: its fallback text and every text in its blocks, in order."""
    pieces = [str(shown.get("text", ""))] if isinstance(shown.get("text"), str) else []
    if isinstance(shown.get("title"), dict):
        pieces.append(shown["title"]["text"])
    return re.sub(r"[ \t]+", " ", " ".join([*pieces, *_texts(shown.get("blocks", []))]))


def pictures_of(shown: Json) -> list[str]:
    """List the ids of the files that a message or a form shows as pictures."""
    blocks = [block for block in shown.get("blocks", []) if block["type"] == "image"]
    files = [file["id"] for file in shown.get("files", []) if file.get("mode") != "tombstone"]
    return [block["slack_file"]["id"] for block in blocks if "slack_file" in block] + files


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for key, value in node.items():
            if key not in ("text", "slack_file", "metadata") or isinstance(value, dict):
                yield from _texts(value)


def _buttons(shown: Json | None) -> Iterator[Json]:
    for block in (shown or {}).get("blocks", []):
        yield from (each for each in block.get("elements", []) if each.get("type") == "button")
