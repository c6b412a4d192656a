"""Somebody who wants in, and somebody who decides: the steps that several stories share."""

from __future__ import annotations

from bot.domain.members import Role
from bot.ports.adapter import Profile
from tests.stories.world import World

NAMED = Profile(member=True, name="Nemo Vantongeren")


async def asked(world: World, person: str, number: str, *, licence_text: str = "", name: str = "") -> str:
    """Say `verify` and give the number, on the platform where the person is."""
    if world.site_of(person) is world.forms:
        await world.command(person, "verify")
        return await world.submit(person, {"number": number, "licence": licence_text, "name": name})
    await world.say(person, "verify")
    await world.say(person, number)
    answer = await world.say(person, licence_text or "skip")
    return await world.say(person, name) if name else answer


async def moderator(world: World, person: str = "mod") -> None:
    account = world.site_of(person).account(person)
    await world.bot.wall.joining.enrol(account, "Moda Planted", "Moderation", Role.MODERATOR, by="test")
    await world.settle()
