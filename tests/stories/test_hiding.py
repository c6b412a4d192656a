"""Hiding: what a moderator hides is nowhere to be read until it is restored, and then it goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.applying import moderator
from tests.stories.test_blind_first import HOUR, answered
from tests.stories.test_case_crosses import posted
from tests.stories.test_summary import told
from tests.stories.world import UNDO, World, bytes_below
from tests.views.test_views import words_of

HIDDEN = "Hidden by moderation."
GONE = "Case #101 is hidden right now."
STORY = "68-year-old woman"
ASKED = "Since when does the shin hurt?"
REFUSED = {
    "restore 101": "#101 is not hidden.",
    "restore 101.1": "#101.1 is not hidden.",
    "unlock 101": "#101 is not locked.",
    "hide 999": "I know no case #999",
    "hide 101.9": "I know no opinion #101.9",
    "hide 101.c9": "I know no comment #101.c9",
    "hide": "What shall I hide?",
    "hide it": "What shall I hide?",
    "lock 101.1": "Which case?",
}


@pytest.fixture
async def ward(world: World) -> World:
    """A world with a moderator, who is no physician."""
    await moderator(world)
    return world


async def talked_of(world: World) -> None:
    """Post case 101; an opinion on it, and a question, stand beneath it."""
    await posted(world)
    await answered(world, "ravi", "1) gout next: test a tap")
    await world.say("sana", f"ask 101 {ASKED}")
    await world.wait(UNDO)


def texts(world: World) -> list[str]:
    return [words_of(shown.card) for room in (world.forms, world.words) for shown in room.room]


async def test_a_hidden_case_is_gone_with_all_that_was_said_and_is_restored_as_it_stood(
    ward: World, tmp_path: Path
) -> None:
    await talked_of(ward)
    before = [[shown.card for shown in room.room] for room in (ward.forms, ward.words)]

    assert "Hidden: #101." in await ward.command("mod", "mod hide 101 identifies The shin is in the news.")

    for room in (ward.forms, ward.words):
        assert [words_of(shown.card) for shown in room.room] == [f"#101\n{HIDDEN}", HIDDEN, HIDDEN]
        assert not any(shown.card.pictures or shown.card.buttons for shown in room.room)
        assert [shown.thread for shown in room.room] == ["", room.room[0].remote, room.room[0].remote]
    assert "hidden your case #101" in await ward.press("ada", "Open")
    assert "It may identify somebody." in ward.answer("ada")
    assert "The shin is in the news." in ward.answer("ada")
    assert b"The shin is in the news." not in bytes_below(tmp_path)

    assert "Shown again: #101." in await ward.press("mod", "Restore")
    assert [[shown.card for shown in room.room] for room in (ward.forms, ward.words)] == before
    assert STORY in await ward.command("ben", "show 101")


async def test_no_word_gives_a_hidden_case_to_others_than_moderators_and_its_author_takes_it_back(
    ward: World,
) -> None:
    await talked_of(ward)
    await ward.command("mod", "mod hide 101")

    for word in ("show 101", "read 101", "opinion 101 gout", "comment 101 Hm.", "ask 101 Why?", "follow 101"):
        assert GONE in await ward.command("ben", word)
    for word in ("helpful 101.1", "notmine 101"):
        assert GONE in await ward.command("ben", word)
    assert "No case is open" in await ward.command("ben", "open")
    assert "101" not in await ward.command("ben", "find antibiotics")
    assert STORY not in await ward.command("ben", "next")
    assert "101" not in await ward.command("ben", "home")
    for word in ("close 101", "reveal 101", "add 101 More.", "wider 101"):
        assert GONE in await ward.command("ada", word)
    assert f"#101 {HIDDEN}" in await ward.command("ada", "mine")
    await ward.command("ada", "me data rooms")
    assert STORY not in ward.answer("ada")
    assert HIDDEN in ward.answer("ada")
    looked = await ward.command("mod", "show 101")
    assert STORY in looked
    assert "hidden by moderation" in looked

    await ward.command("ada", "withdraw 101 yes")
    assert texts(ward) == []
    assert "withdrawn by its author" in await ward.command("mod", "mod restore 101")


async def test_the_clock_of_a_hidden_case_stands_still(ward: World) -> None:
    await talked_of(ward)
    await ward.command("mod", "mod hide 101")
    await ward.wait(100 * HOUR)
    assert {HIDDEN, f"#101\n{HIDDEN}"} == set(texts(ward))

    await ward.command("mod", "mod restore 101")
    await ward.wait(10 * HOUR)
    assert not any("gout" in words for words in texts(ward))
    await ward.wait(2 * HOUR)
    assert sum("gout" in words for words in texts(ward)) == 2
    assert not any("Summary" in words for words in texts(ward))
    await ward.wait(12 * HOUR)
    assert sum("Summary" in words for words in texts(ward)) == 2


async def test_what_is_held_never_leaves_while_its_case_is_hidden(ward: World) -> None:
    await posted(ward)
    await ward.say("sana", f"comment 101 {ASKED}")
    await ward.command("mod", "mod hide 101")
    await ward.wait(HOUR)
    assert texts(ward) == [f"#101\n{HIDDEN}"] * 2
    assert not any(ASKED in words for words in ward.home("ada"))

    await ward.command("mod", "mod restore 101")
    assert sum(ASKED in words for words in texts(ward)) == 2


async def test_a_hidden_opinion_counts_nowhere_until_it_is_restored(ward: World) -> None:
    await told(ward)
    assert "Hidden: #101.1." in await ward.command("mod", "mod hide 101.1 abuse")
    assert "stays as it is" in await ward.command("ben", "opinion 101 psoriasis")
    await ward.command("ada", "close 101")
    await ward.settle()

    for room in (ward.forms, ward.words):
        assert "3 independent opinions" in ward.room(room)[-1]
        assert [words_of(shown.card) for shown in room.room].count(HIDDEN) == 1
    assert "A moderator has hidden your opinion #101.1" in await ward.command("ben", "show 101")
    assert "test a tap" not in await ward.command("dara", "show 101")

    await ward.command("mod", "mod restore 101.1")
    for room in (ward.forms, ward.words):
        assert sum("4 independent opinions" in words for words in ward.room(room)) == 1
        assert sum("test a tap" in words for words in ward.room(room)) == 1

    await ward.command("mod", "mod hide 101.2 wrong")
    for room in (ward.forms, ward.words):
        (summary,) = (words for words in ward.room(room) if "Summary" in words)
        assert "3 independent opinions" in summary
        assert "Infectious arthritis" not in summary


async def test_a_comment_is_named_by_its_number_or_by_answering_it(ward: World) -> None:
    await talked_of(ward)
    assert "101.c1" in "".join(str(block) for block in (await _shown_to_mod(ward)))
    await ward.command("mod", "mod hide 101.c1 not_clinical")
    assert not any(ASKED in words for words in texts(ward))
    assert not any(ASKED in words for words in ward.home("ada"))
    assert ASKED not in await ward.command("ada", "show 101")
    assert "your comment #101.c1" in await ward.say("sana", "show 101")

    await ward.command("mod", "mod restore 101.c1")
    assert sum(ASKED in words for words in texts(ward)) == 2


async def _shown_to_mod(world: World) -> tuple[object, ...]:
    await world.command("mod", "show 101")
    return tuple(world.card("mod").blocks)


async def test_what_cannot_be_done_is_said_and_what_was_done_is_in_the_chain_once(ward: World) -> None:
    await talked_of(ward)
    before = texts(ward)
    for words, answer in REFUSED.items():
        assert answer in await ward.command("mod", f"mod {words}")
    assert texts(ward) == before

    for words in ("hide 101 identifies A ward.", "hide 101", "hide 101.1", "restore 101", "lock 101 Enough."):
        await ward.command("mod", f"mod {words}")
    acts = [entry for entry in await ward.bot.wall.audit.entries() if "#101" in entry.reference]
    assert [(act.what, act.reference) for act in acts] == [
        ("case_hidden", "#101 identifies"),
        ("case_restored", "#101 other"),
        ("case_locked", "#101 other"),
    ]
    assert "#101 is locked already." in await ward.command("mod", "mod lock 101")


async def test_a_case_that_is_not_out_is_not_there_to_be_hidden(ward: World) -> None:
    await ward.command("ada", "case")
    await ward.submit("ada", {"story": STORY, "question": "Biopsy?", "urgency": "soon"})
    await ward.post("ada")
    assert "I know no case #101" in await ward.command("mod", "mod hide 101")
    await ward.wait(UNDO + 5)
    assert len(texts(ward)) == 2


async def test_what_somebody_left_behind_is_hidden_and_nobody_is_told(ward: World) -> None:
    await talked_of(ward)
    await ward.say("ravi", "me delete keep yes")
    await ward.command("mod", "mod hide 101.1")
    assert texts(ward).count(HIDDEN) == 2
    await ward.command("mod", "mod restore 101.1")
    assert HIDDEN not in texts(ward)
    assert (await ward.bot.queue.depth())["quarantined"] == 0
