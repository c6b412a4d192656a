"""The real program in processes of its own: one bot runs, others work beside it, and a signal ends it."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

CONFIG = """
key_file = "keys/master.key"
[http]
port = 0
[[matrix]]
name = "city"
homeserver = "http://127.0.0.1:9"
user = "@curbside:city.example"
password = "canary-password"
"""
ENROL = ("mod", "enrol", "--account", "matrix:@canary-user:city.example", "--name", "Jane Canary")


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a configuration and a key; its homeserver is away."""

    folder: Path

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bot", *words, "--config", str(self.folder / "curbside.toml")]

    def do(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    (tmp_path / "curbside.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "keys").mkdir()
    key = tmp_path / "keys" / "master.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    return Installation(tmp_path)


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that has got as far as `running`."""

    process: subprocess.Popen[str]
    lines: list[dict[str, object]]

    def get(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.lines[0]['port']}{path}"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()


@pytest.fixture
def running(installation: Installation) -> Iterator[Running]:
    command = installation.command("run", "--log-format", "json")
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(json.loads(line))
            if lines[-1]["event"] == "running":
                break
        yield Running(process, lines)
        process.kill()


def test_one_runs_others_work_beside_it_and_a_signal_ends_it(
    installation: Installation, running: Running
) -> None:
    assert running.get("/live") == (200, '{"live": true}')
    status, ready = running.get("/ready")
    assert status == 503
    assert json.loads(ready)["parts"]["city"]["ok"] is False
    assert 'curbside_connected{site="city"} 0.0' in running.get("/metrics")[1]

    enrolled = installation.do(*ENROL, "--specialty", "Dermatology", "--json")
    assert enrolled.returncode == 0, enrolled.stderr
    assert set(json.loads(enrolled.stdout)) == {"reference", "already"}

    second = installation.do("run")
    assert second.returncode == 2
    assert "Another Curbside is running" in second.stderr.splitlines()[-1]

    running.process.send_signal(signal.SIGTERM)
    _, rest = running.process.communicate(timeout=10)
    assert running.process.returncode == 0

    said = f"{running.lines}{rest}{ready}{enrolled.stdout}{enrolled.stderr}{second.stderr}"
    assert "anary" not in said
    assert "Traceback" not in said
    assert json.loads(rest.splitlines()[-1])["event"] == "stopped"
