"""Votes that are no ballots yet are erased; what somebody only says about a poll stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.chat.events import Account, Event, Kind, Place
from storage.content.store import ContentStore
from tests.storage.handed_in import START

SOMEBODY = Account("memory", "site", "udo")


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("vote 45 2", False),
        ("!consult vote #45 2", False),
        ("Vote 045 2>1>3", False),
        ("vote 45", False),
        ("vote 450 2", True),
        ("ask 12 Would you vote 45 2?", True),
        ("results 45", True),
    ],
)
async def test_an_event_that_votes_is_erased_before_it_is_handled(
    content: ContentStore, text: str, stays: bool
) -> None:
    event = Event(id="1", account=SOMEBODY, place=Place.HOME, kind=Kind.COMMAND, text=text)
    await content.inbox.accept("site", (event,), None)
    async with content.work() as work:
        await work.forget_votes(45)
    assert [one.event.text for one in await content.inbox.waiting()] == [text] * stays


@pytest.mark.parametrize(
    ("kept", "stays"),
    [
        (json.dumps(["edited", "vote 45 3"]), False),
        (json.dumps(["edited", "I would vote 45 times."]), True),
        (json.dumps(["Quiet Heron", "vote 45 3"]), True),
        ("vote 45 2 is what a comment said before", True),
    ],
)
async def test_of_what_is_kept_for_a_while_only_votes_are_erased(
    content: ContentStore, kept: str, stays: bool
) -> None:
    async with content.work() as work:
        await work.dialogs.put("some", kept.encode(), START + timedelta(hours=1))
        await work.forget_votes(45)
    async with content.work() as work:
        assert await work.dialogs.get("some") == (kept.encode() if stays else None)
