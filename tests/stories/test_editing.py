"""A draft's words can be changed before it leaves; decisions stand, and nothing leaves uncleaned."""

from __future__ import annotations

from bot.chat.forms import Form, TextField
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

STORY = "58-year-old wheelwright, Mr. Ingvar Sandkvist, with a plaque since 3 March 2026."


def asked(world: World, name: str) -> str:
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    return next(field.initial for field in form.fields if isinstance(field, TextField) and field.name == name)


async def test_a_case_is_edited_from_what_was_written_and_decisions_stand(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": "Biopsy?"})
    await world.command("ada", "hide wheelwright")
    assert "put back by you" in await world.command("ada", f"keep {await number_of(world, 'DATE')} yes")

    assert await world.press("ada", "Edit") == "[form] Edit your case"
    assert asked(world, "story") == STORY
    changed = f"{STORY} He met Mr. Tollef Brandvik, a wheelwright too."
    shown = await world.submit("ada", {"story": changed, "question": "Biopsy, or a scraping?"})
    assert "Brandvik" not in shown
    assert "Sandkvist" not in shown
    assert "wheelwright" not in shown
    assert "since 3 March 2026" in shown
    assert "#101" in await world.post("ada")
    await world.wait(UNDO + 5)
    assert "a scraping?" in world.room(world.words)[0]


async def number_of(world: World, category: str) -> int:
    async with world.bot.house.content.work() as work:
        known = await world.bot.wall.who(world.forms.account("ada"))
        assert known is not None
        (draft,) = await work.drafts.of_member(known.member)
    return next(piece.number for piece in draft.removals if piece.category == category)


async def test_an_opinion_a_comment_and_a_poll_are_edited_too(world: World) -> None:
    await posted(world, "ben")
    await world.command("ada", "opinion 101 1) gout 2) Sandkvist's disease next: ask Dr. Miller")
    await world.press("ada", "Edit")
    assert asked(world, "diagnoses") == "1) gout\n2) Sandkvist's disease"
    await world.submit("ada", {"diagnoses": "1) gout\n2) cellulitis", "next": "a tap", "remark": ""})
    assert "is in" in await world.press("ada", "Post")

    await world.command("ada", "comment 101 call 555-867-5309")
    await world.press("ada", "Edit")
    assert asked(world, "text") == "call 555-867-5309"
    assert "needs words" in await world.submit("ada", {"text": " "})
    await world.command("ada", "edit")
    await world.submit("ada", {"text": "call me when the culture is back"})
    assert "is in" in await world.press("ada", "Post")

    await world.command("ada", 'poll "Tap it?" yes | no')
    await world.press("ada", "Edit")
    assert asked(world, "options") == "yes\nno"
    await world.submit("ada", {"question": "Would you tap the joint?", "options": "yes\nno\nlater"})
    assert "Poll" in await world.press("ada", "Post")
    await world.wait(UNDO + 5)
    await world.command("ben", "reveal 101")
    room = "\n".join(world.room(world.words))
    assert "cellulitis" in room
    assert "when the culture is back" in room
    assert "tap the joint?" in room
    assert "Sandkvist" not in room


async def test_by_words_alone_each_answer_shows_what_stands_and_skip_keeps_it(world: World) -> None:
    await world.say("ravi", "58-year-old man with a plaque", b"")
    await world.say("ravi", "cancel")
    for words in ("case", "58-year-old man with a plaque", "done", "Biopsy?", "2", "skip"):
        await world.say("ravi", words)

    assert "skip keeps it" in await world.say("ravi", "edit")
    assert "58-year-old man with a plaque" in world.answer("ravi")
    await world.say("ravi", "skip")
    await world.say("ravi", "Would you scrape it?")
    assert "Preview of your case" in await world.say("ravi", "skip")
    assert "Would you scrape it?" in world.answer("ravi")
    assert "58-year-old man with a plaque" in world.answer("ravi")


async def test_after_a_day_the_cleaned_words_are_edited(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": "Biopsy?"})
    await world.pass_a_day()

    await world.command("ada", "edit")
    assert "Sandkvist" not in asked(world, "story")
    assert "Mr. [" in asked(world, "story")
