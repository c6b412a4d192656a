"""A moderator looks: the queue, what is decided there, and what nobody learns from it."""

from __future__ import annotations

from pathlib import Path

from bot.chat.cards import Card
from bot.ports.adapter import Profile
from tests.stories.applying import NAMED, asked, moderator
from tests.stories.register import NEMO, NURSE, licence
from tests.stories.world import World, bytes_below, open_world


def reference(world: World, person: str = "mod") -> str:
    """Give the reference that the moderator was told last."""
    card = world.forms.homes[person][-1].card
    return card.buttons[0].command.rpartition(" ")[2]


async def test_a_profile_name_that_anybody_can_edit_never_leads_in(world: World) -> None:
    """T-21: somebody renames himself to a physician of the public register, with all public data right."""
    await moderator(world)
    world.workspace.names_locked.clear()
    world.forms.profiles["nemo"] = NAMED

    told = await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")

    assert "A moderator will look, usually within 2 working days" in told
    assert await world.bot.wall.who(world.forms.account("nemo")) is None
    assert "You need to be verified" in await world.command("nemo", "case")
    assert "waits" in world.home("mod")[-1]
    shown = await world.command("mod", f"mod show {reference(world)}")
    assert "Nemo Vantongeren" in shown
    assert "Name as proved" not in shown


async def test_a_moderator_lets_in_whom_the_checks_left_open(world: World) -> None:
    await moderator(world)
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    ref = reference(world)

    assert "1 application waiting" in world_notice(world, await world.command("mod", "mod queue"))
    assert "Approved" in await world.command("mod", f"mod approve {ref}")
    assert world.home("nemo")[-1].startswith("You are verified.")
    await world.press("nemo", "Choose a screen name")
    first = world.card("nemo").buttons[0].label
    assert first in await world.press("nemo", first)
    assert "Nobody waits" in await world.command("mod", "mod queue")
    assert f"No application {ref} waits" in await world.command("mod", f"mod approve {ref}")


def world_notice(world: World, _answer: str) -> str:
    card = world.forms.answers["mod"][-1]
    assert isinstance(card, Card)
    return card.notice


async def test_a_moderator_asks_for_more_and_rejects_with_a_reason(world: World) -> None:
    await moderator(world)
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, name="Nemo Vantongeren")
    ref = reference(world)

    assert await world.command("mod", f"mod ask {ref}") == "[form] Ask for more"
    assert "asked for more" in await world.submit("mod", {"words": "Which licence do you have?"})
    assert "Which licence do you have?" in await world.command("nemo", "verify")
    await world.press("nemo", "Answer")
    assert "A moderator will look" in await world.submit(
        "nemo", {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"}
    )
    ref = reference(world)
    assert "rejected" in await world.command("mod", f"mod reject {ref} We do not know you.")
    assert "We do not know you." in await world.command("nemo", "verify")
    assert await world.bot.wall.who(world.forms.account("nemo")) is None


async def test_a_failed_check_is_overridden_by_two_moderators_only(world: World) -> None:
    await moderator(world)
    await moderator(world, "maude")
    world.forms.profiles["nina"] = Profile(member=True, name="Nina Oxenholt")
    assert "not a physician's" in await asked(world, "nina", NURSE, licence_text=licence(NURSE))

    assert "A moderator will look" in await world.press("nina", "Ask a moderator")
    ref = reference(world)
    assert "1 more moderator must approve" in await world.command("mod", f"mod approve {ref}")
    assert "1 more moderator must approve" in await world.command("mod", f"mod approve {ref}")
    assert await world.bot.wall.who(world.forms.account("nina")) is None
    assert "Approved" in await world.command("maude", f"mod approve {ref}")


async def test_nobody_but_a_moderator_reads_the_queue(world: World) -> None:
    assert "for moderators" in await world.command("ada", "mod queue")
    assert "for moderators" in await world.command("nemo", "mod approve V-1")


async def test_a_number_that_moderators_override_belongs_to_one_person_too(world: World) -> None:
    """T-20: a check that failed and was overridden still takes its number."""
    await moderator(world)
    await moderator(world, "maude")
    for person in ("nina", "nils"):
        world.forms.profiles[person] = Profile(member=True, name="Nina Married")
    assert "under another name" in await asked(world, "nina", NEMO, licence_text=licence(NEMO))
    told = await world.press("nina", "Ask a moderator")
    assert told.startswith(
        "The register has that number under another name than yours. A moderator will look"
    )
    ref = reference(world)
    for one in ("mod", "maude"):
        await world.command(one, f"mod approve {ref.lower()}")
    await world.press("nina", "Choose a screen name")
    await world.press("nina", world.card("nina").buttons[0].label)
    assert await world.bot.wall.who(world.forms.account("nina")) is not None

    await asked(world, "nils", NEMO, licence_text=licence(NEMO))
    assert "A moderator will look" in await world.command("nils", "verify appeal")
    ref = reference(world)
    assert "A member has this number already" in await world.command("mod", f"mod show {ref}")
    assert "cannot be approved" in await world.command("mod", f"mod approve {ref}")


async def test_the_reference_of_an_application_stands_beside_no_member(tmp_path: Path) -> None:
    """T-05: a moderator knows the reference and the name; the content side must not lead on from there."""
    async with open_world(tmp_path) as world:
        await moderator(world)
        world.workspace.names_locked.clear()
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
        ref = reference(world)
        await world.command("mod", f"mod approve {ref}")
        assert world.home("nemo")[-1].startswith("You are verified.")
    assert ref.encode() not in bytes_below(tmp_path)


async def test_a_moderators_own_chat_does_not_tell_that_it_is_one(world: World) -> None:
    await moderator(world)
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, name="Nemo Vantongeren")

    assert world.home("mod")[-1] == "Something waits for you. "
