"""Withdrawing: the author takes the case back; it goes from both rooms, and a report says from where."""

from __future__ import annotations

from bot.demo.story.book import Book
from bot.demo.story.players import AtMatrix, AtSlack, Shown, pictures_of
from bot.standin.slack import NotAllowed

_REPORT = "removed in 2 of 2 rooms"


async def play(book: Book) -> None:
    """Play it with Rafael withdrawing."""
    author, reader = book.slack["rafael"], book.slack["amina"]
    book.telling.chapter("The author withdraws the case")
    files = pictures_of(book.card)
    theirs = _of_the_case(book)
    await _withdraw(book, author)
    await _gone_in_slack(book, reader, files)
    await _gone_in_matrix(book, book.matrix["leilani"], theirs)
    await _report(book, author)


async def _withdraw(book: Book, author: AtSlack) -> None:
    telling = book.telling
    line = f"/consult withdraw {book.number.lstrip('#')}"
    await telling.does(author.name, f"types {line}", author.types(line))
    asked = await telling.sees("the bot asks first", lambda: author.told("cannot be undone"))
    await telling.does(author.name, "presses Withdraw for good", author.presses("Withdraw", asked.what))


async def _report(book: Book, author: AtSlack) -> None:
    telling = book.telling
    told = await telling.sees(
        "the author gets a direct message in Slack", lambda: _report_or_news(book, author)
    )
    if _REPORT not in told.words:
        await telling.does(author.name, "presses Open", author.presses("Open", told.what))
    report = await telling.sees("it is the report: removed in 2 of 2 rooms", lambda: _report_in(author, told))
    telling.holds("with one line for each room", all(f"Room {n}:" in report.words for n in (1, 2)))


def _report_in(author: AtSlack, told: Shown) -> Shown | None:
    return told if _REPORT in told.words else author.told(_REPORT)


def _report_or_news(book: Book, author: AtSlack) -> Shown | None:
    return author.told(_REPORT) or author.told(f"Something new in {book.number}")


def _of_the_case(book: Book) -> list[str]:
    """List the events of the case in Matrix: its card, its picture, and what stands in its thread."""
    reader = book.matrix["leilani"]
    said = reader.person.read(reader.consult, reader.bot)
    picture = reader.picture_in_room(book.matrix_card)
    return [
        one.id
        for one in said
        if book.matrix_card in (one.id, one.thread) or (picture is not None and one.id == picture.id)
    ]


async def _gone_in_slack(book: Book, reader: AtSlack, files: list[str]) -> None:
    consult, root = book.world.slack.consult, str(book.card["ts"])

    def gone() -> bool:
        left = [reader.in_room(book.number), *reader.person.thread(consult, root)]
        return not any(one and one.get("bot_id") and not one.get("is_ephemeral") for one in left)

    telling = book.telling
    await telling.sees(f"{reader.name} sees the bot's messages gone from the Slack channel", gone)
    await telling.sees(
        "the photograph's file is deleted there", lambda: not any(_opens(reader, file) for file in files)
    )


def _opens(reader: AtSlack, file: str) -> bool:
    try:
        reader.person.download(file)
    except NotAllowed:
        return False
    return True


async def _gone_in_matrix(book: Book, reader: AtMatrix, theirs: list[str]) -> None:
    def gone() -> bool:
        return not any(one.id in theirs for one in reader.person.read(reader.consult))

    what = f"{reader.name} sees all {len(theirs)} messages of the case redacted in the Matrix room"
    book.telling.holds("(the card, its photograph and its thread)", len(theirs) >= 4)
    await book.telling.sees(what, gone)
