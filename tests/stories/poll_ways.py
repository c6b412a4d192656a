"""Every way in for the words of a poll; test_one_path.py walks them."""

from __future__ import annotations

from tests.stories.planted import WORDS
from tests.stories.world import World


async def poll_by_form(world: World) -> None:
    await world.command("ada", "poll")
    told = {"question": f"Which, as {WORDS}?", "options": f"yes, {WORDS}\nno, {WORDS} too"}
    await world.submit("ada", {**told, "sponsor": f"Reed, {WORDS}", "payment": f"50 EUR, {WORDS}"})


async def poll_in_one_line(world: World) -> None:
    await world.command("ada", f'poll "Which, as {WORDS}?" yes, {WORDS} | no, {WORDS} too')


async def poll_settings_said(world: World) -> None:
    await world.command("ada", f'poll "Which, as {WORDS}?" yes, {WORDS} | no')
    await world.command("ada", "details")
    await world.submit("ada", {"settings": f"sponsor Reed, {WORDS} pays 50 EUR, {WORDS}"})


async def poll_changed(world: World) -> None:
    await world.command("ada", 'poll "Which?" yes | no')
    await world.press("ada", "Post")
    await world.command("ada", f'poll change 101 "Which, as {WORDS}?" yes, {WORDS} | no, {WORDS} too')
