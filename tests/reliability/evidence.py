"""What can be proved after a campaign, from the rooms as people see them and from the bot's databases."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from tests import server
from tests.reliability.ledger import Ledger

_WORD = re.compile(r"[a-z]+")
_KEPT = """
    SELECT 'case:' || id AS subject, story AS words, number AS "case" FROM cases
    UNION ALL SELECT 'opinion:' || o.id, o.diagnoses, c.number FROM opinions o JOIN cases c ON c.id = o."case"
    UNION ALL SELECT 'comment:' || m.id, m.text, c.number FROM comments m JOIN cases c ON c.id = m."case"
"""
_POSTED = """
    SELECT subject FROM outbox WHERE room = ? AND what = 'post' AND state = 'sent' ORDER BY release_at, "row"
"""

_CHECKS = (
    """WITH ours AS MATERIALIZED (SELECT oid FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r')
    SELECT oid::regclass, found.msg FROM ours, verify_heapam(oid) found""",
    """WITH ours AS MATERIALIZED (SELECT oid FROM pg_class
        WHERE relnamespace = current_schema()::regnamespace AND relkind = 'i' AND relam = 403)
    SELECT oid::regclass FROM ours WHERE bt_index_check(oid, true) IS NULL""",
)
"""Every row of every table, and every index entry with its row; what is damaged is a row here, or raises."""


class Opened(Protocol):
    """What can be asked of a database, whichever it is."""

    def execute(self, query: str, given: Sequence[str] = (), /) -> Any:
        """Give the rows, whose values have names and places."""
        ...


class _OnServer:
    """Asks the server for what a file would be opened for."""

    def __init__(self, file: Path) -> None:
        self._name = server.name_of(file.parent, file.stem)

    def execute(self, query: str, given: Sequence[str] = (), /) -> list[Any]:
        return server.run(self._asked(query.replace("?", "$1"), given))

    async def _asked(self, query: str, given: Sequence[str]) -> list[Any]:
        async with server.server().session(self._name) as connection:
            return list(await connection.fetch(query, *given))


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """Look into a database beside the bot, or after it."""
    if server.ON_POSTGRES:
        yield _OnServer(file)
        return
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def at_rest(content: Path) -> str:
    """Say what still waits, or nothing."""
    with opened(content) as connection:
        ((waiting,),) = connection.execute("SELECT count(*) FROM outbox WHERE ended = 0")
        ((unhandled,),) = connection.execute("SELECT count(*) FROM inbox WHERE state = 'waiting'")
        ((unreported,),) = connection.execute("SELECT count(*) FROM groups")
        ((lists,),) = connection.execute("SELECT count(*) FROM tellings")
    return (
        f"{waiting} to send, {unhandled} to handle, {unreported} to report, {lists} lists"
        if waiting + unhandled + unreported + lists
        else ""
    )


def waiting(content: Path) -> list[dict[str, object]]:
    """List what has not left, for whoever has to find out why."""
    told = "SELECT destination, what, subject, state, tried, tries, due_at, owner FROM outbox WHERE ended = 0"
    with opened(content) as connection:
        return [dict(row) for row in connection.execute(told)]


def integrity(file: Path) -> str:
    """Give the database's own verdict: ``ok``."""
    with opened(file) as connection:
        if not server.ON_POSTGRES:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        return "; ".join(str(row) for check in _CHECKS for row in connection.execute(check)) or "ok"


def states(content: Path) -> Counter[str]:
    """Count deliveries by how they ended."""
    with opened(content) as connection:
        return Counter(row["state"] for row in connection.execute("SELECT state FROM outbox"))


def destinations(content: Path) -> int:
    """Count the rooms and home chats that anything went to."""
    with opened(content) as connection:
        ((count,),) = connection.execute("SELECT count(DISTINCT destination) FROM outbox")
        return int(count)


def inbox_states(content: Path) -> Counter[str]:
    """Count inbound events by what became of them."""
    with opened(content) as connection:
        return Counter(row["state"] for row in connection.execute("SELECT state FROM inbox"))


@dataclass(frozen=True, slots=True)
class Kept:
    """One posting as the content database holds it."""

    subject: str
    words: str
    case: int


def kept(content: Path) -> list[Kept]:
    """List all cases, opinions and comments."""
    with opened(content) as connection:
        return [Kept(row["subject"], row["words"], row["case"]) for row in connection.execute(_KEPT)]


def phrase_of(words: str, known: Container[str]) -> str:
    """Find the phrase that a text carries; empty if it carries none."""
    tokens = _WORD.findall(words)
    threes = map(" ".join, zip(tokens, tokens[1:], tokens[2:], strict=False))
    return next((three for three in threes if three in known), "")


def withdrawn(content: Path) -> set[int]:
    """List the numbers of the cases that were taken back."""
    with opened(content) as connection:
        return {
            row["number"] for row in connection.execute("SELECT number FROM cases WHERE state = 'withdrawn'")
        }


def direct_messages(content: Path) -> int:
    """Count what was said in home chats through the outbox."""
    with opened(content) as connection:
        said = "SELECT count(*) FROM outbox WHERE member <> '' AND state = 'sent' AND what = 'post'"
        ((count,),) = connection.execute(said)
        return int(count)


def sent_order(content: Path, room: str) -> list[str]:
    """List subjects in the order in which they had to reach a room."""
    with opened(content) as connection:
        return [row["subject"] for row in connection.execute(_POSTED, (room,))]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a room shows, compared with what should stand there."""

    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    left_over: tuple[str, ...]
    inversions: int
    standing: int


def judge(content: Path, room: str, shown: Sequence[str], ledger: Ledger) -> Verdict:
    """Compare a room (texts in their order) with the ledger and with the outbox."""
    everything = ledger.sure | ledger.tried
    rows = {phrase_of(row.words, everything): row for row in kept(content)}
    gone = {phrase for phrase, row in rows.items() if row.case in ledger.withdrawn}
    gone |= {phrase for phrase, number in ledger.about.items() if number in ledger.withdrawn}
    seen = [phrase for text in shown if (phrase := phrase_of(text, everything))]
    counts = Counter(seen)
    subjects = {row.subject: phrase for phrase, row in rows.items()}
    due = [subjects[subject] for subject in sent_order(content, room) if subject in subjects]
    return Verdict(
        lost=tuple(sorted(phrase for phrase in ledger.sure - gone if not counts[phrase])),
        doubled=tuple(sorted(phrase for phrase, count in counts.items() if count > 1)),
        left_over=tuple(sorted(phrase for phrase in gone if counts[phrase])),
        inversions=_inversions(list(dict.fromkeys(seen)), due),
        standing=len(counts),
    )


def _inversions(seen: Sequence[str], due: Sequence[str]) -> int:
    """Count neighbours that stand in the wrong order."""
    place = {phrase: number for number, phrase in enumerate(due)}
    places = [place[phrase] for phrase in seen if phrase in place]
    return sum(earlier > later for earlier, later in pairwise(places))


def effects(content: Path, ledger: Ledger) -> Counter[str]:
    """Count how often each phrase became a case, an opinion or a comment that was not erased since."""
    everything = ledger.sure | ledger.tried
    found = (phrase_of(row.words, everything) for row in kept(content))
    return Counter(phrase for phrase in found if phrase)
