"""The parts of a running bot, each with whether it works and, if not, what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bot.domain.pauses import Flaw
from bot.ports.adapter import Health
from storage.space import TOO_LITTLE, free_bytes, shortage

RELAY_AILS = (
    "The relay cannot read what waits and tries again every second. Look for queue_unavailable in the log."
)
TIMEKEEPER_AILS = (
    "What is due on cases and polls could not be done; it is tried again within a minute. "
    "Look for timekeeping_failed in the log."
)
WATCH_AILS = "Something that is done now and then failed. Look for watch_failed in the log."
KEY_GONE = (
    "The key file cannot be read any more: the bot runs on, but would not start again. "
    "Put it back from the safe before the next restart."
)

PAUSED = "Nothing leaves for the consult room: it is paused. See curbside outbox list."
_UNFIT = {
    Flaw.ABSENT: "The bot is not in the consult room any more, or the room was deleted. "
    "Invite it again, or name another room; what is for the room waits.",
    Flaw.ARCHIVED: "The consult room is archived. "
    "Restore it, and see that the bot is still in it; what is for the room waits.",
    Flaw.OPEN: "The consult room is open to more people than the invited. "
    "Close it; what is for the room waits.",
}

ELSEWHERE = Health(connected=False, problem="Another bot on the same database does it.", waiting=True)
NOT_YET = Health(
    connected=False,
    problem="This bot has the seat and is not at its desk yet; it tries every 10 s. "
    "If this stays, look for desk_not_taken in the log.",
)
CANNOT_SIT = Health(
    connected=False,
    problem="This bot cannot have the seat while a database does not answer it; another bot may.",
    waiting=True,
)


class Store(Protocol):
    """A database, as far as its health goes."""

    @property
    def answering(self) -> bool:
        """Whether it answered those who used it last."""
        ...


def databases(*, on_server: bool = False, **stores: Store) -> Health:
    """Say which databases do not answer."""
    silent = [name for name, store in stores.items() if not store.answering]
    look = (
        "the PostgreSQL server and the way to it"
        if on_server
        else "the disk and at who may write to data_dir"
    )
    problem = f"No answer from: {', '.join(silent)}. Look at {look}."
    return Health(not silent, problem if silent else "")


def files(folder: Path, *names: str) -> Health:
    """Say which files of databases are not there any more: what is open under them is written nowhere."""
    gone = [f"{name}.db" for name in names if not (folder / f"{name}.db").exists()]
    problem = (
        f"Not in data_dir any more: {', '.join(gone)}. What is written now is lost when the bot stops. "
        "Put them back and restart the bot."
    )
    return Health(not gone, problem if gone else "")


def keys(file: Path) -> Health:
    """Say whether the next start would find the key; without it nothing would be open now."""
    try:
        with file.open("rb"):
            return Health(True)
    except OSError:
        return Health(True, KEY_GONE)


def disk(folder: Path) -> Health:
    """Say whether there is room left; little of it is a problem, too little is not ready."""
    try:
        free = free_bytes(folder)
    except OSError:
        return Health(False, "The room where data_dir lies cannot be read. Look at the disk.")
    problem = shortage(free)
    return Health(free >= TOO_LITTLE, f"{problem}." if problem else "")


def paused(flaw: Flaw | None) -> str:
    """Say why nothing leaves for a room, and what to do."""
    return PAUSED if flaw is None else _UNFIT[flaw]


def but(health: Health, problem: str, *, ready: bool = False) -> Health:
    """Add what is wrong with a part that runs, if anything; ``ready`` where the bot is whole without it."""
    return Health(ready, problem) if problem and health.connected else health
