"""Finding: lists, words, the next case, and the home menu."""

from __future__ import annotations

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form
from tests.stories.test_case_crosses import QUESTION, posted
from tests.stories.world import UNDO, World
from tests.views.test_views import words_of

NOTHING = "No case waits for you right now."


async def ask(world: World, person: str, question: str, urgency: str = "routine") -> None:
    """Post a case, and wait until it stands in the rooms."""
    await world.command(person, "case")
    if world.site_of(person) is world.forms:
        told = {"story": "A story, with nothing in it.", "question": question, "urgency": urgency}
        await world.submit(person, told)
    else:
        for words in ("A story, with nothing in it.", "done", question, urgency, "skip"):
            await world.say(person, words)
    await world.post(person)
    await world.wait(UNDO + 5)


async def three(world: World) -> None:
    """Post three cases by two people: 101 and 103 by ada, 102 by ravi."""
    await ask(world, "ada", "Malaria or dengue after travel?")
    await ask(world, "ravi", "Biopsy of a shin ulcer?", "today")
    await ask(world, "ada", "Steroids for uveitis?", "soon")


@pytest.mark.parametrize("person", ["ben", "sana"])
async def test_cases_are_found_by_their_words(world: World, person: str) -> None:
    await three(world)
    listed = await world.say(person, "find malaria")
    assert "#101 Malaria or dengue after travel? (open, no opinions)" in listed
    assert "Look at one: show 102" in await world.say(person, "find ULCERS")
    assert "I found no case with any of these words" in await world.say(person, "find unicorn")
    assert "no word in that to look for" in await world.say(person, "find 🙂 *")

    await world.say(person, "find")
    if person == "ben":
        assert "#103" in await world.submit(person, {"words": "uveitis"})
    else:
        assert "#103" in await world.say(person, "uveitis")


async def test_what_is_undone_withdrawn_or_not_out_yet_is_not_found(world: World) -> None:
    await three(world)
    await world.command("ada", "withdraw 101 yes")
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A story.", "question": "Zoster or contact eczema?"})
    await world.post("ada")

    for words in ("malaria", "zoster"):
        assert "I found no case" in await world.say("ben", f"find {words}")
    await world.command("ada", "undo")
    await world.wait(UNDO + 5)
    assert "I found no case" in await world.command("ada", "find zoster")


async def test_open_cases_are_listed_by_what_they_are_about(world: World) -> None:
    await three(world)
    listed = await world.say("ben", "open uveit")
    assert "#103" in listed
    assert "#101" not in listed
    assert "No open case names that field" in await world.say("ben", "open urology")
    everything = await world.say("ben", "open")
    assert all(number in everything for number in ("#101", "#102", "#103"))


@pytest.mark.parametrize("person", ["ben", "sana"])
async def test_the_next_case_is_the_least_answered_and_then_the_most_urgent(
    world: World, person: str
) -> None:
    await three(world)
    first = await world.say(person, "next")
    assert "#102" in first
    assert "2 more cases after this one." in first
    assert [button.label for button in world.card(person).buttons] == ["Give opinion", "Just read", "Skip"]

    await world.say("cleo", "opinion 102 1) pyoderma")
    await world.wait(UNDO)
    assert "#103" in await world.say(person, "next")


@pytest.mark.parametrize("person", ["ben", "sana"])
async def test_one_opinion_after_the_other(world: World, person: str) -> None:
    await three(world)
    await world.say(person, "opinion 102 1) pyoderma")
    assert "#103" in await world.press(person, "Next case (2 left)")
    assert "Give yours first" in world.answer(person)

    await world.press(person, "Just read")
    assert "#101" in await world.press(person, "Next case (1 left)")
    assert "This is the last one." in world.answer(person)

    await world.say(person, "opinion 101 1) dengue")
    assert not any("Next" in button.label for button in world.card(person).buttons)
    assert NOTHING in await world.say(person, "next")


async def test_what_was_skipped_comes_last_for_a_day(world: World) -> None:
    await three(world)
    await world.say("ben", "next")
    assert "#103" in await world.press("ben", "Skip")
    assert "#101" in await world.press("ben", "Skip")
    assert "Only what you skipped is left now." in await world.press("ben", "Skip")
    assert "#102" in await world.press("ben", "Next case (3 left)")

    await ask(world, "dara", "Iron for restless legs?")
    assert "#104" in await world.say("ben", "next")
    world.clock.pass_(25 * 3600)
    assert "#102" in await world.say("ben", "next")


async def test_the_first_is_skipped_where_no_number_is_said(world: World) -> None:
    assert NOTHING in await world.say("sana", "next skip")
    await three(world)
    assert "#103" in await world.say("sana", "next skip")
    assert "I know no case #999" in await world.say("sana", "next skip 999")


async def test_a_reply_that_begins_like_a_command_is_a_comment(world: World) -> None:
    await posted(world)
    await world.say("ravi", "show 101")
    shown = world.words.homes["ravi"][-1].remote
    told = await world.say("ravi", "Next time, ask for the ferritin.", reply_to=shown)
    assert "Next time, ask for the ferritin." in told
    assert "#101" in await world.say("sana", "next", reply_to=shown)


async def test_a_case_that_was_read_after_its_reveal_does_not_come_again(world: World) -> None:
    await ask(world, "ada", "Malaria or dengue?")
    await world.say("ravi", "opinion 101 1) dengue")
    await world.wait(UNDO)
    await world.command("ada", "reveal 101")
    assert "dengue" in await world.say("ben", "next")
    await world.press("ben", "Just read")
    assert NOTHING in await world.say("ben", "next")


async def test_ones_own_cases_never_wait_for_one_under_any_name(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A story.", "question": "Malaria?", "urgency": "today"})
    await world.command("ada", "alias")
    await world.command("ada", "preview")
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert NOTHING in await world.command("ada", "next")
    assert "#101" in await world.say("ben", "next")


@pytest.mark.parametrize(("person", "bare"), [("ada", ""), ("ravi", "!consult")])
async def test_the_home_menu_shows_what_waits_and_what_is_ones_own(
    world: World, person: str, bare: str
) -> None:
    await three(world)
    menu = await (world.command(person, "") if not bare else world.say(person, bare))
    assert menu == await world.say(person, "home")
    own, other = ("#101", "#102") if person == "ada" else ("#102", "#101")
    waits, _, mine = menu.partition("Your")[2].partition("Your")
    assert other in waits
    assert own in mine
    assert other not in mine

    await world.command(person, "comment 101 Mr. Ingvar Sandkvist has it, please help him.")
    assert "not posted" in await world.say(person, "home")
    assert "Sandkvist" not in world.answer(person)
    await world.press(person, "Find")


async def test_a_stranger_who_says_nothing_is_greeted(world: World) -> None:
    assert "Hello. This is a consult room" in await world.command("nemo", "")
    assert "need to be verified" in await world.command("nemo", "home")


async def test_the_question_the_story_and_the_pictures_stand_above_the_fields_of_an_opinion(
    world: World,
) -> None:
    await posted(world)
    await world.command("ben", "opinion 101")
    form = world.forms.answers["ben"][-1]
    assert isinstance(form, Form)
    lead = words_of(Card("", blocks=form.lead))
    assert await world.say("ravi", "opinion 101")
    card = world.words.answers["ravi"][-2]
    assert isinstance(card, Card)
    assert "(1/" in world.answer("ravi")
    for above in (lead, words_of(card)):
        assert 0 <= above.index(QUESTION) < above.index("three days of fever")
    assert len(form.pictures) == len(card.pictures) == 1
