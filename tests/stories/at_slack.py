"""What people do at the stand-in of Slack, act by act, and what stands in its channels."""

from __future__ import annotations

from typing import Any

from bot.standin.slack import Channel, Person, SlackStandin


async def post_a_case(slack: SlackStandin, person: Person, words: str) -> None:
    """Ask in a dialog, look at the preview and post; what is left open is closed before."""
    if person.modal is not None:
        await person.close_modal(everything=True)
    await person.slash("/consult", "case")
    await slack.until(lambda: "input" in _blocks(person))
    await person.submit({"story": f"A plaque for two weeks, {words}.", "question": "Biopsy?"})
    await slack.until(lambda: {"Post", "Continue"} & set(_labels(person)))
    if "Post" not in _labels(person):
        await _press(person, "Continue")
        await slack.until(lambda: "Post" in _labels(person))
    await _press(person, "Post")


def said(channel: Channel) -> list[str]:
    """Give the words of each message of a channel, oldest first."""
    return [_words(message.blocks) for message in channel.messages]


def stands(words: str, channel: Channel) -> bool:
    return any(words in one for one in said(channel))


def in_order(channel: Channel, *words: str) -> list[str]:
    """Give which of some words stand in a channel, as often and in the order in which they do."""
    return [word for one in said(channel) for word in words if word in one]


def _words(shown: Any) -> str:
    """Join all words below blocks, without those on buttons."""
    if isinstance(shown, list):
        return "".join(map(_words, shown))
    if not isinstance(shown, dict) or shown.get("type") == "actions":
        return ""
    text = shown.get("text", "")
    return (text if isinstance(text, str) else _words(text)) + "".join(
        _words(part) for name, part in shown.items() if name != "text"
    )


def _blocks(person: Person) -> set[str]:
    return {block["type"] for block in person.modal["blocks"]} if person.modal else set()


def _buttons(person: Person) -> list[dict[str, Any]]:
    blocks = person.modal["blocks"] if person.modal else []
    return [each for block in blocks if block["type"] == "actions" for each in block["elements"]]


def _labels(person: Person) -> list[str]:
    return [each["text"]["text"] for each in _buttons(person)]


async def _press(person: Person, label: str) -> None:
    button = next(each for each in _buttons(person) if each["text"]["text"] == label)
    await person.click(person.modal, button["action_id"], button.get("value"))
