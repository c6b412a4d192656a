"""Guarding: what all rooms showed so far holds no name of a person, no account and nothing of the patient."""

from __future__ import annotations

from bot.demo import cast, example
from bot.demo.stage import Json
from bot.demo.story.book import Book
from bot.demo.story.players import words_of


async def play(book: Book) -> None:
    """Read everything that the bot said in both rooms, threads included."""
    book.telling.chapter("The wall: what the rooms know")
    slack, matrix = _slack_words(book), _matrix_words(book)
    telling = book.telling
    telling.holds(
        f"{len(slack)} messages of the bot in the Slack channel, {len(matrix)} in Matrix", slack and matrix
    )
    everything = "\n".join(slack + matrix)
    telling.holds("no real name of anybody in them", not _found(_names(), everything))
    telling.holds("no account of anybody in them", not _found(_accounts(book), everything))
    telling.holds("nothing that identifies the patient", not _found(example.PLANTED, everything))


def _slack_words(book: Book) -> list[str]:
    reader, consult = book.slack["amina"].person, book.world.slack.consult
    messages: list[Json] = []
    for message in reader.channel(consult):
        messages += [message, *reader.thread(consult, message["ts"])]
    shown = [one for one in messages if one.get("bot_id") and not one.get("is_ephemeral")]
    return [f"{one.get('username', '')} {words_of(one)}" for one in shown]


def _matrix_words(book: Book) -> list[str]:
    reader = book.matrix["leilani"]
    return [f"{one.speaker} {one.content}" for one in reader.person.read(reader.consult, reader.bot)]


def _names() -> list[str]:
    """Give each person's family name; given names alone are words that a case may hold."""
    return [person.name.split()[-1] for person in cast.CAST]


def _accounts(book: Book) -> list[str]:
    people = [player.person.id for player in book.slack.values()]
    return [*people, *book.world.matrix.people]


def _found(pieces: list[str] | tuple[str, ...], text: str) -> list[str]:
    return [piece for piece in pieces if piece.lower() in text.lower()]
