"""T-02: fifty planted identities apply, post, vote and leave; no byte on the disk and no log has them.

Fifty more stand on the hospital's list, which another process imports beside the running bot.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import pytest

from bot.bootstrap.keys import roster_with_keys
from bot.config import Settings
from bot.domain.members import Role
from bot.ports.adapter import Profile
from storage.roster.listing import ListColumns
from storage.roster.source import RosterFile
from tests.roster.desk import NOW, Onlooker
from tests.stories.register import licence, npi, physician
from tests.stories.world import UNDO, World, bytes_below, enrol_everybody, open_world

PEOPLE: Final = 50
pytestmark = pytest.mark.timeout(600)


def spelled(number: int) -> str:
    """Spell a number in letters, so that a name holds no digit."""
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:02d}")


def surname(number: int) -> str:
    return f"Vanplanted{spelled(number)}"


def user(number: int) -> str:
    return f"planteduser{spelled(number)}"


def number_of(number: int) -> str:
    return npi(123400000 + number * 7)


def planted(number: int) -> dict[str, str]:
    return {
        "name": surname(number),
        "user": user(number),
        "number": number_of(number),
        "licence": f"L{number_of(number)[-4:]}",
        "mail": f"mail.{spelled(number)}@planted.example",
        "patient": f"Brackenplanted{spelled(number)}",
        "record": f"44719{number:02d}",
        "draft": f"Quillplanted{spelled(number)}",
        "staff name": f"vanlisted{spelled(number)}",
        "staff number": f"STAFF{number_of(number)}",
    }


async def import_list(folder: Path, aside: Path) -> None:
    """Put those who are planted on the hospital's list, as another process does, and look one up."""
    told = [planted(number) for number in range(PEOPLE)]
    rows = [f"{one['staff number']},Nemo {one['staff name']}" for one in told]
    path = aside / "staff.csv"
    path.write_text("\n".join(("No,Name", *rows, "")), encoding="utf-8")
    settings = Settings.model_construct(data_dir=folder / "var", key_file=folder / "master.key")
    roster = await roster_with_keys(settings)
    columns = ListColumns({"number": "No", "name": "Name"}, Role.TRAINEE)
    with RosterFile(path) as file:
        imported = await roster.import_list(file, Onlooker(), columns=columns, now=NOW)
    found = await roster.listed(told[7]["staff number"])
    await roster.close()
    assert (imported.rows, found and found.last_name) == (PEOPLE, told[7]["staff name"])


async def live(world: World, number: int) -> None:
    """Be verified, choose a name, post a case about a patient, keep another as a draft, and vote."""
    told, person = planted(number), user(number)
    world.forms.profiles[person] = Profile(member=True, name=f"Nemo {told['name']}", email=told["mail"])
    await world.command(person, "verify")
    await world.submit(person, {"number": told["number"], "licence": licence(told["number"]), "name": ""})
    await world.press(person, world.card(person).buttons[0].label)
    for patient in ("patient", "draft"):
        await world.command(person, "case")
        story = f"Mrs. {told[patient]}, 71, MRN {told['record']}, with a plaque."
        await world.submit(person, {"story": story, "question": "Biopsy?"})
        await world.command(person, "hide all")
        if patient == "patient":
            await world.post(person)
    await world.command(person, "vote 101 1")


async def walk(world: World) -> None:
    await enrol_everybody(world)
    for number in range(PEOPLE):
        row = physician(number_of(number), "Nemo", surname(number))
        world.register.rows[row.npi] = row
    await world.command("ada", 'poll "Biopsy?" yes | no')
    await world.post("ada")
    await world.wait(UNDO + 5)
    for number in range(PEOPLE):
        await live(world, number)
    await world.wait(UNDO + 5)


async def test_t_02_no_planted_identity_is_on_the_disk_or_in_a_log(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, "aiosqlite")  # It tells of every step of the driver.
    disks = {}
    async with open_world(tmp_path) as world:
        await walk(world)
        await import_list(tmp_path, tmp_path_factory.mktemp("aside"))
        members = [await world.bot.wall.who(world.forms.account(user(number))) for number in range(PEOPLE)]
        assert None not in members
        posted = [words for words in world.room(world.forms) if "plaque" in words]
        assert len(posted) == PEOPLE
        disks["while all are members"] = bytes_below(tmp_path)
        for number in range(0, PEOPLE, 2):
            fate = "keep" if number % 4 else "withdraw"
            told = await world.command(user(number), f"me delete {fate} yes")
            assert "Your account is deleted" in told
        disks["after half of them left"] = bytes_below(tmp_path)
    disks["after the stop"] = bytes_below(tmp_path)
    out, err = capfd.readouterr()
    disks["the logs"] = (caplog.text + out + err).encode()

    disks = {where: data.lower() for where, data in disks.items()}
    found = {
        (where, what, number)
        for where, data in disks.items()
        for number in range(PEOPLE)
        for what, word in planted(number).items()
        if word.lower().encode() in data
    }
    assert found == set()
