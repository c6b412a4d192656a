"""One call as a method sees it: who asks, in which workspace, with which arguments."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TypeVar

from ..accounts import Account, App
from ..channels import PREFIX, Channel
from ..files import StoredFile
from ..team import Team, World
from ..wire import Json, SlackError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call with checked arguments."""

    world: World
    team: Team
    args: Json
    token_kind: str

    @property
    def app(self) -> App:
        """The app that calls."""
        return self.team.app

    @property
    def bot(self) -> str:
        """The app's own user id."""
        return self.team.app.bot_user_id

    def need(self, *scopes: str) -> None:
        """Any one of these scopes; SlackError ``missing_scope``."""
        if not set(scopes) & self.app.scopes:
            raise missing_scope(scopes[0], self.app.scopes)

    def seen_channel(self, argument: str = "channel") -> Channel:
        """The channel named by an argument, if the app may know of it; ``channel_not_found``."""
        channel = self.team.channel(self.args[argument])
        if channel.kind != "public" and self.bot not in channel.members:
            raise SlackError("channel_not_found")
        return channel

    def joined_channel(self, argument: str = "channel") -> Channel:
        """A channel the app is a member of; ``not_in_channel``."""
        channel = self.seen_channel(argument)
        if self.bot not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def need_for(self, channel: Channel, verb: str, *others: str) -> None:
        """The scope for this kind of channel, such as ``groups:history``."""
        prefix = PREFIX[channel.kind]
        self.need(f"{prefix}:{verb}", *(f"{prefix}:{other}" for other in others))

    def person(self, argument: str = "user") -> Account:
        """The account named by an argument."""
        return self.team.account(self.args[argument])

    def file(self, file_id: str) -> StoredFile:
        """A file the app may see; ``file_not_found`` or ``file_deleted``."""
        file = self.team.files.get(file_id)
        if file is None or not self.may_see(file):
            raise SlackError("file_not_found")
        if file.deleted:
            raise SlackError("file_deleted")
        return file

    def may_see(self, file: StoredFile) -> bool:
        """Whether the app owns a file, was given it, or shares a channel with it."""
        shared = any(self.bot in self.team.channels[place].members for place in file.shared_in)
        return file.owner == self.bot or file.open_to_app or shared

    def page(self, entries: list[T], default: int, most: int) -> tuple[list[T], str]:
        """One page of a list and the cursor of the next; ``invalid_cursor``, ``invalid_limit``."""
        limit = self.args.get("limit", default)
        if not 1 <= limit <= most:
            raise SlackError("invalid_limit")
        start = _start_of(self.args.get("cursor", ""))
        end = start + limit
        following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(entries) else ""
        return entries[start:end], following


def missing_scope(needed: str, provided: set[str]) -> SlackError:
    """The refusal for a token without the scope."""
    return SlackError("missing_scope", needed=needed, provided=",".join(sorted(provided)))


def _start_of(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        kind, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
        return int(place) if kind == "next" else _no_such(cursor)
    except ValueError:
        return _no_such(cursor)


def _no_such(cursor: str) -> int:
    raise SlackError("invalid_cursor", cursor=cursor)
