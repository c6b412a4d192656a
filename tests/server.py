"""A real PostgreSQL for the tests: started once per process on loopback, with a database for every folder.

``CURBSIDE_TEST_DATABASE=postgresql`` lets the suites of storage, stories and faults run on it. The programs
are those of the Debian package.
"""

from __future__ import annotations

import asyncio
import atexit
import io
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg

from storage.content.store import HISTORY as CONTENT
from storage.database import Database
from storage.migrating import History, bring_up
from storage.places import Places
from storage.postgres import PostgresDatabase
from storage.vault.vault import HISTORY as VAULT

T = TypeVar("T")

ON_POSTGRES: Final = os.environ.get("CURBSIDE_TEST_DATABASE", "sqlite") == "postgresql"
"""Whether this run of the tests is on PostgreSQL."""
_PROGRAMS: Final = Path("/usr/lib/postgresql")
_START_SECONDS: Final = 30.0
_IN_HASTE: Final = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=64MB",
    "max_connections=200",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
"""Settings of a server whose data nobody misses."""


def missing_postgres() -> str:
    """Say why there can be no server; empty where there can."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"))
    return "" if found else "PostgreSQL is missing; install Debian's package postgresql"


class Server:
    """One server with its folder; nobody but this machine's loopback reaches it."""

    def __init__(self, settings: tuple[str, ...] = _IN_HASTE, port: int = 0) -> None:
        """Lay the folder out; :meth:`start` runs it."""
        self._bin = max(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])).parent
        self.folder = Path(tempfile.mkdtemp(prefix="curbside-pg-"))
        self._user = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        if os.getuid() == 0:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self.port = port or _free_port()
        self._settings = settings
        self._run("initdb", "--auth=trust", "--username=curbside", "--encoding=UTF8", "--locale=C.UTF-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it, and return once it answers."""
        address = ("listen_addresses=127.0.0.1", f"port={self.port}")
        options = [f"-c{one}" for one in (*self._settings, *address)]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [f"{self._bin}/postgres", "-D", f"{self.folder}/data", "-k", f"{self.folder}", *options],
                stdout=log,
                stderr=log,
                **self._as_user(),
            )
        self._process = process
        end = time.monotonic() + _START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)  # Another program's start: there is nothing to be woken by.

    def stop(self, *, at_once: bool = False) -> None:
        """End it; ``at_once`` as a power cut does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT if at_once else signal.SIGINT)
            self._process.wait(_START_SECONDS)
            self._process = None

    def remove(self) -> None:
        """End it and remove its folder."""
        self.stop(at_once=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Give the address of a database as the configuration has it."""
        return f"postgresql+asyncpg://curbside@127.0.0.1:{self.port}/{database}"

    @asynccontextmanager
    async def session(self, database: str = "postgres") -> AsyncIterator[Any]:
        """Open a connection beside those of the bot."""
        connection = await asyncpg.connect(
            host="127.0.0.1", port=self.port, user="curbside", database=database
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def ask(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Run statements, each by itself; gives the rows of the last."""
        async with self.session(database) as connection:
            rows: list[Any] = []
            for statement in statements:
                rows = await connection.fetch(statement)
            return rows

    async def demand_password(self, role: str) -> None:
        """Let a role in with its password only; everybody else comes in as they are."""
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        await self.ask("SELECT pg_reload_conf()")

    def _answers(self) -> bool:
        ready = [f"{self._bin}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *args: str) -> None:
        subprocess.run(
            [f"{self._bin}/{program}", "-D", f"{self.folder}/data", *args],
            check=True,
            capture_output=True,
            **self._as_user(),
        )

    def _as_user(self) -> dict[str, Any]:
        """Run as who owns the folder: PostgreSQL refuses root."""
        if os.getuid() != 0:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@cache
def server() -> Server:
    """Give the server of this process, with a template of each database."""
    started = Server()
    atexit.register(started.remove)
    started.start()
    run(_lay_out(started))
    return started


async def _lay_out(started: Server) -> None:
    await started.ask("CREATE DATABASE content_template", "CREATE DATABASE vault_template")
    for history in (CONTENT, VAULT):
        await _migrate(PostgresDatabase(started.url(f"{history.name}_template"), history.name), history)


async def _migrate(database: Database, history: History) -> None:
    await database.prepare()
    await bring_up(database, history)
    await database.abandon()


_MADE: Final[set[str]] = set()
_KEPT: Final[set[str]] = set()
_KINDS: Final = ("content", "vault")


def places(folder: Path) -> Places:
    """Give the places of a data folder in this run: its files, or two databases that belong to it."""
    return places_on_postgres(folder) if ON_POSTGRES else Places(folder)


def places_on_postgres(folder: Path) -> Places:
    """Give two databases that belong to a data folder, empty the first time."""
    names = _names(folder)
    if not _MADE.issuperset(names):
        _create(dict(zip(names, (f"{kind}_template" for kind in _KINDS), strict=True)))
    return Places(folder, *(server().url(name) for name in names))


def copy(old: Path, new: Path) -> None:
    """Let the databases of another data folder begin as a copy; those of the old one are kept for good."""
    if ON_POSTGRES:
        _KEPT.update(_names(old))
        _create(dict(zip(_names(new), _names(old), strict=True)))


def copy_committed(old: Path, new: Path) -> None:
    """Let another folder's content have what is committed in the old one's, which stays in use."""
    places_on_postgres(new)
    run(_copy_rows(name_of(old, "content"), name_of(new, "content")))


def rows_of(folder: Path) -> bytes:
    """Give all that lies in the databases of a data folder, as somebody sees it who reads every table."""
    return b"".join(run(_all_rows(name)) for name in _names(folder) if name in _MADE)


def look(folder: Path, kind: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run statements beside the bot in the content or the vault of a folder; gives the last one's rows."""
    if ON_POSTGRES:
        return [tuple(row.values()) for row in run(server().ask(*statements, database=name_of(folder, kind)))]
    rows: list[tuple[Any, ...]] = []
    with closing(sqlite3.connect(folder / f"{kind}.db", timeout=10)) as connection, connection:
        for statement in statements:
            rows = connection.execute(statement).fetchall()
    return rows


async def change(folder: Path, kind: str, *statements: str) -> list[tuple[Any, ...]]:
    """Change something behind a running bot's back, as :func:`look` does.

    The loop goes on meanwhile: the bot may be in the middle of writing, and has to be able to finish.
    """
    return await asyncio.to_thread(look, folder, kind, *statements)


def columns(folder: Path, kind: str, table: str) -> list[str]:
    """Name the columns of a table in their order."""
    if ON_POSTGRES:
        named = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'curbside'"
        asked = f"{named} AND table_name = '{table}' ORDER BY ordinal_position"
        return [str(name) for (name,) in look(folder, kind, asked)]
    return [str(name) for _, name, *_ in look(folder, kind, f"PRAGMA table_info({table})")]


def kept(folder: Path) -> Callable[[], None]:
    """Keep the databases of a folder whose bot has stopped; what is given back puts them there again."""
    if not ON_POSTGRES:
        return partial(_write, {file: file.read_bytes() for file in folder.glob("*.db")})
    copies = {name: f"{name}_kept" for name in _names(folder)}
    _create({copy: name for name, copy in copies.items()})

    def put_back() -> None:
        run(server().ask(*(f"DROP DATABASE {name} WITH (FORCE)" for name in copies)))
        _create(copies)

    return put_back


def _write(files: Mapping[Path, bytes]) -> None:
    for file, data in files.items():
        file.write_bytes(data)


def drop_all() -> None:
    """Drop what was made for folders since the last time, but for what is kept for good."""
    gone = sorted(_MADE - _KEPT)
    if gone:
        run(server().ask(*(f"DROP DATABASE {name} WITH (FORCE)" for name in gone)))
        _MADE.intersection_update(_KEPT)


def run(asked: Coroutine[Any, Any, T]) -> T:
    """Ask the server in a thread of its own, whether or not a loop is running here."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, asked).result()


def name_of(folder: Path, kind: str) -> str:
    """Give the name that a data folder's content or vault has on the server."""
    mark = blake2b(str(folder.resolve()).encode(), digest_size=8).hexdigest()
    return f"{kind}_{mark}"


def _names(folder: Path) -> list[str]:
    return [name_of(folder, kind) for kind in _KINDS]


def _create(templates: Mapping[str, str]) -> None:
    making = (f"CREATE DATABASE {new} TEMPLATE {old} STRATEGY FILE_COPY" for new, old in templates.items())
    run(server().ask(*making))
    _MADE.update(templates)


async def _copy_rows(old: str, new: str) -> None:
    async with server().session(old) as source, server().session(new) as target:
        await target.execute("SET session_replication_role = replica")  # Tables come in any order.
        async with source.transaction(isolation="repeatable_read", readonly=True):
            for (table,) in await source.fetch(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'curbside' AND tablename !~ '^alembic'"
            ):
                rows = io.BytesIO()
                await source.copy_from_table(table, output=rows)
                rows.seek(0)
                await target.copy_to_table(table, source=rows)
        for sequence, last in await source.fetch(
            "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        ):
            await target.execute("SELECT setval($1::text::regclass, $2)", sequence, last)


async def _all_rows(database: str) -> bytes:
    tables = await server().ask(
        "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'curbside'", database=database
    )
    found = [await server().ask(f"SELECT * FROM {table}", database=database) for (table,) in tables]  # noqa: S608
    values = (value for rows in found for row in rows for value in row.values())
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)
