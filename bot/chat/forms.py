"""Forms: what the bot asks. Slack shows one as a modal; where there are no forms, a wizard asks in turn."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.cards import Block, Picture


@dataclass(frozen=True, slots=True)
class TextField:
    """A line or a paragraph to type. ``max_length`` in characters (Slack allows 3,000 at most).

    A ``detail`` is optional, and not asked for where questions come one by one.
    """

    name: str
    label: str
    hint: str = ""
    multiline: bool = False
    optional: bool = False
    max_length: int = 3000
    initial: str = ""
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: ``value`` is what the command gets, ``label`` what the person reads.

    ``also`` is what else somebody may type for it, where questions come one by one; in small letters.
    """

    value: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of a few options, or up to ``most`` of them, whose values then come joined by commas.

    ``initial`` is one of the values, several joined by commas, or empty. ``detail`` is as for text. Where
    questions come one by one, an option is chosen by its place; by nothing but its value unless ``numbered``.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    hint: str = ""
    optional: bool = False
    initial: str = ""
    detail: bool = False
    most: int = 1
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class FilesField:
    """Pictures to attach, 0 to ``most``."""

    name: str
    label: str
    hint: str = ""
    most: int = 6


Field = TextField | ChoiceField | FilesField


@dataclass(frozen=True, slots=True)
class Form:
    """A set of questions. Sent back, its answers arrive as an event with ``text == command`` and values.

    ``lead`` and ``pictures`` stand above the fields: what the person should have seen before answering.
    ``why`` says, next to the first question, why something is asked again. ``passing`` is shown above the
    fields once and kept nowhere; with it, what fields begin with is kept nowhere either.
    """

    command: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Send"
    lead: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()
    why: str = ""
    passing: tuple[Block, ...] = ()
