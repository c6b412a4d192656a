"""Names in a collective list are put together and taken apart by the author, or by a moderator."""

from __future__ import annotations

from bot.domain.members import Role
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

LISTS = {
    "ben": "1) gallstone pancreatitis 2) gout",
    "cleo": "1) PE 2) biliary pancreatitis",
    "ravi": "1) pulmonary embolism 2) gout",
    "sana": "1) gout 2) gallstone pancreatitis",
}


async def told(world: World) -> None:
    await posted(world)
    for person, words in LISTS.items():
        await world.say(person, f"opinion 101 {words}")
    await world.wait(UNDO)


async def closed(world: World) -> None:
    await told(world)
    await world.command("ada", "close 101")
    await world.settle()


async def test_the_author_puts_names_together_and_takes_that_back(world: World) -> None:
    await closed(world)
    before = world.room(world.forms)[-1]
    assert "Gallstone pancreatitis: named by 2 of 4" in before

    done = await world.command("ada", "merge 101 3 4")
    assert "Biliary pancreatitis counts as Gallstone pancreatitis now." in done
    for room in (world.forms, world.words):
        summary = world.room(room)[-1]
        assert "Gallstone pancreatitis: named by 3 of 4" in summary
        assert "The author put Biliary pancreatitis and Gallstone pancreatitis together." in summary
        (picture,) = room.room[-1].card.pictures
        assert "Gallstone pancreatitis, 75 %" in picture.alt
    assert "The author put" in await world.command("cleo", "show 101")

    assert "are two names again" in await world.press("ada", "Take it back")
    assert world.room(world.forms)[-1] == before


async def test_a_synonym_is_taken_apart_and_joined_again(world: World) -> None:
    await closed(world)
    before = world.room(world.forms)[-1]
    done = await world.command("ada", "split 101 2")
    assert "Pulmonary Embolism is taken apart into 2 names: pe, pulmonary embolism." in done
    assert "Pulmonary Embolism apart." in world.room(world.words)[-1]
    assert "Pe: named by 1 of 4" in world.room(world.words)[-1]
    assert "is one name again" in await world.press("ada", "Take it back")
    assert world.room(world.words)[-1] == world.room(world.forms)[-1] == before


async def test_forms_ask_for_names_and_sentences_say_what_cannot_be(world: World) -> None:
    await told(world)
    assert "not revealed yet" in await world.command("ada", "merge 101 1 2")
    assert "I know no case #101" in await world.command("ben", "merge 101 1 2")
    await world.command("ada", "reveal 101")
    assert await world.command("ada", "merge 101") == "[form] Put together in #101"
    assert "counts as" in await world.submit("ada", {"into": "1", "source": "2"})
    assert await world.command("ada", "split 101") == "[form] Take apart in #101"
    assert "two names again" in await world.submit("ada", {"bucket": "1"})
    for words, sentence in (
        ("merge 101 2", "takes two numbers"),
        ("merge 101 2 9", "There is no number 9"),
        ("merge 101 a b", "by their numbers"),
        ("split 101 4", "typed in one way only"),
    ):
        assert sentence in await world.command("ada", words)
    await world.command("ada", "close 101")
    await world.settle()
    assert "together" not in world.room(world.forms)[-1]


async def test_a_moderators_merge_is_listed_and_in_the_audit_chain(world: World) -> None:
    account = world.words.account("norma")
    await world.bot.wall.joining.enrol(account, "Norma Planted", "Surgery", Role.MODERATOR, by="test")
    await closed(world)

    assert "Put together in #101 (1/2)" in await world.say("norma", "merge 101")
    await world.say("norma", "3")
    assert "counts as" in await world.say("norma", "4")
    assert "A moderator put" in world.room(world.forms)[-1]
    (entry,) = [one for one in await world.bot.wall.audit.entries() if one.what == "names_merged"]
    assert entry.reference == "#101"
    await world.command("ada", "merge 101 1 2")
    assert sum(one.what == "names_merged" for one in await world.bot.wall.audit.entries()) == 1
