"""Standing at the front door: a moderator's words about members, and what somebody who is stopped hears."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.chat.cards import Card
from bot.domain.permissions import WHILE_STOPPED, Action
from bot.domain.standing import BY_MODERATORS, LONGEST_DAYS
from bot.frontdoor.visit import Stopped
from bot.identity.standing import Stopping
from bot.views import standing as view

WORDS: Final = ("suspend", "ban", "restore", "stopped")
"""What a moderator may say about members, behind ``mod``."""
OF_THEIR_DATA: Final = ("data", "delete")
"""What follows `me` where somebody wants to see or erase what is held."""
LONGEST_WORDS: Final = 480
"""Characters of what a moderator writes to a member."""

_MARKS: Final = "\"'“”„«»\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
"""What people's keyboards put round a name."""
_NAMED: Final = re.compile(rf"\s*(?:[{_MARKS}]([^{_MARKS}]+)[{_MARKS}]|(\S+\s+\S+))\s*(.*)", re.DOTALL)
_DAYS: Final = re.compile(r"(\d{1,6})(?:\s*d(?:ays?)?)?(?:\s+|$)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a moderator wrote behind the word: a screen name, perhaps days, and a reason."""

    screen_name: str
    days: int | None
    said: str


def wanted(written: str, *, with_days: bool) -> Wanted | None:
    """Read ``"Quiet Heron" 7 reason``; None where there is no name. Marks round the name may be left out."""
    named = _NAMED.fullmatch(written)
    if named is None:
        return None
    days, said = None, named[3]
    if with_days and (timed := _DAYS.fullmatch(said)):
        days, said = int(timed[1]), timed[2]
    name = " ".join((named[1] or named[2]).split())
    return Wanted(name, days, " ".join(said.split())[:LONGEST_WORDS])


async def moderate(stopping: Stopping, word: str, written: str, by: str) -> Card:
    """Do what a moderator asks about a member, and say what came of it."""
    if word == "stopped":
        return view.stopped_list_card(await stopping.stopped())
    asked = wanted(written, with_days=word == "suspend")
    if asked is None or (word == "suspend" and not asked.said):
        return view.wanting_words_card(word)
    if word == "ban":
        return view.acted_card(await stopping.ban(asked.screen_name, asked.said, by=by))
    if word == "restore":
        return view.acted_card(await stopping.restore(asked.screen_name, by=by))
    if asked.days is not None and not 1 <= asked.days <= LONGEST_DAYS:
        return view.too_long_card(LONGEST_DAYS)
    return view.acted_card(await stopping.suspend(asked.screen_name, asked.days, asked.said, by=by))


async def answer_stopped(stopping: Stopping, stopped: Stopped, word: str, argument: str) -> Card | None:
    """Answer somebody who is stopped; None for the words that are open to them all the same.

    `verify` is theirs too, to be verified again or to appeal, unless moderators have stopped them; and so are
    their data.
    """
    stop = stopped.standing.stops[0]
    if word == Action.VERIFY:
        open_to_appeal = stopped.standing.to_appeal
        by_moderators = open_to_appeal or stopped.standing.of(*BY_MODERATORS)
        if by_moderators is None:
            return None
        if argument.strip().casefold() == "appeal" and open_to_appeal is not None:
            await stopping.appeal(stopped.member.id)
            return view.appealed_card()
        return view.stopped_card(by_moderators)
    if word == Action.ME:
        theirs = argument.partition(" ")[0].casefold() in OF_THEIR_DATA
        return None if theirs else view.stopped_me_card(stopped.member, stop)
    return None if word in WHILE_STOPPED else view.stopped_card(stop)
