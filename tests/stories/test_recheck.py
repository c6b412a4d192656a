"""A year is over: the credential is looked up again; who passes hears nothing, who does not has 30 days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.members import Role
from bot.domain.roster import ListedRow
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.register import NEMO, OTTO, licence
from tests.stories.test_reviewing import reference
from tests.stories.world import UNDO, World, bytes_below
from tests.views.test_views import words_of

DAY = 24 * 3600.0
BOTH = pytest.mark.parametrize("who", ["nemo", "norma"])


async def let_in(world: World, who: str) -> None:
    site = world.site_of(who)
    site.profiles[who] = NAMED
    await asked(world, who, NEMO, licence_text=licence(NEMO))
    choice = world.card(who).buttons[0].label
    await (world.press(who, choice) if site is world.forms else world.say(who, "1"))
    assert "Others see you as" in await world.command(who, "me")


async def days(world: World, number: float) -> None:
    """Let days pass, and the bot look."""
    world.clock.pass_(number * DAY)
    await world.bot.watch.look()
    await world.settle()


def married(world: World) -> None:
    """Let the register have the number under another name."""
    world.register.rows[NEMO] = replace(world.register.rows[NEMO], last_name="Undermoor")


def last(world: World, who: str) -> str:
    return words_of(world.site_of(who).homes[who][-1].card)


async def acts(world: World) -> list[str]:
    return [entry.what for entry in await world.bot.wall.audit.entries() if entry.what != "enrolled"]


@BOTH
async def test_who_passes_hears_nothing(world: World, who: str) -> None:
    await let_in(world, who)
    home, before = len(world.home(who)), await acts(world)
    for _ in range(3):
        await days(world, 396)
    assert len(world.home(who)) == home
    assert await acts(world) == [*before, *["recheck_by_hand"] * 8 * 3]
    assert "suspended" not in await world.command(who, "open")


@BOTH
async def test_who_does_not_pass_has_30_days_a_reminder_and_then_is_stopped(world: World, who: str) -> None:
    await let_in(world, who)
    married(world)
    await days(world, 360)
    home = len(world.home(who))
    await days(world, 36)
    assert len(world.home(who)) == home + 1
    private = world.site_of(who) is world.words
    if private:
        assert last(world, who).startswith(
            "Your yearly check did not pass. The register has that number under"
        )
        assert "Verify again by 1 May 2027." in last(world, who)
    else:
        assert last(world, who) == "Your verification needs a look. "
    await days(world, 22)
    assert len(world.home(who)) == home + 1
    await days(world, 1)
    await days(world, 1)
    assert len(world.home(who)) == home + 2
    assert "suspended" not in await world.command(who, "open")
    await days(world, 6)
    told = await world.command(who, "open")
    assert told.startswith("Your yearly check did not pass, and the 30 days are over.")
    assert last(world, who) == (told if private else "Something about your membership has changed. ")
    assert [one for one in await acts(world) if "hand" not in one] == ["recheck_warning", "stopped_recheck"]


@BOTH
async def test_verifying_again_within_the_warning_settles_it(world: World, who: str) -> None:
    await let_in(world, who)
    name = await world.name_of(who)
    married(world)
    await days(world, 396)
    world.site_of(who).profiles[who] = Profile(member=True, name="Nemo Undermoor")
    assert "You are verified again." in await asked(world, who, NEMO, licence_text=licence(NEMO))
    assert "You are verified." in await world.command(who, "verify")
    assert await world.name_of(who) == name
    await days(world, 40)
    await days(world, 400)
    assert "suspended" not in await world.command(who, "open")
    assert (await acts(world)).count("recheck_warning") == 1


async def test_verifying_again_after_the_end_lets_go_on_with_everything(world: World) -> None:
    await let_in(world, "norma")
    married(world)
    await days(world, 396)
    await days(world, 31)
    assert "suspended" in await world.command("norma", "open")
    world.words.profiles["norma"] = Profile(member=True, name="Nemo Undermoor")
    assert "You are verified again." in await asked(world, "norma", NEMO, licence_text=licence(NEMO))
    await world.settle()
    assert any("You are no longer suspended" in told for told in world.home("norma"))
    assert "suspended" not in await world.command("norma", "open")
    async with world.bot.house.content.work() as work:
        assert sum(one.specialty == "Cardiology" for one in await work.members.everybody()) == 1


async def test_a_doubt_at_verifying_again_goes_to_a_moderator_who_learns_no_screen_name(world: World) -> None:
    await moderator(world)
    await let_in(world, "nemo")
    name = await world.name_of("nemo")
    married(world)
    await days(world, 396)
    assert "under another name" in await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", "Ask a moderator")
    await moderator(world, "maude")
    ref = reference(world)
    shown = await world.command("mod", f"mod show {ref}")
    assert "A member is verified again" in shown
    assert name not in shown
    await world.command("mod", f"mod approve {ref}")
    assert "goes on as before" in await world.command("maude", f"mod approve {ref}")
    await days(world, 40)
    assert "suspended" not in await world.command("nemo", "open")
    await days(world, 400)
    assert "suspended" not in await world.command("nemo", "open")
    assert (await acts(world)).count("recheck_warning") == 1


async def test_what_cannot_be_asked_is_tried_again_and_never_a_fail(world: World) -> None:
    await let_in(world, "norma")
    rows = dict(world.register.rows)
    world.register.rows.clear()
    home = len(world.home("norma"))
    await days(world, 396)
    await days(world, 40)
    assert len(world.home("norma")) == home
    world.register.rows.update(rows)
    married(world)
    await days(world, 1)
    assert len(world.home("norma")) == home + 1
    world.register.rows.clear()
    await days(world, 60)
    assert "suspended" not in await world.command("norma", "open")


async def test_what_is_mended_by_itself_is_settled(world: World) -> None:
    await let_in(world, "norma")
    right = world.register.rows[NEMO]
    married(world)
    await days(world, 396)
    world.register.rows[NEMO] = right
    await days(world, 1)
    assert last(world, "norma").startswith("Your yearly check has passed now.")
    married(world)
    await days(world, 396)
    await days(world, 31)
    assert "suspended" in await world.command("norma", "open")
    world.register.rows[NEMO] = right
    await days(world, 1)
    assert "suspended" not in await world.command("norma", "open")


async def test_nobody_is_stopped_in_the_middle_of_a_consult(world: World) -> None:
    await let_in(world, "nemo")
    married(world)
    await days(world, 396)
    await world.command("nemo", "case")
    await world.submit("nemo", {"story": "A plaque on the left shin.", "question": "Biopsy?"})
    await world.post("nemo")
    await world.wait(UNDO + 5)
    await days(world, 31)
    assert "#101" in await world.command("nemo", "mine")
    await world.command("nemo", "close 101")
    await days(world, 1)
    assert "suspended" in await world.command("nemo", "mine")


async def test_an_open_case_does_not_put_it_off_for_ever(world: World) -> None:
    await let_in(world, "nemo")
    married(world)
    await world.command("nemo", "case")
    await world.submit("nemo", {"story": "A plaque on the left shin.", "question": "Biopsy?"})
    await world.post("nemo")
    await days(world, 396)
    await days(world, 43)
    assert "suspended" not in await world.command("nemo", "open")
    await days(world, 1)
    assert "suspended" in await world.command("nemo", "open")


async def test_a_trainee_who_left_the_list_is_warned_too(world: World) -> None:
    world.forms.profiles["petra"] = Profile(member=True, name="Petra Undermoor")
    await asked(world, "petra", "r-17")
    await world.press("petra", world.card("petra").buttons[0].label)
    home = len(world.home("petra"))
    await days(world, 396)
    assert len(world.home("petra")) == home
    world.register.staff.clear()
    world.register.staff["R1"] = ListedRow("R1", "Otto", "", "Brackenbury", "Surgery", Role.TRAINEE)
    await days(world, 396)
    assert last(world, "petra") == "Your verification needs a look. "
    assert len(world.home("petra")) == home + 1


async def test_a_check_that_is_broken_is_no_fail(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await let_in(world, "norma")
    home = len(world.home("norma"))

    async def broken(_npi: str) -> None:
        raise OSError

    monkeypatch.setattr(world.register, "by_npi", broken)
    await days(world, 396)
    assert len(world.home("norma")) == home


async def test_what_is_kept_for_it_is_nowhere_in_clear(world: World, tmp_path: object) -> None:
    """T-02: number and licence stay for a year, sealed."""
    await let_in(world, "norma")
    married(world)
    await days(world, 396)
    folder = world.bot._settings.data_dir
    on_disk = bytes_below(folder)
    for planted in (NEMO, f"L{NEMO[-4:]}", "Vantongeren", "name_differs", "2027-05-01"):
        assert planted.encode() not in on_disk


async def test_somebody_elses_number_is_no_way_to_be_verified_again(world: World) -> None:
    world.forms.profiles["otto"] = Profile(member=True, name="Otto Brackenbury")
    await asked(world, "otto", OTTO, licence_text=licence(OTTO))
    await world.press("otto", world.card("otto").buttons[0].label)
    await let_in(world, "norma")
    married(world)
    await days(world, 396)
    world.words.profiles["norma"] = Profile(member=True, name="Otto Brackenbury")
    assert "A member has that number already" in await asked(world, "norma", OTTO, licence_text=licence(OTTO))
    await days(world, 31)
    assert "suspended" in await world.command("norma", "open")
