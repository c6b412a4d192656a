"""Connections to a PostgreSQL server beside the pools: for locks, for listening, and for a look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol
from zlib import crc32

from sqlalchemy import URL

from storage.away import ServerAway

_SECONDS: Final = 60
"""After which a statement is given up: the server, or the way to it, is gone."""
_SETTINGS: Final = {
    "application_name": "curbside",
    # A bot that is stopped or cut off in the middle of a transaction holds up nobody for longer.
    "idle_in_transaction_session_timeout": "10s",
    "lock_timeout": "45s",
    "jit": "off",
    "timezone": "UTC",
}


class Session(Protocol):
    """What is used of a connection of asyncpg, beside the pools."""

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement."""
        ...

    async def fetch(self, query: str, *args: object) -> Sequence[Sequence[Any]]:
        """Give all rows."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:  # noqa: ANN401 - whatever the column holds
        """Give the first column of the first row."""
        ...

    async def add_listener(self, channel: str, callback: Callable[..., None]) -> None:
        """Call back at each NOTIFY of a channel."""
        ...

    def add_termination_listener(self, callback: Callable[[Any], None]) -> None:
        """Call back once when the connection ends, however it does."""
        ...

    def get_server_version(self) -> Any:  # noqa: ANN401 - a named tuple of the driver
        """Tell the server's version."""
        ...

    def is_closed(self) -> bool:
        """Say whether it has ended."""
        ...

    async def close(self, *, timeout: float | None = None) -> None:
        """End it in good order."""
        ...

    def terminate(self) -> None:
        """End it at once."""
        ...


def key_of(name: str) -> int:
    """Give the second half of an advisory lock: a signed 32-bit number for a name."""
    number = crc32(name.encode())
    return number - 2**32 if number >= 2**31 else number


async def connect(url: URL) -> Session:
    """Connect; whatever keeps it from that is ``ServerAway``, without the password."""
    import asyncpg  # noqa: PLC0415 - who has files has no use for it

    try:
        session: Session = await asyncpg.connect(
            host=url.host,
            port=url.port,
            user=url.username,
            password=str(url.password) if url.password is not None else None,
            database=url.database,
            timeout=10,
            command_timeout=_SECONDS,
            server_settings=_SETTINGS,
            **_secured(url),
        )
        return session
    except OSError as error:
        raise ServerAway(*error.args or (type(error).__name__,)) from None
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServerAway(str(error) or type(error).__name__) from None


def _secured(url: URL) -> dict[str, str]:
    """Give what the address says of TLS, in the words of libpq."""
    mode = url.query.get("ssl") or url.query.get("sslmode")
    return {"ssl": str(mode)} if mode else {}
