"""Edits and deletions of one's own messages reach every room and home chat that has what they became."""

from __future__ import annotations

from pathlib import Path

from bot.chat.cards import Card
from bot.chat.events import Kind
from tests.stories.test_alias import posted_as_alias
from tests.stories.test_case_crosses import posted
from tests.stories.test_hearing import asked_by_ravi
from tests.stories.world import UNDO, World, enrol_everybody, open_world

FOUND = "the chart says MRN 4471920 here"


def last_message(world: World, person: str) -> str:
    """Give the newest message of a person's own that still stands in the home chat."""
    return world.site_of(person).said[person][-1].remote


async def edit(world: World, person: str, message: str, text: str, event: str = "") -> int:
    """Edit an own message; gives how many answers that brought."""
    site = world.site_of(person)
    before = len(site.answers[person])
    await site.edits(person, message, text, event)
    await world.settle()
    return len(site.answers[person]) - before


async def delete(world: World, person: str, message: str, event: str = "") -> int:
    """Delete an own message; gives how many answers that brought."""
    site = world.site_of(person)
    before = len(site.answers[person])
    await site.deletes(person, message, event)
    await world.settle()
    return len(site.answers[person]) - before


async def said(world: World, person: str, text: str, *, wait: float = UNDO) -> str:
    """Say something at home and let it out; gives the message."""
    await world.say(person, text)
    message = last_message(world, person)
    if wait:
        await world.wait(wait)
    return message


def threads(world: World) -> list[list[str]]:
    """What stands below the case in each room, without who said it."""
    return [
        [words.partition(": ")[2] for words in world.room(site)[1:]] for site in (world.forms, world.words)
    ]


async def test_an_edit_changes_the_comment_in_rooms_and_home_chats(world: World) -> None:
    await asked_by_ravi(world)
    await world.command("tove", "follow 101")
    message = await said(world, "sana", "comment 101 Once a day.")
    name = await world.name_of("sana")
    assert threads(world) == [["Once a day.\nInternal medicine"]] * 2

    assert await edit(world, "sana", message, "comment 101 Twice a day.") == 1
    assert "Your comment on #101 now reads:\nTwice a day." in world.answer("sana")
    assert threads(world) == [["Twice a day.\nInternal medicine · edited"]] * 2
    assert "Twice a day.\nedited" in world.home("ravi")[-1]
    assert f"{name}\nTwice a day." in world.home("tove")[-1]
    assert "Once" not in "".join(world.home("ravi") + world.home("tove"))
    await world.command("udo", "show 101")
    assert f"{name} (edited)" in [
        block.label for block in world.card("udo").blocks if hasattr(block, "label")
    ]

    assert "reads as before:\nOnce a day." in await world.press("sana", "Undo")
    assert threads(world) == [["Once a day.\nInternal medicine"]] * 2
    assert "Once" in world.home("ravi")[-1]
    assert "nothing left to undo" in await world.command("sana", "undo")


async def test_the_same_edit_counts_once_and_chatter_brings_no_word(world: World) -> None:
    await posted(world)
    message = await said(world, "ravi", "comment 101 First words.")
    assert await edit(world, "ravi", message, "comment 101 Better words.", "e-edit") == 1
    await edit(world, "ravi", message, "comment 101 Best words.")
    assert await edit(world, "ravi", message, "comment 101 Better words.", "e-edit") == 0
    best = [["Best words.\nInternal medicine · edited"]] * 2
    assert threads(world) == best

    message = await said(world, "ravi", "thanks everybody", wait=0)
    assert await edit(world, "ravi", message, "many thanks everybody") == 0
    assert await delete(world, "ravi", message) == 0
    assert await edit(world, "nobody", "said e0", "comment 101 I am no member.") == 0
    message = await said(world, "ravi", "opne", wait=0)
    assert await edit(world, "ravi", message, "!c open") == 1
    assert "as you first sent it" in world.answer("ravi")
    assert threads(world) == best


async def test_before_its_release_a_comment_is_changed_and_nobody_sees_that(world: World) -> None:
    await asked_by_ravi(world)
    message = await said(world, "ben", "comment 101 Wrong word.", wait=0)
    await edit(world, "ben", message, "Right word.")
    await world.wait(UNDO)
    right = [["Right word.\nInternal medicine"]] * 2
    assert threads(world) == right
    assert "Right word." in world.home("ravi")[-1]
    assert "Wrong" not in "".join(world.home("ravi"))

    message = await said(world, "ben", "comment 101 Old words.", wait=0)
    await edit(world, "ben", message, "comment 101 New words.")
    assert "Old words." in await world.command("ben", "undo")
    assert "nobody saw it" in await world.command("ben", "undo")
    await world.wait(UNDO)
    assert threads(world) == right


