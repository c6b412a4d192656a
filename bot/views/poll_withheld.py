"""Why a poll shows no result, or no newer one, although enough people voted."""

from __future__ import annotations

from bot.chat.text import Piece, Word
from bot.domain.polls import Poll


def why_withheld(poll: Poll) -> tuple[Piece, ...]:
    """Say which poll's result stands instead, and how to read it; empty where none bars this poll's."""
    if not poll.barred_by:
        return ()
    return (
        f"Poll {poll.barred_by} asked nearly the same, and its result stands: ",
        Word(f"results {poll.barred_by}"),
        ". Two results side by side could show how a few people voted.",
    )
