"""Own names: written into a card at the last moment before it is shown, and kept nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.chat.cards import Block, Card, Fine, Items, Paragraph, Quote, Strong
from bot.chat.text import Line
from bot.domain.members import MemberId, Persona
from bot.domain.personae import OWN_NAME, SEALED_NAME
from bot.identity.personae import Personae

Fill = Callable[[str], str]


class NameGone(Exception):
    """A card is signed with a name that the vault does not have, or not any more."""


class OwnNames:
    """Reads from the vault the names of those who chose to be named, for one card at a time.

    Only what views write is looked at (speakers, emphasised pieces, labels), never a person's own words.
    """

    def __init__(self, personae: Personae) -> None:
        """Take what opens the vault's rows."""
        self._personae = personae

    async def filled(self, card: Card, reader: str = "") -> Card:
        """Give the card as it is to be shown; ``reader`` is the own name of whoever reads it.

        Raises :class:`NameGone`.
        """
        wanted: set[str] = set()

        def note(text: str) -> str:
            wanted.update(SEALED_NAME.findall(text))
            return text

        _written(card, note)
        if not wanted:
            return card
        names = {f"⟪{one}⟫": await self._name(one, reader) for one in wanted}
        return _written(card, lambda text: SEALED_NAME.sub(lambda mark: names[mark[0]], text))

    async def _name(self, mark: str, reader: str) -> str:
        if f"⟪{mark}⟫" == OWN_NAME:
            name = reader
        else:
            link = await self._personae.link(MemberId(mark))
            name = link.real_name if link is not None and link.kind == Persona.NAMED else ""
        if not name:
            raise NameGone
        return name


def _written(card: Card, fill: Fill) -> Card:
    """Put every place of a card where a name may stand through ``fill``."""
    speaker = card.speaker and replace(card.speaker, name=fill(card.speaker.name))
    return replace(card, speaker=speaker, blocks=tuple(_block(block, fill) for block in card.blocks))


def _block(block: Block, fill: Fill) -> Block:
    if isinstance(block, Paragraph | Fine):
        return replace(block, line=_line(block.line, fill))
    if isinstance(block, Items):
        return replace(block, lines=tuple(_line(one, fill) for one in block.lines))
    return replace(block, label=fill(block.label)) if isinstance(block, Quote) else block


def _line(line: Line, fill: Fill) -> Line:
    return tuple(Strong(fill(piece.text)) if isinstance(piece, Strong) else piece for piece in line)