async def test_what_is_found_in_an_edit_waits_and_the_old_words_stand(world: World) -> None:
    await posted(world)
    message = await said(world, "ravi", "comment 101 Old words.")
    await edit(world, "ravi", message, f"comment 101 New words, {FOUND}.")
    assert "stays as it was" in world.answer("ravi")
    assert "4471920" not in world.answer("ravi")
    assert threads(world) == [["Old words.\nInternal medicine"]] * 2

    await edit(world, "ravi", message, f"comment 101 Newer words, {FOUND}.")
    assert "Newer words" in world.answer("ravi")
    await world.command("ravi", "hide all")
    assert "now reads" in await world.command("ravi", "post")
    await world.settle()
    for room in threads(world):
        assert room[0].startswith("Newer words, the chart says MRN [")
    assert world.words.said["ravi"] == []
    assert "You have no draft" in await world.command("ravi", "preview")


async def test_what_waits_goes_out_once_an_edit_takes_out_what_was_found(world: World) -> None:
    await posted(world)
    message = await said(world, "ravi", f"comment 101 Note that {FOUND}.")
    assert threads(world) == [[], []]
    await edit(world, "ravi", message, "comment 101 Note that.")
    assert "Your comment on #101 is in" in world.answer("ravi")
    await world.wait(UNDO)
    assert threads(world) == [["Note that.\nInternal medicine"]] * 2
    assert world.words.said["ravi"] == []

    message = await said(world, "ben", f"comment 101 Note that {FOUND}.")
    await delete(world, "ben", message)
    assert "Thrown away" in world.answer("ben")
    assert "You have no draft" in await world.command("ben", "preview")


async def test_what_an_edit_may_not_do_has_its_sentence_and_changes_nothing(world: World) -> None:
    await posted(world)
    message = await said(world, "ravi", "comment 101 My words.")
    stands = [["My words.\nInternal medicine"]] * 2
    for text, sentence in (
        ("close 101", "is something else now"),
        ("opinion 101 1) gout", "is something else now"),
        ("comment 102 My words.", "can't move your comment"),
        ("comment 101", "has no words now"),
        ("", "has no words now"),
        ("comment 101 " + "w" * 2001, "2001 characters; 2000 fit"),
    ):
        assert await edit(world, "ravi", message, text) == 1
        assert sentence in world.answer("ravi")
        assert threads(world) == stands
    assert await edit(world, "ravi", message, "comment 101 My words.") == 0
    await world.command("ada", "close 101")
    await edit(world, "ravi", message, "comment 101 Other words.")
    assert "is closed" in world.answer("ravi")
    assert threads(world)[0][0] == stands[0][0]


async def test_a_deleted_message_takes_its_comment_out_everywhere(world: World) -> None:
    await asked_by_ravi(world)
    await world.command("tove", "follow 101")
    message = await said(world, "ben", "comment 101 Never mind this.")
    assert await delete(world, "ben", message) == 1
    assert "It was out already" in world.answer("ben")
    assert threads(world) == [[], []]
    assert "Never mind" not in "".join(world.home("ravi") + world.home("tove"))
    await world.command("udo", "show 101")
    assert "Never mind" not in world.answer("udo")
    assert await edit(world, "ben", message, "comment 101 Back again.") == 0
    assert "nothing left to undo" in await world.command("ben", "undo")

    message = await said(world, "sana", "comment 101 Too quick.", wait=0)
    await delete(world, "sana", message, "e-delete")
    assert "nobody saw it" in world.answer("sana")
    assert await delete(world, "sana", message, "e-delete") == 0
    await world.wait(UNDO)
    assert threads(world) == [[], []]
    assert "Too quick" not in "".join(world.home("ravi"))


