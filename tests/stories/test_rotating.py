"""Keys are rotated while people talk: nothing is lost, all of it opens, and the former keys are gone."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.bootstrap.keys import key_use
from bot.bootstrap.places import places_of
from bot.cli.keys import _turn
from bot.identity.keys import KeyRefused
from bot.identity.rotation import KeyFiles, Rotated
from storage.vault.keyring import open_keys
from tests import server
from tests.stories.test_case_crosses import QUESTION, posted
from tests.stories.world import UNDO, World, enrol_everybody, open_world

TALKERS = ("ravi", "ben", "tove")
SAID = 8
ROTATIONS = 3


async def talk(world: World, person: str, begun: asyncio.Event) -> None:
    """Say one thing after the other, and vote."""
    for number in range(SAID):
        await world.say(person, f"comment 101 Word {number} of many, {TALKERS.index(person)}.")
        begun.set()
    await world.say(person, "vote 102 1")


async def rotate(world: World, begun: asyncio.Event) -> list[bytes]:
    """Rotate in place beside the running bot, as the shell does; gives the keys that the file held before."""
    settings, before = world.bot._settings, list[bytes]()
    await begun.wait()
    for _ in range(ROTATIONS):
        before.append(settings.key_file.read_bytes())
        assert await _turn(settings, KeyFiles(settings.key_file)) is Rotated.ROTATED
    return before


async def test_keys_are_rotated_while_people_talk(world: World, tmp_path: Path) -> None:
    settings, begun = world.bot._settings, asyncio.Event()
    await posted(world)
    await world.command("ada", 'poll "Tap it?" yes | no [closes 3h]')
    await world.post("ada")
    await world.wait(UNDO + 5)
    await world.command("dara", "case")
    await world.submit("dara", {"story": "Before the rotation.", "question": QUESTION, "urgency": "soon"})

    talking = [asyncio.create_task(talk(world, person, begun)) for person in TALKERS]
    before = await rotate(world, begun)
    await asyncio.gather(*talking)
    await world.wait(UNDO + 5)

    while await world.bot.key_care.tend():
        pass
    for _ in range(2):
        assert await world.bot.key_care.tend() == 0
    (used,) = await key_use(settings)
    assert used.current
    assert used.values > len(TALKERS)
    assert server.look(settings.data_dir, "vault", "SELECT count(*) FROM keyring") == [(1,)]
    assert [file.name for file in settings.key_file.parent.glob("master.key*")] == ["master.key"]
    for number, key in enumerate(before):
        file = key_file(tmp_path / f"former{number}", key)
        with pytest.raises(KeyRefused, match="not the key of this data folder"):
            await open_keys(places_of(settings), file, world.chance)
    for room in (world.forms, world.words):
        said = [words for words in world.room(room) if " of many" in words]
        assert len(said) == len(set(said)) == len(TALKERS) * SAID
    content = partial(server.look, settings.data_dir, "content")
    assert content("SELECT DISTINCT state FROM inbox") == [("handled",)]
    assert content("SELECT count(*) FROM outbox WHERE state = 'quarantined'") == [(0,)]
    assert "#103" in await world.post("dara")
    assert (await world.bot.wall.audit.verify()).problem == ""


def key_file(file: Path, key: bytes) -> Path:
    file.touch(mode=0o600)
    file.write_bytes(key)
    return file


async def test_a_bot_that_was_away_during_the_rotation_goes_on(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        account = before.forms.account("ada")
        await enrol_everybody(before)
        await posted(before)
        settings = before.bot._settings
    for _ in range(2):
        assert await _turn(settings, KeyFiles(settings.key_file)) is Rotated.ROTATED
    async with open_world(tmp_path, life=2) as after:
        assert await after.bot.wall.who(account) is not None
        assert "#101" in await after.command("ben", "show 101")
