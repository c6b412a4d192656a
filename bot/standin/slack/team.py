"""One workspace's whole state, and the acts that change it and are told to the app as events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from .accounts import Account, App
from .calls import CallLog
from .changes import ChangeBell
from .channels import EVENT_TYPE, PREFIX, Channel, Message
from .clock import Clock
from .codes import Code
from .files import PendingUpload, StoredFile
from .mint import Mint
from .modals import ViewDesk
from .wire import Json, SlackError


class Courier(Protocol):
    """Carries events to the app."""

    def post_event(self, team: Team, event: Json) -> None:
        """Deliver one event in the background, again if it is not acknowledged."""
        ...


@dataclass(slots=True)
class World:
    """What all workspaces share."""

    clock: Clock
    mint: Mint
    bell: ChangeBell
    log: CallLog
    courier: Courier
    base_url: str = ""
    file_delay: float = 0.0
    teams: dict[str, Team] = field(default_factory=dict)
    tickets: dict[str, Team] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    """Bot tokens that an installation replaced."""

    def now(self) -> float:
        """Seconds since the epoch."""
        return self.clock.now()


@dataclass(slots=True)
class Team:
    """A workspace: accounts, channels, files, open views, and what each person was shown privately."""

    id: str
    name: str
    domain: str
    email_domain: str
    world: World
    app: App
    accounts: dict[str, Account] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    uploads: dict[str, PendingUpload] = field(default_factory=dict)
    private_notes: dict[str, list[tuple[str, Message]]] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=dict)
    desk: ViewDesk = field(default_factory=ViewDesk)

    def channel(self, channel_id: str) -> Channel:
        """A channel; SlackError ``channel_not_found``."""
        if channel_id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[channel_id]

    def account(self, user_id: str) -> Account:
        """An account; SlackError ``user_not_found``."""
        if user_id not in self.accounts:
            raise SlackError("user_not_found")
        return self.accounts[user_id]

    def direct_channel(self, person: str) -> Channel:
        """The direct message channel between a person and the app, opened when there is none yet."""
        pair = {person, self.app.bot_user_id}
        for channel in self.channels.values():
            if channel.kind == "im" and set(channel.members) == pair:
                return channel
        return self.add_channel("", "im", [person, self.app.bot_user_id])

    def add_channel(self, name: str, kind: str, members: Iterable[str]) -> Channel:
        """A new channel with these members."""
        letter = "D" if kind == "im" else "C"
        members = list(members)
        creator = members[0] if members else ""
        channel = Channel(self.world.mint.id(letter), name, kind, creator, int(self.world.now()), members)
        self.channels[channel.id] = channel
        self.ring("channel", channel.id)
        return channel

    def ring(self, kind: str, channel: str = "", person: str = "", ts: str = "") -> None:
        """Tell listeners of a change in this workspace."""
        self.world.bell.ring(kind, self.id, channel, person, ts)

    def write(self, channel: Channel, message: Message) -> Message:
        """Put a message into a channel and tell the app."""
        channel.messages.append(message)
        for file in message.files:
            if channel.id not in file.shared_in:
                file.shared_in.append(channel.id)
        self._tell_message(channel, channel.message_wire(message))
        self.ring("message", channel.id, message.user, message.ts)
        return message

    def rewrite(self, channel: Channel, message: Message, before: Json) -> None:
        """Tell the app that a message changed from ``before``."""
        event = {"subtype": "message_changed", "hidden": True, "message": message.wire()}
        self._tell_message(
            channel, event | {"type": "message", "previous_message": before, "ts": self._stamp(channel)}
        )
        self.ring("message_changed", channel.id, message.user, message.ts)

    def erase(self, channel: Channel, message: Message) -> None:
        """Delete a message and tell the app."""
        channel.remove(message)
        event = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        event |= {"type": "message", "previous_message": message.wire(), "ts": self._stamp(channel)}
        self._tell_message(channel, event)
        self.ring("message_deleted", channel.id, message.user, message.ts)

    def move(self, channel: Channel, person: str, kind: str, inviter: str = "") -> None:
        """Put somebody into a channel or take them out, and tell the app if it is there and may know.

        ``kind`` is member_joined_channel or member_left_channel.
        """
        if kind == "member_joined_channel":
            channel.members.append(person)
        else:
            channel.members.remove(person)
        letter = "C" if channel.kind == "public" else "G"
        event: Json = {"type": kind, "user": person, "channel": channel.id, "channel_type": letter}
        event |= {"team": self.id, "event_ts": self._stamp(channel)} | (
            {"inviter": inviter} if inviter else {}
        )
        here = self.app.bot_user_id in (*channel.members, person)
        if here and f"{PREFIX[channel.kind]}:read" in self.app.scopes:
            self.tell(kind, event)
        self.ring("members", channel.id, person)

    def whisper(self, channel: Channel, message: Message) -> None:
        """Show a message to one person only."""
        self.private_notes.setdefault(message.seen_by, []).append((channel.id, message))
        self.ring("ephemeral", channel.id, message.seen_by, message.ts)

    def erase_file(self, file: StoredFile) -> None:
        """Delete a file everywhere; messages that hold it show a tombstone."""
        file.deleted = True
        file.content = b""
        self.tell(
            "file_deleted",
            {"type": "file_deleted", "file_id": file.id, "event_ts": f"{self.world.now():.6f}"},
        )
        self.ring("file_deleted", person=file.owner)

    def install(self, scopes: Iterable[str]) -> None:
        """Give the app these scopes, and a new token unless it has one that works."""
        self.app.scopes = set(scopes) or self.app.scopes
        if not self.app.installed:
            self.world.spent.add(self.app.bot_token)
            self.app.bot_token = self.world.mint.token("xoxb")
        self.app.installed = True

    def uninstall(self) -> None:
        """Remove the app, also from its channels; it is told after its token has died."""
        bot = self.app.bot_user_id
        self.app.installed = False
        for channel in self.channels.values():
            if channel.kind != "im" and bot in channel.members:
                channel.members.remove(bot)
        gone: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}
        for event in (gone, {"type": "app_uninstalled"}):
            if self.app.manifest.hears(event["type"]):
                self.world.courier.post_event(self, event)

    def tell(self, subscription: str, event: Json) -> None:
        """Send the app an event that it subscribed to."""
        if self.app.installed and self.app.manifest.hears(subscription):
            self.world.courier.post_event(self, event)

    def _stamp(self, channel: Channel) -> str:
        return channel.next_ts(self.world.now())

    def _tell_message(self, channel: Channel, event: Json) -> None:
        may_read = f"{PREFIX[channel.kind]}:history" in self.app.scopes
        if self.app.bot_user_id not in channel.members or not may_read:
            return
        place = {"channel": channel.id, "channel_type": EVENT_TYPE[channel.kind], "event_ts": event["ts"]}
        self.tell(f"message.{PREFIX[channel.kind]}", event | place)
