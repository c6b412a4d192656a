"""`case dermatology`: what colleagues of a specialty will want to know stands above the story."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form, TextField
from bot.domain.specialties import NAMES
from bot.views.prompts import PROMPTS
from tests.stories.world import UNDO, World
from tests.views.test_views import words_of

SITE = "site, size, number, one side or both"


def test_every_list_is_of_a_specialty_and_short() -> None:
    assert set(PROMPTS) <= set(NAMES)
    assert len(PROMPTS) >= 12
    assert all(3 <= len(prompts) <= 5 for prompts in PROMPTS.values())
    assert all(len(prompt) <= 60 for prompts in PROMPTS.values() for prompt in prompts)


async def test_a_specialty_behind_the_word_shows_its_prompts_and_is_wanted(world: World) -> None:
    await world.command("ada", "case derm")
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    assert SITE in words_of(Card("", blocks=form.lead))
    asked = {field.name: field.initial for field in form.fields if isinstance(field, TextField)}
    assert asked == {"story": "", "question": "", "specialties": "Dermatology"}
    shown = await world.submit("ada", {**asked, "story": "A plaque.", "question": "Biopsy?"})
    assert "For dermatology." in shown
    assert "What dermatology will want to know is listed in edit." in shown
    await world.command("ada", "edit")
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    assert SITE in words_of(Card("", blocks=form.lead))
    await world.submit("ada", {**asked, "story": "A plaque of 2 cm on one shin.", "question": "Biopsy?"})
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert "for dermatology" in world.room(world.words)[0]


async def test_by_words_it_is_the_same(world: World) -> None:
    first = await world.say("ravi", "case Dermatology")
    assert "(1/3): The story" in first
    assert SITE in first
    for words in ("A plaque.", "done", "Biopsy?"):
        await world.say("ravi", words)
    shown = await world.say("ravi", "routine")
    assert "For dermatology." in shown


async def test_by_words_it_is_asked_for_whom_a_case_is_where_no_word_tells(world: World) -> None:
    for words in ("case A plaque.", "done", "Biopsy?"):
        await world.say("ravi", words)
    asked = await world.say("ravi", "routine")
    assert "(4/4): For which specialties" in asked
    assert "Your words name none that I know." in asked
    assert "(3/4): How soon" in await world.say("ravi", "back")
    await world.say("ravi", "routine")
    assert "It pages nobody." in await world.say("ravi", "skip")

    for words in ("case A rash.", "done", "Biopsy?"):
        await world.say("ravi", words)
    assert "For dermatology." in await world.say("ravi", "routine")
    for words in ("case A plaque.", "done", "Biopsy?"):
        await world.say("ravi", words)
    assert "This room is not for emergencies" in await world.say("ravi", "emergency")


async def test_a_story_that_only_begins_with_a_specialty_is_a_story(world: World) -> None:
    first = await world.say("ravi", "case dermatology says it is eczema")
    assert SITE not in first
    await world.say("ravi", "done")
    await world.say("ravi", "Is it?")
    assert "dermatology says it is eczema" in await world.say("ravi", "routine")
