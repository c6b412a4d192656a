"""Paperwork: the key file and ``curbside.toml`` that an operator would write, for the demo's two sites."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.demo.cast import MATRIX_HOSPITAL, SLACK_HOSPITAL

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a posting can be undone and how long it then waits, in seconds."""

    undo: float = 4
    delay: tuple[float, float] = (0.2, 0.6)


@dataclass(frozen=True, slots=True)
class SlackDesk:
    """What the operator copies out of Slack's app page."""

    api_url: str
    bot_token: str
    app_token: str
    channel: str


@dataclass(frozen=True, slots=True)
class MatrixDesk:
    """What the operator gets from the homeserver's administrator."""

    homeserver: str
    user: str
    password: str


def write_key(folder: Path) -> Path:
    """Make the bot's key file, readable by its owner only."""
    path = folder / "master.key"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_bytes(KEY_BYTES))
    return path


def write_configuration(folder: Path, slack: SlackDesk, matrix: MatrixDesk, pace: Pace) -> Path:
    """Write ``curbside.toml`` as the operator guide describes it and give its path."""
    lines = [
        'data_dir = "var"',
        'key_file = "master.key"',
        "",
        "[[slack]]",
        f"name = {_quoted(SLACK_HOSPITAL.label)}",
        f"bot_token = {_quoted(slack.bot_token)}",
        f"app_token = {_quoted(slack.app_token)}",
        f"api_url = {_quoted(slack.api_url)}",
        f"channel = {_quoted(slack.channel)}",
        f"allow_domains = [{_quoted(SLACK_HOSPITAL.domain)}]",
        "",
        "[[matrix]]",
        f"name = {_quoted(MATRIX_HOSPITAL.label)}",
        f"homeserver = {_quoted(matrix.homeserver)}",
        f"user = {_quoted(matrix.user)}",
        f"password = {_quoted(matrix.password)}",
        f"allow_servers = [{_quoted(MATRIX_HOSPITAL.domain)}]",
        "",
        "[relay]",
        f"undo_seconds = {pace.undo}",
        f"delay_seconds = [{pace.delay[0]}, {pace.delay[1]}]",
        "",
        "[log]",
        'level = "warning"',
    ]
    path = folder / "curbside.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def _quoted(text: str) -> str:
    """Write a TOML string; JSON's form is one."""
    return json.dumps(text)
