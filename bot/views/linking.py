"""Linking as people read it: the code, the question to both, one's accounts, and what an account is told.

Nothing here names an account or a screen name: part of it stands in chats that an admin can export.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.chat.cards import Button, Card, Fine, Items, Paragraph, Strong, line, note
from bot.chat.forms import Form, TextField
from bot.chat.text import counted
from bot.domain.linking import DIGITS, GOOD_FOR, Chats, Linked, in_groups

_MINUTES: Final = int(GOOD_FOR.total_seconds() // 60)
_STOP: Final = Button("Stop", "link no")
_ACCOUNTS: Final = Button("My accounts", "unlink")
_ME: Final = Button("What others see of me", "me")


@dataclass(frozen=True, slots=True)
class Place:
    """One account of a member as a line: on which platform, and whether it is this one or the home chat."""

    number: int
    platform: str
    here: bool
    home: bool


def code_card(code: str) -> Card:
    """Show a code; only its reader may see it."""
    shown = in_groups(code)
    return Card(
        notice="A code for your other account",
        blocks=(
            Paragraph(line("Write this to me from your other account: ", Strong(f"link {shown}"))),
            Paragraph(
                line(
                    f"It is good for {_MINUTES} minutes, once. Both accounts are asked before they become "
                    "one member. Give the code to nobody."
                )
            ),
        ),
        buttons=(Button("I have a code", "link code"), _STOP),
    )


def link_form() -> Form:
    """Ask for the code that another account shows."""
    return Form(
        command="link code",
        title="Link an account",
        fields=(
            TextField(
                "code",
                f"The code of {DIGITS} digits",
                hint="Your other account shows it when you say link there.",
                max_length=20,
            ),
        ),
        submit="Check",
    )


def _asked() -> Card:
    """Ask, in either account, whether both belong to one person."""
    return Card(
        notice="Are both accounts yours?",
        blocks=(
            Paragraph(line("Are both accounts yours? Then they become one member, with one screen name.")),
            Paragraph(
                line(
                    "Whoever uses the one can then read, post and vote as the other. "
                    "If somebody else gave you the code, or asked you for yours, stop here."
                )
            ),
        ),
        buttons=(Button("Both are mine", "link yes", "main"), _STOP),
    )


def typed_elsewhere_card() -> Card:
    """Tell the account that shows a code that it was typed, and that it is this account's turn."""
    return note(
        "Your code was typed in another account, which says that both are yours. ",
        buttons=(Button("Look", "link", "main"), _STOP),
    )


def typed_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn of other accounts."""
    return note("Something here waits for your answer. ", buttons=(Button("Look", "link", "main"), _STOP))


def perhaps_link_card(code: str) -> Card:
    """Answer eight digits that nobody waits for."""
    return note(
        "No check waits for a code. If your other account shows this one, I can link the two.",
        buttons=(Button("Link them", f"link {code}", "main"), Button("Where it stands", "verify")),
    )


def joined_elsewhere_card() -> Card:
    """Tell the home chat that its member has one more account."""
    return note(
        "One more account belongs to you here now. If that was not you, take it off. ", buttons=(_ACCOUNTS,)
    )


def joined_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn of other accounts."""
    return note("Something about your membership has changed. ", buttons=(Button("Look", "unlink", "main"),))


def added_card() -> Card:
    """Tell an account that it belongs to a member now."""
    return note("This account and your other one are one member now. ", buttons=(_ME, _ACCOUNTS))


def moved_here_card() -> Card:
    """Tell an account that a screen name moved to it."""
    return note("What belonged to your old account belongs to this one now. ", buttons=(_ME,))


def left_card() -> Card:
    """Tell an account that it belongs to no member any more."""
    return note(
        "This account was taken off. It belongs to no member now. ",
        buttons=(Button("Verify me", "verify"), Button("Help", "help")),
    )


