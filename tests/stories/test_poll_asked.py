"""Polls are asked in one line, by form and in turn; on a case; they wait, and are changed until a ballot."""

from __future__ import annotations

import pytest

from bot.chat.forms import Form, TextField
from bot.commands.poll_cases import asks_diagnosis
from bot.domain.polls import Poll, PollState
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

LINE = (
    'poll multiple "Which test first?" CRP | ESR | ferritin '
    "[most 2; for internal medicine; no trainees; closes 3d; closes at 50 votes; "
    "sponsor Acme Ltd pays 50 EUR a vote; author only]"
)


async def poll_of(world: World, number: int = 101) -> Poll:
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(number)
    assert poll is not None
    return poll


def fields_of(world: World, person: str) -> dict[str, str]:
    form = world.site_of(person).answers[person][-1]
    assert isinstance(form, Form)
    return {field.name: field.initial for field in form.fields if isinstance(field, TextField)}


def why(world: World, person: str) -> str:
    form = world.site_of(person).answers[person][-1]
    assert isinstance(form, Form)
    return form.why


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_one_line_says_it_all_on_both_platforms(world: World, person: str) -> None:
    preview = await world.say(person, LINE)
    for said in (
        "Choose up to 2.",
        "For internal medicine only, without trainees.",
        "Closes Wed 4 Mar 2026, 09:00 UTC, or soon after 50 votes.",
        "Its author alone reads the result",
        "Paid for by ",
    ):
        assert said in preview
    await world.say(person, "keep 1 2 yes")
    assert "poll change 101" in await world.press(person, "Post")
    await world.wait(UNDO)
    for room in (world.forms, world.words):
        card = world.room(room)[0]
        assert "Which test first?" in card
        assert "Paid for by Acme Ltd: 50 EUR a vote." in card
        assert "The sponsor learns what its author passes on." in card
    poll = await poll_of(world)
    assert poll.invited == 8
    assert poll.look_at == poll.terms.closes_at
    assert poll.cells == ("Internal medicine", "")


async def test_in_turn_three_things_are_asked_and_the_rest_by_settings(world: World) -> None:
    assert "(1/3): What voters give" in await world.say("ravi", "poll")
    await world.say("ravi", "5")
    assert "(3/3): Options" in await world.say("ravi", "What dose?")
    assert "Give a number from 0 to 40 mg." in await world.say("ravi", "0-40 mg")
    assert "Settings of your poll (1/1): Settings" in await world.press("ravi", "Settings")
    assert "Did you mean closes?" in await world.say("ravi", "closs 3d")
    assert "closs 3d" in world.answer("ravi"), "what was typed is there again"
    preview = await world.say("ravi", "closes friday 18:00, snapshots")
    assert "Closes Fri 6 Mar 2026, 18:00 UTC" in preview
    assert "Those who voted read the result now and then" in preview
    await world.say("ravi", "details author only")
    assert "Closes" not in world.answer("ravi"), "settings that are said again take the place of all"
    await world.say("ravi", "post")
    await world.wait(UNDO)
    assert "Give a number from 0 to 40 mg. Or: Don't know" in world.room(world.forms)[0]


