"""An old account as people read it: what its owner can do from a new one, and what the old one is told."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Button, Card, Fine, Items, Strong, line, note
from bot.domain.duplicates import Signal
from bot.domain.verification import OBJECTION, Applicant

_DAYS: Final = OBJECTION.days
_STOP: Final = Button("Stop", "verify stop")
_SIGNALS: Final = {
    Signal.EMAIL: "The e-mail address is a member's.",
    Signal.NAME_AND_STATE: "A member with a licence in the same state has this name.",
    Signal.PICTURE: "A member's account shows the same profile picture.",
    Signal.TOGETHER: (
        "Another application from this workplace began within ten minutes, and shares an answer."
    ),
}


def member_already_card() -> Card:
    """Tell somebody whose name is proved that the number is a member's, and both ways on."""
    return note(
        "A member has that number already. If that is you with another account, write ",
        Strong("link"),
        " to me from there, and here what it answers. If you cannot get into that account any more, what "
        "belongs to it can move to this one.",
        buttons=(
            Button("I have a code", "link code", "main"),
            Button("My old account is gone", "verify gone"),
            _STOP,
        ),
    )


def gone_review_card(applicant: Applicant) -> Card:
    """Say what follows once somebody said that the old account is gone; alike whether there is one or not."""
    told = (
        "An account objected, so nothing moves before a moderator has looked. Nothing else is needed."
        if applicant.objected
        else "A moderator will look, usually within 2 working days. If that goes well and there is an old "
        f"account, it is asked; unless it objects within {_DAYS} days, what belongs to it moves here."
    )
    return note(told, buttons=(Button("Where it stands", "verify"), _STOP))


def moving_card(applicant: Applicant) -> Card:
    """Say for how long the old account may still object."""
    left = max(_DAYS - applicant.waiting_days, 0)
    when = f"within {left} days" if left > 1 else "within a day"
    return note(
        "A moderator agreed, and your old account is asked. Unless it objects, your screen name moves here "
        f"{when}. If the old account is switched off, it moves sooner.",
        buttons=(Button("Where it stands", "verify"), _STOP),
    )


def asked_card() -> Card:
    """Ask an account that is said to be gone; it may stand where others can read along."""
    return note(
        "Somebody says that this account of yours is gone, and asks to move what belongs to it to another "
        f"account. If you still use this one, object within {_DAYS} days. ",
        buttons=(Button("I object", "me object", "main"),),
    )


def objected_card(*, had_one: bool) -> Card:
    """Confirm an objection."""
    if had_one:
        return note("Noted. Nothing moves, and moderators look at it.", buttons=(Button("Help", "help"),))
    return note("Nobody asks to move what is yours.", buttons=(Button("Help", "help"),))


def doubles(applicant: Applicant) -> tuple[Items | Fine, ...]:
    """Tell a moderator what speaks for a second account of one person; never whose the first one is."""
    rows = tuple(line(_SIGNALS[signal]) for signal in applicant.signals)
    said = _held(applicant)
    return (*((Items(rows),) if rows else ()), *((Fine(line(said)),) if said else ()))


def _held(applicant: Applicant) -> str:
    if applicant.objected:
        return "An account of the member who has this number objected, so it cannot be approved."
    if applicant.gone and applicant.held:
        return (
            "A member has this number already. The applicant says that the member's account is an old one "
            f"that is gone: once you approve, it has {_DAYS} days to object."
        )
    if applicant.gone:
        return "The applicant says that an old account is gone, but no member has this number."
    return "A member has this number already, so it cannot be approved." if applicant.held else ""
