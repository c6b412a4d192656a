"""What a database says that cannot be reached or written right now: later the same statement may succeed."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import exc

AWAY: Final = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    sqlite3.OperationalError,
    ConnectionError,
)
"""Full disk, read-only disk, a lock, a lost connection: never a fault of what was to be written."""
