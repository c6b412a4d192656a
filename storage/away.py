"""What a database says that cannot be reached or written right now: later the same statement may succeed."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import exc


class ServerAway(ConnectionError):
    """A database server cannot be reached, does not answer, or takes nothing right now.

    Not any ``ConnectionError``: what an adapter or anything else runs into is no trouble of a database.
    """


AWAY: Final = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    sqlite3.OperationalError,
    ServerAway,
)
"""Full disk, read-only disk, a lock, a lost connection: never a fault of what was to be written."""
