"""A PostgreSQL server of the benchmark's own, with the settings that it comes with, on loopback."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.peers.environments import Missing
from benchmarks.peers.program import cpu_seconds

_DEBIAN: Final = Path("/usr/lib/postgresql")
_NOT_ROOT: Final = "postgres"
"""Whom the server runs as when root measures, which it refuses to run as."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    programs: Path
    folder: Path
    version: str
    port: int

    def database(self, name: str) -> str:
        """Make an empty database, in place of one of the same name; gives what libpq connects to."""
        for program, options in (("dropdb", ("--force", "--if-exists")), ("createdb", ())):
            where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", "bench")
            _do(self.programs / program, *where, *options, name)
        return f"postgresql://bench@127.0.0.1:{self.port}/{name}"

    def cpu_seconds(self) -> float:
        """CPU seconds of all its processes so far."""
        return cpu_seconds(int((self.folder / "data/postmaster.pid").read_text().split()[0]))


@contextmanager
def postgres() -> Iterator[Server]:
    """Run a server that is gone afterwards; Missing where there is none to run."""
    programs, folder, port = _programs(), Path(tempfile.mkdtemp(prefix="queues-")), _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, _NOT_ROOT, _NOT_ROOT)
    try:
        _do(programs / "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "bench")
        # fsync and synchronous_commit stay on, as they come.
        control = (programs / "pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log"))
        _do(*control, "-o", f"-k '{folder}' -c listen_addresses=127.0.0.1 -c port={port}", "start")
        try:
            yield Server(programs, folder, _version(programs), port)
        finally:
            _do(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _programs() -> Path:
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise Missing("there is no PostgreSQL on this machine")
    return Path(found).resolve().parent


def _version(programs: Path) -> str:
    said = subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, text=True)
    return said.stdout.split()[2]


def _do(program: Path, *options: str) -> None:
    try:
        subprocess.run([program, *options], check=True, capture_output=True, cwd="/", **_as())
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or b""
        last = said.decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
        raise Missing(f"PostgreSQL did not run: {program.name}: {last[0]}") from error


def _as() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    try:
        person = pwd.getpwnam(_NOT_ROOT)
    except KeyError as error:
        raise Missing("PostgreSQL refuses to run as root, and there is no user `postgres`") from error
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
