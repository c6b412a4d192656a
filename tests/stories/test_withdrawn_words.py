"""A withdrawn case leaves no word of it or about it in any file, and what is counted stays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.commands.housekeeping import tidy
from tests.stories.test_case_crosses import photo
from tests.stories.world import UNDO, World, bytes_below, enrol_everybody, open_world

STORY = "A serpiginous rash on the shin of a 58-year-old man."
PLANTED = (
    "serpiginous",
    "verrucous",
    "neuroblastoma",
    "iridocyclitis",
    "bronchoscopy",
    "dysarthria",
    "hepatomegaly",
    "blastomycosis",
    "photophobia",
    "haemorrhagic",
    "histology",
    "angiography",
)


async def told(world: World) -> None:
    """Say something in every field that a case and what is said about it can have."""
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": "Is it verrucous?"}, photo())
    await world.post("ada")
    await world.wait(UNDO + 5)
    said = "1) neuroblastoma 2) iridocyclitis! next: test bronchoscopy why: dysarthria change: hepatomegaly"
    await world.say("ravi", f"opinion 101 {said}")
    await world.say("sana", "opinion 101 1) neuroblastoma 2) gout")
    await world.wait(UNDO)
    await world.say("ravi", "opinion 101 1) blastomycosis 2) neuroblastoma")
    await world.say("sana", "comment 101 Truly photophobia.")
    await world.command("ada", "add 101 It turned haemorrhagic.")
    await world.look_through("ada")
    await world.press("ada", "Post")
    await world.wait(UNDO + 5)


async def ended(world: World) -> None:
    await world.command("ada", "close 101")
    await world.command("ada", "outcome 101 confirmed neuroblastoma how: histology lesson: angiography")
    await world.wait(UNDO + 5)
    await world.command("ada", "merge 101 1 2")
    await world.settle()


def legible(folder: Path) -> list[str]:
    lying = bytes_below(folder)
    return [word for word in PLANTED if any(form in lying for form in forms(word))]


def forms(word: str) -> Sequence[bytes]:
    return [one.encode(coding) for one in (word, word.capitalize()) for coding in ("utf-8", "utf-16-le")]


async def test_no_word_is_left_in_any_file_and_counts_stay(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await told(world)
        await ended(world)
        assert set(legible(tmp_path)) >= set(PLANTED)

        await world.command("ada", "withdraw 101 yes")
        await world.settle()
        world.clock.pass_(25 * 3600)
        await tidy(world.bot.house)
        await world.settle()
        assert legible(tmp_path) == []
        assert await pictures(world) == 0
        assert "removed in 2 of 2 rooms" in await world.command("ada", "show 101")
        assert "#101 (withdrawn, 2 opinions)" in await world.command("ada", "mine")
        assert "these words are erased" in await world.say("ravi", "me data rooms")
    assert legible(tmp_path) == []


async def pictures(world: World) -> int:
    async with world.bot._content._database.reading() as connection:
        return int((await connection.exec_driver_sql("SELECT count(*) FROM pictures")).scalar_one())
