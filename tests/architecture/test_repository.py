"""The repository's own cleanliness: no secrets, no machine's paths, no registry addresses in what is kept."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

# Folders that a checkout without git must not be searched in.
PASSING = {".git", ".venv", "node_modules", "__pycache__", "build", "dist", "var"}

# Written so that no pattern matches itself.
UNWANTED = {
    "a machine's path": r"(?<![\w.:/-])/(wor[k]|far[m]|roo[t]|hom[e]|User[s]|tm[p])/\w",
    "a folder outside the project": r"\bshare[d]/(design|data|corpora|hooks)\b",
    "a registry's address": r"pythonhoste[d]\.|pypi\.or[g]/simple|registry\.(npm|yarn)|/opt/[pw][yh]",
    "a Slack token": r"xox[abeprs]-\d{8,}-[\w-]{12,}|xapp-\d-[A-Z0-9]{8,}-\d{8,}-[0-9a-f]{32,}",
    "a Slack webhook": r"hooks\.slack\.com/(services|workflows)/T\w{6,}/\w+",
    "a Matrix access token": r"\bsy[tr]_[A-Za-z0-9+/=]{4,}_[A-Za-z0-9]{16,}_\w{4,}|\bMDAx[A-Za-z0-9_-]{40,}",
    "a private key": r"-----BEGI[N] ([A-Z]+ )?PRIVATE KEY-----",
    "a forge's token": r"\bgh[opsu]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{30,}|\bglpat-[\w-]{20,}",
    "a cloud's key": r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b",
    "a payment key": r"\b[rs]k_live_\w{16,}",
    "a package manager's token": r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-[\w-]{40,}",
}

# Invented ones, written backwards, so that nobody's scanner takes this file for a leak.
PLANTED = {
    "a Slack token": "XwVuTsRqPoNmLkJiHgFeDcBa-210987654321-210987654321-bxox",
    "a Slack webhook": "xxxxxxxxxxxxxxxxxxxxxxxx/0000000000B/0000000000T/secivres/moc.kcals.skooh",
    "a Matrix access token": "c3b2a1_TsRqPoNmLkJiHgFeDcBa_QXZpVXc_tys",
    "a private key": "-----YEK ETAVIRP ASR NIGEB-----",
    "a forge's token": "1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a_phg",
    "a cloud's key": "7Q7Q7Q7Q7Q7Q7Q7QAIKA",
    "a payment key": "e4e4e4e4e4e4e4e4e4e4e4e4_evil_ks",
    "a package manager's token": "zZzZzZzZzZzZzZzZzZzZzZzZzZzZzZzZzZzZ_mpn",
    "a machine's path": "edisbruc/teiuq/emoh/",
    "a folder outside the project": "ngised/derahs/..",
    "a registry's address": "gro.detsohnohtyp.selif//:sptth",
}


def kept_files() -> list[Path]:
    """Every file git keeps or would keep; without git, every file outside the passing folders."""
    listed = _git_files()
    if listed is None:
        return [file for file in ROOT.rglob("*") if file.is_file() and PASSING.isdisjoint(file.parts)]
    return [file for file in listed if file.is_file()]


def _git_files() -> list[Path] | None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return [ROOT / name for name in listing.split("\0") if name]


def findings(text: str) -> Iterator[tuple[str, int]]:
    """What does not belong into a kept file, with the line it stands on."""
    for kind, pattern in UNWANTED.items():
        for match in re.finditer(pattern, text):
            yield kind, text.count("\n", 0, match.start()) + 1


def test_no_kept_file_holds_what_does_not_belong() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line} {kind}"
        for file in kept_files()
        for kind, line in findings(file.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("kind", UNWANTED)
def test_a_planted_secret_is_found(kind: str) -> None:
    assert list(findings(f"first line\nvalue = '{PLANTED[kind][::-1]}'\n")) == [(kind, 2)]


def test_no_key_or_database_is_kept() -> None:
    own = {".key", ".pem", ".sqlite", ".db", ".log"}
    assert [
        file for file in kept_files() if file.suffix in own or file.name in {".env", "curbside.toml"}
    ] == []


def test_requirements_name_packages_and_hashes_only() -> None:
    line = re.compile(
        r"(#.*|[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[\w.+!-]+( ; [^;]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)"
    )
    for file in (ROOT / "requirements").glob("*.txt"):
        odd = [row for row in file.read_text("utf-8").splitlines() if not line.fullmatch(row)]
        assert odd == [], file.name


def test_package_locks_have_hashes_and_no_addresses() -> None:
    for file in kept_files():
        if file.name == "package-lock.json":
            packages = json.loads(file.read_text("utf-8"))["packages"]
            installed = {name: entry for name, entry in packages.items() if name and not entry.get("link")}
            assert [name for name, entry in installed.items() if "resolved" in entry] == []
            assert [name for name, entry in installed.items() if "integrity" not in entry] == []