async def test_the_form_has_it_all_and_comes_back_with_what_was_typed(world: World) -> None:
    await world.command("ada", "poll")
    told = {
        "kind": "ranking",
        "question": "Which first?",
        "options": "CRP\nESR\nferritin",
        "opens": "tomorrow 8:00",
        "closes": "today",
        "shuffled": "yes",
        "trainees": "no",
    }
    assert await world.submit("ada", told) == "[form] Ask a poll"
    assert "It would close before it opens." in why(world, "ada")
    assert fields_of(world, "ada")["options"] == told["options"]
    preview = await world.submit("ada", {**told, "closes": "2d"})
    assert "The order of the options is another one for each voter." in preview
    assert "Opens Mon 2 Mar 2026, 08:00 UTC." in preview
    await world.press("ada", "Edit")
    assert fields_of(world, "ada")["closes"] == "2026-03-04 08:00 UTC"
    assert "Which now?" in await world.submit("ada", {**told, "closes": "2d", "question": "Which now?"})
    await world.press("ada", "Post")
    await world.wait(UNDO)
    poll = await poll_of(world)
    assert poll.state is PollState.WAITING
    assert poll.look_at == poll.terms.opens_at
    shown = world.words.room[0].card
    assert not shown.buttons
    assert "Opens Mon 2 Mar 2026, 08:00 UTC." in world.room(world.words)[0]
    assert "is not open yet" in await world.command("ben", "vote 101 1")
    await world.command("ada", "poll change 101")
    assert fields_of(world, "ada")["opens"] == "2026-03-02 08:00 UTC"
    assert "Choose one." in await world.submit("ada", {"question": "Now?", "options": "yes\nno"})
    await world.press("ada", "Post")
    await world.settle()
    assert (await poll_of(world)).state is PollState.OPEN
    assert len(world.words.room[0].card.buttons) == 3


async def test_a_poll_that_waits_is_closed_like_any(world: World) -> None:
    await world.command("ada", 'poll "Tap it?" yes | no [opens 2d]')
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert "Poll 101 is closed." in await world.command("ada", "endpoll 101")
    assert "is closed, so its words stay" in await world.command("ada", "poll change 101")


async def test_editing_in_turn_keeps_what_is_not_asked(world: World) -> None:
    await world.say("ravi", 'poll "Tap it?" yes | no [no trainees; author only; closes 3d]')
    await world.press("ravi", "Edit")
    for words in ("skip", "Scrape it?"):
        await world.say("ravi", words)
    preview = await world.say("ravi", "skip")
    for said in (
        "Scrape it?",
        "without trainees",
        "Its author alone reads",
        "Closes Wed 4 Mar 2026, 09:00 UTC.",
    ):
        assert said in preview


async def test_what_was_too_long_comes_back_whole(world: World) -> None:
    long = f"{'why ' * 90}?"
    await world.command("ada", f'poll "{long}" yes | no')
    assert "The question has 361 characters; 300 fit." in why(world, "ada")
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    question = next(field for field in form.fields if field.name == "question")
    assert isinstance(question, TextField)
    assert question.initial == long
    assert question.max_length == len(long)


async def test_times_are_read_in_the_time_zone_that_somebody_told(world: World) -> None:
    await world.command("ada", "me quiet 22-7 America/New_York")
    preview = await world.command("ada", 'poll "Tap it?" yes | no [closes tomorrow 18:00]')
    assert "Closes Mon 2 Mar 2026, 23:00 UTC." in preview
    assert "I read your times as those of America/New_York." in preview
    await world.press("ada", "Edit")
    assert fields_of(world, "ada")["closes"] == "2026-03-02 18:00"


async def test_a_poll_hangs_on_a_case_of_ones_own_and_never_leads_its_opinions(world: World) -> None:
    await posted(world)
    assert await world.command("ben", 'poll 101 "Tap it?" yes | no') == "[form] Ask a poll"
    assert "I know no case #101" in why(world, "ben")
    for leading in (
        '"What is it?" this | that',
        '"Which?" gout | cellulitis',
        '"Diagnosis?" yes | no',
        '"Is it gout?" yes | no',
    ):
        await world.command("ada", f"poll 101 {leading}")
        assert "a poll on what it is would lead them" in why(world, "ada"), leading
    assert "It stands in the thread of case #101." in await world.command(
        "ada", 'poll #101 "Tap it?" yes | no'
    )
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert world.words.room[-1].thread == world.words.room[0].remote
    await world.command("ada", 'poll 101 "Scrape it?" yes | no')
    await world.command("ada", "close 101")
    assert "Case #101 is closed" in await world.command("ada", "post")


