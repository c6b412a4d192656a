"""Slack's ids: made and read here as whole addresses, never a time stamp without its channel."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.adapters.slack.site import PLATFORM
from bot.chat.events import Account

_CHANNEL = re.compile(r"[CDG][A-Z0-9]{2,}")
_TS = re.compile(r"\d{1,16}\.\d{1,9}")
_FILE = re.compile(r"F[A-Z0-9]{2,}")
_USER = re.compile(r"[UW][A-Z0-9]{2,}")


class Malformed(ValueError):
    """Something that should be an id of Slack's is not one."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not {what}")


@dataclass(frozen=True, slots=True)
class MessageAddress:
    """Where a message stands: the channel and its time stamp there, which names nothing by itself."""

    channel: str
    ts: str

    def __str__(self) -> str:
        """Write it as postings keep it."""
        return f"{self.channel}/{self.ts}"

    @classmethod
    def of(cls, channel: str, ts: str) -> MessageAddress:
        """Make an address from what Slack said; raises :class:`Malformed`."""
        if not _CHANNEL.fullmatch(channel) or not _TS.fullmatch(ts):
            raise Malformed("the address of a message")
        return cls(channel, ts)

    @classmethod
    def read(cls, remote: str) -> MessageAddress:
        """Read what :meth:`__str__` wrote; raises :class:`Malformed`."""
        channel, _, ts = remote.partition("/")
        return cls.of(channel, ts)


def file_id(text: str) -> str:
    """Check and give back the id of a file; raises :class:`Malformed`."""
    if not _FILE.fullmatch(text):
        raise Malformed("the id of a file")
    return text


def account_of(team: str, user: str) -> Account:
    """Name a person the way the rest of the house does; raises :class:`Malformed`."""
    if not team or not _USER.fullmatch(user):
        raise Malformed("an account")
    return Account(PLATFORM, team, user)


def is_home(channel: str) -> bool:
    """Say whether a channel id is that of a direct message."""
    return channel.startswith("D")
