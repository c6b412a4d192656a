"""World: Synapse, the local Slack, the people and the bot between them, for the page and the story."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from bot.bootstrap import Bot
from bot.demo import example, words
from bot.demo.bell import Bell
from bot.demo.matrix_half import MatrixHalf
from bot.demo.paperwork import Pace
from bot.demo.slack_half import SlackHalf
from bot.demo.stage import Json, Media, Upload
from bot.standin.synapse import Synapse


@dataclass(slots=True)
class World:
    """Both hospitals with the bot between them; closing it leaves nothing running."""

    slack: SlackHalf
    matrix: MatrixHalf
    pace: Pace
    bell: Bell
    bot: Bot
    synapse: Synapse
    closing: AsyncExitStack = field(repr=False)
    """What ends each part, the last one started first."""

    async def close(self) -> None:
        """Stop everything, the bot first."""
        await self.closing.aclose()

    def about(self) -> Json:
        """Say who is there and what is real."""
        return {
            "product": words.PRODUCT,
            "pitch": words.PITCH,
            "undo_seconds": self.pace.undo,
            "chips": words.chips(self.pace.undo, self.pace.delay),
            "slack": self.slack.about(),
            "matrix": self.matrix.about(),
            "example": example.for_page(),
        }

    def view(self, person: str) -> Json:
        """Give everything that this person's client shows now."""
        return self._half(person).view(person)

    async def act(self, person: str, act: Json, uploads: Sequence[Upload]) -> Json:
        """Do one thing as this person."""
        return await self._half(person).act(person, act, uploads)

    async def media(self, person: str, reference: str) -> Media:
        """Open a picture as this person."""
        return await self._half(person).media(person, reference)

    def changes(self) -> AsyncIterator[None]:
        """Yield after every change, from now on."""
        return self.bell.rings()

    def _half(self, person: str) -> SlackHalf | MatrixHalf:
        if self.slack.has(person):
            return self.slack
        if self.matrix.has(person):
            return self.matrix
        raise KeyError(person)
