"""One piece that was taken out, in one line, for its author."""

from __future__ import annotations

from bot.chat.cards import Strong, line
from bot.chat.text import Line
from bot.domain.removals import Fate, Removal


def removal_line(removal: Removal) -> Line:
    """Say of one piece what it is, why it was found, and what became of it."""
    lead = Strong(f"{removal.number} {removal.category}")
    if removal.fate is Fate.KEPT:
        return line(lead, f" ({removal.hint}): put back by you.")
    if removal.fate is Fate.OPEN:
        return line(lead, f" ({removal.hint}): private or not? {removal.reason} You decide.")
    return line(lead, f" ({removal.hint}): shown as {removal.shown_as}. {removal.reason}")
