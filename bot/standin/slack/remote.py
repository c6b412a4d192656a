"""Playing a stand-in that runs in its own process, with the words of ``Person``; every look is awaited."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout

from .calls import Call
from .changes import Change
from .player.stage import Outcome
from .wire import Json


class PlayRefused(Exception):
    """The stand-in says that this cannot be done; the text says why."""


class RemoteSlack:
    """A stand-in at ``url``; use it as an async context manager."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession(timeout=ClientTimeout(total=60))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    @property
    def session(self) -> ClientSession:
        """The open connections; RuntimeError outside the context manager."""
        if self._session is None:
            raise RuntimeError("use RemoteSlack as an async context manager")
        return self._session

    async def setup(self) -> Json:
        """Ids, names and tokens of everything."""
        async with self.session.get(f"{self.url}/_play/setup") as response:
            setup: Json = await response.json()
            return setup

    def person(self, team: str, name: str) -> RemotePerson:
        """A person of a workspace, both by id or name."""
        return RemotePerson(self, team, name)

    async def calls(self, after: int = 0) -> list[Call]:
        """The calls of the app, from number ``after`` on."""
        async with self.session.get(f"{self.url}/_play/calls", params={"after": after}) as response:
            return [Call(**call) for call in (await response.json())["result"]]

    async def fault(self, name: str, **arguments: Any) -> None:
        """Order trouble, as the ``Faults`` method of that name."""
        await self.post(f"faults/{name}", arguments)

    async def sockets(self, name: str, team: str | None = None) -> None:
        """``abort``, ``refresh`` or ``close`` the sockets of a workspace or of all."""
        await self.post(f"sockets/{name}", {"team": team} if team else {})

    async def rate_limits(self, *, on: bool) -> None:
        """Switch the rate limits."""
        await self.post("rates", {"on": on})

    async def changes(self) -> AsyncIterator[Change]:
        """What happens from now on."""
        patient = ClientTimeout(total=None)
        async with self.session.get(f"{self.url}/_play/changes", timeout=patient) as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    yield Change(**json.loads(line[6:]))

    async def until(self, met: Callable[[], Awaitable[object]], timeout: float = 10.0) -> None:
        """Return when ``await met()`` is true, asked at each change; TimeoutError after ``timeout`` s."""
        async with asyncio.timeout(timeout):
            feed = self.changes()
            try:
                while not await met():
                    await anext(feed)
            finally:
                await feed.aclose()  # type: ignore[attr-defined]

    async def post(self, path: str, body: Json) -> Any:
        """One request to the stand-in; PlayRefused when it cannot be done."""
        async with self.session.post(f"{self.url}/_play/{path}", json=body) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise PlayRefused(answer["error"])
        return answer["result"]


class RemotePerson:
    """One person of a remote stand-in."""

    def __init__(self, slack: RemoteSlack, team: str, name: str) -> None:
        self._slack = slack
        self._who = {"team": team, "person": name}

    async def do(self, verb: str, **given: Any) -> Any:
        """Any verb of the stand-in."""
        present = {name: value for name, value in given.items() if value is not None}
        return await self._slack.post(f"do/{verb}", {**self._who, **present})

    async def slash(self, command: str, text: str = "", *, channel: str | None = None) -> Outcome:
        """Type a slash command."""
        return Outcome(**await self.do("slash", command=command, text=text, channel=channel))

    async def click(self, where: Json | str, action_id: str, value: str | None = None) -> Outcome:
        """Click a button of a message, of ``"modal"`` or of ``"home"``."""
        return Outcome(**await self.do("click", where=where, action_id=action_id, value=value))

    async def choose(self, where: Json | str, action_id: str, option: Any) -> Outcome:
        """Pick from a menu."""
        return Outcome(**await self.do("choose", where=where, action_id=action_id, option=option))

    async def shortcut(self, callback_id: str) -> Outcome:
        """Choose a global shortcut."""
        return Outcome(**await self.do("shortcut", callback_id=callback_id))

    async def message_shortcut(self, callback_id: str, message: Json) -> Outcome:
        """Choose a shortcut from a message's menu."""
        return Outcome(**await self.do("message_shortcut", callback_id=callback_id, message=message))

    async def submit(self, entries: Json | None = None) -> Outcome:
        """Fill in and send the open modal; files are lists of (name, bytes)."""
        return Outcome(**await self.do("submit", entries=_packed(entries or {})))

    async def close_modal(self, *, everything: bool = False) -> Outcome:
        """Close the top modal, or the whole stack."""
        return Outcome(**await self.do("close_modal", everything=everything))

    async def say(
        self,
        channel: str,
        text: str = "",
        *,
        thread: Json | None = None,
        files: Iterable[tuple[str, bytes]] = (),
    ) -> Json:
        """Write a message; returns it."""
        packed = _packed_files(files)
        message: Json = await self.do("say", channel=channel, text=text, thread=thread, files=packed)
        return message

    async def say_dm(
        self, text: str = "", *, thread: Json | None = None, files: Iterable[tuple[str, bytes]] = ()
    ) -> Json:
        """Write to the app; returns the message."""
        message: Json = await self.do("say_dm", text=text, thread=thread, files=_packed_files(files))
        return message

    async def channel(self, channel: str) -> list[Json]:
        """The main view of a channel, oldest first."""
        messages: list[Json] = await self.do("channel", channel=channel)
        return messages

    async def thread(self, channel: str, message: Json) -> list[Json]:
        """The replies below a message, oldest first."""
        messages: list[Json] = await self.do("thread", channel=channel, message=message)
        return messages

    async def dm(self) -> list[Json]:
        """All messages with the app."""
        messages: list[Json] = await self.do("dm")
        return messages

    async def ephemerals(self, channel: str | None = None) -> list[Json]:
        """What only this person was shown."""
        messages: list[Json] = await self.do("ephemerals", channel=channel)
        return messages

    async def modal(self) -> Json | None:
        """The modal on top."""
        view: Json | None = await self.do("modal")
        return view

    async def home(self) -> Json | None:
        """The Home tab."""
        view: Json | None = await self.do("home")
        return view

    async def errors(self) -> list[str]:
        """What went wrong for this person."""
        errors: list[str] = await self.do("errors")
        return errors


def _packed(entries: Json) -> Json:
    return {name: _packed_entry(value) for name, value in entries.items()}


def _packed_entry(value: Any) -> Any:
    is_files = isinstance(value, list) and value and all(isinstance(each, tuple) for each in value)
    return _packed_files(value) if is_files else value


def _packed_files(files: Iterable[tuple[str, bytes]]) -> list[Json]:
    return [{"name": name, "content": base64.b64encode(content).decode()} for name, content in files]
