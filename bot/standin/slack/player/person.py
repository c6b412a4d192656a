"""A person at the local Slack: what they can do, and what they see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..accounts import Account
from ..channels import Channel, Message
from ..modals import OpenView
from ..wire import Json
from . import acts, installing, modal, writing
from .forms import NotOffered
from .stage import NotAllowed, Outcome, Stage

Place: TypeAlias = Channel | str
Files: TypeAlias = Iterable[tuple[str, bytes]]


class Person:
    """One person in one workspace; messages and views are plain dicts in Slack's shape."""

    def __init__(self, stage: Stage, account: Account) -> None:
        self._stage = stage
        self._team = stage.team
        self.account = account
        self.id = account.id

    # doing

    async def slash(
        self, command: str, text: str = "", *, channel: Place | None = None, thread: Any = None
    ) -> Outcome:
        """Type a slash command in a channel, by default in the direct message with the app."""
        if thread is not None:
            raise NotAllowed(f"{command} is not supported in threads")
        return await acts.slash(self._stage, self.id, self._place(channel), command, text)

    async def click(self, where: Json | None, action_id: str, value: str | None = None) -> Outcome:
        """Click a button of a message, of the open modal or of the Home tab."""
        return await self._act(where, (action_id, value, None))

    async def choose(self, where: Json | None, action_id: str, option: Any) -> Outcome:
        """Pick from a menu: an option's value, a list of values, or a date, time or id."""
        return await self._act(where, (action_id, None, option))

    async def shortcut(self, callback_id: str) -> Outcome:
        """Choose a global shortcut."""
        return await acts.shortcut(self._stage, self.id, callback_id)

    async def message_shortcut(self, callback_id: str, message: Json) -> Outcome:
        """Choose a shortcut from a message's menu."""
        channel, found = self._found(message)
        return await acts.message_shortcut(self._stage, self.id, channel, found, callback_id)

    async def fill(self, entries: dict[str, Any]) -> None:
        """Fill fields of the open modal, named by action_id or block_id, without sending."""
        modal.fill(self._stage, self.id, entries)

    async def submit(self, entries: dict[str, Any] | None = None) -> Outcome:
        """Fill in and send the open modal."""
        return await modal.submit(self._stage, self.id, entries or {})

    async def close_modal(self, *, everything: bool = False) -> Outcome:
        """Close the top modal, or the whole stack."""
        return await modal.close(self._stage, self.id, everything=everything)

    async def say(
        self, channel: Place, text: str = "", *, thread: Json | str | None = None, files: Files = ()
    ) -> Json:
        """Write a message; returns it."""
        place = self._place(channel)
        thread_ts = thread if isinstance(thread, str) else _root(thread)
        message = writing.say(self._team, self.id, place, text, thread_ts, files)
        return self._wire(place, message)

    async def say_dm(self, text: str = "", *, thread: Json | str | None = None, files: Files = ()) -> Json:
        """Write to the app; returns the message."""
        return await self.say(self._team.direct_channel(self.id), text, thread=thread, files=files)

    async def edit(self, message: Json, text: str) -> None:
        """Rewrite one's own message."""
        channel, found = self._found(message)
        writing.edit(self._team, self.id, channel, found, text)

    async def delete(self, message: Json) -> None:
        """Delete one's own message."""
        writing.delete(self._team, self.id, *self._found(message))

    async def react(self, message: Json, name: str) -> None:
        """Put an emoji on a message."""
        writing.react(self._team, self.id, *self._found(message), name)

    async def open_home(self, tab: str = "home") -> None:
        """Open the app's Home tab."""
        writing.open_home(self._team, self.id, tab)

    async def joins(self, channel: Place) -> None:
        """Join a channel."""
        self._team.move(self._named(channel), self.id, "member_joined_channel")

    async def brings(self, channel: Place, guest: Person | str) -> None:
        """Bring somebody, or whoever has this user id, into a channel that this person is in."""
        user = guest if isinstance(guest, str) else guest.id
        writing.bring(self._team, self.id, self._named(channel), self._team.account(user).id)

    async def brings_app(self, channel: Place) -> None:
        """Invite the app into a channel that this person is in."""
        writing.bring(self._team, self.id, self._named(channel), self._team.app.bot_user_id)

    async def consents(self, address: str) -> str:
        """Allow what the consent page at an address asks for; gives the address that it leads back to."""
        return installing.consents(self._team, self.id, address)

    async def declines(self, address: str) -> str:
        """Press *Cancel* on the consent page; gives the address that it leads back to."""
        return installing.declines(self._team, address)

    async def leaves(self, channel: Place) -> None:
        """Leave a channel."""
        self._team.move(self._named(channel), self.id, "member_left_channel")

    async def deactivated(self) -> None:
        """The workspace's admin switches this account off."""
        writing.deactivate(self._team, self.account)

    async def edits_profile(self, **changes: str) -> None:
        """Change ``real_name``, ``display_name``, ``email`` or ``picture`` of the own profile."""
        writing.edit_profile(self._team, self.account, changes)

    # seeing

    def channel(self, channel: Place) -> list[Json]:
        """The main view of a channel, oldest first, with ephemeral messages to this person."""
        place = self._place(channel)
        notes = [note for note in self._notes(place) if not note.is_reply]
        both = sorted([*place.shown(), *notes], key=lambda message: message.ts)
        return [self._wire(place, message) for message in both]

    def thread(self, channel: Place, root: Json | str) -> list[Json]:
        """The replies below a message, oldest first, with ephemeral ones to this person."""
        place = self._place(channel)
        ts = root if isinstance(root, str) else _root(root)
        notes = [note for note in self._notes(place) if note.is_reply and note.thread_ts == ts]
        both = sorted([*place.replies(ts), *notes], key=lambda message: message.ts)
        return [self._wire(place, message) for message in both]

    def dm(self) -> list[Json]:
        """All messages with the app, threads included, oldest first."""
        place = self._team.direct_channel(self.id)
        both = sorted([*place.messages, *self._notes(place)], key=lambda message: message.ts)
        return [self._wire(place, message) for message in both]

    @property
    def dm_channel(self) -> Channel:
        """The direct message channel with the app."""
        return self._team.direct_channel(self.id)

    def ephemerals(self, channel: Place | None = None) -> list[Json]:
        """What only this person was shown, in one channel or everywhere."""
        wanted = self._named(channel).id if channel is not None else None
        notes = self._team.private_notes.get(self.id, [])
        return [
            self._wire(self._team.channels[place], note) for place, note in notes if wanted in (None, place)
        ]

    @property
    def modal(self) -> Json | None:
        """The modal on top."""
        view = self._team.desk.top(self.id)
        return view.wire() if view else None

    @property
    def modals(self) -> list[Json]:
        """The stack of modals, lowest first."""
        return [view.wire() for view in self._team.desk.stacks.get(self.id, [])]

    @property
    def home(self) -> Json | None:
        """The Home tab."""
        view = self._team.desk.homes.get(self.id)
        return view.wire() if view else None

    @property
    def errors(self) -> list[str]:
        """What Slack told this person went wrong, oldest first."""
        return list(self._team.troubles.get(self.id, []))

    def download(self, file_id: str) -> bytes:
        """The bytes of a file this person can see."""
        file = self._team.files.get(file_id)
        if file is None or file.deleted or not self._sees(file_id):
            raise NotAllowed("this file cannot be seen")
        return file.content

    def _sees(self, file_id: str) -> bool:
        file = self._team.files[file_id]
        shared = any(self.id in self._team.channels[place].members for place in file.shared_in)
        return file.owner in (self.id, self._team.app.bot_user_id) or shared

    async def _act(self, where: Json | None, chosen: tuple[str, str | None, Any]) -> Outcome:
        if where is None:
            raise NotOffered("nothing is there to click on")
        if str(where.get("id", "")).startswith("V"):
            return await acts.act_in_view(self._stage, self.id, self._open_view(where), chosen)
        channel, message = self._found(where)
        return await acts.act_in_message(self._stage, self.id, channel, message, chosen)

    def _open_view(self, where: Json) -> OpenView:
        view = self._team.desk.by_id(where["id"])
        if view is None or view.person != self.id:
            raise NotOffered("this view is not open any more")
        return view

    def _found(self, message: Json) -> tuple[Channel, Message]:
        channel = self._place(message["channel"])
        notes = (note for note in self._notes(channel) if note.ts == message["ts"])
        found = channel.find(message["ts"]) or next(notes, None)
        if found is None:
            raise NotOffered("this message is not there any more")
        return channel, found

    def _notes(self, channel: Channel) -> list[Message]:
        notes = self._team.private_notes.get(self.id, [])
        return [note for place, note in notes if place == channel.id]

    def _named(self, channel: Place) -> Channel:
        return channel if isinstance(channel, Channel) else self._team.channels[channel]

    def _place(self, channel: Place | None) -> Channel:
        place = self._team.direct_channel(self.id) if channel is None else self._named(channel)
        if self.id not in place.members and place.kind != "public":
            raise NotAllowed("not a member of this channel")
        return place

    def _wire(self, channel: Channel, message: Message) -> Json:
        return channel.message_wire(message) | {"channel": channel.id}


def _root(message: Json | None) -> str:
    """The time of the thread's root."""
    return "" if message is None else str(message.get("thread_ts") or message["ts"])
