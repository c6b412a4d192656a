"""Old message keys: a week after a key was first seen it goes, so that a stolen store opens no older chat."""

from __future__ import annotations

import structlog
from nio import AsyncClient
from nio.crypto import GroupSessionStore

from bot.adapters.matrix.session import Session
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
DAYS = 7
# Clients change their key after a week or a hundred messages, so a key older than that reads nothing new.
_SEEN = "CREATE TABLE IF NOT EXISTS keyseen (session_id TEXT PRIMARY KEY, day INTEGER NOT NULL)"
_NOTE = "INSERT OR IGNORE INTO keyseen SELECT session_id, ? FROM megolminboundsessions"
_OLD = "SELECT session_id FROM keyseen WHERE day < ?"
_DROP = "DELETE FROM megolminboundsessions WHERE session_id IN (SELECT session_id FROM keyseen WHERE day < ?)"
_FORGET = "DELETE FROM keyseen WHERE day < ?"


class OldKeys:
    """Drops old keys of one session, once a day and at the start."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Take whose keys they are; nothing was dropped yet."""
        self._session = session
        self._clock = clock
        self._day = 0

    def tend(self) -> bool:
        """Drop what is old unless that was done today; says whether a new day has begun."""
        today = self._clock.now().toordinal()
        if today == self._day:
            return False
        self._day = today
        dropped = drop_old_keys(self._session.client, today)
        _log.info("matrix_keys_dropped", site=self._session.site.name, count=dropped)
        return True


def drop_old_keys(client: AsyncClient, today: int) -> int:
    """Note which keys are there today, drop those first noted more than a week ago, and say how many.

    ``today`` is a number of days; the store keeps no finer time.
    """
    if client.store is None or client.olm is None:
        return 0
    database, before = client.store.database, today - DAYS
    with database.atomic():
        database.execute_sql(_SEEN)
        database.execute_sql(_NOTE, (today,))
        old = {row[0] for row in database.execute_sql(_OLD, (before,)).fetchall()}
        database.execute_sql(_DROP, (before,))
        database.execute_sql(_FORGET, (before,))
    if old:
        client.olm.inbound_group_store = _without(client.olm.inbound_group_store, old)
    return len(old)


def _without(keys: GroupSessionStore, old: set[str]) -> GroupSessionStore:
    left = GroupSessionStore()  # type: ignore[no-untyped-call]
    for key in keys:
        if key.id not in old:
            left.add(key)
    return left
