"""Answering: an opinion stays covered until the reveal; comments reach both rooms at once."""

from __future__ import annotations

from bot.demo import example
from bot.demo.story.book import Book
from bot.demo.story.players import AtMatrix, AtSlack, words_of

_FIRST = "erythema migrans"


async def play(book: Book) -> None:
    """Play it with Tomasz answering Rafael."""
    author, answerer = book.slack["rafael"], book.matrix["tomasz"]
    book.telling.chapter("A physician in Matrix answers with a ranked opinion")
    await _give_opinion(book, author, answerer)
    book.telling.chapter("… and comments by replying to the card in the direct message")
    await _comment(book, author, answerer)


async def _give_opinion(book: Book, author: AtSlack, answerer: AtMatrix) -> None:
    line = f"!consult opinion {book.number.lstrip('#')} {example.OPINION}"
    author.looks_away()
    await book.telling.does(answerer.name, f"writes: {line}", answerer.writes(line))
    await book.telling.sees("the bot says how it read the list", lambda: answerer.told("Your opinion"))
    await _covered_in_both(book)
    await _author_is_told(book, author)
    await _author_opens(book, author)


async def _covered_in_both(book: Book) -> None:
    """See that there is an opinion, and not what it says: others are to answer independently."""
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    label = f"Opinion {book.number.lstrip('#')}.1"
    there = await telling.sees(
        f"{slack.name} sees in the case's thread in Slack that there is an opinion",
        lambda: slack.in_thread(book.card, label),
    )
    said = await telling.sees(
        f"{matrix.name} sees it in the case's thread in Matrix",
        lambda: matrix.in_room(label, thread=book.matrix_card),
    )
    telling.holds("neither sees what it says", _FIRST not in words_of(there) + said.body)


async def _comment(book: Book, author: AtSlack, answerer: AtMatrix) -> None:
    telling, number = book.telling, book.number.lstrip("#")
    await telling.does(answerer.name, f"writes: show {number}", answerer.writes(f"show {number}"))
    card = await telling.sees("the case stands in the direct message", lambda: answerer.told(book.number))
    author.looks_away()
    writing = answerer.writes(example.COMMENT, reply_to=card.id)
    await telling.does(answerer.name, f"replies to that card: {example.COMMENT}", writing)
    await _reach_both(book, example.COMMENT)
    await _author_is_told(book, author)


async def _reach_both(book: Book, words: str) -> str:
    """See something in the case's thread in both rooms, under one screen name; gives that name."""
    telling, slack, matrix = book.telling, book.slack["amina"], book.matrix["leilani"]
    there = await telling.sees(
        f"{slack.name} sees it in the case's thread in Slack", lambda: slack.in_thread(book.card, words)
    )
    name = str(there.get("username", ""))
    said = await telling.sees(
        f"{matrix.name} sees it in the case's thread in Matrix",
        lambda: matrix.in_room(words, thread=book.matrix_card),
    )
    telling.holds(f"both under the screen name {name}", name and said.speaker == name)
    return name


async def _author_is_told(book: Book, author: AtSlack) -> None:
    note = await book.telling.sees(
        "the author gets a direct message in Slack", lambda: author.told(f"Something new in {book.number}")
    )
    names = {str(message.get("username", "")) for message in author.room()} - {""}
    told = words_of(note.what)
    named = [word for word in (*names, "opinion", "physician", "Dermatology") if word.lower() in told.lower()]
    book.telling.holds("it names neither a screen name nor a role", not named)


async def _author_opens(book: Book, author: AtSlack) -> None:
    note = author.told(f"Something new in {book.number}")
    pressing = author.presses("Open", note.what if note else None)
    await book.telling.does(author.name, "presses Open", pressing)
    await book.telling.sees(
        "the case opens with the opinion in it",
        lambda: author.told(_FIRST),
    )
    await author.person.close_modal()
