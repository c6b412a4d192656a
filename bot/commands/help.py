"""Help, rules and standing: what anybody may ask, verified or not."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Card
from bot.commands.registry import BESIDE, BY_WORD, Group, nearest
from bot.domain.members import Role
from bot.domain.permissions import Action, allowed
from bot.views import home, poll_form

_FIRST: Final = ("case", "open", "show", "opinion", "comment", "undo", "poll", "vote", "me")
_FIRST_OF_MODERATORS: Final = ("mod queue", "mod words", "open", "show", "read", "me")
_FIRST_OF_STRANGERS: Final = ("verify", "link", "rules")
_DOES: Final = {
    **{word: (word, does) for word, does in BESIDE},
    **{word: (command.usage, command.does) for word, command in BY_WORD.items()},
    "mod queue": ("mod queue", "See who waits for you."),
    "mod words": ("mod words", "List what else moderators can do."),
}
"""By word: an example to copy, and what it does."""
_FURTHER: Final = {"comment": home.REPLIES, "poll": poll_form.WAYS}


def answer_anybody(word: str, argument: str, role: Role | None) -> Card | None:
    """Answer ``help`` or ``rules``, to a member in a role or to nobody's; None for any other word."""
    if word == "help":
        return _help(argument.strip().casefold(), role)
    return home.rules_card() if word == "rules" else None


def _help(word: str, role: Role | None) -> Card:
    if word == "privacy":
        return home.privacy_card()
    if word in _DOES:
        return home.word_card(*_DOES[word], _FURTHER.get(word, ""))
    if word:
        return home.unknown_card(word, nearest(word))
    first = _first(role)
    return home.help_card([_DOES[one] for one in first], _more(role, first), example=first[0])


def _first(role: Role | None) -> tuple[str, ...]:
    """List what somebody needs first, of what they may do."""
    if role is None:
        return _FIRST_OF_STRANGERS
    if role is Role.MODERATOR:
        return _FIRST_OF_MODERATORS
    return tuple(word for word in _FIRST if _may(word, role))


def _more(role: Role | None, first: tuple[str, ...]) -> tuple[str, ...]:
    """List a member's other words; those of a draft stand where the draft is looked at."""
    if role is None:
        return ()
    drafting = {word for word, command in BY_WORD.items() if command.group is Group.DRAFTS}
    kept = (word for word in (*BY_WORD, *dict(BESIDE)) if word not in {*first, *drafting, "help", "verify"})
    return tuple(word for word in kept if word != "mod" and _may(word, role))


def _may(word: str, role: Role) -> bool:
    action = Action(word)
    return allowed(action, role, owns=True) or allowed(action, role, owns=False)