_STANDS: Final = {
    Linked.NOTHING: "There is nothing to agree to right now. A new code begins it again.",
    Linked.WAITS: "It is your other account's turn: answer there that both are yours.",
    Linked.JOINED: "Done. Both accounts are one member now, with one screen name.",
    Linked.STOPPED: "Stopped. That code is used up, and nothing was joined.",
    Linked.NO_CODE: (
        f"That code leads nowhere. A code is good for {_MINUTES} minutes and once, and never in the account "
        "that shows it. Ask for a new one there."
    ),
    Linked.TOO_OFTEN: "Three codes were asked for here today, and that is the limit. Try again tomorrow.",
    Linked.TOO_WRONG: "Five codes led nowhere here today, and that is the limit. Try again tomorrow.",
    Linked.STRANGERS: "Neither account is a member yet. Verify one of them, then link the other.",
    Linked.TWO_MEMBERS: (
        "Both accounts are members already, each with a screen name of its own, and I cannot make one of "
        "two. Give one membership up first: what it posted can stay. Then link again."
    ),
    Linked.ONE_ALREADY: "Both accounts are one member already.",
}
_NEXT: Final = {
    Linked.NOTHING: (Button("Show a code", "link", "main"), Button("I have a code", "link code")),
    Linked.WAITS: (_STOP,),
    Linked.JOINED: (_ME, _ACCOUNTS),
    Linked.STOPPED: (Button("Show a code", "link"),),
    Linked.NO_CODE: (Button("Type it again", "link code", "main"), Button("Show a code here", "link")),
    Linked.STRANGERS: (Button("Verify me", "verify", "main"),),
    Linked.ONE_ALREADY: (_ACCOUNTS,),
}


def stands_card(stands: Linked) -> Card:
    """Say where the joining stands."""
    if stands is Linked.ASKED:
        return _asked()
    return note(_STANDS[stands], buttons=_NEXT.get(stands, (Button("Help", "help"),)))


def accounts_card(places: Sequence[Place]) -> Card:
    """List a member's accounts, and offer to take off any but this one."""
    if len(places) < 2:
        return note(
            "You have one account here, so there is none to take off.",
            buttons=(Button("Link another account", "link"),),
        )
    rows = tuple(line(_place(one)) for one in places)
    off = tuple(
        Button(f"Take off number {one.number}", f"unlink {one.number}") for one in places if not one.here
    )
    return Card(
        notice="Your accounts",
        title="Your accounts",
        blocks=(
            Items(rows),
            Fine(line("The oldest comes first. This one can be taken off from another account.")),
        ),
        buttons=(*off, *_home_button(places)),
    )


def really_card(place: Place) -> Card:
    """Ask before an account is taken off."""
    moves = " Notices will come here from then on." if place.home else ""
    return note(
        f"Take off number {place.number}, {_named(place.platform)}? It leaves the consult room and is a "
        f"stranger's from then on. Your cases, opinions and votes stay yours.{moves}",
        buttons=(
            Button("Take it off", f"unlink {place.number} yes", "danger"),
            Button("Keep it", "unlink"),
        ),
    )


def taken_off_card(number: int) -> Card:
    """Confirm that an account was taken off."""
    return note(f"Number {number} is taken off.", buttons=(_ACCOUNTS,))


def not_this_one_card() -> Card:
    """Refuse to take off the account that asks."""
    return note(
        "That is the account you are writing from. Take it off from another account of yours.",
        buttons=(_ACCOUNTS,),
    )


def home_card() -> Card:
    """Confirm where notices come to."""
    return note("Notices come to this chat now. Answers come to wherever you ask.", buttons=(_ME,))


def where_told(chats: Chats) -> tuple[Fine, ...]:
    """Say, to somebody with several accounts, where notices go; nothing to others."""
    if chats.count < 2:
        return ()
    where = "come to this chat" if chats.here else "go to the chat of another one"
    return (Fine(line(f"You have {counted(chats.count, 'account')} here. Notices {where}.")),)


def account_buttons(chats: Chats) -> tuple[Button, ...]:
    """Offer what a member can do about accounts."""
    if chats.count < 2:
        return (Button("Link another account", "link"),)
    home = () if chats.here else (Button("Notices to this chat", "me home"),)
    return (*home, _ACCOUNTS)


def _home_button(places: Sequence[Place]) -> tuple[Button, ...]:
    here = next((one for one in places if one.here), None)
    return () if here is None or here.home else (Button("Notices to this chat", "me home"),)


def _place(place: Place) -> str:
    marks = [word for word, holds in (("this one", place.here), ("notices go there", place.home)) if holds]
    return ", ".join((f"Number {place.number}: {_named(place.platform)}", *marks))


def _named(platform: str) -> str:
    return f"a {platform.capitalize()} account"
