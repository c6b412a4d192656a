"""Asking: a physician in Slack asks, sees what was removed, posts; the card reaches both rooms."""

from __future__ import annotations

import re

from bot.demo import example
from bot.demo.story.book import Book
from bot.demo.story.pictures import traces
from bot.demo.story.players import AtMatrix, AtSlack, Shown, pictures_of


async def play(book: Book) -> None:
    """Play it with Rafael as the author, Amina and Leilani as readers."""
    author = book.slack["rafael"]
    book.telling.chapter("A physician in Slack asks colleagues")
    await _fill_in(book, author)
    text = await _look_at_the_text(book, author)
    last = await _look_at_the_picture(book, author, text)
    await _post(book, author, last)
    await _reach_slack(book, book.slack["amina"])
    await _reach_matrix(book, book.matrix["leilani"])


async def _fill_in(book: Book, author: AtSlack) -> None:
    telling = book.telling
    await telling.does(author.name, "types /consult case", author.types("/consult case"))
    await telling.sees("the form opens, with room for pictures", lambda: _form(author))
    answers = {
        "story": example.STORY,
        "question": example.QUESTION,
        "pictures": [("IMG_2041.jpg", example.photograph())],
    }
    what = "tells the case with names, dates and numbers, adds one photograph, sends the form"
    await telling.does(author.name, what, author.sends(answers))


def _form(author: AtSlack) -> Shown | None:
    shown = author.told("")
    blocks = shown.what.get("blocks", []) if shown else []
    return shown if any(block.get("element", {}).get("type") == "file_input" for block in blocks) else None


async def _look_at_the_text(book: Book, author: AtSlack) -> Shown:
    telling = book.telling
    preview = await telling.sees("the preview opens", lambda: author.told("Taken out of the text"))
    removed = re.search(r"Taken out of the text: (\d+)", preview.words)
    telling.holds(f"it lists {removed[1] if removed else 0} pieces taken out of the text", removed)
    left = [piece for piece in example.PLANTED if piece in preview.words]
    telling.holds("nothing that names the patient, a date, a number or the hospital is left in it", not left)
    return preview


async def _look_at_the_picture(book: Book, author: AtSlack, text: Shown) -> Shown:
    telling = book.telling
    await telling.does(author.name, "presses Continue", author.presses("Continue", text.what))
    step = await telling.sees("the photograph is shown as others will see it", lambda: _pictured(author))
    clean = [traces(author.person.download(file)) == [] for file in pictures_of(step.what)]
    telling.holds("it carries no hidden details", clean == [True])
    telling.holds("the patient's label in it is covered", "Covered: " in step.words)
    telling.holds("it says what was removed from the photograph: EXIF, GPS position", "GPS" in step.words)
    await telling.does(author.name, "presses Looks clean", author.presses("Looks clean", step.what))
    return await telling.sees("one last look is asked for", lambda: author.told("By posting you say"))


def _pictured(author: AtSlack) -> Shown | None:
    step = author.told("Picture 1 of 1")
    return step if step and pictures_of(step.what) else None


async def _post(book: Book, author: AtSlack, last: Shown) -> None:
    telling = book.telling
    await telling.does(author.name, "presses Post", author.presses("Post", last.what))
    posted = await telling.sees(
        "the bot answers: posted, and how to undo it", lambda: author.told("Posted as")
    )
    name = re.search(r"Posted as ([A-Z]\w+ [A-Z]\w+) ?, (#\d+)", posted.words)
    telling.holds(f"it will stand under a screen name: {name[1] if name else '?'}", name)
    book.author, book.number = (name[1], name[2]) if name else ("", "")
    await author.person.close_modal()
    book.telling.remark(f"(the undo time runs, {book.world.pace.undo:g} s here, 60 s in a hospital)")


async def _reach_slack(book: Book, reader: AtSlack) -> None:
    telling, undo = book.telling, book.world.pace.undo
    card = await telling.sees(
        f"{reader.name} sees the card {book.number} in the Slack channel",
        lambda: reader.in_room(book.number),
    )
    telling.holds("the undo time had passed before", telling.since_act >= undo)
    telling.holds(f"it stands under {book.author}", card.get("username") == book.author)
    clean = [traces(reader.person.download(file)) == [] for file in pictures_of(card)]
    telling.holds("the photograph is there, without hidden details", clean == [True])
    book.card = card


async def _reach_matrix(book: Book, reader: AtMatrix) -> None:
    telling = book.telling
    card = await telling.sees(
        f"{reader.name} sees it in the Matrix room, decrypted by the own client",
        lambda: reader.in_room(book.number, thread=""),
    )
    telling.holds("it came end-to-end encrypted", card.encrypted)
    telling.holds(f"it stands under {book.author}", card.speaker == book.author and book.author in card.body)
    picture = await telling.sees("the photograph is there", lambda: reader.picture_in_room(card.id))
    content = await reader.person.picture(picture)
    telling.holds("decrypted, it carries no hidden details", traces(content) == [])
    book.matrix_card = card.id
