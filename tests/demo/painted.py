"""A painted stage: two small made-up hospitals for the page's server, without any chat behind them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from bot.demo.bell import Bell
from bot.demo.stage import CannotAct, Json, Media, Upload

PEOPLE = ("U1", "U2", "@m1:merrow-bay.example")
PNG = b"\x89PNG\r\n\x1a\n and so on"


@dataclass
class Painted:
    """Everybody sees the lines that anybody wrote; ``refuse`` makes every act fail with its words."""

    bell: Bell = field(default_factory=Bell)
    lines: list[str] = field(default_factory=list)
    uploads: list[Upload] = field(default_factory=list)
    pictures: dict[str, Media] = field(default_factory=lambda: {"F1": Media("image/png", PNG)})
    refuse: str = ""

    def about(self) -> Json:
        return {"product": "Curbside", "people": list(PEOPLE)}

    def view(self, person: str) -> Json:
        if person not in PEOPLE:
            raise KeyError(person)
        return {"person": {"id": person}, "lines": list(self.lines)}

    async def act(self, person: str, act: Json, uploads: Sequence[Upload]) -> Json:
        if self.refuse:
            raise CannotAct(self.refuse)
        self.lines.append(f"{person}: {act['text']}")
        self.uploads.extend(uploads)
        self.bell.ring()
        return {"ok": True, "error": ""}

    async def media(self, person: str, reference: str) -> Media:
        return self.pictures[reference]

    def changes(self) -> AsyncIterator[None]:
        return self.bell.rings()
