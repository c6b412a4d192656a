"""The first configuration: from a few answers to a `curbside.toml` that is known to load."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.config import Problem, Settings, WrongSettings, check


@dataclass(frozen=True, slots=True)
class SlackAnswers:
    """One workspace. A public address asks for HTTP mode."""

    name: str
    channel: str
    domains: tuple[str, ...] = ()
    public_url: str = ""

    @property
    def mode(self) -> Literal["socket", "http"]:
        """How Slack reaches the bot."""
        return "http" if self.public_url else "socket"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that this mode needs."""
        return ("bot_token", "signing_secret" if self.public_url else "app_token")

    @property
    def events_url(self) -> str:
        """The address that Slack posts to, or nothing in socket mode."""
        return f"{self.public_url.rstrip('/')}/slack/events" if self.public_url else ""

    def manifest(self) -> dict[str, Any]:
        """Describe the app to Slack."""
        from bot.adapters.slack import manifest

        return manifest(self.mode, self.events_url)


@dataclass(frozen=True, slots=True)
class MatrixAnswers:
    """One homeserver. Without a room the bot creates it."""

    name: str
    homeserver: str
    user: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the operator told."""

    data_dir: str
    key_file: Path
    slack: SlackAnswers | None = None
    matrix: MatrixAnswers | None = None


def secret_files(answers: Answers, folder: Path) -> Mapping[Path, str]:
    """Say which file is to hold which secret, beside the configuration in ``folder``."""
    found = {}
    if answers.slack:
        for key in answers.slack.secrets:
            found[folder / _secret_file(answers.slack.name, key)] = f"{answers.slack.name}: {key}"
    if answers.matrix:
        found[folder / _secret_file(answers.matrix.name, "password")] = f"{answers.matrix.name}: password"
    return found


def _secret_file(site: str, key: str) -> str:
    return f"secrets/{site}.{key}"


def written(answers: Answers) -> str:
    """Write the configuration as TOML."""
    parts = [
        "# Curbside. Every key is explained in docs/configuration.md; `curbside doctor` checks this file.",
        f"data_dir = {_quoted(answers.data_dir)}",
        f"key_file = {_quoted(str(answers.key_file.expanduser().resolve()))}",
    ]
    if answers.slack:
        parts += ["", *_slack(answers.slack)]
    if answers.matrix:
        parts += ["", *_matrix(answers.matrix)]
    return "\n".join(parts) + "\n"


def _slack(site: SlackAnswers) -> list[str]:
    return [
        "[[slack]]",
        f"name = {_quoted(site.name)}",
        f"mode = {_quoted(site.mode)}",
        *(f"{key} = {{ file = {_quoted(_secret_file(site.name, key))} }}" for key in site.secrets),
        f"channel = {_quoted(site.channel)}",
        f"allow_domains = [{', '.join(map(_quoted, site.domains))}]",
    ]


def _matrix(site: MatrixAnswers) -> list[str]:
    return [
        "[[matrix]]",
        f"name = {_quoted(site.name)}",
        f"homeserver = {_quoted(site.homeserver)}",
        f"user = {_quoted(site.user)}",
        f"password = {{ file = {_quoted(_secret_file(site.name, 'password'))} }}",
        f"room = {_quoted(site.room)}" + ("" if site.room else "  # the bot creates it and prints its id"),
        f"allow_servers = [{_quoted(site.user.partition(':')[2])}]",
    ]


def _quoted(text: str) -> str:
    """Quote for TOML, whose basic strings know the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)


def checked(answers: Answers, folder: Path) -> Settings:
    """Read the configuration back as the bot will, secrets apart; raises ``WrongSettings``."""
    if answers.slack and answers.slack.public_url and not answers.slack.public_url.startswith("https://"):
        raise WrongSettings(
            [Problem("the public address", "must begin with https://; Slack posts to no other")]
        )
    tables = tomllib.loads(written(answers))
    for site in (*tables.get("slack", []), *tables.get("matrix", [])):
        site.update({key: "not there yet" for key, value in site.items() if isinstance(value, dict)})
    return check(tables, folder, {})
