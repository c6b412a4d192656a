"""The registry switches a number off: another process imports it, and the running bot acts on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.roster_import import HEADER
from bot.ports.adapter import Profile
from storage.roster.roster import open_roster
from storage.roster.source import RosterFile
from tests.roster.desk import Onlooker
from tests.roster.files import csv_file, person
from tests.stories.applying import asked
from tests.stories.register import NEMO, NORA, OTTO, licence
from tests.stories.world import World, enrol_everybody, open_world
from tests.views.test_views import words_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = {NEMO: "Nemo Vantongeren", NORA: "Nora Quillfeather", OTTO: "Otto Brackenbury"}


async def imported(folder: Path, *rows: tuple[str, str, str]) -> None:
    """Import what the registry says of numbers (when off, when on again) as another process does."""
    people = [person(number, "An", "Invented", off=off, on=on) for number, off, on in rows]
    path = csv_file(folder / "register.csv", people, HEADER)
    roster = await open_roster(folder / "var")
    try:
        with RosterFile(path) as opened:
            await roster.import_file(opened, Onlooker(), again=False, now=NOW)
    finally:
        await roster.close()


async def let_in(world: World, who: str, number: str) -> None:
    """Let somebody in by the register, under this number."""
    site = world.site_of(who)
    site.profiles[who] = Profile(member=True, name=NAMES[number])
    await asked(world, who, number, licence_text=licence(number))
    choice = world.card(who).buttons[0].label
    await (world.press(who, choice) if site is world.forms else world.say(who, "1"))
    assert "Others see you as" in await world.command(who, "me")


async def told(world: World) -> None:
    await world.bot.watch.look()
    await world.settle()


def last(world: World, person: str) -> str:
    return words_of(world.site_of(person).homes[person][-1].card)


@pytest.mark.parametrize("person", ["nemo", "norma"])
async def test_a_deactivated_number_suspends_its_physician_and_no_other(
    world: World, tmp_path: Path, person: str
) -> None:
    await let_in(world, person, NEMO)
    await imported(tmp_path, (NEMO, "02/20/2026", ""), (NORA, "02/20/2026", ""), (OTTO, "", ""))
    world.clock.pass_(60)
    await told(world)

    said = await world.command(person, "case")
    assert said.startswith("The register has your number as deactivated.")
    assert "this ends by itself once the register has it right" in said.casefold().replace("\n", " ")
    assert "suspended" not in await world.command("ada", "open")
    entries = [entry for entry in await world.bot.wall.audit.entries() if entry.what.endswith("_number")]
    assert [(entry.what, entry.by) for entry in entries] == [("stopped_number", "checks")]
    if world.site_of(person) is world.words:
        assert last(world, person) == said
    else:
        assert last(world, person) == "Something about your membership has changed. "


async def test_an_active_number_again_lets_its_physician_go_on(world: World, tmp_path: Path) -> None:
    await let_in(world, "norma", NEMO)
    await imported(tmp_path, (NEMO, "02/20/2026", ""))
    await told(world)
    assert "deactivated" in await world.command("norma", "open")
    await imported(tmp_path, (OTTO, "02/21/2026", ""))
    await told(world)
    assert "deactivated" in await world.command("norma", "open")
    await imported(tmp_path, (NEMO, "02/20/2026", "02/25/2026"))
    await told(world)

    assert last(world, "norma").startswith("You are no longer suspended")
    assert "deactivated" not in await world.command("norma", "open")
    assert [entry.what for entry in await world.bot.wall.audit.entries()][-1] == "lifted_number"


async def test_a_look_without_a_new_import_does_nothing_and_a_repeated_one_nothing_twice(
    tmp_path: Path,
) -> None:
    """The bot is stopped between the import and its look, and again right after stopping somebody."""
    async with open_world(tmp_path) as first:
        await enrol_everybody(first)
        await let_in(first, "norma", NEMO)
        await imported(tmp_path, (NEMO, "02/20/2026", ""))
    async with open_world(tmp_path, life=2) as second:
        await told(second)
        homes = len(second.home("norma"))
        entries = len(await second.bot.wall.audit.entries())
        await second.bot.wall.cabinet("deactivations").drop("walked")
        await told(second)
        assert len(second.home("norma")) == homes == 1
        assert len(await second.bot.wall.audit.entries()) == entries
        await imported(tmp_path, (NEMO, "02/20/2026", "02/25/2026"))
        await told(second)
        assert "You are no longer suspended" in last(second, "norma")


async def test_a_moderators_suspension_outlasts_the_registers_and_the_other_way_round(
    world: World, tmp_path: Path
) -> None:
    await let_in(world, "norma", NEMO)
    name = await world.name_of("norma")
    await imported(tmp_path, (NEMO, "02/20/2026", ""))
    await told(world)
    await world.bot.stopping.suspend(name, 2, "Words.", by="shell")
    await imported(tmp_path, (NEMO, "02/20/2026", "02/25/2026"))
    await told(world)
    assert "One thing that stopped you has ended." in last(world, "norma")
    assert "A moderator has suspended you until 3 March 2026" in await world.command("norma", "open")
    world.clock.pass_(2 * 24 * 3600)
    assert "suspended" not in await world.command("norma", "open")


async def test_moderators_learn_nothing_of_a_deactivated_number(world: World, tmp_path: Path) -> None:
    """A screen name beside a number that the public register has as deactivated would be a name."""
    await let_in(world, "norma", NEMO)
    name = await world.name_of("norma")
    before = await world.bot.stopping.restore(name, by="shell")
    await imported(tmp_path, (NEMO, "02/20/2026", ""))
    await told(world)
    assert await world.bot.stopping.restore(name, by="shell") == before
    assert await world.bot.stopping.stopped() == ()
    assert "deactivated" in await world.command("norma", "open")


async def test_another_number_of_the_same_person_is_a_way_back(world: World, tmp_path: Path) -> None:
    await let_in(world, "norma", NEMO)
    await imported(tmp_path, (NEMO, "02/20/2026", ""))
    await told(world)
    row = world.register.rows[NEMO]
    world.register.rows[NEMO] = replace(row, deactivated_on=NOW.date())
    world.register.rows[OTTO] = replace(world.register.rows[OTTO], first_name="Nemo", last_name="Vantongeren")

    assert "Your number" in await world.command("norma", "verify")
    await world.say("norma", NEMO)
    assert "as deactivated" in await world.say("norma", licence(NEMO))
    await world.command("norma", "verify number")
    await world.say("norma", OTTO)
    assert "You are verified again." in await world.say("norma", licence(OTTO))
    assert "suspended" not in await world.command("norma", "open")
    assert "You are verified." in await world.command("norma", "verify")
