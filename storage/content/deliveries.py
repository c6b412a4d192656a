"""Words that the outbox and the queue share: the states of a delivery, its destination, and its payload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, FromClause, literal_column

from bot.chat.cards import Card
from bot.chat.codec import card_from_bytes, card_to_bytes
from bot.chat.shapes import TEXT, each, pack, record, unpack
from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.ports.destinations import TO_HOME, TO_ROOM
from bot.ports.outbox import What
from bot.ports.sealing import Sealer
from storage.columns import moment
from storage.content.tables import outbox


class State(StrEnum):
    """Where a delivery is; the last three are its ends."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    CANCELLED = "cancelled"
    QUARANTINED = "quarantined"


def active(table: FromClause) -> ColumnElement[bool]:
    """Match rows of the outbox, or of an alias of it, that have not ended.

    The zero stands in the statement's own text: a partial index is used in no other way.
    """
    return table.c.ended == literal_column("0")


ACTIVE: Final = active(outbox)
UNTRIED: Final[ColumnElement[bool]] = (outbox.c.state == State.WAITING.value) & ~outbox.c.tried
TAKING_BACK: Final = frozenset({What.DELETE, What.ERASE, What.SHOW_OUT})
"""What needs no words, and is never cancelled."""
_STAYS: Final = [what.value for what in (*TAKING_BACK, What.REPLACE)]
UNSAID: Final[ColumnElement[bool]] = UNTRIED & outbox.c.what.not_in(_STAYS)
"""Words that nobody tried to send yet; those that take the place of others are not among them."""

FIRST: Final = moment(0)
"""The position of a row that was tried: nothing overtakes it any more."""

_SENT: Final = each(record(Sent, site=TEXT, remote=TEXT))


def room_destination(room: str) -> str:
    """Name the queue of a consult room."""
    return f"{TO_ROOM}{room}"


def home_destination(member: MemberId) -> str:
    """Name the queue of a member's home chat."""
    return f"{TO_HOME}{member}"


class Written:
    """Writes each card once, for many who are told the same."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[int, tuple[Card, bytes]] = {}

    def __call__(self, card: Card) -> bytes:
        """Write a card, or give what was written of this same one."""
        known = self._known.get(id(card))
        if known is None:
            # Kept with the card: the number is the card's only for as long as it is there.
            known = self._known[id(card)] = card, card_to_bytes(card)
        return known[1]


def seal_told(
    sealer: Sealer,
    delivery: str,
    card: Card,
    quiet: Card,
    but: MemberId | None = None,
    *,
    write: Callable[[Card], bytes] = card_to_bytes,
) -> bytes:
    """Seal both versions of a direct message for one row of the outbox, and whom it must not reach."""
    return seal_words(sealer, delivery, words_told(card, quiet, but, write=write))


def words_told(
    card: Card, quiet: Card, but: MemberId | None = None, *, write: Callable[[Card], bytes] = card_to_bytes
) -> bytes:
    """Write both versions of a direct message, and whom it must not reach."""
    # The codec writes ASCII JSON without line breaks, so these part the three.
    return b"\n".join((write(card), write(quiet), (but or "").encode("ascii")))


def seal_words(sealer: Sealer, delivery: str, words: bytes) -> bytes:
    """Seal what :func:`words_told` wrote for one row of the outbox."""
    return sealer.seal(words, _place(delivery))


def open_told(sealer: Sealer, delivery: str, payload: bytes) -> tuple[Card, Card, MemberId | None]:
    """Open them again; raises ``SealBroken`` or ``PayloadRefused``."""
    return _read(sealer.open(payload, _place(delivery)))


def _read(words: bytes) -> tuple[Card, Card, MemberId | None]:
    # Rows from before there was a third part have two.
    card, quiet, but = (*words.split(b"\n"), b"")[:3]
    return card_from_bytes(card), card_from_bytes(quiet), MemberId(but.decode("ascii")) if but else None


def seal_telling(sealer: Sealer, telling: str, words: bytes) -> bytes:
    """Seal what :func:`words_told` wrote for many, until each of them has a row of the outbox."""
    return sealer.seal(words, telling_place(telling))


def open_telling(sealer: Sealer, telling: str, sealed: bytes) -> bytes:
    """Open it again; raises ``SealBroken``."""
    return sealer.open(sealed, telling_place(telling))


def cards_of_telling(sealer: Sealer, telling: str, sealed: bytes) -> tuple[Card, Card]:
    """Open both versions of it; raises ``SealBroken`` or ``PayloadRefused``."""
    card, quiet, _ = _read(open_telling(sealer, telling, sealed))
    return card, quiet


def seal_memo(sealer: Sealer, subject: str, card: Card) -> bytes:
    """Seal a card for the moderators' room: it names an application, which this side must not know."""
    return sealer.seal(card_to_bytes(card), _memo_place(subject))


def open_memo(sealer: Sealer, subject: str, payload: bytes) -> Card:
    """Open it again; raises ``SealBroken`` or ``PayloadRefused``."""
    return card_from_bytes(sealer.open(payload, _memo_place(subject)))


def seal_sent(sealer: Sealer, delivery: str, sent: Sequence[Sent]) -> bytes:
    """Seal where a member said something: a place in a home chat is identity, and so is its site."""
    return sealer.seal(pack("sent", _SENT, sent), _place(delivery))


def open_sent(sealer: Sealer, delivery: str, payload: bytes) -> tuple[Sent, ...]:
    """Open it again; raises ``SealBroken`` or ``PayloadRefused``."""
    return unpack("sent", _SENT, sealer.open(payload, _place(delivery)), tuple)


def _memo_place(subject: str) -> str:
    # By the subject, not the delivery: an edit takes the place of what waits.
    return f"outbox|payload|{subject}"


def telling_place(telling: str) -> str:
    """Name the place that the cards of a telling are bound to."""
    return f"tellings|sealed|{telling}"


def _place(delivery: str) -> str:
    return f"outbox|payload|{delivery}"
