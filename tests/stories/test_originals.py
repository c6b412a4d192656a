"""What an author sent lies sealed under a key of its own, and is gone when it is no longer needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.housekeeping import tidy
from tests import server
from tests.stories.test_case_crosses import photo
from tests.stories.world import UNDO, World, enrol_everybody, open_world

STORY = "58-year-old man, Mr. Ingvar Sandkvist, with a plaque."
TYPED = (STORY, "Ingvar", "Sandkvist", "Would Dr. Brandvik biopsy?", "Brandvik")


async def tell(world: World) -> None:
    for words in ("case", STORY):
        await world.say("ravi", words)
    await world.say("ravi", "", photo())
    for words in ("done", "Would Dr. Brandvik biopsy?", "2", "skip"):
        await world.say("ravi", words)


def below(folder: Path) -> dict[str, bytes]:
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files | {"the server": server.rows_of(folder / "var")}


def legible(folder: Path) -> list[str]:
    """Name what of the original can be read in any file."""
    disk = below(folder)
    found = [words for words in TYPED if any(words.encode() in data for data in disk.values())]
    return found + [path for path, data in disk.items() if photo()[:200] in data]


async def originals(world: World) -> int:
    async with world.bot._content._database.reading() as connection:
        rows = 0
        for table in ("originals", "original_pictures"):
            rows += (await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
    return rows


async def test_a_draft_holds_its_originals_sealed_and_a_restart_keeps_them(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await tell(before)
        assert await originals(before) == 2
        assert legible(tmp_path) == []
    assert legible(tmp_path) == []
    async with open_world(tmp_path, life=2) as after:
        assert await originals(after) == 2
        assert "skip keeps it" in await after.say("ravi", "edit")
        assert STORY in after.answer("ravi")


@pytest.mark.parametrize("end", ["post", "discard", "a day"])
async def test_originals_are_destroyed_when_they_are_no_longer_needed(world: World, end: str) -> None:
    await tell(world)
    if end == "post":
        for words in ("post", "picture 1 clean", "post"):
            await world.say("ravi", words)
        await world.wait(UNDO + 5)
        assert len(world.room(world.forms)) == 1
    elif end == "discard":
        await world.say("ravi", "discard")
    else:
        await world.pass_a_day()

    assert await originals(world) == 0


async def test_what_the_author_wrote_here_is_taken_back_after_posting(world: World) -> None:
    await tell(world)
    before = {shown.remote for shown in world.words.said["ravi"]}
    for words in ("post", "picture 1 clean"):
        await world.say("ravi", words)
    posted = await world.say("ravi", "post")

    assert "I am deleting from this chat what you sent me for it." in posted
    left = {shown.remote for shown in world.words.said["ravi"]}
    assert len(before) == 7
    assert left & before == set()


async def test_what_was_told_before_a_cancel_is_taken_back_too(world: World) -> None:
    await world.say("ravi", "case")
    await world.say("ravi", STORY)
    await world.say("ravi", "cancel")

    assert STORY not in [shown.text for shown in world.words.said["ravi"]]


async def test_where_an_upload_cannot_be_taken_back_its_author_is_told(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": "Biopsy?"}, photo())

    assert "stays in your own chat until you delete it" in await world.post("ada")


async def test_an_unfinished_case_is_forgotten_after_a_day(world: World) -> None:
    await world.say("ravi", "case")
    await world.say("ravi", STORY)
    world.clock.pass_(23 * 3600)
    await tidy(world.bot.house)
    await world.say("ravi", "It itches.")
    world.clock.pass_(3600)
    await tidy(world.bot.house)

    assert "not open any more" in await world.say("ravi", "done")
