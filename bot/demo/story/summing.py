"""Summing: others answer, the author reveals and closes, and the group's answer stands in both rooms."""

from __future__ import annotations

from bot.demo import example
from bot.demo.story.book import Book
from bot.demo.story.players import AtMatrix, AtSlack, pictures_of, words_of

_FIRST = "erythema migrans"
_SUMMARY = "Summary of "


async def play(book: Book) -> None:
    """Play it with Amina, Mei-Lin, Leilani and Noor answering and Rafael closing."""
    book.telling.chapter("Others answer, the author reveals the opinions, and the case is closed")
    people: tuple[AtSlack | AtMatrix, ...] = (
        book.slack["amina"],
        book.slack["meilin"],
        book.matrix["leilani"],
        book.matrix["noor"],
    )
    for person, words in zip(people, example.MORE_OPINIONS, strict=True):
        await _answer(book, person, words)
    await _reveal(book, book.slack["rafael"])
    await _close(book, book.slack["rafael"])


async def _answer(book: Book, person: AtSlack | AtMatrix, words: str) -> None:
    line = f"opinion {book.number.lstrip('#')} {words}"
    doing = (
        person.types(f"/consult {line}") if isinstance(person, AtSlack) else person.writes(f"!consult {line}")
    )
    await book.telling.does(person.name, f"writes: {line}", doing)
    await book.telling.sees("the bot says how it read the list", lambda: person.told("Your opinion"))


async def _reveal(book: Book, author: AtSlack) -> None:
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    line = f"/consult reveal {book.number.lstrip('#')}"
    await telling.does(author.name, f"types {line}", author.types(line))
    there = await telling.sees(
        f"{slack.name} reads it in the case's thread in Slack", lambda: slack.in_thread(book.card, _FIRST)
    )
    name = words_of(there).split(" · ")[1]
    await telling.sees(
        f"{matrix.name} reads it in the case's thread in Matrix, under the same screen name",
        lambda: matrix.in_room(_FIRST, name, thread=book.matrix_card),
    )
    telling.holds(f"{name} is not its author", name != book.author)


async def _close(book: Book, author: AtSlack) -> None:
    telling, line = book.telling, f"/consult close {book.number.lstrip('#')}"
    await telling.does(author.name, f"types {line}", author.types(line))
    there = await telling.sees(
        f"{author.name} sees the summary in the case's thread in Slack",
        lambda: author.in_thread(book.card, _SUMMARY),
    )
    reader = book.matrix["kofi"]
    said = await telling.sees(
        f"{reader.name} sees it in the case's thread in Matrix",
        lambda: reader.in_room(_SUMMARY, thread=book.matrix_card),
    )
    telling.holds("both count the same", example.COUNTED in words_of(there) and example.COUNTED in said.body)
    telling.holds("with the list as a picture in Slack", len(pictures_of(there)) == 1)
    await telling.sees("and in Matrix", lambda: reader.picture_in_thread(book.matrix_card))
