"""Polling: asked from Matrix, voted on from both sides, one vote changed, closed with a chart."""

from __future__ import annotations

import asyncio
import re

from bot.demo import example
from bot.demo.stage import Json
from bot.demo.story.book import Book
from bot.demo.story.pictures import size
from bot.demo.story.players import AtMatrix, AtSlack, pictures_of
from bot.standin.people import Message

_SLACK_VOTES = (("rafael", 1), ("amina", 1), ("meilin", 2))
_MATRIX_VOTES = (("tomasz", 1), ("leilani", 2), ("kofi", 3))
_CHANGED = ("meilin", 1)
_LEGIBLE = 600
"""Pixels that a chart's width must have."""
_VOTERS = len(_SLACK_VOTES) + len(_MATRIX_VOTES)
_RESULT = (4, 1, 1)
"""Votes for each option after the change; the last option, offered by the bot itself, gets none."""


async def play(book: Book) -> None:
    """Play it with Noor asking."""
    asker = book.matrix["noor"]
    book.telling.chapter("A poll, asked from Matrix")
    number = await _ask(book, asker)
    cards = await _reach(book, number)
    book.telling.chapter(f"{_VOTERS} physicians of both hospitals vote; one of them changes the vote")
    await _vote(book, number, cards[0])
    book.telling.chapter("The poll is closed")
    await _close(book, asker, number)
    await _charts(book, *cards)


async def _ask(book: Book, asker: AtMatrix) -> str:
    telling = book.telling
    await telling.does(asker.name, f"writes: {example.POLL}", asker.writes(example.POLL))
    await telling.sees("the preview stands in the encrypted direct message", lambda: asker.told("Preview"))
    await telling.does(asker.name, "writes: post", asker.writes("post"))
    answer = await telling.sees("the bot says that it is on its way", lambda: asker.told("on its way as"))
    found = re.search(r"Poll (\d+)", answer.body)
    return found[1] if found else ""


async def _reach(book: Book, number: str) -> tuple[Json, Message]:
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    words = f"Poll {number}"
    card = await telling.sees(f"{slack.name} sees it in the Slack channel", lambda: slack.in_room(words))
    said = await telling.sees(
        f"{matrix.name} sees it in the Matrix room", lambda: matrix.in_room(words, thread="")
    )
    return card, said


async def _vote(book: Book, number: str, card: Json) -> None:
    for handle, choice in _SLACK_VOTES:
        await _vote_in_slack(book, book.slack[handle], card, choice, "Your vote counted")
    for handle, choice in _MATRIX_VOTES:
        voter = book.matrix[handle]
        line = f"vote {number} {choice}"
        await book.telling.does(voter.name, f"writes: {line}", voter.writes(line))
        await book.telling.sees("it counted, told privately", lambda: voter.told("Your vote counted"))  # noqa: B023
    handle, choice = _CHANGED
    await _vote_in_slack(book, book.slack[handle], card, choice, "Your vote was changed")


async def _vote_in_slack(book: Book, voter: AtSlack, card: Json, choice: int, answer: str) -> None:
    option = example.POLL_OPTIONS[choice - 1]
    await book.telling.does(voter.name, f"presses {option}", voter.presses(option, card))
    what = "it counted" if "counted" in answer else "the vote was changed"
    await book.telling.sees(f"{what}, told privately", lambda: voter.told(answer))
    if voter.person.modal is not None:
        await voter.person.close_modal()


async def _close(book: Book, asker: AtMatrix, number: str) -> None:
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    await telling.does(asker.name, f"writes: endpoll {number}", asker.writes(f"endpoll {number}"))
    await telling.sees("the bot says that it is closed", lambda: asker.told("is closed"))
    await telling.sees(
        f"{slack.name} sees the result in the Slack channel",
        lambda: slack.in_room(f"{_VOTERS} physicians and trainees voted"),
    )
    said = await telling.sees(
        f"{matrix.name} sees the result in the Matrix room",
        lambda: matrix.in_room(f"{_VOTERS} physicians and trainees voted", thread=""),
    )
    rows = [
        f"{option}: {votes} of {_VOTERS}" for option, votes in zip(example.POLL_OPTIONS, _RESULT, strict=True)
    ]
    telling.holds("the changed vote counts once:", all(row in said.body for row in rows))
    telling.remark(f"                     {', '.join(rows)}")


async def _charts(book: Book, card: Json, event: Message) -> None:
    """See the result's chart in the poll's thread in both rooms."""
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    there = await telling.sees("its chart is there in Slack", lambda: _charted(slack, card))
    drawn = size(await asyncio.to_thread(slack.person.download, pictures_of(there)[0]))
    telling.holds(f"a picture of {drawn[0]} by {drawn[1]} pixels", drawn[0] >= _LEGIBLE)
    picture = await telling.sees("its chart is there in Matrix", lambda: matrix.picture_in_thread(event.id))
    drawn = size(await matrix.person.picture(picture))
    telling.holds(f"decrypted, a picture of {drawn[0]} by {drawn[1]} pixels", drawn[0] >= _LEGIBLE)


def _charted(reader: AtSlack, card: Json) -> Json | None:
    found = reader.in_thread(card, "physicians and trainees voted")
    return found if found and pictures_of(found) else None
