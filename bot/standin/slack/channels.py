"""Channels and what is written in them: messages in order, threads, edits, tombstones."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .files import StoredFile
from .wire import Json

PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
EVENT_TYPE = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


@dataclass(slots=True)
class Message:
    """One message as stored; ``seen_by`` is set for an ephemeral one."""

    ts: str
    user: str
    text: str
    team: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    thread_ts: str = ""
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    icons: Json = field(default_factory=dict)
    metadata: Json | None = None
    subtype: str = ""
    edited: Json | None = None
    broadcast: bool = False
    seen_by: str = ""
    client_msg_id: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return bool(self.thread_ts) and self.thread_ts != self.ts

    def wire(self, *, metadata: bool = False) -> Json:
        """The message in Slack's shape, without thread counts."""
        wire: Json = {"type": "message", "ts": self.ts, "text": self.text}
        under_own_name = self.subtype != "bot_message"
        optional: Json = {
            "user": self.user if under_own_name else "",
            "team": self.team if under_own_name else "",
            "subtype": self.subtype,
            "thread_ts": self.thread_ts,
            "bot_id": self.bot_id,
            "app_id": self.app_id if under_own_name else "",
            "username": self.username,
            "icons": self.icons,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": [file.wire() for file in self.files],
            "edited": self.edited,
            "client_msg_id": self.client_msg_id,
            "is_ephemeral": bool(self.seen_by),
            "metadata": self.metadata if metadata else None,
            "reactions": [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ],
        }
        return wire | {key: value for key, value in optional.items() if value}


@dataclass(slots=True)
class Channel:
    """A channel, group or direct message with its members and messages."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    shared: bool = False
    archived: bool = False
    posting_restricted: bool = False
    threads_restricted: bool = False
    removing_restricted: bool = False
    """Only admins may remove people: a preference of the workspace."""
    general: bool = False
    messages: list[Message] = field(default_factory=list)
    last_ts: Decimal = Decimal(0)

    def next_ts(self, now: float) -> str:
        """A message time: unique and rising within this channel."""
        candidate = Decimal(f"{now:.6f}")
        self.last_ts = max(candidate, self.last_ts + Decimal("0.000001"))
        return f"{self.last_ts:.6f}"

    def find(self, ts: str) -> Message | None:
        """The message written at ``ts``."""
        return next((message for message in reversed(self.messages) if message.ts == ts), None)

    def replies(self, ts: str) -> list[Message]:
        """The replies below the message at ``ts``, oldest first."""
        return [message for message in self.messages if message.is_reply and message.thread_ts == ts]

    def shown(self) -> list[Message]:
        """The messages of the main view, oldest first."""
        return [message for message in self.messages if not message.is_reply or message.broadcast]

    def remove(self, message: Message) -> None:
        """Delete a message; one with replies leaves a tombstone."""
        if not self.replies(message.ts):
            self.messages.remove(message)
            return
        at = self.messages.index(message)
        tombstone = Message(message.ts, "USLACKBOT", "This message was deleted.", thread_ts=message.ts)
        tombstone.subtype = "tombstone"
        self.messages[at] = tombstone

    def message_wire(self, message: Message, *, metadata: bool = False) -> Json:
        """A message with what Slack tells about its thread."""
        wire = message.wire(metadata=metadata)
        replies = self.replies(message.ts)
        if message.is_reply:
            root = self.find(message.thread_ts)
            return wire | ({"parent_user_id": root.user} if root else {})
        if not replies:
            return wire
        people = list(dict.fromkeys(reply.user for reply in replies))
        return wire | {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(people),
            "reply_users": people[:5],
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }

    def wire(self, *, viewer: str, team: str) -> Json:
        """The ``channel`` object as ``viewer`` sees it."""
        common: Json = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind in ("private", "mpim"),
            "is_org_shared": False,
            "is_ext_shared": self.shared,
            "context_team_id": team,
            "updated": self.created * 1000,
        }
        return common | (self._direct_wire(viewer) if self.kind == "im" else self._named_wire(viewer, team))

    def _direct_wire(self, viewer: str) -> Json:
        other = next((member for member in self.members if member != viewer), viewer)
        return {"user": other, "is_user_deleted": False, "priority": 0, "is_open": True}

    def _named_wire(self, viewer: str, team: str) -> Json:
        named: Json = {
            "name": self.name,
            "name_normalized": self.name,
            "creator": self.creator,
            "is_general": self.general,
            "is_shared": self.shared,
            "is_pending_ext_shared": False,
            "is_member": viewer in self.members,
            "shared_team_ids": [team],
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "previous_names": [],
        }
        properties = self._properties()
        return named | ({"properties": properties} if properties else {})

    def _properties(self) -> Json:
        admins = {"type": ["admin", "owner"], "user": []}
        restricted = {
            "posting_restricted_to": self.posting_restricted,
            "threads_restricted_to": self.threads_restricted,
        }
        return {name: admins for name, is_on in restricted.items() if is_on}
