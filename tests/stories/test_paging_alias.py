"""Pages for a case under an alias: nothing stored says whether its author is one of those asked."""

from __future__ import annotations

import pytest

from tests import server
from tests.stories.test_paging import asked, ward
from tests.stories.world import UNDO, World

__all__ = ["ward"]

ASKED = {"ben", "ravi", "sana"}
"""Everybody in cardiology."""


def rows(world: World, select: str) -> list[tuple[object, ...]]:
    return server.look(world.bot._settings.data_dir, "content", select)


async def ids(world: World) -> dict[object, str]:
    """Say who is behind each screen name's id."""
    known = {one: await world.bot.wall.who(world.site_of(one).account(one)) for one in ("ada", *ASKED)}
    return {one.member: person for person, one in known.items() if one is not None}


async def under_an_alias(world: World, person: str) -> None:
    await asked(world, person, specialties="cardiology")
    await world.look_through(person)
    await world.command(person, "alias")
    await world.command(person, "post")
    await world.wait(UNDO + 5)


@pytest.mark.parametrize("author", ["ada", "ben"])
async def test_a_thief_sees_the_same_rows_whether_the_author_is_one_of_them(ward: World, author: str) -> None:
    before = len(ward.home("ben"))
    await under_an_alias(ward, author)
    people = await ids(ward)
    assert {people[member] for (member,) in rows(ward, "SELECT member FROM pages")} == ASKED
    put = rows(ward, "SELECT * FROM outbox WHERE key LIKE '%:page:%' ORDER BY row")
    own = {"row", "id", "key", "destination", "member"}
    names = server.columns(ward.bot._settings.data_dir, "content", "outbox")
    alike = {tuple(v for n, v in zip(names, row, strict=True) if n not in own) for row in put}
    assert len(put) == 3
    assert len(alike) == 1
    assert [row[names.index("member")] for row in put] == sorted(
        str(row[names.index("member")]) for row in put
    )
    heard = {one for one in ASKED if any("#101" in told for told in ward.home(one)[before:])}
    assert heard == ASKED - {author}


async def test_what_is_put_for_the_author_is_nobodys_page(ward: World) -> None:
    await under_an_alias(ward, "ada")
    assert "1 more colleague asked to look at #101." in await ward.command("ada", "wider 101")
    assert len(rows(ward, "SELECT 1 FROM pages")) == len(ASKED) + 2
    assert not [told for told in ward.home("ada") if "#101" in told]
    await ward.command("ada", "close 101")
    assert "Pages for cases that have ended: 0, answered 0" in await ward.command("ada", "me data identity")
    assert "Pages for cases that have ended: 1, answered 0" in await ward.say("tove", "me data identity")


async def test_under_the_own_screen_name_there_is_nothing_to_hide(ward: World) -> None:
    await asked(ward, "ben", specialties="cardiology")
    await ward.post("ben")
    await ward.wait(UNDO + 5)
    people = await ids(ward)
    paged = {people.get(member, "a neighbour") for (member,) in rows(ward, "SELECT member FROM pages")}
    assert paged == {"ravi", "sana", "a neighbour"}
