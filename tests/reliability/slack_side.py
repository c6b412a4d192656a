"""The Slack half of a campaign: the stand-in in a process of its own, and physicians who type there."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.slack import manifest
from bot.chat.events import Account
from bot.standin.slack import Call
from bot.standin.slack.remote import RemotePerson, RemoteSlack

TEAM = "st-anna"
ROOM = "consult"
TROUBLE = {"ratelimit": 0.05, "server_error": 0.03, "drop_after_commit": 0.05}
"""What threat-model section 7 asks a campaign to stand: shares of all posts."""


@dataclass
class SlackSide:
    """A workspace with one consult room. ``setup`` is what the stand-in tells about itself."""

    process: asyncio.subprocess.Process
    remote: RemoteSlack
    setup: dict[str, Any]

    @classmethod
    async def start(cls, folder: Path, people: tuple[str, ...], seed: int) -> SlackSide:
        """Start the stand-in; its sessions end with :meth:`stop`."""
        file = folder / "slack.json"
        file.write_text(json.dumps(_wanted(people, seed)))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.standin.slack",
            "--config",
            str(file),
            "--until-stdin-closes",
            cwd=Path(__file__).parents[2],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        assert process.stdout is not None
        setup = json.loads(await process.stdout.readline())
        remote = await RemoteSlack(setup["url"]).__aenter__()
        return cls(process, remote, setup)

    async def stop(self) -> None:
        """Close the session and end the process."""
        await self.remote.__aexit__(None, None, None)
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()

    @property
    def workspace(self) -> dict[str, Any]:
        """The workspace as the stand-in describes it."""
        found: dict[str, Any] = self.setup["workspaces"][0]
        return found

    @property
    def room(self) -> str:
        """The consult room's channel id."""
        return str(self.workspace["channels"][ROOM])

    def account(self, name: str) -> Account:
        """The account of a person."""
        return Account("slack", self.workspace["id"], self.workspace["people"][name])

    def person(self, name: str) -> RemotePerson:
        """A person at the keyboard."""
        return self.remote.person(TEAM, name)

    async def trouble(self) -> None:
        """From now on a share of all posts goes wrong."""
        await self.remote.fault("at_rate", method="chat.postMessage", retry_after=1, **TROUBLE)

    async def calm(self) -> None:
        """No more trouble."""
        await self.remote.fault("clear")

    async def room_as_seen(self, by: str) -> list[dict[str, Any]]:
        """What everybody sees in the consult room, threads included, in the order in which it was said."""
        person = self.person(by)
        main = await person.channel(self.room)
        threads = [await person.thread(self.room, root) for root in main if root.get("reply_count")]
        said = [*main, *(reply for thread in threads for reply in thread)]
        public = [message for message in said if not message.get("is_ephemeral")]
        return sorted(public, key=lambda message: str(message["ts"]))

    async def home_as_seen(self, name: str) -> list[dict[str, Any]]:
        """What stands in a person's direct messages with the bot, what is seen once left aside."""
        return [one for one in await self.person(name).dm() if not one.get("is_ephemeral")]

    async def troubles(self) -> dict[str, int]:
        """Count what went wrong with posts, by kind."""
        calls = await self.remote.calls()
        return dict(Counter(call.fault for call in calls if call.fault and call.method == "chat.postMessage"))

    async def orphans(self) -> int:
        """Count the files that the bot uploaded, that no message shows, and that were not deleted."""
        calls = [call for call in await self.remote.calls() if call.ok]
        made = {
            json.loads(call.args["files"])[0]["id"]
            for call in calls
            if call.method == "files.completeUploadExternal"
        }
        gone = {call.args["file"] for call in calls if call.method == "files.delete"}
        shown = str(await self.room_as_seen(next(iter(self.workspace["people"]))))
        return sum(file not in shown for file in made - gone)

    async def postings(self) -> dict[str, list[Call]]:
        """Give the posts that came to stand, by the delivery id that they carried."""
        found: dict[str, list[Call]] = defaultdict(list)
        for call in await self.remote.calls():
            if call.method == "chat.postMessage" and (call.ok or call.fault == "drop"):
                found[call.args["metadata"]["event_payload"]["id"]].append(call)
        return found


def _wanted(people: tuple[str, ...], seed: int) -> dict[str, Any]:
    members = [{"name": name, "email": f"{name}@{TEAM}.example"} for name in people]
    room = {"name": ROOM, "private": True, "members": list(people), "app_is_member": True}
    workspace = {"name": TEAM, "manifest": manifest(), "people": members, "channels": [room]}
    return {"seed": seed, "rate_limits": False, "workspaces": [workspace]}