async def test_an_edited_opinion_is_revised_and_a_deleted_one_stays(world: World) -> None:
    await posted(world)
    message = await said(world, "ben", "opinion 101 1) cellulitis")
    await edit(world, "ben", message, "opinion 101 1) erysipelas 2) cellulitis")
    assert "I read it as" in world.answer("ben")
    async with world.bot.house.content.work() as work:
        case = await work.cases.by_number(101)
        assert case is not None
        (opinion,) = await work.opinions.of_case(case.id)
    assert (opinion.diagnoses, opinion.revision) == (("erysipelas", "cellulitis"), 1)

    await edit(world, "ben", message, "I am not sure")
    assert "Your opinion on #101 stays as it was" in world.answer("ben")
    assert await delete(world, "ben", message) == 1
    assert "still counts" in world.answer("ben")
    async with world.bot.house.content.work() as work:
        assert await work.opinions.of_case(case.id) == (opinion,)


async def test_an_opinion_that_waits_is_given_again_by_an_edit(world: World) -> None:
    await posted(world)
    message = await said(world, "ravi", f"opinion 101 1) cellulitis why: {FOUND}", wait=0)
    await edit(world, "ravi", message, f"opinion 101 1) gout why: {FOUND}")
    assert "gout" in world.answer("ravi")
    await edit(world, "ravi", message, "opinion 101 1) ?")
    assert "I found no diagnosis in that" in world.answer("ravi")
    await world.say("ravi", "cancel")
    assert "gout" in await world.command("ravi", "preview")
    await edit(world, "ravi", message, "opinion 101 1) gout why: the joint")
    assert "I read it as" in world.answer("ravi")
    assert "You have no draft" in await world.command("ravi", "preview")

    assert "nobody saw it" in await world.command("ravi", "undo")
    await edit(world, "ravi", message, "opinion 101 1) gout why: a joint")
    assert "You have no opinion on #101 now" in world.answer("ravi")


async def test_a_part_of_a_story_is_edited_and_deleted_while_it_is_gathered(world: World) -> None:
    await world.say("ravi", "case")
    first = await said(world, "ravi", "A plaque on the shin.", wait=0)
    second = await said(world, "ravi", "Since spring.", wait=0)
    assert await edit(world, "ravi", first, "A plaque on the left shin.") == 1
    assert "Changed: 40 characters now." in world.answer("ravi")
    assert "Your question" in await world.say("ravi", "done")
    assert await delete(world, "ravi", second) == 1
    assert "(2/3): Your question" in world.answer("ravi")
    for words in ("Biopsy?", "2", "skip"):
        await world.say("ravi", words)
    assert "case\nA plaque on the left shin.\nBiopsy?" in world.answer("ravi")

    assert await edit(world, "ravi", first, "A plaque on the right shin.") == 1
    assert "keeps the words as you first sent them" in world.answer("ravi")


async def test_an_edit_and_a_deletion_may_come_before_their_message(world: World) -> None:
    await posted(world)
    site = world.forms
    await edit(world, "ben", "said e-late", "comment 101 Better words.")
    await delete(world, "ben", "said e-gone")
    await site.does("ben", Kind.TEXT, "comment 101 First words.", event="e-late")
    await site.does("ben", Kind.TEXT, "comment 101 Gone words.", event="e-gone")
    await world.settle()
    await world.wait(UNDO)
    assert threads(world) == [["Better words.\nInternal medicine"]] * 2

    await world.say("ben", "And these.", reply_to="said e-late")
    await world.wait(UNDO)
    assert [words.split("\n")[0] for words in threads(world)[0]] == ["Better words.", "And these."]


async def test_after_a_restart_the_message_is_known_until_its_member_leaves(tmp_path: Path) -> None:
    async with open_world(tmp_path) as first:
        await enrol_everybody(first)
        await first.settle()
        await posted_as_alias(first, "ravi")
        message = await said(first, "ravi", "comment 101 An old plaque.")
        speaker = first.forms.room[1].card.speaker
        kept = {site.site: (site.room, site.homes, site.said) for site in (first.forms, first.words)}
    async with open_world(tmp_path, life=2) as second:
        for site in (second.forms, second.words):
            site.room, site.homes, site.said = kept[site.site]
        await edit(second, "ravi", message, "comment 101 A new plaque.")
        for site in (second.forms, second.words):
            card: Card = site.room[1].card
            assert card.speaker == speaker
            assert "A new plaque." in "".join(second.room(site))

        account = second.words.account("ravi")
        assert await second.bot.wall.home.subject(account, message)
        await second.command("ravi", "me delete keep yes")
        assert await second.bot.wall.who(account) is None
        assert await second.bot.wall.home.subject(account, message) == ""
