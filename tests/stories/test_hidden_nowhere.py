"""Whatever happens on a case, in whatever order: what is hidden at that moment can be read nowhere."""

from __future__ import annotations

from random import Random

import pytest

from bot.chat.cards import Card
from tests.stories.applying import moderator
from tests.stories.test_blind_first import HOUR
from tests.stories.world import UNDO, World
from tests.views.test_views import words_of

CASE, OPINIONS, COMMENT = "wheelwright", ("borreliosis", "sarcoidosis", "gout"), "limping"
"""A word that only these posts hold: the story, each opinion, the comment."""
LOOKS = (
    "open",
    "show 101",
    "find biopsy",
    f"find {CASE}",
    "next",
    "home",
    "mine",
    "me data rooms",
    "read 101",
)
STEPS = (
    *("hide 101", "restore 101", "hide 101.1", "restore 101.1", "hide 101.2", "restore 101.2"),
    *("hide 101.c1", "restore 101.c1", "reveal", "close", "opinion", "comment", "wait", "outcome", "lock"),
)


async def begun(world: World) -> None:
    """Post a case, two opinions and a comment; the author's home chat is told every word of them."""
    await moderator(world)
    await world.say("ravi", f"case 58-year-old {CASE} with a plaque.")
    for words in ("done", "Biopsy?", "2", "skip"):
        await world.say("ravi", words)
    await world.post("ravi")
    await world.wait(UNDO + 5)
    await world.say("sana", f"opinion 101 1) {OPINIONS[0]} 2) eczema")
    await world.command("ben", f"opinion 101 1) {OPINIONS[1]} 2) eczema!")
    await world.say("tove", f"comment 101 He is {COMMENT} since then.")
    await world.wait(UNDO)
    assert all(word in "".join(world.home("ravi")) for word in (*OPINIONS[:2], COMMENT))


async def step(world: World, what: str) -> None:
    """Do one step, allowed or not; an answer there always is."""
    by_author = {"reveal": "reveal 101", "close": "close 101", "outcome": "outcome 101 lupus"}
    if what == "wait":
        await world.wait(7 * HOUR)
    elif what == "opinion":
        await world.command("cleo", f"opinion 101 1) {OPINIONS[2]} 2) {OPINIONS[0]}")
    elif what == "comment":
        await world.command("ada", "comment 101 Was he better yesterday?")
    elif what in by_author:
        await world.say("ravi", by_author[what])
    else:
        await world.command("mod", f"mod {what}")


async def hidden_words(world: World) -> set[str]:
    """Give the words that nobody may read right now."""
    async with world.bot.house.content.work() as work:
        case = await work.cases.by_number(101)
        assert case is not None
        opinions = await work.opinions.of_case(case.id, hidden=True)
        comments = await work.comments.of_case(case.id, hidden=True)
    if case.hidden:
        return {CASE, COMMENT, *OPINIONS}
    given = {OPINIONS[one.number - 1] for one in opinions if one.hidden and one.number < 3}
    shared = {OPINIONS[0]} if len(opinions) > 2 else set()
    return (given - shared) | {COMMENT for one in comments if one.hidden}


async def everything_to_be_read(world: World) -> str:
    """Read all rooms, all that was sent to home chats, and the answers to every word that looks."""
    shown = [one.card for site in (world.forms, world.words) for one in site.room]
    homes = (one for site in (world.forms, world.words) for home in site.homes.values() for one in home)
    shown += [one.card for one in homes if one.delivery]
    for words in LOOKS:
        await world.command("dara", words)
        reply = world.forms.answers["dara"][-1]
        shown += [reply] if isinstance(reply, Card) else []
    pictures = " ".join(picture.alt for card in shown for picture in card.pictures)
    return " ".join([*(words_of(card) for card in shown), pictures]).casefold()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 9))])
async def test_what_is_hidden_is_nowhere_whatever_happens(world: World, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a story must repeat itself
    await begun(world)
    seen = 0
    for _ in range(8):
        await step(world, random.choice(STEPS))
        if hidden := await hidden_words(world):
            text = await everything_to_be_read(world)
            assert {word for word in hidden if word in text} == set()
            seen += len(hidden)
    assert seen
