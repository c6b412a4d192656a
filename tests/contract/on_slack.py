"""The contract on Slack: the stand-in, which refuses what Slack refuses, and Socket Mode."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from bot.adapters.slack import Secret, SlackAdapter, SlackSite, manifest
from bot.adapters.slack.ids import MessageAddress
from bot.chat.events import Account, Event, Kind
from bot.ports.adapter import Part
from bot.standin.slack import Channel, Person, SlackStandin
from tests.contract.rig import SECONDS, Inbox, Seen
from tests.matrix.fakes import RealClock

_HIDDEN = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200b\u200e\u200f"
_ACTING = {"user", "usergroup", "channel", "broadcast", "link", "emoji", "team", "date"}
_WORDS = ("text", "title", "alt_text")


class SlackRig:
    """Two people of one workspace."""

    mods: Channel

    def __init__(self, slack: SlackStandin) -> None:
        self.slack = slack
        self.workspace = slack.add_workspace("st-anna", manifest=manifest())
        self.ada = self.workspace.add_person("ada")
        self.ben = self.workspace.add_person("ben")
        self.channel = self.workspace.add_channel("consult", members=[self.ada], app_is_member=True)
        app = self.workspace.app
        self.site = SlackSite(
            name="st-anna",
            bot_token=Secret(app.bot_token),
            channel=self.channel.id,
            app_token=Secret(app.app_token),
            api_url=slack.api_url,
        )
        self.adapter = SlackAdapter(self.site, RealClock())
        self.inbox = Inbox()
        self.account = Account("slack", self.workspace.id, self.ada.id)
        self.stranger = Account("slack", self.workspace.id, self.ben.id)
        self._acts: set[asyncio.Task[Any]] = set()

    async def room(self) -> list[Seen]:
        return self._said(self.channel)

    async def home(self) -> list[Seen]:
        return self._said(self.ada.dm_channel)

    async def said(self) -> list[Seen]:
        channel = self.ada.dm_channel
        said = [one.wire() for one in channel.messages if one.user == self.ada.id]
        return [Seen(str(MessageAddress.of(channel.id, one["ts"])), one["text"]) for one in said]

    async def shown(self) -> list[str]:
        views = [self.ada.modal] if self.ada.modal else []
        return ["\n".join(_words(one)) for one in (*self.ada.ephemerals(), *views)]

    async def files(self) -> int:
        mine = self.workspace.app.bot_user_id
        return sum(file.owner == mine and not file.deleted for file in self.workspace.team.files.values())

    async def picture(self) -> str:
        await self.ada.edits_profile(picture="8c6a1c6d4d2c")
        return "8c6a1c6d4d2c"

    async def in_room(self, account: Account) -> bool:
        return account.user in self.channel.members

    async def enter(self, account: Account) -> None:
        await self.ada.brings(self.channel, self.workspace.person(account.user))

    async def forbid(self) -> bool:
        self.channel.removing_restricted = True
        return True

    async def until(self, met: Callable[[], Awaitable[object]]) -> None:
        feed = self.slack.changes()
        try:
            async with asyncio.timeout(SECONDS):
                while not await met():
                    # The end of an act rings no bell, so look again now and then without one.
                    news = asyncio.ensure_future(anext(feed))
                    await asyncio.wait((news,), timeout=0.1)
                    news.cancel()
        finally:
            feed.close()

    async def command(self, text: str) -> None:
        self._act(self.ada.slash("/consult", text))

    async def write(self, text: str) -> None:
        await self.ada.say_dm(text)

    async def edit(self, message: str, text: str) -> None:
        await self.ada.edit(self._own(message), text)

    async def delete(self, message: str) -> None:
        await self.ada.delete(self._own(message))

    def _own(self, message: str) -> dict[str, Any]:
        return next(one for one in self.ada.dm() if message.endswith(one["ts"]))

    async def answer(self, message: Part, text: str) -> None:
        found = next(one for one in self.ada.dm() if message.remote.endswith(one["ts"]))
        await self.ada.say_dm(text, thread=found)

    async def attach(self, text: str, data: bytes) -> None:
        await self.ada.say_dm(text, files=[("photo.png", data)])

    async def type_in_room(self, text: str) -> bool:
        await self.ada.say(self.channel, text)
        return True

    async def open_moderators_room(self) -> None:
        self.mods = self.workspace.add_channel("mods", members=[self.ada], app_is_member=True)
        self.site = dataclasses.replace(self.site, moderators=self.mods.id)
        await self.restart()

    async def moderators(self) -> list[Seen]:
        return self._said(self.mods)

    async def in_moderators_room(self, account: Account) -> bool:
        return account.user in self.mods.members

    async def command_among_moderators(self, text: str) -> None:
        self._act(self.ada.slash("/consult", text, channel=self.mods))

    async def chat_among_moderators(self, text: str) -> None:
        await self.ada.say(self.mods, text)

    async def acknowledged(self, event: Event) -> bool:
        """A command's person is told; an event is out of the postman's hands."""
        if event.kind is Kind.TEXT:
            return not self.slack.postman.under_way
        return not self._acts

    async def inert(self) -> list[str]:
        shown = [*self.channel.shown(), *(reply for reply in self.channel.messages if reply.is_reply)]
        return [problem for message in shown for problem in _problems(message.wire())]

    async def restart(self) -> None:
        await self.adapter.stop()
        self.adapter = SlackAdapter(self.site, RealClock())
        await self.adapter.start(self.inbox)

    async def close(self) -> None:
        await self.adapter.stop()
        await asyncio.gather(*self._acts, return_exceptions=True)
        await self.slack.stop()

    def _act(self, doing: Any) -> None:
        task = asyncio.create_task(doing)
        self._acts.add(task)
        task.add_done_callback(self._acts.discard)

    def _said(self, channel: Channel) -> list[Seen]:
        bot = self.workspace.app.bot_id
        return [self._seen(channel, one.wire()) for one in channel.messages if one.bot_id == bot]

    def _seen(self, channel: Channel, message: dict[str, Any]) -> Seen:
        thread = message.get("thread_ts", "")
        return Seen(
            place=str(MessageAddress.of(channel.id, message["ts"])),
            words="\n".join(_words(message)),
            speaker=message.get("username", ""),
            thread=str(MessageAddress.of(channel.id, thread)) if thread else "",
            pictures=tuple(_pictures(self.ada, message)),
        )


def _pictures(person: Person, message: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for block in message.get("blocks", ()):
        if block["type"] == "image":
            yield block["alt_text"], person.download(block["slack_file"]["id"])


def _words(shown: Any) -> Iterator[str]:
    """Everything there is to read in a message or a modal."""
    if isinstance(shown, list):
        for each in shown:
            yield from _words(each)
    elif isinstance(shown, dict):
        for name, value in shown.items():
            if name in _WORDS and isinstance(value, str):
                yield value
            else:
                yield from _words(value)


def _problems(shown: Any) -> Iterator[str]:
    """Find what Slack would not show as the words that were written."""
    if isinstance(shown, str):
        yield from ([f"hidden signs in {shown!r}"] if set(shown) & set(_HIDDEN) else [])
        return
    if isinstance(shown, dict):
        yield from _acting(shown)
    inner = shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ()
    for each in inner:
        yield from _problems(each)


def _acting(piece: dict[str, Any]) -> Iterator[str]:
    kind = piece.get("type")
    if kind in _ACTING:
        yield f"a {kind}"
    if kind == "mrkdwn" and not piece.get("verbatim"):
        yield f"markup that Slack reads freely in {piece['text']}"
    if kind in ("mrkdwn", "message") and "<" in piece["text"]:
        yield f"markup in {piece['text']}"


async def slack_rig(_folder: Path) -> SlackRig:
    """Start the stand-in and the adapter."""
    slack = SlackStandin(seed=5, rate_limits=False)
    await slack.start()
    rig = SlackRig(slack)
    await rig.adapter.start(rig.inbox)
    return rig
