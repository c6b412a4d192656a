"""Help: to everybody what they may do, short, and every word explained."""

from __future__ import annotations

import pytest

from bot.commands.help import answer_anybody
from bot.commands.registry import WORDS
from bot.domain.members import Role
from tests.stories.world import World
from tests.views.test_views import words_of

LINES = 12
EVERYBODY = (*Role, None)


def help_of(role: Role | None, word: str = "") -> str:
    card = answer_anybody("help", word, role)
    assert card is not None
    return words_of(card)


@pytest.mark.parametrize("role", EVERYBODY)
def test_help_fits_on_a_phone(role: Role | None) -> None:
    assert len(help_of(role).splitlines()) <= LINES


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_explained(word: str) -> None:
    assert help_of(Role.PHYSICIAN, word).startswith(word)


def test_a_physician_finds_the_words_that_are_no_part_of_drafting() -> None:
    told = help_of(Role.PHYSICIAN)
    for word in ("withdraw", "reveal", "name", "link", "unlink", "vouch", "rules"):
        assert word in told


async def test_nobody_is_offered_what_they_may_not_do(world: World) -> None:
    assert "mod queue" not in await world.command("ada", "help")
    stranger = await world.command("nemo", "help")
    assert "verify – " in stranger
    assert "poll" not in stranger
    assert not {"case", "poll", "mod"} & {line.split()[0] for line in help_of(Role.TRAINEE).splitlines()}
    assert "mod queue – " in help_of(Role.MODERATOR)
