"""What statements go through, inside a transaction that somebody else opened and will end."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Concatenate, Final, ParamSpec, TypeVar, TypeVarTuple, overload

from sqlalchemy import Connection as SyncConnection
from sqlalchemy import CursorResult, Dialect, Executable
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import TypedReturnsRows

from storage.prepared import Prepared, Rows

T = TypeVar("T")
P = ParamSpec("P")
Whatever = CursorResult[*tuple[Any, ...]]
Ts = TypeVarTuple("Ts")
Values = Mapping[str, Any]
NOTHING: Final[Values] = {}


class Connection(ABC):
    """Takes any statement by :meth:`execute`; :meth:`run` costs less, for short ones that are asked often."""

    one_state: ClassVar[bool] = True
    """Whether all its questions see one state, but for what was changed through it."""

    @property
    @abstractmethod
    def dialect(self) -> Dialect:
        """Which kind of database it is."""

    @abstractmethod
    async def run(self, prepared: Prepared, values: Values = NOTHING) -> Rows:
        """Run a short statement that was built once."""

    @abstractmethod
    async def run_many(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run it once for each of these values."""

    @abstractmethod
    async def run_aside(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run it once for each of very many values; it holds up nothing but this transaction."""

    @overload
    async def execute(
        self, statement: TypedReturnsRows[*Ts], parameters: Values | Sequence[Values] | None = None
    ) -> CursorResult[*Ts]: ...

    @overload
    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever: ...

    @abstractmethod
    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever:
        """Run any statement; how long it takes holds up nothing but this transaction."""

    @abstractmethod
    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Whatever:  # noqa: ANN401
        """Run a statement in the database's own words, with the driver's parameters."""

    @abstractmethod
    async def run_sync(
        self, call: Callable[Concatenate[SyncConnection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call something that takes a connection whose statements return at once."""


class Plain(Connection):
    """Goes through SQLAlchemy's connection with whatever is not prepared."""

    def __init__(self, through: AsyncConnection) -> None:
        """Take the connection."""
        self.through = through

    @property
    def dialect(self) -> Dialect:
        """Which kind of database it is."""
        return self.through.dialect

    async def run_aside(self, prepared: Prepared, rows: Sequence[Values]) -> None:
        """Run it once for each of very many values."""
        await self.run_many(prepared, rows)

    async def execute(
        self, statement: Executable, parameters: Values | Sequence[Values] | None = None
    ) -> Whatever:
        """Run any statement."""
        return await self.through.execute(statement, parameters)

    async def exec_driver_sql(self, statement: str, parameters: Any = None) -> Whatever:  # noqa: ANN401
        """Run a statement in the database's own words."""
        return await self.through.exec_driver_sql(statement, parameters)

    async def run_sync(
        self, call: Callable[Concatenate[SyncConnection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Call something that takes a connection whose statements return at once."""
        return await self.through.run_sync(call, *args, **kwargs)
