"""What a check needs to go on, as one line of JSON that lies sealed with the application."""

from __future__ import annotations

import json
from collections.abc import Mapping


def written(values: Mapping[str, str]) -> str:
    """Write a reference."""
    return json.dumps(dict(values), sort_keys=True)


def read(ref: str) -> dict[str, str]:
    """Read a reference that :func:`written` made."""
    values: dict[str, str] = json.loads(ref)
    return values
