"""Memos of applications: one card each in the moderators' room, changed when something comes of it."""

from __future__ import annotations

import json
from typing import Final

from bot.chat.cards import Card
from bot.domain.verification import Applicant
from bot.ports.chance import Chance
from bot.ports.outbox import MEMO
from bot.ports.work import Work
from bot.views.moderators import answered_card, room_card
from bot.views.verification import waiting_quiet_card

_FIRST: Final = 1


class Memos:
    """Remembers which card is which application's, sealed among the unfinished talk.

    The subject of a card is drawn: the reference stands beside a name in the queue, and the content side
    must not know it.
    """

    def __init__(self, chance: Chance) -> None:
        """Take what draws subjects."""
        self._chance = chance

    async def show(self, work: Work, applicant: Applicant, *, alone: bool) -> None:
        """Put a card out for an application that waits now, and let an older one say so."""
        await self.end(work, applicant.reference, answered_card(applicant.reference))
        subject = f"{MEMO}{self._chance.id()}"
        card, quiet = room_card(applicant, alone=alone), waiting_quiet_card(applicant.reference)
        await work.outbox.notify_moderators(card, quiet=quiet, key=subject, subject=subject)
        await self._keep(work, applicant.reference, subject, _FIRST)

    async def change(self, work: Work, reference: str, card: Card) -> None:
        """Change the card of an application; nothing happens where none stands."""
        kept = await work.dialogs.get(_name(reference))
        if kept is not None:
            subject, revision = json.loads(kept)
            await work.outbox.change_memo(subject, card, revision=revision)
            await self._keep(work, reference, subject, revision + 1)

    async def end(self, work: Work, reference: str, card: Card) -> None:
        """Change it for the last time."""
        await self.change(work, reference, card)
        await work.dialogs.drop(_name(reference))

    async def _keep(self, work: Work, reference: str, subject: str, revision: int) -> None:
        await work.dialogs.put(_name(reference), json.dumps([subject, revision]).encode())


def _name(reference: str) -> str:
    return f"memo:{reference}"
