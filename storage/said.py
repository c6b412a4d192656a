"""What a PostgreSQL server says no with, as everybody else hears it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError

from storage.away import ServerAway

_SAME: Final = {
    "IntegrityConstraintViolationError": "IntegrityError",
    "RestrictViolationError": "RestrictViolationError",
    "NotNullViolationError": "NotNullViolationError",
    "ForeignKeyViolationError": "ForeignKeyViolationError",
    "UniqueViolationError": "UniqueViolationError",
    "CheckViolationError": "CheckViolationError",
    "ExclusionViolationError": "ExclusionViolationError",
    "SyntaxOrAccessError": "ProgrammingError",
    "InvalidCachedStatementError": "InvalidCachedStatementError",
    "InternalServerError": "InternalServerError",
    "PostgresError": "Error",
    "InterfaceError": "InterfaceError",
    "InternalClientError": "InternalClientError",
}
"""What SQLAlchemy makes of the driver's errors; the nearest kind that is here counts."""
_AWAY: Final = ("08", "25P0", "53", "55P03", "57")
"""How SQLSTATE begins where the connection was lost or ended, the server is full, or a lock took too long."""


def told(words: str, error: Exception, dialect: Dialect, *, lost: bool) -> DBAPIError | None:
    """Give what SQLAlchemy would have raised for an error of the driver, without values; None for others."""
    name = next((_SAME[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in _SAME), None)
    if name is None:
        return None
    own: Any = dialect.loaded_dbapi
    # The first argument is what the server said, without the row that it said it of.
    same = getattr(own, name)(error.args[0] if error.args else "", error)
    raised = DBAPIError.instance(
        words, None, same, own.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
    )
    return raised if isinstance(raised, DBAPIError) else None


@contextmanager
def told_away() -> Iterator[None]:
    """Tell a server that is away from a statement that is wrong: only the first may be tried again.

    Raises ``ServerAway``.
    """
    try:
        yield
    except ServerAway:
        raise
    except (TimeoutError, ConnectionError) as error:
        raise ServerAway("the server does not answer") from error
    except DBAPIError as error:
        state = str(getattr(error.orig, "sqlstate", "") or "")
        if error.connection_invalidated or state.startswith(_AWAY):
            raise ServerAway(f"the server is away ({state or type(error.orig).__name__})") from error
        raise


def given_up() -> ServerAway:
    """Say of a transaction that it was not committed because of something else in the same commit."""
    return ServerAway("given up with another transaction")
