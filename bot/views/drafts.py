"""What is said about drafts, apart from the preview itself."""

from __future__ import annotations

from bot.chat.cards import Card, Word, note
from bot.domain.drafts import Draft


def draft_words(kind: str) -> str:
    """Name what a draft or posting is, for a sentence."""
    return kind if kind in {"case", "opinion", "comment", "poll"} else "posting"


def discarded_card(draft: Draft) -> Card:
    """Confirm that a draft is gone."""
    return note(f"Thrown away. Your {draft_words(draft.kind)} was not posted. Next: ", Word("open"), ".")
