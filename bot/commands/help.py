"""Help, rules and standing: what anybody may ask, verified or not."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.registry import BY_WORD, FOR_ANYBODY, FOR_MODERATORS, FOR_PHYSICIANS, nearest
from bot.views import home

_SHORT = ("case", "open", "show", "opinion", "comment", "withdraw", "undo", "poll", "vote", "me")


def answer_anybody(word: str, argument: str) -> Card | None:
    """Answer ``help`` or ``rules``; None for any other word."""
    if word == "help":
        return _help(argument.strip().casefold())
    return home.rules_card() if word == "rules" else None


def _help(word: str) -> Card:
    if word == "privacy":
        return home.privacy_card()
    if command := BY_WORD.get(word):
        return home.word_card(command.usage, command.does)
    if does := dict((*FOR_ANYBODY, *FOR_PHYSICIANS, *FOR_MODERATORS)).get(word):
        return home.word_card(word, does)
    if word:
        return home.unknown_card(word, nearest(word))
    rows = [(BY_WORD[name].usage, BY_WORD[name].does) for name in _SHORT]
    return home.help_card([*rows, ("verify", "Become a member, or see where that stands.")])
