"""What the bot asks somebody at home is answered by a plain reply to the message that asks."""

from __future__ import annotations

from tests.stories.test_case_crosses import posted
from tests.stories.test_outcome import DAY
from tests.stories.world import UNDO, World


async def asked_in_words(world: World) -> str:
    """Post and end a case where home chats are private; gives the message that asks what it was."""
    await ravi_posts(world)
    await world.say("sana", "opinion 101 1) gout 2) cellulitis")
    await world.wait(UNDO)
    await world.say("ravi", "close 101")
    await world.wait(3 * DAY)
    assert "What was it in the end?" in world.home("ravi")[-1]
    return world.words.homes["ravi"][-1].remote


async def ravi_posts(world: World) -> None:
    for words in ("case A swollen toe.", "done", "What is it?", "1", "skip"):
        await world.say("ravi", words)
    await world.look_through("ravi")
    await world.say("ravi", "post")
    await world.wait(UNDO + 5)


async def test_a_reply_tells_what_it_was_and_can_be_undone(world: World) -> None:
    asks = await asked_in_words(world)
    told = await world.say("ravi", "It was gout in the end. Crystals in the tap.", reply_to=asks)
    assert "The outcome of #101 is in" in told
    assert "Probable: gout" in told
    assert "Crystals in the tap" in told
    assert "not posted" in await world.press("ravi", "Undo")
    await world.say("ravi", "gout", reply_to=asks)
    await world.wait(UNDO + 5)
    assert "Outcome of #101" in world.room(world.forms)[-1]
    assert "Your list had it first" in world.home("sana")[-1]


async def test_a_reply_is_cleaned_as_every_outcome_is(world: World) -> None:
    asks = await asked_in_words(world)
    told = await world.say("ravi", "Gout. Dr. Miller saw the crystals on 3 March 2026.", reply_to=asks)
    assert "Miller" not in told
    assert "NAME⟧" in told


async def test_a_reply_that_tells_nothing_yet_is_no_outcome(world: World) -> None:
    asks = await asked_in_words(world)
    assert "I read no outcome of #101" in await world.say("ravi", "Still waiting for it", reply_to=asks)
    assert "I read no outcome of #101" in await world.say("ravi", "Thanks", reply_to=asks)
    assert "I will not ask about #101 again" in await world.say("ravi", "Don't ask again", reply_to=asks)
    await world.wait(UNDO)
    assert not any("Outcome" in words for words in world.room(world.forms))


async def test_a_reply_where_home_chats_are_not_private_tells_it_too(world: World) -> None:
    await posted(world)
    await world.command("ada", "close 101")
    await world.wait(3 * DAY)
    asks = world.forms.homes["ada"][-1].remote
    assert "Probable: Erysipelas" in await world.say("ada", "Erysipelas", reply_to=asks)


async def test_a_reply_to_no_answer_yet_adds_to_the_case(world: World) -> None:
    await ravi_posts(world)
    await world.wait(3 * DAY + 60)
    assert "No opinion on #101" in world.home("ravi")[-1]
    preview = await world.say(
        "ravi", "The other toe swells too.", reply_to=world.words.homes["ravi"][-1].remote
    )
    assert "The other toe swells too." in preview
    await world.look_through("ravi")
    assert "#101" in await world.say("ravi", "post")
    await world.wait(UNDO + 5)
    assert "Update 1" in world.room(world.forms)[-1]


async def test_a_reply_says_what_a_short_form_means(world: World) -> None:
    await posted(world)
    for said, read in (
        ("multiple sclerosis", "Multiple Sclerosis"),
        ("2", "Mitral Valve"),
        ("as typed", "MS"),
    ):
        asked = await world.say("ravi", "opinion 101 1) MS")
        assert "more than one meaning" in asked
        newest = world.words.homes["ravi"][-1].remote
        assert "Choose a number" in await world.say("ravi", "gout", reply_to=newest)
        told = await world.say("ravi", said, reply_to=newest)
        assert read in told
        assert "more than one meaning" not in told
        await world.wait(UNDO)
