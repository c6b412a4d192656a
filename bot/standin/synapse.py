"""A real Matrix homeserver on loopback, for tests and the demo: Synapse with SQLite in a folder of its own.

Synapse is AGPL and comes with the test and demo groups only; nothing of the bot's runtime imports this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

_RATES = (
    ("rc_message",),
    ("rc_registration",),
    ("rc_login", "address"),
    ("rc_login", "account"),
    ("rc_login", "failed_attempts"),
    ("rc_joins", "local"),
    ("rc_joins", "remote"),
    ("rc_joins_per_room",),
    ("rc_invites", "per_room"),
    ("rc_invites", "per_user"),
    ("rc_invites", "per_issuer"),
    ("rc_admin_redaction",),
    ("rc_media_create",),
    ("rc_room_creation",),
    ("rc_key_requests",),
)
_NO_LIMIT = {"per_second": 100_000, "burst_count": 100_000}
_POLL_SECONDS = 0.05


class SynapseFailed(Exception):
    """Synapse did not come up; the message ends with the tail of its log."""


@dataclass
class Synapse:
    """One homeserver in ``folder``; a second start in the same folder finds everything again.

    ``name`` is the server name in user ids and defaults to ``localhost:PORT``. ``limits`` leaves the rate
    limits of an untouched homeserver in place; without it they are as good as off. ``patience`` is how many
    seconds a start may take.
    """

    folder: Path
    name: str = ""
    limits: bool = False
    patience: float = 60.0
    port: int = field(default=0, init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        """The address that clients use."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process, for those who measure or kill it; 0 when it is not running."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Boot and wait until clients are answered; raises :class:`SynapseFailed`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._choose_address()
        self._write_configuration()
        with (self.folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "synapse.app.homeserver", "-c", str(self._configuration)],
                cwd=self.folder,
                stdout=console,
                stderr=console,
                env={**os.environ, "SYNAPSE_CACHE_FACTOR": "0.5"},
            )
        self._await_answer()

    def stop(self) -> None:
        """End the process and wait for it; nothing happens when it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def register(self, user: str, password: str, *, admin: bool = False) -> str:
        """Make an account and give its whole user id."""
        url = f"{self.url}/_synapse/admin/v1/register"
        nonce = _call("GET", url)["nonce"]
        role = "admin" if admin else "notadmin"
        signed = f"{nonce}\0{user}\0{password}\0{role}".encode()
        mac = hmac.new(self._secret.encode(), signed, hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": user, "password": password, "admin": admin, "mac": mac}
        return str(_call("POST", url, body)["user_id"])

    def log_out_everywhere(self, user_id: str) -> None:
        """End every login of an account, as the homeserver's administrator can."""
        name = f"admin-{secrets.token_hex(4)}"
        admin = self.register(name, self._secret, admin=True)
        token = str(self._log_in(admin)["access_token"])
        devices = f"{self.url}/_synapse/admin/v2/users/{quote(user_id)}"
        listed = _call("GET", f"{devices}/devices", token=token)["devices"]
        names = [device["device_id"] for device in listed]
        _call("POST", f"{devices}/delete_devices", {"devices": names}, token=token)

    def _log_in(self, user_id: str) -> dict[str, Any]:
        who = {"type": "m.id.user", "user": user_id}
        body = {"type": "m.login.password", "identifier": who, "password": self._secret}
        return _call("POST", f"{self.url}/_matrix/client/v3/login", body)

    def _choose_address(self) -> None:
        kept = self.folder / "address.json"
        if kept.exists():
            known = json.loads(kept.read_text())
            self.name, self._secret = known["name"], known["secret"]
            self.port = known["port"] if _is_free(known["port"]) else _free_port()
        else:
            self.port = _free_port()
            self.name = self.name or f"localhost:{self.port}"
            self._secret = secrets.token_urlsafe(24)
        kept.write_text(json.dumps({"name": self.name, "port": self.port, "secret": self._secret}))

    @property
    def _configuration(self) -> Path:
        return self.folder / "homeserver.yaml"

    def _write_configuration(self) -> None:
        self._write_signing_key()
        log = {
            "version": 1,
            "root": {"level": "WARNING", "handlers": ["file"]},
            "handlers": self._log_handlers(),
        }
        (self.folder / "log.yaml").write_text(json.dumps(log))
        settings = self._settings()
        if not self.limits:
            for path in _RATES:
                _put(settings, path, _NO_LIMIT)
        # Every JSON document is a YAML document.
        self._configuration.write_text(json.dumps(settings, indent=1))

    def _log_handlers(self) -> dict[str, Any]:
        return {"file": {"class": "logging.FileHandler", "filename": str(self.folder / "synapse.log")}}

    def _write_signing_key(self) -> None:
        path = self.folder / "signing.key"
        if not path.exists():
            with path.open("w") as stream:
                stream.write(f"ed25519 a_{secrets.token_hex(3)} {_unpadded(secrets.token_bytes(32))}\n")

    def _settings(self) -> dict[str, Any]:
        listener = {
            "port": self.port,
            "type": "http",
            "tls": False,
            "bind_addresses": ["127.0.0.1"],
            "resources": [{"names": ["client"], "compress": False}],
        }
        return {
            "server_name": self.name,
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "pid_file": str(self.folder / "homeserver.pid"),
            "log_config": str(self.folder / "log.yaml"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "presence": {"enabled": False},
            "url_preview_enabled": False,
            "user_directory": {"enabled": False},
            "bcrypt_rounds": 4,
            "federation_domain_whitelist": [],
            "max_upload_size": "50M",
        }

    def _await_answer(self) -> None:
        process = self._process
        deadline = time.monotonic() + self.patience
        while process is not None and process.poll() is None and time.monotonic() < deadline:
            if _answers(f"{self.url}/_matrix/client/versions"):
                return
            time.sleep(_POLL_SECONDS)
        self.stop()
        raise SynapseFailed(f"Synapse did not come up:\n{self._tail()}")

    def _tail(self) -> str:
        logs = [self.folder / "console.log", self.folder / "synapse.log"]
        return "\n".join(log.read_text()[-2000:] for log in logs if log.exists())


def _unpadded(key: bytes) -> str:
    return base64.b64encode(key).decode().rstrip("=")


def _put(settings: dict[str, Any], path: tuple[str, ...], value: Mapping[str, int]) -> None:
    for name in path[:-1]:
        settings = settings.setdefault(name, {})
    settings[path[-1]] = dict(value)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        _call("GET", url)
    except (urllib.error.URLError, ConnectionError, TimeoutError, ValueError):
        return False
    return True


def _call(
    method: str, url: str, body: Mapping[str, object] | None = None, *, token: str = ""
) -> dict[str, Any]:
    content = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url, data=content, method=method)  # noqa: S310 (loopback only)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
        answer = json.load(reply)
    return dict(answer)
