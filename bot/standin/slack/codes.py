"""Installation codes: what each was given for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """What an installation code stands for; good for one exchange."""

    team: str
    installer: str
    scopes: frozenset[str] = frozenset()
    redirect_uri: str = ""
