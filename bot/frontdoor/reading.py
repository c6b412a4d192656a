"""Reading: from an event and the unfinished talk to the one thing that the person wants. Pure."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass, replace

from bot.chat.cards import Card
from bot.chat.events import Event, Kind, Place
from bot.chat.wizard import Wizard, begin
from bot.commands.context import Ask
from bot.commands.registry import WORDS
from bot.domain.home_questions import ANSWERED_BY, MEANING, HomeQuestion
from bot.frontdoor.for_whom import asked_for_whom
from bot.frontdoor.replies import SPOKEN_OF, is_command, label_said
from bot.frontdoor.talk import Talk
from bot.views.case import case_form
from bot.views.home import draft_reply_card, expired_card, spell_card
from bot.views.moderators import spell_approval_card

_NUMBER = re.compile(r"^\s*(\d{1,2})\s*[.)]?\s*$")
_CODE = re.compile(r"^\s*(\d{4}[ -]?\d{4})\s*$")
"""Eight digits are the code of a mail, which people paste as it is."""
_ADDRESS = re.compile(r"^[^\s@:]+@[^\s@:]+\.[^\s@:]+$")
"""An e-mail address alone answers where to send a code; Matrix accounts begin with their sign."""
_NEVER_BY_NUMBER = {"post"}
_APPROVES = "mod approve "
_ASIDE = {"help", "rules"}
_WIZARD_WORDS = {"done", "skip", "back", "cancel"}


@dataclass(frozen=True, slots=True)
class Say:
    """Run a command."""

    word: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Go:
    """Go on with a wizard; it may be finished now."""

    wizard: Wizard


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop the wizard."""

    wizard: Wizard


@dataclass(frozen=True, slots=True)
class Tell:
    """Nothing to do but to say this: a number or word that answers nothing (any more), or may not."""

    card: Card


Wish = Say | Go | Stop | Tell


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that words are a reply to: its subject, and the number of the case it belongs to."""

    about: str
    number: int | None = None

    def is_said_to(self, text: str, *, plain: bool) -> bool:
        """Say whether words are said to this message, and no command; ``plain`` ones had no prefix."""
        question = HomeQuestion.read(self.about)
        if question is None and self.about.partition(":")[0] not in SPOKEN_OF:
            return False
        if _NUMBER.match(text):
            return question is not None and question.kind == MEANING
        if plain:
            return not label_said(text) and not is_command(text, self.number)
        return _word_of(text) not in WORDS


def read(
    event: Event,
    talk: Talk,
    about: str,
    prefix: str,
    aside: Container[str] = (),
    number: int | None = None,
) -> Wish:
    """Say what the person wants. ``about`` is the subject of the message that the event answers.

    ``number`` is that of the case that this message belongs to, if it belongs to one.
    ``aside`` are beginnings, of one word or two, that answer no wizard when this person says them.
    """
    if event.kind is Kind.FORM:
        return _say(event.text, Ask(values=event.values, files=event.files, submitted=True))
    if event.place is Place.HOME and (event.kind is Kind.TEXT or _goes_on(event, prefix)):
        return _read_text(event, talk, Answered(about, number), prefix, aside)
    return _say(bare(event.text, prefix), Ask(files=event.files, about=about))


def _goes_on(event: Event, prefix: str) -> bool:
    """Tell a wizard's word with its prefix, as the questions print it, from a command."""
    return event.kind is Kind.COMMAND and bare(event.text, prefix).casefold() in _WIZARD_WORDS


def _read_text(event: Event, talk: Talk, answered: Answered, prefix: str, aside: Container[str]) -> Wish:
    text = bare(event.text, prefix)
    beside = " ".join(text.casefold().split()[:2]) in aside
    if talk.wizard is not None and not beside and _is_answer(text, event) and not _chooses(text, talk):
        return _hear(talk.wizard, text, event)
    if answered.is_said_to(text, plain=text == event.text.strip()):
        return _answer_to(answered.about, text, event)
    if text.casefold() in _WIZARD_WORDS:
        return Tell(expired_card("case"))
    if match := _NUMBER.match(text):
        return _choose(int(match[1]), talk)
    return _read_command(_as_command(text, answered.about), event, answered.about)


def _as_command(text: str, about: str) -> str:
    """Put the word before what people send without one: a code, an address, the label of a button."""
    if match := _CODE.match(text):
        return f"verify code {match[1]}"
    if _ADDRESS.match(text):
        return f"verify email {text}"
    return (label_said(text) if about else "") or text


def _read_command(text: str, event: Event, about: str) -> Wish:
    if _word_of(text) not in WORDS:
        if about.startswith("draft:"):
            return Tell(draft_reply_card())
        if event.files:
            return Go(begin(case_form()).hear(text, event.files, event.remote))
    return _say(text, Ask(files=event.files, about=about))


def _answer_to(about: str, text: str, event: Event) -> Say:
    """Take words in reply to a message: an answer to what it asks, else a comment on what it shows."""
    if question := HomeQuestion.read(about):
        return Say(ANSWERED_BY[question.kind], Ask(reply=text, files=event.files, about=about))
    return Say("comment", Ask(values={"text": text}, files=event.files, about=about, submitted=True))


def _is_answer(text: str, event: Event) -> bool:
    """Tell an answer to the wizard from a command with its prefix and from a question aside."""
    if text.casefold() in _WIZARD_WORDS:
        return True
    return text == event.text.strip() and text.casefold() not in _ASIDE


def _chooses(text: str, talk: Talk) -> bool:
    """Tell a number for a card that is newer than a question for words: a question empties the prompt."""
    match = _NUMBER.match(text)
    asks_words = talk.wizard is not None and not talk.wizard.offers_numbers
    return match is not None and asks_words and 1 <= int(match[1]) <= len(talk.prompt)


def _hear(wizard: Wizard, text: str, event: Event) -> Wish:
    if text.casefold() == "cancel":
        return Stop(wizard)
    return Go(asked_for_whom(wizard.hear(text, event.files, event.remote)))


def _choose(number: int, talk: Talk) -> Wish:
    if not 1 <= number <= len(talk.prompt):
        return Tell(expired_card("help"))
    command = talk.prompt[number - 1]
    if _word_of(command) in _NEVER_BY_NUMBER:
        return Tell(spell_card(command))
    if command.startswith(_APPROVES):  # a newer card may have come while somebody typed a number
        return Tell(spell_approval_card(command))
    return _say(command, Ask())


def _say(text: str, ask: Ask) -> Say:
    word, _, argument = text.strip().partition(" ")
    if "\n" in word:
        word, _, rest = text.strip().partition("\n")
        argument = rest
    return Say(word.casefold(), replace(ask, argument=argument.strip()))


def _word_of(text: str) -> str:
    return text.split(maxsplit=1)[0].casefold() if text.split() else ""


def bare(text: str, prefix: str) -> str:
    """Take the command prefix off, where somebody typed it."""
    stripped = text.strip()
    for start in (prefix.strip(), "!c"):
        if stripped == start:
            return ""
        if stripped.startswith(f"{start} "):
            return stripped[len(start) :].strip()
    return stripped
