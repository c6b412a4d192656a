"""What it was in the end: asked for, told, corrected; and everybody who answered hears how near they were."""

from __future__ import annotations

from tests.stories.test_alias import posted_as_alias
from tests.stories.test_blind_first import HOUR, answered
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

DAY = 24 * HOUR
TOLD = "outcome 101 confirmed gout how: crystals in the tap lesson: tap before you treat"
LISTS = {
    "ben": "1) gout 2) cellulitis sure: likely",
    "ravi": "1) cellulitis 2) gout sure: very likely",
    "sana": "gout",
}


async def closed(world: World) -> None:
    await posted(world)
    for person, words in LISTS.items():
        await answered(world, person, words)
    await world.command("ada", "close 101")


async def test_all_who_answered_hear_their_own_place_and_rooms_only_the_outcome(world: World) -> None:
    await closed(world)
    told = await world.command("ada", TOLD)
    assert "The outcome of #101 is in" in told
    assert not any("Outcome" in words for words in world.room(world.forms))

    await world.wait(UNDO)
    name = await world.name_of("ada")
    for room in (world.forms, world.words):
        assert "resolved" in world.room(room)[0]
        outcome = world.room(room)[-1]
        assert outcome.startswith(f"{name}: Outcome of #101\nConfirmed: gout")
        assert "How it is known: crystals in the tap\ntap before you treat" in outcome
        assert room.room[-1].thread == room.room[0].remote
        assert not any("Your list" in words for words in world.room(room))
    heard = world.home("ravi")[-1]
    assert "Your list had it second. The group answer had it first." in heard
    assert (
        "of 1 independent opinion on cases with an outcome, 0 had it first and 1 among the first 3" in heard
    )
    assert "When you said very likely: right 0 of 1." in heard
    assert "Your list had it first." in world.home("sana")[-1]
    assert world.home("ben")[-1] == "Something new in #101. "
    assert "Your list had it first." in await world.command("ben", "show 101")
    assert "When you said likely: right 1 of 1." in await world.command("ben", "me")

    for other in ("ada", "tove"):
        shown = await world.say(other, "show 101")
        assert "Outcome, confirmed: gout" in shown
        assert "Your list" not in shown
        assert "Your record" not in await world.say(other, "me")
    before = len(world.home("ada"))
    await world.wait(70 * DAY)
    assert len(world.home("ada")) == before


async def test_an_author_is_asked_three_times_and_then_no_more(world: World) -> None:
    await posted(world)
    await world.command("ada", "close 101")
    before = len(world.home("ada"))
    for days, asked in ((2, 0), (1, 1), (10, 1), (1, 2), (45, 2), (1, 3), (200, 3)):
        await world.wait(days * DAY)
        assert len(world.home("ada")) - before == asked
    assert world.home("ada")[-1] == "Something new in #101. "
    await world.command("ada", "show 101")
    assert "Tell the outcome" in [button.label for button in world.card("ada").buttons]


async def test_a_private_chat_asks_whole_and_can_be_told_to_stop(world: World) -> None:
    for words in ("case A swollen toe.", "done", "What is it?", "1", "skip"):
        await world.say("ravi", words)
    await world.look_through("ravi")
    await world.say("ravi", "post")
    await world.wait(UNDO + 5)
    await world.say("ravi", "close 101")
    await world.wait(3 * DAY)

    asked = len(world.home("ravi"))
    assert "What was it in the end? Your case: #101" in world.home("ravi")[-1]
    assert "I will not ask about #101 again" in await world.say("ravi", "2")
    await world.wait(70 * DAY)
    assert len(world.home("ravi")) == asked + 1
    for words in ("outcome 101", "1", "gout", "skip"):
        await world.say("ravi", words)
    assert "The outcome of #101 is in" in await world.say("ravi", "tap early")


async def test_it_is_undone_before_anybody_heard_then_corrected_then_withdrawn(world: World) -> None:
    await closed(world)
    await world.command("ada", TOLD)
    assert "Your outcome was not posted" in await world.press("ada", f"Undo ({UNDO} s)")
    heard = len(world.home("ravi"))
    await world.wait(UNDO + 1)
    assert "closed" in world.room(world.forms)[0]
    assert len(world.home("ravi")) == heard
    assert not any("Outcome" in words for words in world.room(world.words))

    await world.command("ada", TOLD)
    await world.wait(UNDO)
    assert "Correct it instead" in await world.command("ada", "undo")
    assert "corrected in every room" in await world.command("ada", "outcome 101 probable cellulitis")
    await world.wait(UNDO)
    for room in (world.forms, world.words):
        (outcome,) = [words for words in world.room(room) if "Outcome of #101" in words]
        assert "(corrected)\nProbable: cellulitis" in outcome
    told = world.home("ravi")[-1]
    assert "The outcome was corrected." in told
    assert "Your list had it first. The group answer had it second." in told
    assert "1 had it first" in await world.say("ravi", "me")

    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert world.room(world.forms) == world.room(world.words) == []
    assert "was withdrawn" in await world.command("ada", TOLD)


async def test_unknown_judges_nobody_and_who_had_read_others_has_no_record(world: World) -> None:
    await posted(world)
    await answered(world, "ben", "gout")
    await world.say("ravi", "read 101")
    await answered(world, "ravi", "gout")
    await world.command("ada", "close 101")
    await world.command("ada", "outcome 101 unknown lesson: some things pass")
    await world.wait(UNDO)
    told = world.home("ravi")[-1]
    assert "Unknown: nobody can say what it was." in told
    assert "Your list" not in told

    await world.command("ada", "outcome 101 confirmed gout")
    await world.wait(UNDO)
    told = world.home("ravi")[-1]
    assert "Your list had it first. There were too few opinions for a group answer." in told
    assert "does not count in your record" in told
    assert "Your record" not in told + await world.say("ravi", "me")


async def test_what_is_no_outcome_has_its_sentence_and_the_form_takes_one(world: World) -> None:
    await posted(world)
    assert "still open" in await world.command("ada", TOLD)
    await world.command("ada", "close 101")
    for words, answer in (
        ("outcome 101 maybe gout", "confirmed, probable or unknown"),
        ("outcome 101 confirmed", "What was it?"),
        ("outcome", "Which case?"),
    ):
        assert answer in await world.command("ada", words)
    assert "I know no case #101" in await world.command("ben", TOLD)
    assert await world.command("ada", "outcome 101") == "[form] Outcome of #101"
    told = {"certainty": "probable", "diagnosis": "gout", "how": "the course", "lesson": ""}
    assert "Probable: gout" in await world.submit("ada", told)


async def test_an_alias_tells_its_outcome_under_the_alias(world: World) -> None:
    await posted_as_alias(world, "ada")
    await world.command("ada", "close 101")
    await world.command("ada", TOLD)
    await world.wait(UNDO)

    outcome = world.room(world.words)[-1]
    assert "Outcome of #101" in outcome
    assert await world.name_of("ada") not in outcome
    assert "one-time alias" in outcome


async def test_a_case_is_found_by_what_it_was_in_the_end(world: World) -> None:
    await closed(world)
    await world.command("ada", "outcome 101 confirmed podagra how: a tap lesson: tap first")
    assert "no case" in await world.say("tove", "find podagra")
    await world.wait(UNDO)
    assert "#101" in await world.say("tove", "find podagra")

    await world.command("ada", "outcome 101 confirmed chondrocalcinosis how: a tap lesson: tap first")
    await world.wait(UNDO)
    assert "#101" in await world.say("tove", "find chondrocalcinosis")
    assert "no case" in await world.say("tove", "find podagra")
