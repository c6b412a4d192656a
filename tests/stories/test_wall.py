"""The wall: one planted identity walks through every story and appears nowhere it must not."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.chat.codec import card_to_bytes
from bot.chat.events import Kind, Place
from bot.domain.members import Role
from tests.stories.test_case_crosses import photo
from tests.stories.world import PEOPLE, UNDO, World, bytes_below, enrol_everybody, open_world

NAME = "Zebedee Quillfeather"
ACCOUNT = "zquillfeather7"
PATIENT = "Ottoline Brackenbury"
CANARIES = (NAME, "Quillfeather", ACCOUNT, PATIENT, "Brackenbury", "planted comment")


async def walk(world: World) -> None:
    planted = world.words.account(ACCOUNT)
    await world.bot.wall.joining.enrol(planted, NAME, "Neurology", Role.PHYSICIAN, by="test")
    say = world.words.says
    for text in ("me", "help", "case"):
        await say(ACCOUNT, text)
        await world.settle()
    await say(ACCOUNT, f"Mrs. {PATIENT}, 71, sudden weakness of the left arm", photo())
    await world.settle()
    for text in ("done", "Would you thrombolyse?", "2", "skip", "post", "picture 1 clean", "post"):
        await say(ACCOUNT, text)
        await world.settle()
    await world.wait(UNDO + 5)
    await world.command("ada", "opinion 101 1) stroke 2) migraine")
    await world.wait(UNDO)
    await say(ACCOUNT, "comment 101 she is on apixaban")
    await world.wait(UNDO)
    await say(ACCOUNT, 'poll "Thrombolyse?" yes | no')
    await say(ACCOUNT, "post")
    await world.wait(UNDO)
    for person in ("ada", "ben", "cleo", "dara"):
        await world.command(person, "vote 102 1")
    await say(ACCOUNT, "vote 102 2")
    await world.settle()
    await say(ACCOUNT, "endpoll 102")
    await world.words.does(ACCOUNT, Kind.NATIVE, place=Place.ROOM)
    await world.settle()
    await say(ACCOUNT, "withdraw 101 yes")
    await world.settle()


async def test_a_planted_identity_is_in_no_file_no_log_and_no_room(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await walk(world)
        rooms = b"".join(card_to_bytes(shown.card) for shown in (*world.forms.room, *world.words.room))
        others = [shown for person in PEOPLE["forms"] for shown in world.forms.homes[person]]
        homes = b"".join(card_to_bytes(shown.card) for shown in others)
        while_running = bytes_below(tmp_path)
    afterwards = bytes_below(tmp_path)
    out, err = capfd.readouterr()
    told = caplog.text + out + err

    for canary in CANARIES:
        for place, data in {
            "a room": rooms,
            "another's home chat": homes,
            "the disk of a running bot": while_running,
            "the disk of a stopped bot": afterwards,
            "a log": told.encode(),
        }.items():
            assert canary.encode() not in data, f"{canary!r} in {place}"


async def test_a_screen_name_is_never_in_a_home_chat_that_others_can_export(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "58-year-old man with a plaque.", "question": "Biopsy?"})
    await world.post("ada")
    await world.wait(UNDO + 5)
    await world.command("ben", "opinion 101 gout")
    await world.wait(UNDO)

    names = [await world.name_of(person) for person in (*PEOPLE["forms"], *PEOPLE["words"])]
    for words in world.home("ada"):
        assert not any(name in words for name in names)
        assert "author" not in words.casefold()
