"""Every card says what it must in words that can be read aloud."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType

import pytest

from bot import views
from bot.adapters.matrix.literal import literal as matrix_literal
from bot.adapters.slack.literal import literal as slack_literal
from bot.chat.cards import Card, Fields, Fine, Items, Paragraph, Quote
from bot.chat.text import Word, plain
from bot.commands.registry import WORDS
from bot.views import home, poll
from tests.views.gallery import CARDS, CLOSED_POLL, FORMS

IN_A_FORM = {"back", "cancel", "done", "skip"}
"""What answers a question of a form that is asked in turn."""
CLINICAL = re.compile(r"eczema|plaque|biopsy|steroid|shin|fever|dermat", re.IGNORECASE)


def words_of(card: Card) -> str:
    lines = [card.title]
    for block in card.blocks:
        if isinstance(block, Paragraph | Fine):
            lines.append(plain(block.line))
        elif isinstance(block, Items):
            lines += [plain(item) for item in block.lines]
        elif isinstance(block, Fields):
            lines += [f"{name}: {value}" for name, value in block.rows]
        elif isinstance(block, Quote):
            lines.append(block.text)
    return "\n".join(line for line in lines if line)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_has_something_to_read_and_a_notice_without_clinical_words(name: str) -> None:
    card = CARDS[name]

    assert words_of(card).strip()
    assert card.notice.strip()
    if name.startswith(("case", "opinion", "comment", "preview", "poll_result", "poll_asked")) and card.title:
        assert not CLINICAL.search(card.notice)


@pytest.mark.parametrize("name", CARDS)
def test_every_button_is_a_word_that_the_bot_knows(name: str) -> None:
    for button in (*CARDS[name].buttons, *filter(None, [CARDS[name].reopen])):
        assert button.command.split()[0] in WORDS, button


def words_to_type(shown: object) -> Iterator[str]:
    """Find every word to type below a card."""
    if isinstance(shown, Word):
        yield shown.text
    elif isinstance(shown, tuple):
        for one in shown:
            yield from words_to_type(one)
    elif is_dataclass(shown):
        for field in fields(shown):
            yield from words_to_type(getattr(shown, field.name))


@pytest.mark.parametrize("name", CARDS)
def test_every_word_to_type_is_one_that_the_bot_knows(name: str) -> None:
    """Adapters put their prefix before each, so nothing else may be shown as one."""
    assert {word.split()[0] for word in words_to_type(CARDS[name])} <= {*WORDS, *IN_A_FORM}


@pytest.mark.parametrize("name", CARDS)
def test_a_command_can_be_typed_just_as_it_is_shown(name: str) -> None:
    for button in CARDS[name].buttons:
        assert matrix_literal(button.command) == slack_literal(button.command) == button.command


@pytest.mark.parametrize("name", ["case_news"])
def test_news_for_an_open_home_chat_names_nobody(name: str) -> None:
    assert "Otter" not in words_of(CARDS[name])
    assert CARDS[name].speaker is None


VIEWS = tuple(
    importlib.import_module(f"bot.views.{one.name}") for one in pkgutil.iter_modules(views.__path__)
)
GALLERY = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))


@pytest.mark.parametrize("module", VIEWS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_the_gallery_shows_every_card_and_form_that_a_view_makes(module: ModuleType) -> None:
    makers = {
        node.name
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef) and node.name.endswith(("_card", "_form", "_report", "_news"))
    }
    shown = GALLERY + "".join(
        inspect.getsource(one) for one in VIEWS if one is not module or one in (poll, home)
    )
    by_command = {"help_card", "rules_card"}
    missing = {name for name in makers - by_command if f".{name}(" not in shown and f" {name}(" not in shown}

    assert missing == set()


def test_a_result_says_counts_shares_and_base() -> None:
    words = words_of(CARDS["poll_result"])

    assert "Potent steroid: 5 of 8 (63 %, 31–86 %)" in words
    assert "8 physicians and trainees voted." in words
    assert CARDS["poll_result"].pictures[0].alt.startswith(f"Result of poll {CLOSED_POLL.number}")


def test_too_few_votes_show_no_count() -> None:
    assert not re.search(r"\b2\b", words_of(CARDS["poll_too_few"]))


def test_post_is_offered_on_the_last_step_only() -> None:
    offering = {
        name
        for name, card in CARDS.items()
        if name.startswith("preview") and any(button.label == "Post" for button in card.buttons)
    }
    of_other_kinds = {"preview_opinion", "preview_outcome", "preview_question", "preview_question_kind"}
    of_other_kinds |= {name for name in CARDS if name.startswith("preview_poll")}
    assert offering == {"preview_last", "preview_last_alias", "preview_last_own"} | of_other_kinds


@pytest.mark.parametrize("name", [name for name in CARDS if name.startswith("preview")])
def test_a_preview_may_not_lie_open_in_a_chat(name: str) -> None:
    reopen = CARDS[name].reopen
    assert reopen is not None
    assert reopen.command.startswith("preview ")


def test_a_broken_draft_offers_no_post() -> None:
    assert not any(button.command.startswith("post") for button in CARDS["preview_broken"].buttons)
    assert "Picture 3 could not be checked. The file is damaged." in words_of(CARDS["preview_broken"])


def test_forms_fit_every_platform() -> None:
    for form in FORMS.values():
        assert len(form.title) <= 24
        assert len(form.submit) <= 24
        assert all(getattr(field, "max_length", 0) <= 3000 for field in form.fields)
