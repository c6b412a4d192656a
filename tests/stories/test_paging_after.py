"""After pages: what is counted once a case has ended, who may see it, and what moderators hear."""

from __future__ import annotations

from bot.commands.paging import list_unanswered
from bot.domain.members import Role
from tests import server
from tests.stories.test_paging import HOUR, enrol, released, ward
from tests.stories.world import UNDO, World, bytes_below
from tests.views.test_views import words_of

__all__ = ["ward"]


def rows(world: World, database: str, table: str) -> int:
    counted = f"SELECT count(*) FROM {table}"  # noqa: S608 - fixed names
    return int(server.look(world.bot._settings.data_dir, database, counted)[0][0])


async def test_an_ended_case_forgets_who_was_paged_and_counts_who_answered(ward: World) -> None:
    await released(ward)
    await ward.say("ravi", "opinion 101 atrial fibrillation")
    await ward.wait(UNDO)
    await ward.say("sana", "notmine 101")
    assert rows(ward, "content", "pages") == 3
    await ward.command("ada", "close 101")

    assert rows(ward, "content", "pages") == 0
    assert "Pages for cases that have ended: 1, answered 1" in await ward.say("ravi", "me data identity")
    assert "Pages for cases that have ended: 1, answered 0" in await ward.command("ben", "me data identity")
    told = await ward.say("sana", "me data identity")
    assert "Pages for cases that have ended: 0, answered 0" in told
    assert "Not your field: Cardiology" in told


async def test_whoever_leaves_takes_everything_about_pages_along(ward: World) -> None:
    await released(ward)
    await ward.command("ben", "duty 12h")
    await ward.command("ben", "follow 101")
    assert "You follow #101." in await ward.command("ben", "me data rooms")
    assert (rows(ward, "vault", "routing"), rows(ward, "content", "followers")) == (3, 1)
    await ward.command("ben", "me delete keep yes")

    assert rows(ward, "vault", "routing") == 2
    assert rows(ward, "content", "followers") == 0
    assert rows(ward, "content", "pages") == 2


async def test_t_02_nothing_on_the_disk_tells_where_somebody_sleeps(ward: World) -> None:
    told = await ward.command("ben", "me quiet 22-7 Antarctica/Troll")
    assert "Quiet hours from 22:00 to 7:00 (Antarctica/Troll)" in told
    assert b"Antarctica" not in bytes_below(ward.bot._settings.data_dir)


async def test_moderators_get_the_numbers_of_cases_without_an_answer_once_a_day(ward: World) -> None:
    await enrol(ward, ward.words.account("mo"), "mo", "Surgery", Role.MODERATOR)
    await ward.settle()
    await released(ward, urgency="today")
    await list_unanswered(ward.bot.house)
    await ward.settle()
    assert not [told for told in ward.words.homes["mo"] if "without an answer" in told.card.notice]

    await ward.wait(4 * HOUR)
    for _ in range(2):
        await list_unanswered(ward.bot.house)
        await ward.settle()
    heard = [told.card for told in ward.words.homes["mo"] if told.card.notice == "Cases without an answer"]
    assert [button.command for button in heard[0].buttons] == ["show 101"]
    assert "#101 for cardiology, out for 4 h" in words_of(heard[0])
    assert len(heard) == 1


async def test_a_trainee_has_no_pages_to_switch(ward: World) -> None:
    await enrol(ward, ward.forms.account("dara"), "dara", "Cardiology", Role.TRAINEE)
    await ward.settle()
    for word in ("duty 12h", "mute 8h", "me quiet 22-7 UTC"):
        assert "Pages go to physicians" in await ward.command("dara", word)
    await released(ward)
    assert not [told for told in ward.home("dara") if "#101" in told]
