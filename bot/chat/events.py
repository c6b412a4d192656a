"""Events: what a person did in a chat, without a word about which platform it was, beyond its account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Place(StrEnum):
    """Where something was done."""

    HOME = "home"
    """The direct message between one person and the bot."""
    ROOM = "room"
    """A consult room."""
    MODERATORS = "moderators"
    """The moderators' own private room."""
    ELSEWHERE = "elsewhere"
    """Any other room or channel, a ward's for example."""


class Kind(StrEnum):
    """What was done."""

    COMMAND = "command"
    """Words after the command prefix, a button, or a shortcut: ``text`` holds the command line."""
    FORM = "form"
    """A form was sent back: ``text`` holds the form's command, ``values`` and ``files`` the answers."""
    TEXT = "text"
    """Words or files in the home chat without a prefix; ``reply_to`` if they answer a message."""
    NATIVE = "native"
    """Something typed in a consult room under the real account: warn privately, relay nothing.

    ``text`` is left empty: nobody needs the words.
    """
    UNREADABLE = "unreadable"
    """A message that could not be decrypted in time, or came unencrypted where it must not."""
    HELLO = "hello"
    """The home chat was opened for the first time."""
    ENTERED = "entered"
    """``account`` came into the consult room, or was invited to it, perhaps by somebody else."""
    EDITED = "edited"
    """The person's own message in the home chat, ``message``, was changed: ``text`` is what it says now."""
    DELETED = "deleted"
    """The person's own message in the home chat, ``message``, was deleted by that person."""


@dataclass(frozen=True, slots=True)
class Account:
    """A chat account: identity, to be dropped at the front door.

    ``realm`` is the Slack team id or the Matrix server name; ``user`` the Slack user id or the whole
    Matrix user id. Its ``repr`` shows nothing.
    """

    platform: str
    realm: str
    user: str

    def __repr__(self) -> str:
        """Show the platform only: accounts are identity."""
        return f"Account({self.platform})"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that a person attached, still at the platform. ``locator`` is made and read by its adapter."""

    locator: Mapping[str, str]
    size: int = 0
    """Bytes, as the platform claims; 0 when it does not say."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a person did. Holds identity and original text: lives in the inbox sealed only.

    ``id`` is unique at its source: the same delivery repeated has the same id. ``handle`` is what its
    adapter needs to answer the person privately at once (a trigger, a room); it may have expired.
    """

    id: str
    kind: Kind
    account: Account
    place: Place
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    reply_to: str = ""
    """The adapter's remote reference of the message that this answers, or empty."""
    handle: Mapping[str, str] = field(default_factory=dict)
    remote: str = ""
    """The adapter's remote reference of the person's own message; empty where the bot can never erase it.

    Of an edit it is the message that was edited: whoever erases that erases its edits.
    """
    message: str = ""
    """The remote reference of the message in the home chat that this is, or that was edited or deleted.

    Something later that happens to the same message is known by it; empty where there is no such message.
    """

    def __repr__(self) -> str:
        """Show kind and place only."""
        return f"Event({self.kind}, {self.place})"
