"""One Matrix homeserver as the operator describes it, and what its ids look like."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bot.chat.events import Account

PLATFORM = "matrix"


@dataclass(frozen=True, slots=True)
class MatrixSite:
    """A ``[[matrix]]`` entry. ``store`` is the folder for the encryption store, made with mode 0700.

    Either ``password`` or ``access_token`` with ``device_id`` is set. An empty ``room`` asks for a new one.
    ``moderators`` is the id of the moderators' room, empty where that is not on this homeserver.
    ``alone`` says that no other bot has this account, so that any other device of it is left over.
    ``allow_servers`` are the servers whose people may talk to the bot; empty means the bot's own server.
    """

    name: str
    homeserver: str
    user: str
    store: Path
    password: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    device_id: str = ""
    room: str = ""
    encryption: bool = True
    allow_servers: tuple[str, ...] = ()
    moderators: str = ""
    alone: bool = True

    @property
    def server(self) -> str:
        """The server name of the bot's own account."""
        return server_of(self.user)

    @property
    def servers(self) -> tuple[str, ...]:
        """Servers whose people are served."""
        return self.allow_servers or (self.server,)


@dataclass(frozen=True, slots=True)
class Remote:
    """The address of one event. Room ids may lack a server part, so neither id is ever taken apart."""

    room: str
    event: str

    def __str__(self) -> str:
        """Write it as one string, as postings keep it."""
        return f"{self.room} {self.event}"

    @classmethod
    def read(cls, written: str) -> Remote:
        """Read what :meth:`__str__` wrote; raises ``ValueError`` for anything else."""
        room, event = written.split(" ")
        if not room.startswith("!") or not event.startswith("$"):
            message = "not the address of a Matrix event"
            raise ValueError(message)
        return cls(room, event)


def server_of(user_id: str) -> str:
    """Give the server name of a user id (everything after the first colon), or an empty string."""
    return user_id.partition(":")[2]


def account_of(user_id: str) -> Account:
    """Name a person the way the rest of the house does."""
    return Account(PLATFORM, server_of(user_id), user_id)
