"""A name proved by an identity document: it binds the name, and shows nothing by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.chat.forms import Form
from bot.domain.verification import Stage
from bot.ports.adapter import Profile
from tests.stories.applying import moderator
from tests.stories.register import NEMO, licence
from tests.stories.world import World, open_world
from tests.verification.stripe_server import Office, Stripe, serving

BOTH = ["nemo", "norma"]
"""An applicant on either kind of platform."""


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[World, Stripe]]:
    """Open a world in which no site locks names, and documents are checked."""
    async with serving() as stripe, open_world(folder, ways=(Office(stripe).check(),)) as world:
        world.workspace.names_locked.clear()
        yield world, stripe


async def shows_a_document(world: World, person: str) -> str:
    assert "nothing proves your name yet" in await world.command(person, "verify")
    return await world.press(person, "Show a document")


async def gives_the_number(world: World, person: str, number: str = NEMO) -> str:
    if world.site_of(person) is world.forms:
        return await world.submit(person, {"number": number, "licence": licence(number)})
    await world.say(person, number)
    return await world.say(person, licence(number))


def form(world: World, person: str) -> Form | None:
    reply = world.site_of(person).answers[person][-1]
    return reply if isinstance(reply, Form) else None


@pytest.mark.parametrize("person", BOTH)
async def test_a_document_binds_the_name_and_the_register_does_the_rest(tmp_path: Path, person: str) -> None:
    async with opened(tmp_path) as (world, stripe):
        told = await shows_a_document(world, person)
        assert "https://verify.stripe.example/start/" in told
        assert "I wait for your document" in await world.press(person, "It is done")
        stripe.last["status"] = "processing"
        told = await world.command(person, "verify done")
        assert "takes a minute or two" in told
        assert not any(word in told for word in ("not it", "wrong", "failed"))

        stripe.verify()
        await world.press(person, "It is done")
        told = await gives_the_number(world, person)
        assert "Choose the name that others will see" in told
        (name,) = [button.label for button in world.card(person).buttons[:1]]
        assert "You're in" in await world.press(person, name)


@pytest.mark.parametrize("person", BOTH)
async def test_nobody_has_to_show_a_document(tmp_path: Path, person: str) -> None:
    async with opened(tmp_path) as (world, _stripe):
        await moderator(world)
        await shows_a_document(world, person)
        await world.press(person, "Go on without")
        if asked := form(world, person):
            assert [field.name for field in asked.fields] == ["number", "licence", "name"]
            values = {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"}
            told = await world.submit(person, values)
        else:
            await world.say(person, NEMO)
            await world.say(person, licence(NEMO))
            told = await world.say(person, "Nemo Vantongeren")
        assert "A moderator will look" in told


async def test_the_offer_may_be_declined_before_anything_began(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        await world.command("nemo", "verify")
        await world.press("nemo", "Go on without")
        assert form(world, "nemo") is not None
        assert stripe.sessions == {}


async def test_t21_a_document_alone_shows_no_workplace(tmp_path: Path) -> None:
    """Somebody from outside with the name of a physician and a true passport gets nowhere."""
    async with opened(tmp_path) as (world, stripe):
        world.forms.profiles["nemo"] = Profile(member=False)
        assert "guest's" in await world.command("nemo", "verify")
        assert "guest's" in await world.command("nemo", "verify stripe")
        assert stripe.sessions == {}
        heard = await world.bot.proofing.heard(world.forms.account("nemo"))
        assert heard is not None
        assert heard.applicant.stage is Stage.FAILED
        assert not heard.number_wanted


async def test_t21_the_name_of_somebody_else_does_not_pass(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        await shows_a_document(world, "nemo")
        stripe.verify("OLGA", "SOMEBODY")
        await world.press("nemo", "It is done")
        assert "under another name" in await gives_the_number(world, "nemo")


async def test_a_check_that_was_declined_leads_on_to_a_moderator(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        await moderator(world)
        await shows_a_document(world, "nemo")
        stripe.reject("consent_declined")
        told = await world.press("nemo", "It is done")
        assert "You did not agree to the check" in told
        await world.press("nemo", "Go on without")
        values = {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"}
        assert "A moderator will look" in await world.submit("nemo", values)
        (waiting,) = await world.bot.review.queue()
        seen = await world.command("mod", f"mod show {waiting.reference}")
        assert "stripe: fail, identity declined" in seen


async def test_while_stripe_is_silent_the_applicant_waits_or_goes_on(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        stripe.says = 503
        assert "does not answer right now" in await shows_a_document(world, "nemo")
        stripe.says = None
        await world.press("nemo", "Show a document")
        stripe.says = 429
        assert "does not answer right now" in await world.command("nemo", "verify done")
        stripe.says = None
        stripe.verify()
        await world.command("nemo", "verify done")
        assert form(world, "nemo") is not None
        heard = await world.bot.proofing.heard(world.forms.account("nemo"))
        assert heard is not None
        assert heard.applicant.proved_name == "NEMO VANTONGEREN"


async def test_asking_again_begins_no_second_session(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        await shows_a_document(world, "nemo")
        for words in ("verify stripe", "verify", "verify code 12345678"):
            assert "I wait for your document" in await world.command("nemo", words)
        assert len(stripe.sessions) == 1


async def test_where_the_site_locks_names_no_document_is_asked_for(tmp_path: Path) -> None:
    async with opened(tmp_path) as (world, stripe):
        world.workspace.names_locked.add("forms")
        world.forms.profiles["nemo"] = Profile(member=True, name="Nemo Vantongeren")
        await world.command("nemo", "verify")
        assert form(world, "nemo") is not None
        await world.command("nemo", "verify stripe")
        assert stripe.sessions == {}
