"""What people in a campaign were told has gone out, and what they only tried."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Phrases by what may be expected of them.

    ``sure`` were accepted by the platform for the bot: each must stand exactly once in every room. ``tried``
    were refused or timed out: each stands once or never. ``about`` maps a phrase to the number of its case,
    as far as the person knew it; ``withdrawn`` are numbers of cases that were taken back.
    """

    sure: set[str] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    about: dict[str, int] = field(default_factory=dict)
    withdrawn: set[int] = field(default_factory=set)

    def note(self, phrase: str, *, accepted: bool, about: int = 0) -> None:
        """Write down what became of a phrase."""
        (self.sure if accepted else self.tried).add(phrase)
        self.about[phrase] = about
