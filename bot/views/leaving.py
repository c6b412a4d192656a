"""Leaving as people read it: what deleting an account does, the question, and the last word."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Button, Card, Fine, Items, Paragraph, line, note
from bot.domain.former import Posts

_KEEP: Final = Button("Delete, keep my posts", "me delete keep", "danger")
_WITHDRAW: Final = Button("Delete, withdraw my posts", "me delete withdraw", "danger")
_STAY: Final = Button("Stay", "me")
_BACKUPS: Final = (
    "Backups may hold you, encrypted, for up to 30 days more; after that you are erased everywhere."
)
_GOES: Final = "account, your name, and the keyed hashes of your number and licence"
_BACKUPS_BUT: Final = (
    "Backups may hold you, encrypted, for up to 30 days more; after that only these hashes are left."
)
_BACK: Final = " You can come back as a new member."
_BARRED_STAYS: Final = (
    "Of you I keep keyed hashes of what only you have, because moderators had stopped you; nothing else."
)
_BARRED: Final = (
    "Moderators have stopped you. So keyed hashes of your account, number, licence and address stay: whoever "
    "comes back with one of them waits for two moderators."
)


def leave_card(*, barred: bool = False) -> Card:
    """Say exactly what deleting the account does, and let the member choose what becomes of the posts.

    ``barred`` says that moderators have stopped the member, and what stays for that.
    """
    goes = "account and your name" if barred else _GOES
    return Card(
        notice="Delete my account",
        title="Delete my account",
        blocks=(
            Paragraph(line("This erases who you are here, and cannot be undone:")),
            Items(
                (
                    line(f"Your {goes} go."),
                    line("Drafts, unfinished talk and messages that wait for you go."),
                    line("Your ballots in open polls are taken out. Closed polls hold no ballots."),
                    line("Your screen name is retired: nobody gets it again."),
                )
            ),
            *((Paragraph(line(_BARRED)),) if barred else ()),
            Paragraph(line("Your posts are your choice:")),
            Items(
                (
                    line(
                        "Keep: your open cases and polls are closed. From now on I show your posts as by "
                        "“Former member”. Cards that stand in rooms keep the screen name; it leads to nobody."
                    ),
                    line(
                        "Withdraw: I take everything you posted back in every room, with what others said "
                        "about your cases."
                    ),
                )
            ),
            Fine(line(_BACKUPS_BUT if barred else _BACKUPS)),
            Fine(
                line(
                    "Your chat with me stays in your own workspace or server. The log of decisions keeps a "
                    f"reference without a name.{'' if barred else _BACK}"
                )
            ),
        ),
        buttons=(_KEEP, _WITHDRAW, _STAY),
    )


def really_leave_card(posts: Posts) -> Card:
    """Ask a second time."""
    what = "stay, by “Former member”" if posts is Posts.KEPT else "are taken back in every room"
    return note(
        f"Delete your account for good? Your posts {what}. This cannot be undone.",
        buttons=(Button("Delete for good", f"me delete {posts.value} yes", "danger"), _STAY),
    )


def left_card(posts: Posts, *, barred: bool = False) -> Card:
    """Say the last word to somebody who has gone; nothing of it needs an account."""
    known = _BARRED_STAYS if barred else "I know nothing of you any more."
    rooms = (
        "Your posts stay, by “Former member”."
        if posts is Posts.KEPT
        else "Your posts are being taken back in every room; where a server refuses, the operator sees it."
    )
    backups = _BACKUPS_BUT if barred else _BACKUPS
    return note(f"Your account is deleted. {known} {rooms} {backups}")
