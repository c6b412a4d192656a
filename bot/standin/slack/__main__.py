"""The stand-in in a process of its own: ``python -m bot.standin.slack --config file.json``.

The file: ``{"port": 0, "seed": 7, "rate_limits": true, "workspaces": [{"name", "domain", "manifest",
"deliver_to", "people": [arguments of add_person], "channels": [those of add_channel, members by name]}]}``;
a manifest is an object or a path. When it listens, one line of JSON with ids, addresses and tokens goes to
standard output. It ends with status 0 on SIGTERM or SIGINT, or, with ``--until-stdin-closes``, when whoever
started it is gone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from .control import Control, described
from .standin import SlackStandin, Workspace
from .wire import Json


def main() -> int:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.standin.slack", description="A local Slack on loopback."
    )
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--until-stdin-closes", action="store_true")
    given = parser.parse_args()
    config = json.loads(given.config.read_text())
    for workspace in config.get("workspaces", []):
        workspace["manifest"] = _manifest(workspace.get("manifest"), given.config.parent)
    asyncio.run(_serve(config, until_stdin_closes=given.until_stdin_closes))
    return 0


async def _serve(config: Json, *, until_stdin_closes: bool) -> None:
    slack = SlackStandin(
        seed=config.get("seed", 0),
        port=config.get("port", 0),
        rate_limits=config.get("rate_limits", True),
    )
    slack.also_serves.append(Control(slack).add_to)
    over = _asked_to_stop()
    if until_stdin_closes:
        await _watch_stdin(over)
    async with slack:
        for workspace in config.get("workspaces", []):
            _settle(slack, workspace)
        sys.stdout.write(json.dumps(described(slack)) + "\n")
        sys.stdout.flush()
        await over.wait()


def _settle(slack: SlackStandin, wanted: Json) -> Workspace:
    """A workspace as the file describes it."""
    workspace = slack.add_workspace(
        wanted["name"], domain=wanted.get("domain", ""), manifest=wanted.get("manifest")
    )
    workspace.app.deliver_to = wanted.get("deliver_to")
    for person in wanted.get("people", []):
        workspace.add_person(**person)
    for channel in wanted.get("channels", []):
        members = [workspace.person(name) for name in channel.pop("members", [])]
        workspace.add_channel(**channel, members=members)
    return workspace


def _manifest(given: Json | str | None, folder: Path) -> Json | None:
    if isinstance(given, str):
        read: Json = json.loads((folder / given).read_text())
        return read
    return given


def _asked_to_stop() -> asyncio.Event:
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    return over


class _Closing(asyncio.Protocol):
    """Sets an event when the other end of a pipe is gone."""

    def __init__(self, over: asyncio.Event) -> None:
        self._over = over

    def connection_lost(self, exc: Exception | None) -> None:
        """The pipe is closed."""
        self._over.set()


async def _watch_stdin(over: asyncio.Event) -> None:
    await asyncio.get_running_loop().connect_read_pipe(lambda: _Closing(over), sys.stdin)


if __name__ == "__main__":
    sys.exit(main())
