"""Refusing: the unverified get help and verification only; words typed in a consult room go nowhere."""

from __future__ import annotations

from bot.demo.story.book import Book
from bot.demo.story.players import AtSlack

_CLOSED = (
    "case",
    "open",
    "mine",
    "show {case}",
    "opinion {case} 1) flu",
    "comment {case} hello",
    "poll",
    "me",
)
_OPEN = (("help", "What you can do"), ("verify", "Step 1 of 3 is done: you work here"))
_NATIVE = "I have seen two of these this month, ask me at lunch"
_AFTERWARDS = "The edge looks slightly raised to me."


async def play(book: Book) -> None:
    """Play it with Petra, who is not verified, and Amina, who types in the wrong place."""
    book.telling.chapter("Somebody who is not verified")
    await _refuse(book, book.slack["petra"])
    book.telling.chapter("A reply typed in the consult room itself")
    await _native(book, book.slack["amina"], book.slack["sunniva"])


async def _refuse(book: Book, stranger: AtSlack) -> None:
    telling = book.telling
    for word in _CLOSED:
        line = f"/consult {word.format(case=book.number.lstrip('#'))}"
        await telling.does(f"{stranger.name}", f"types {line}", stranger.types(line))
        await telling.sees("refused: needs to be verified", lambda: stranger.told("need to be verified"))
    for word, answer in _OPEN:
        await telling.does(f"{stranger.name}", f"types /consult {word}", stranger.types(f"/consult {word}"))
        await telling.sees("answered", lambda: stranger.told(answer))  # noqa: B023
    inside = stranger.person.id in book.world.slack.consult.members
    telling.holds("the consult room is closed to this person", not inside)


async def _native(book: Book, typist: AtSlack, other: AtSlack) -> None:
    telling, number = book.telling, book.number.lstrip("#")
    typist.looks_away()
    saying = typist.person.say(book.world.slack.consult, _NATIVE, thread=str(book.card["ts"]))
    await telling.does(typist.name, f"replies in the thread, under the real account: {_NATIVE}", saying)
    await telling.sees(
        "a private warning says that it was not passed on", lambda: typist.told("under your own name")
    )
    line = f"/consult comment {number} {_AFTERWARDS}"
    await telling.does(other.name, f"types {line}", other.types(line))
    reader = book.matrix["leilani"]
    await telling.sees(
        f"{reader.name} sees that comment in the case's thread",
        lambda: reader.in_room(_AFTERWARDS, thread=book.matrix_card),
    )
    everywhere = [message.body for player in book.matrix.values() for message in player.person.read()]
    telling.holds(
        "and no Matrix client was ever shown the native reply", _NATIVE not in "\n".join(everywhere)
    )
