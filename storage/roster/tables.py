"""Tables of the roster: the providers, their licences, the imports, and what an import has read so far."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from storage.columns import Instant, Listed, RowNumber

metadata: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


def _said() -> tuple[Column[Any], ...]:
    """Give the columns that a file fills, apart from the number itself."""
    words = (
        *("last_name", "first_name", "middle_name", "name_suffix", "other_last_name", "other_first_name"),
        *("credential", "other_credential"),
    )
    return (
        Column("kind", Integer, nullable=False),
        *(Column(name, String, nullable=False) for name in words),
        Column("physician_taxonomy", Boolean, nullable=False),
        Column("primary_taxonomy", String, nullable=False),
        Column("licences", Listed, nullable=False),
        Column("deactivated_on", Date),
        Column("reactivated_on", Date),
        Column("updated_on", Date),
    )


# The number itself is the key, so that a roster sorted by number is written from front to back.
providers: Final = Table(
    "providers",
    metadata,
    Column("npi", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    *_said(),
    Column("changed_in", Integer, nullable=False),
    Column("deactivated_in", Integer),
)
Index(None, providers.c.deactivated_in, sqlite_where=providers.c.deactivated_in.is_not(None))

licences: Final = Table(
    "licences",
    metadata,
    Column("licence", String, primary_key=True),
    Column("npi", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The hospital's own list, whole: each import takes the place of the one before. The key is a keyed hash.
staff: Final = Table(
    "staff",
    metadata,
    Column("index", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# The list as it lay before it was sealed. Whoever opens the roster with the keys empties it.
listed: Final = Table(
    "listed",
    metadata,
    Column("number", String, primary_key=True),
    *(Column(name, String, nullable=False) for name in ("first_name", "middle_name", "last_name")),
    Column("specialty", String, nullable=False),
    Column("role", String, nullable=False),
    sqlite_with_rowid=False,
)

imports: Final = Table(
    "imports",
    metadata,
    Column("number", RowNumber, primary_key=True),
    Column("fingerprint", String, nullable=False),
    # Where the file goes on, in bytes of its text, and how many of its lines are behind that place.
    Column("offset", BigInteger, nullable=False),
    Column("line", Integer, nullable=False),
    Column("counts", Text, nullable=False),
    Column("finished_at", Instant),
    sqlite_autoincrement=True,
)

staged: Final = Table(
    "staged",
    metadata,
    Column("place", RowNumber, primary_key=True),
    Column("npi", BigInteger, nullable=False),
    *_said(),
)
