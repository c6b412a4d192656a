"""Talk: what is unfinished between a person and the bot, a wizard or the newest prompt, kept sealed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.answers import Part
from bot.chat.cards import Button
from bot.chat.codec import form_from_bytes, form_to_bytes
from bot.chat.events import FileRef
from bot.chat.wizard import Wizard
from bot.ports.work import Dialogs

WIZARD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Talk:
    """The wizard that is asking, if any, and the commands that a bare number may choose from."""

    wizard: Wizard | None = None
    prompt: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """There is nothing to keep."""
        return self.wizard is None and not self.prompt


def prompt_of(buttons: Sequence[Button]) -> tuple[str, ...]:
    """Give the commands of a card's buttons in the order of their numbers."""
    return tuple(button.command for button in buttons)


async def load_talk(dialogs: Dialogs, key: str) -> Talk:
    """Open what is unfinished; nothing unfinished is an empty talk."""
    kept = await dialogs.get(f"talk:{key}")
    return _from_bytes(kept) if kept else Talk()


async def keep_talk(dialogs: Dialogs, key: str, talk: Talk, now: datetime) -> None:
    """Keep it, or forget it when it is empty; the words of a wizard are kept for a day at most."""
    if talk.empty:
        await dialogs.drop(f"talk:{key}")
    else:
        until = now + WIZARD_FOR if talk.wizard else None
        await dialogs.put(f"talk:{key}", _to_bytes(talk), until)


async def keep_prompt(dialogs: Dialogs, key: str, prompt: tuple[str, ...], now: datetime) -> None:
    """Make a newer card's buttons the ones that bare numbers choose from; a wizard goes on."""
    await keep_talk(dialogs, key, replace(await load_talk(dialogs, key), prompt=prompt), now)


def _to_bytes(talk: Talk) -> bytes:
    wizard = talk.wizard
    asked = wizard and {
        "form": form_to_bytes(wizard.form).decode(),
        "step": wizard.step,
        "values": dict(wizard.values),
        "files": [{"locator": dict(file.locator), "size": file.size} for file in wizard.files],
        "hint": wizard.hint,
        "sent": list(wizard.sent),
        "parts": [[part.message, part.field, part.text] for part in wizard.parts],
    }
    return json.dumps({"wizard": asked, "prompt": talk.prompt}).encode()


def _from_bytes(kept: bytes) -> Talk:
    read = json.loads(kept)
    asked = read["wizard"]
    wizard = asked and Wizard(
        form=form_from_bytes(asked["form"].encode()),
        step=asked["step"],
        values=asked["values"],
        files=tuple(FileRef(file["locator"], file["size"]) for file in asked["files"]),
        hint=asked["hint"],
        sent=tuple(asked["sent"]),
        parts=tuple(Part(*part) for part in asked.get("parts", [])),
    )
    return Talk(wizard or None, tuple(read["prompt"]))