@pytest.mark.parametrize(
    ("question", "options", "asks"),
    [
        ("Is it gout?", ("yes", "no"), True),
        ("Could this be Lyme disease?", ("yes", "no"), True),
        ("She has lupus.", (), True),
        ("Your DDx?", ("a", "b"), True),
        ("Which first?", ("gout", "cellulitis"), True),
        ("Which test first?", ("MRI", "CT"), False),
        ("Is it worth a biopsy?", ("yes", "no"), False),
        ("First treatment?", ("Steroid", "Antifungal"), False),
    ],
)
def test_a_poll_that_asks_what_it_is_is_known_as_one(
    question: str, options: tuple[str, ...], asks: bool
) -> None:
    assert asks_diagnosis(question, options) is asks


async def test_a_poll_on_a_case_under_an_alias_goes_out_under_it(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A man with a plaque.", "question": "Biopsy?"})
    await world.look_through("ada")
    await world.command("ada", "alias")
    await world.post("ada")
    await world.wait(UNDO + 5)
    await world.command("ada", 'poll 101 "Scrape it?" yes | no')
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert world.words.room[1].card.speaker == world.words.room[0].card.speaker
    await world.command("ada", "poll change 102")
    await world.submit("ada", {"question": "Scrape it now?", "options": "yes\nno"})
    await world.press("ada", "Post")
    await world.settle()
    assert "Scrape it now?" in world.room(world.words)[1]
    assert world.words.room[1].card.speaker == world.words.room[0].card.speaker


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_until_the_first_ballot_everything_can_be_changed(world: World, person: str) -> None:
    await world.say(person, 'poll "Tap it?" yes | no')
    await world.press(person, "Post")
    await world.wait(UNDO)
    line = 'poll change 101 ranking "Which first?" CRP | ESR | ferritin [closes 3d]'
    assert "It takes the place of poll 101, in every room." in await world.say(person, line)
    assert "Poll 101 changes in every room now." in await world.press(person, "Post")
    await world.settle()
    for room in (world.forms, world.words):
        assert len(world.room(room)) == 1
        assert "Which first?" in world.room(room)[0]
        assert "Put options 1 to 3 in order, the best first." in world.room(room)[0]
    assert "I know no poll 101" in await world.command("ben", "poll change 101")


async def test_a_ballot_between_preview_and_post_keeps_the_words(world: World) -> None:
    await world.command("ada", 'poll "Tap it?" yes | no')
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert await world.press("ada", "Change") == "[form] Change poll 101"
    assert fields_of(world, "ada")["options"] == "yes\nno"
    await world.submit("ada", {"question": "Scrape it?", "options": "yes\nno\nlater"})
    assert "counted: yes" in await world.command("ben", "vote 101 1")
    assert "Poll 101 has ballots, so its words stay." in await world.press("ada", "Post")
    await world.settle()
    assert "Tap it?" in world.room(world.words)[0]
    assert "Close it and ask a new one" in await world.command("ada", "poll change 101")


async def test_options_that_read_the_same_once_cleaned_are_not_posted(world: World) -> None:
    await world.command("ada", 'poll "Which cream?" the blue one | the red one')
    await world.command("ada", "hide blue")
    await world.command("ada", "hide red")
    assert "Two of the options are the same" in await world.command("ada", "post")


async def test_a_case_lists_its_polls_and_takes_them_along(world: World) -> None:
    await posted(world)
    await world.command("ada", 'poll 101 "Tap it?" yes | no')
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert "counted: yes" in await world.command("ben", "vote 102 1")
    assert "Polls on it: 102 (open). For example: vote 102." in await world.command("ben", "show 101")
    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert not world.words.room
    assert not world.forms.room
    assert "I know no poll 102" in await world.command("ben", "vote 102 1")


async def test_a_unit_is_cleaned_like_all_words(world: World) -> None:
    preview = await world.command("ada", 'poll number "Dose?" 0-40 MRN 4471920')
    assert "4471920" not in preview
    await world.command("ada", "hide all")
    await world.press("ada", "Post")
    await world.wait(UNDO)
    assert "Give a number from 0 to 40 MRN [" in world.room(world.words)[0]
