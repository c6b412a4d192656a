"""What is said about drafts, apart from the preview itself."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Card, Word, note
from bot.domain.drafts import Draft


def draft_words(kind: str) -> str:
    """Name what a draft or posting is, for a sentence."""
    return (
        kind if kind in {"case", "opinion", "comment", "poll", "outcome", "update", "question"} else "posting"
    )


def discarded_card(draft: Draft) -> Card:
    """Confirm that a draft is gone."""
    return note(f"Thrown away. Your {draft_words(draft.kind)} was not posted. Next: ", Word("open"), ".")


_HOW_TO_DELETE: Final = "To delete it, hold each message, or open its menu, and choose Remove or Delete."


def stays_card() -> Card:
    """Tell an author that the originals of a draft are still in the home chat, and how to delete them."""
    return note(
        "I was not allowed to delete what you sent me for your draft. Some or all of it still stands in our "
        f"chat, just as you sent it. {_HOW_TO_DELETE}"
    )


def stays_quiet_card() -> Card:
    """Tell the same in a home chat that others can export."""
    return note(f"Something that you sent me still stands in our chat; I may not delete it. {_HOW_TO_DELETE}")
