"""Help, rules and standing: what anybody may ask, verified or not."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.registry import BY_WORD, FOR_ANYBODY, nearest
from bot.domain.members import Member
from bot.views import home

_SHORT = ("case", "open", "show", "opinion", "comment", "withdraw", "undo", "poll", "vote", "me")


def answer_anybody(word: str, argument: str, member: Member | None) -> Card | None:
    """Answer ``help``, ``rules`` or ``verify``; None for any other word."""
    if word == "help":
        return _help(argument.strip().casefold())
    if word == "rules":
        return home.rules_card()
    return home.standing_card(member) if word == "verify" else None


def _help(word: str) -> Card:
    if word == "privacy":
        return home.privacy_card()
    if command := BY_WORD.get(word):
        return home.word_card(command.usage, command.does)
    if does := dict(FOR_ANYBODY).get(word):
        return home.word_card(word, does)
    if word:
        return home.unknown_card(word, nearest(word))
    rows = [(BY_WORD[name].usage, BY_WORD[name].does) for name in _SHORT]
    return home.help_card([*rows, ("verify", "Say where your verification stands.")])
