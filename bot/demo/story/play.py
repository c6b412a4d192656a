"""Play: the scenes in their order, from one physician's question to its last trace."""

from __future__ import annotations

from typing import TextIO

from bot.demo import cast
from bot.demo.story import answering, asking, guarding, polling, refusing, summing, withdrawing
from bot.demo.story.book import Book
from bot.demo.story.players import AtMatrix, AtSlack
from bot.demo.story.telling import Missed, Telling
from bot.demo.world import World


async def play(world: World, stream: TextIO) -> bool:
    """Play everything; gives whether every line was observed."""
    telling = Telling(world.bell, stream)
    book = Book(world, telling, _at_slack(world), _at_matrix(world))
    _introduce(book)
    try:
        for scene in (asking, answering, polling, refusing, summing, guarding, withdrawing):
            await scene.play(book)
    except Missed as missed:
        telling.broke_off(missed)
        return False
    telling.end()
    return True


def _introduce(book: Book) -> None:
    pace = book.world.pace
    book.telling.remark(f"{cast.SLACK_HOSPITAL.name}: a Slack workspace (local stand-in).")
    book.telling.remark(f"{cast.MATRIX_HOSPITAL.name}: a Matrix homeserver (real Synapse), encrypted.")
    book.telling.remark(
        f"Shortened for the demo: undo {pace.undo:g} s instead of 60 s, "
        f"then {pace.delay[0]:g} to {pace.delay[1]:g} s instead of 5 to 60 s."
    )
    book.telling.remark("Times run from the act above a line to the moment a client showed it.")


def _at_slack(world: World) -> dict[str, AtSlack]:
    workspace = world.slack.workspace
    return {
        person.handle: AtSlack(person.name, workspace.person(person.handle), world.slack)
        for person in cast.of("slack")
    }


def _at_matrix(world: World) -> dict[str, AtMatrix]:
    players = {}
    for user, person in world.matrix.people.items():
        rooms = {room["kind"]: room["id"] for room in world.view(user)["rooms"]}
        one = cast.by_handle(user.removeprefix("@").partition(":")[0])
        players[one.handle] = AtMatrix(one.name, person, world.matrix.bot, rooms["home"], rooms["room"])
    return players
