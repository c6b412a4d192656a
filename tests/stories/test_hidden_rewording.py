"""What a moderator hides or locks stays so, also when its writer edits or deletes the message."""

from __future__ import annotations

from tests.stories.applying import moderator
from tests.stories.test_case_crosses import posted
from tests.stories.test_rewording import delete, edit, said, threads
from tests.stories.world import World

HIDDEN = "Hidden by moderation."


async def commented(world: World) -> str:
    """Let sana comment on ada's case; gives the message."""
    await moderator(world, "mod")
    await posted(world)
    return await said(world, "sana", "comment 101 Once a day.")


async def test_an_edit_does_not_bring_a_hidden_comment_back(world: World) -> None:
    message = await commented(world)
    await world.command("mod", "mod hide 101.c1 abuse")
    await edit(world, "sana", message, "comment 101 Twice a day.")
    assert "Your comment is hidden right now, so it stays as it is." in world.answer("sana")
    assert all(len(thread) == 1 and "day" not in thread[0] for thread in threads(world))

    await world.command("mod", "mod restore 101.c1")
    await world.settle()
    assert all("Once a day." in thread[0] for thread in threads(world))


async def test_a_hidden_comment_can_be_deleted_for_good(world: World) -> None:
    message = await commented(world)
    await world.command("mod", "mod hide 101.c1 abuse")
    await delete(world, "sana", message)
    await world.settle()
    assert threads(world) == [[], []]
    assert "I know no comment #101.c1" in await world.command("mod", "mod restore 101.c1")


async def test_on_a_locked_case_no_comment_says_something_else(world: World) -> None:
    message = await commented(world)
    await world.command("mod", "mod lock 101")
    await edit(world, "sana", message, "comment 101 Twice a day.")
    assert "A moderator has locked case #101" in world.answer("sana")
    assert all("Once a day." in thread[0] for thread in threads(world))
