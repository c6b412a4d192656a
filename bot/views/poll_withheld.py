"""Why a poll shows no result, or no newer one, although enough people voted."""

from __future__ import annotations

from typing import Final

from bot.chat.text import Piece, Word
from bot.domain.polls import Poll

NO_BALLOTS: Final = "I came back from a backup, and backups hold no ballots"
_BESIDE: Final = "Two results side by side could show how a few people voted."


def why_withheld(poll: Poll) -> tuple[Piece, ...]:
    """Say why there is none: no ballots, or another poll whose result was read; empty where too few voted."""
    if poll.voided:
        return (f"{NO_BALLOTS}.",)
    if poll.barred_by < 0:
        return (f"Poll {-poll.barred_by}, which was taken back since, asked nearly the same. {_BESIDE}",)
    if not poll.barred_by:
        return ()
    return (
        f"Poll {poll.barred_by} asked nearly the same, and its result stands: ",
        Word(f"results {poll.barred_by}"),
        f". {_BESIDE}",
    )
