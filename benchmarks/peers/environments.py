"""The environments of the peers: made from locked requirements when first needed, beside the project's own.

python benchmarks/peers/environments.py --lock      pin the .txt beside each .in again
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_NAMES = ("text", "pictures", "plot", "procrastinate", "pgqueuer", "dbos", "relay")
_SOURCES = "opsdroid,atomicwrites,tailer"
"""Packages that come as sources only."""
_LOCK = (
    *("pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"),
    *("--custom-compile-command", "python benchmarks/peers/environments.py --lock"),
)
_OWN_INDEXES = ("UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")


class Missing(Exception):
    """A peer that cannot run on this machine; the message says why."""


def python_of(name: str) -> str:
    """Return the interpreter of an environment, making it first if its lock has changed."""
    requirements, folder = _HERE / f"{name}.txt", ROOT / f".venv-peers-{name}"
    stamp, wanted = folder / ".installed", hashlib.sha256(requirements.read_bytes()).hexdigest()
    python = str(folder / "bin" / "python")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Installing {name}.txt into {folder.name} …", file=sys.stderr, flush=True)
        _install(folder, python, requirements)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _install(folder: Path, python: str, requirements: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    pip = (python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")
    locked = ("--require-hashes", "--only-binary", ":all:", "--no-binary", _SOURCES)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([*pip, *locked, "-r", str(requirements)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"its packages ({requirements.name}) could not be installed") from error


def lock() -> None:
    """Pin every environment again from its .in file, from the public registry, whatever this machine uses."""
    environment = {name: value for name, value in os.environ.items() if name not in _OWN_INDEXES}
    uv = Path(sys.executable).with_name("uv")
    for name in _NAMES:
        command = [str(uv), *_LOCK, f"{name}.in", "--output-file", f"{name}.txt"]
        subprocess.run(command, cwd=_HERE, env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:] != ["--lock"]:
        raise SystemExit(__doc__)
    lock()
