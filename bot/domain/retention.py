"""How long what belongs to cases is kept here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Keep:
    """How long are kept: what authors sent, drafts, and, from asking on, the pictures of ended cases."""

    originals: timedelta = timedelta(days=1)
    drafts: timedelta = timedelta(days=30)
    pictures: timedelta = timedelta(days=180)
