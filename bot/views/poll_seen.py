"""Who can see what of a poll, in one line that stands on its card and on the form for the vote."""

from __future__ import annotations

from bot.domain.polls import Poll


def who_sees(poll: Poll) -> str:
    """Say who sees what."""
    del poll
    return "Nobody sees who voted what. Your vote can be changed until the poll is closed."
