"""Voting in every kind of poll, by button, form, wizard and one line; nobody but the voter hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.forms import ChoiceField, Form
from bot.domain.members import Role
from bot.domain.poll_terms import PollKind, Terms
from bot.domain.polls import PollState
from tests.stories.polling import KINDS, asked, slots_of
from tests.stories.world import World

CELL = "Internal medicine"
SAID = {
    "single": ("2", "Biopsy", (0, 1, 0, 0)),
    "likert": ("agree", "Agree", (0, 0, 0, 1, 0, 0)),
    "multiple": ("3,1", "Steroid; Watch", (1, 0, 1, 0)),
    "ranking": ("2>1>3", "1. Biopsy, 2. Steroid, 3. Watch", (0, 1, 0, 1, 0, 0, 0, 0, 1, 0)),
    "number": ("0,5 mg", "0.5 mg", (0, 1, *[0] * 40)),
}


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_a_vote_in_one_line_counts_and_is_confirmed_to_the_voter_alone(
    world: World, person: str
) -> None:
    for number, kind in enumerate(KINDS, start=101):
        poll = await asked(world, *KINDS[kind])
        before = seen_by_others(world)
        typed, words, slots = SAID[kind]
        until = f"You can change it until poll {number} is closed: vote {number}."

        assert await world.say(person, f"vote {number} {typed}") == f"Your vote counted: {words}. {until}"
        assert await slots_of(world, poll) == {CELL: slots}
        assert await world.say(person, f"vote {number} don't know") == (
            "Your vote was changed to: Don't know / not my field. "
            f"Nothing of the earlier one is kept. {until}"
        )
        assert await slots_of(world, poll) == {CELL: (*[0] * (len(slots) - 1), 1)}
        assert seen_by_others(world) == before


def seen_by_others(world: World) -> list[list[str]]:
    rooms = [world.room(site) for site in (world.forms, world.words)]
    return rooms + [world.home(one) for one in ("ben", "cleo", "sana")]


async def test_the_wizard_asks_for_a_vote_and_keeps_nothing_of_it(world: World) -> None:
    for number, kind in enumerate(KINDS, start=101):
        poll = await asked(world, *KINDS[kind])
        typed, words, slots = SAID[kind]
        assert "What first?" in await world.say("ravi", f"vote {number}")
        assert f"Your vote counted: {words}." in await world.say("ravi", typed)

        assert f"Your vote now: {words}." in await world.say("ravi", f"vote {number}")
        async with world.bot.house.content.work() as work:
            kept = await work.dialogs.get(f"talk:{world.bot.wall.talk_key(world.words.account('ravi'))}")
        assert kept is not None
        assert b"Your vote now" not in kept
        assert b"initial" not in kept
        assert "cannot be skipped" in await world.say("ravi", "skip")
        assert "Stopped" in await world.say("ravi", "cancel")
        assert await slots_of(world, poll) == {CELL: slots}


async def test_a_form_shows_the_vote_so_far_and_changes_it(world: World) -> None:
    for number, kind in enumerate(KINDS, start=101):
        poll = await asked(world, *KINDS[kind])
        typed, words, slots = SAID[kind]
        await world.command("ada", f"vote {number}")
        assert f"Your vote counted: {words}." in await world.submit("ada", {"choice": typed})
        assert await slots_of(world, poll) == {CELL: slots}

        await world.command("ada", f"vote {number}")
        form = world.forms.answers["ada"][-1]
        assert isinstance(form, Form)
        initial = getattr(form.fields[0], "initial", "")
        assert initial
        assert f"changed to: {words}." in await world.submit("ada", {"choice": initial})
        assert await slots_of(world, poll) == {CELL: slots}
        await world.command("ada", f"vote {number}")
        assert await world.submit("ada", {}) == f"[form] Vote in poll {number}"


async def test_single_and_likert_have_a_button_for_each_option_and_others_one(world: World) -> None:
    for number, kind in enumerate(KINDS, start=101):
        await asked(world, *KINDS[kind])
        labels = [button.label for button in world.forms.room[-1].card.buttons]
        options = [*KINDS[kind][1], "Don't know / not my field"]
        assert labels == (options if kind in ("single", "likert") else ["Vote"])
        if labels == ["Vote"]:
            assert await world.press("ada", "Vote") == f"[form] Vote in poll {number}"
        else:
            assert f"Your vote counted: {options[1]}." in await world.press("ada", options[1])


async def test_whoever_is_not_asked_cannot_vote_and_is_told_who_can(world: World) -> None:
    asks = Terms(audience=("Cardiology", "Neurology"), trainees=False)
    poll = await asked(world, asks)
    told = "Poll 101 asks cardiology and neurology. You can read its result once it is closed."
    assert await world.command("ada", "vote 101 1") == told
    assert await world.command("ada", "vote 101") == told
    for name, specialty, role in (
        ("eva", "Cardiology", Role.PHYSICIAN),
        ("finn", "Neurology", Role.TRAINEE),
        ("gil", "Neurology", Role.PHYSICIAN),
    ):
        await world.bot.wall.joining.enrol(
            world.forms.account(name), f"{name.capitalize()} Planted", specialty, role, by="test"
        )
    assert "Your vote counted" in await world.command("eva", "vote 101 1")
    assert "not trainees" in await world.command("finn", "vote 101 1")
    assert "Your vote counted" in await world.command("gil", "vote 101 2")
    assert await slots_of(world, poll) == {"Cardiology": (1, 0, 0, 0), "Neurology": (0, 1, 0, 0)}


async def test_a_trainees_ballot_lies_in_a_cell_of_its_own(world: World) -> None:
    poll = await asked(world)
    account = world.forms.account("finn")
    await world.bot.wall.joining.enrol(account, "Finn Planted", CELL, Role.TRAINEE, by="test")
    await world.command("finn", "vote 101 1")
    await world.command("ada", "vote 101 1")
    assert await slots_of(world, poll) == {f"{CELL}/trainees": (1, 0, 0, 0), CELL: (1, 0, 0, 0)}


async def test_before_it_opens_and_after_it_is_closed_there_is_no_vote(world: World) -> None:
    poll = await asked(world)
    async with world.bot.house.content.work() as work:
        await work.polls.replace(replace(poll, state=PollState.WAITING))
    assert "not open yet" in await world.command("ada", "vote 101 1")
    assert "not open yet" in await world.command("ada", "vote 101")
    async with world.bot.house.content.work() as work:
        await work.polls.replace(poll)
    await world.command("ben", "endpoll 101")
    assert await world.command("ada", "vote 101 1") == "Poll 101 is closed."
    assert await world.command("ada", "vote 101") == "Poll 101 is closed."


@pytest.mark.parametrize("kind", [PollKind.SINGLE, PollKind.MULTIPLE, PollKind.RANKING])
async def test_a_shuffled_poll_shows_no_order_in_the_room_and_each_voter_one(
    world: World, kind: PollKind
) -> None:
    poll = await asked(world, Terms(kind, most=2, shuffled=True))
    for site in (world.forms, world.words):
        assert not [option for option in poll.options if option in world.room(site)[-1]]
    lists = {person: await listed(world, person) for person in ("ada", "ben", "cleo", "dara")}
    assert lists["ada"] == await listed(world, "ada"), "the order of one voter stays"
    for told in lists.values():
        assert sorted(told) == [f"{number}. {option}" for number, option in enumerate(poll.options, start=1)]
        assert told[-1] == "4. Don't know / not my field"
    assert len({tuple(told) for told in lists.values()}) > 1
    words = await world.say("ravi", "vote 101")
    assert all(f"{number}. {option}" in words for number, option in enumerate(poll.options, start=1))
    vote = {PollKind.RANKING: "3>2>1"}.get(kind, "3")
    assert "Watch" in await world.say("ravi", vote)
    assert "Your vote now: " in await world.say("ravi", "vote 101")


async def test_a_number_that_names_another_option_is_no_vote_wherever_it_is_typed(world: World) -> None:
    poll = await asked(world, Terms(shuffled=True), ("2", "1", "4"))
    told = 'Option 1 of poll 101 is called "2". Put # before an option\'s number: vote 101 #1.'
    assert await world.say("ravi", "vote 101 2") == told
    await world.say("ravi", "vote 101")
    for words in ("2", "1"):
        assert "Please answer with one of #" in await world.say("ravi", words)
    assert await slots_of(world, poll) == {}
    assert "Your vote counted: 2." in await world.say("ravi", "#1")
    assert await slots_of(world, poll) == {CELL: (1, 0, 0, 0)}


async def listed(world: World, person: str) -> list[str]:
    """Read the options in the order of somebody's form."""
    await world.command(person, "vote 101")
    form = world.forms.answers[person][-1]
    assert isinstance(form, Form)
    field = form.fields[0]
    if isinstance(field, ChoiceField):
        return [option.label for option in field.options]
    (items,) = (block for block in form.lead if type(block).__name__ == "Items")
    return ["".join(str(piece) for piece in words) for words in getattr(items, "lines", ())]


async def test_a_past_name_and_an_unknown_poll_change_nothing_of_who_votes(world: World) -> None:
    poll = await asked(world)
    await world.command("ada", "vote 101 1")
    await world.command("ada", "name")
    await world.command("ada", "name 1")
    assert "Your vote was changed to: Watch." in await world.command("ada", "vote 101 3")
    assert await slots_of(world, poll) == {CELL: (0, 0, 1, 0)}
    assert "I know no poll 999" in await world.command("ada", "vote 999 1")
    assert "Which poll?" in await world.command("ada", "vote")
