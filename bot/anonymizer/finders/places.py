"""What all rules for places share: the reading, and marking a place as taken."""

from __future__ import annotations

from bot.anonymizer.cleaned import Tier
from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading


class PlaceRules:
    """Rules that look for places in one field; `reading.taken` marks what they find."""

    def __init__(self, reading: Reading) -> None:
        """Keep the reading."""
        self.reading = reading

    def take(self, first: int, last: int, role: str, reason: str, tier: Tier = "auto") -> Found:
        """Mark tokens as taken and return them as a finding."""
        reading = self.reading
        for at in range(first, last + 1):
            reading.taken[at] = True
            (reading.asked.add if tier == "ask" else reading.asked.discard)(at)
        start, end = reading.tokens[first].start, reading.tokens[last].end
        return Found(reading.field.name, start, end, "LOCATION", tier, reason, role)
