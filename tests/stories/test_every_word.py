"""Every word that members use is understood on both platforms, in the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.commands.registry import WORDS
from tests.stories.world import UNDO, World

LINES: Final[Mapping[str, str]] = {
    "help": "help",
    "rules": "rules",
    "verify": "verify",
    "me": "me",
    "home": "home",
    "name": "name",
    "link": "link",
    "unlink": "unlink",
    "vouch": "vouch",
    "mod": "mod queue",
    "open": "open",
    "mine": "mine",
    "next": "next",
    "find": "find plaque",
    "show": "show {other}",
    "read": "read {other}",
    "opinion": "opinion {other} 1) psoriasis",
    "comment": "comment {other} I agree.",
    "undo": "undo",
    "ask": "ask {other} Since when?",
    "mean": "mean {other}",
    "helpful": "helpful {other}.1",
    "unhelpful": "unhelpful {other}.1",
    "follow": "follow {other}",
    "notmine": "notmine {other}",
    "duty": "duty 12h",
    "mute": "mute 8h",
    "digest": "digest daily",
    "case": "case",
    "preview": "preview",
    "details": "details",
    "for": "for cardiology",
    "alias": "alias",
    "own": "own name",
    "edit": "edit",
    "keep": "keep 1",
    "hide": "hide 1",
    "picture": "picture 1",
    "cover": "cover 1 B3",
    "uncover": "uncover 1",
    "post": "post",
    "discard": "discard",
    "poll": "poll",
    "polls": "polls",
    "vote": "vote {poll} 1",
    "results": "results {poll}",
    "endpoll": "endpoll {own_poll}",
    "honorarium": "honorarium",
    "add": "add {own} The result is back.",
    "wider": "wider {own}",
    "question": "question {own} Which cream for a plaque?",
    "reveal": "reveal {own}",
    "close": "close {own}",
    "merge": "merge {own} 1 2",
    "split": "split {own} 1",
    "outcome": "outcome {own} confirmed psoriasis",
    "report": "report {other} other",
    "appeal": "appeal {own}",
    "withdraw": "withdraw {own}",
}
"""Each word as somebody types it."""
PEOPLE: Final[Mapping[str, Mapping[str, str]]] = {
    "ada": {"own": "101", "other": "102", "own_poll": "103", "poll": "104"},
    "ravi": {"own": "102", "other": "101", "own_poll": "104", "poll": "103"},
}
"""Who has which case and poll: ada where there are forms, ravi where everything is asked in turn."""

NOT_UNDERSTOOD: Final = re.compile("I don't know|Something broke|^$")


async def ask(world: World, person: str) -> None:
    """Ask in one line, and answer what is asked then, in the form or in words."""
    if world.site_of(person) is world.forms:
        await world.command(person, "case")
        await world.submit(person, {"story": "A man with a plaque.", "question": "Biopsy of a plaque?"})
    else:
        for words in ("case A man with a plaque.", "done", "Biopsy of a plaque?", "routine", "skip"):
            await world.say(person, words)
    await world.post(person)
    await world.wait(UNDO + 5)


async def ask_polls(world: World) -> None:
    """Let each ask a poll."""
    for person in PEOPLE:
        await world.command(person, 'poll "Biopsy?" yes | no')
        await world.post(person)
        await world.wait(UNDO + 5)


async def say(world: World, person: str, word: str, line: str) -> str:
    """Say a word; those about drafts begin with a draft with a piece that was taken out."""
    numbers = PEOPLE[person]
    if word == "preview":
        await world.say(person, f"comment {numbers['other']} Mr. Ingvar Sandkvist.")
    answer = await world.say(person, line.format(**numbers))
    if "(1/" in answer:
        await world.say(person, "cancel")
    return answer


def opening(answer: str) -> str:
    """Give the first words of an answer; a form and the first question of one open alike."""
    asked = [line for line in answer.splitlines() if "(1/" in line] or [answer.removeprefix("[form] ")]
    return " ".join(re.sub(r"\d+", "", asked[0]).split()[:2])


def test_the_list_has_every_word() -> None:
    assert LINES.keys() == set(WORDS)


async def test_every_word_is_understood_on_both_platforms(world: World) -> None:
    for person in PEOPLE:
        await ask(world, person)
    await ask_polls(world)
    for word, line in LINES.items():
        said = [await say(world, person, word, line) for person in PEOPLE]
        assert not [answer for answer in said if NOT_UNDERSTOOD.search(answer)], word
        assert opening(said[0]) == opening(said[1]), word
