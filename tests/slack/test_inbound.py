"""Recorded payloads in, events out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.inbound import Unknown, to_event
from bot.adapters.slack.typed import typed
from bot.chat.events import Account, Event, FileRef, Kind, Place

ROOM = "C0CONSULT1"
EVA = Account("slack", "T0ANNA0001", "U0EVA00001")
TRIGGER = "7123456789012.701234567890.0123456789abcdef0123456789abcdef"
FILE = FileRef(
    {
        "id": "F0FILE0001",
        "url": "https://files.slack.com/files-pri/T0ANNA0001-F0FILE0001/download/img_2041.heic",
    },
    2345678,
)
Read = Callable[[str], dict[str, Any]]

SAID = "D0HOME0001/1767225702.000100"
EXPECTED = {
    "slash": Event(
        f"trigger:{TRIGGER}",
        Kind.COMMAND,
        EVA,
        Place.ROOM,
        "opinion 123 1) Sarcoid & TB x.example @someone",
        handle={
            "trigger": TRIGGER,
            "respond": "https://hooks.slack.com/commands/T0ANNA0001/1/abc",
            "channel": ROOM,
        },
    ),
    "button_in_room": Event(
        f"trigger:{TRIGGER}",
        Kind.COMMAND,
        EVA,
        Place.ROOM,
        "opinion 123",
        handle={
            "trigger": TRIGGER,
            "respond": "https://hooks.slack.com/actions/T0ANNA0001/2/def",
            "channel": ROOM,
        },
    ),
    "button_in_modal": Event(
        f"trigger:{TRIGGER}",
        Kind.COMMAND,
        EVA,
        Place.ROOM,
        "discard",
        handle={"trigger": TRIGGER, "channel": ROOM, "view": "V0VIEW0001"},
    ),
    "button_in_ephemeral": Event(
        f"trigger:{TRIGGER}",
        Kind.COMMAND,
        EVA,
        Place.HOME,
        "undo",
        handle={
            "trigger": TRIGGER,
            "respond": "https://hooks.slack.com/actions/T0ANNA0001/3/ghi",
            "channel": "D0HOME0001",
        },
    ),
    "submission": Event(
        "view:V0VIEW0001:1767225700.AbCdEfGh",
        Kind.FORM,
        EVA,
        Place.HOME,
        "case",
        values={"story": "61-year-old man.\nCr <1.2 & rising &amp; not", "urgency": "today"},
        files=(FILE,),
        handle={"trigger": TRIGGER, "channel": "D0HOME0001", "view": "V0VIEW0001"},
    ),
    "message_shortcut": Event(
        f"trigger:{TRIGGER}",
        Kind.COMMAND,
        EVA,
        Place.ROOM,
        "opinion",
        reply_to=f"{ROOM}/1767225600.000300",
        handle={
            "trigger": TRIGGER,
            "respond": "https://hooks.slack.com/app/T0ANNA0001/4/jkl",
            "channel": ROOM,
            "thread": "1767225600.000100",
        },
    ),
    "global_shortcut": Event(
        f"trigger:{TRIGGER}", Kind.COMMAND, EVA, Place.HOME, "case", handle={"trigger": TRIGGER}
    ),
    "home_message": Event(
        "event:Ev0HOME0001",
        Kind.TEXT,
        EVA,
        Place.HOME,
        "Cr <1.2 & rising, ask @someone in #channel @here see http://a.example/b?c=1&d=2",
        handle={"channel": "D0HOME0001"},
        message=SAID,
    ),
    "edited": Event(
        "event:Ev0HOME0007",
        Kind.EDITED,
        EVA,
        Place.HOME,
        "Cr <1.2 & rising, ask @someone",
        handle={"channel": "D0HOME0001"},
        message=SAID,
    ),
    "deleted": Event(
        "event:Ev0HOME0005", Kind.DELETED, EVA, Place.HOME, handle={"channel": "D0HOME0001"}, message=SAID
    ),
    "deleted_with_replies": Event(
        "event:Ev0HOME0008", Kind.DELETED, EVA, Place.HOME, handle={"channel": "D0HOME0001"}, message=SAID
    ),
    "home_reply": Event(
        "event:Ev0HOME0002",
        Kind.TEXT,
        EVA,
        Place.HOME,
        "I disagree",
        reply_to="D0HOME0001/1767225690.000200",
        handle={"channel": "D0HOME0001", "thread": "1767225690.000200"},
        message=SAID,
    ),
    "home_upload": Event(
        "event:Ev0HOME0003",
        Kind.TEXT,
        EVA,
        Place.HOME,
        files=(FILE,),
        handle={"channel": "D0HOME0001"},
        message=SAID,
    ),
    "native": Event(
        "event:Ev0ROOM0001",
        Kind.NATIVE,
        EVA,
        Place.ROOM,
        reply_to=f"{ROOM}/1767225600.000100",
        handle={"channel": ROOM, "thread": "1767225600.000100"},
    ),
    "native_connect": Event(
        "event:Ev0ROOM0002",
        Kind.NATIVE,
        Account("slack", "T0OTHER001", "U0EVA00001"),
        Place.ROOM,
        reply_to=f"{ROOM}/1767225600.000100",
        handle={"channel": ROOM, "thread": "1767225600.000100"},
    ),
    "home_opened": Event("event:Ev0HOME0006", Kind.HELLO, EVA, Place.HOME, handle={"channel": "D0HOME0001"}),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_payload_becomes_the_event_that_it_is(payload: Read, name: str) -> None:
    assert to_event(payload(name), ROOM) == EXPECTED[name]


@pytest.mark.parametrize("name", ["own_message", "unfurled", "joined", "elsewhere", "menu_in_modal"])
def test_what_is_none_of_ours_is_no_event(payload: Read, name: str) -> None:
    assert to_event(payload(name), ROOM) is None


@pytest.mark.parametrize("name", ["edited", "deleted", "deleted_with_replies"])
def test_what_becomes_of_other_messages_is_none_of_ours(payload: Read, name: str) -> None:
    in_the_room, by_the_bot = payload(name), payload(name)
    in_the_room["event"] |= {"channel": ROOM, "channel_type": "channel"}
    assert to_event(in_the_room, ROOM) is None
    for which in by_the_bot["event"].keys() & {"message", "previous_message"}:
        by_the_bot["event"][which]["bot_id"] = "B0BOT00001"
    assert to_event(by_the_bot, ROOM) is None


def test_a_repeated_payload_has_the_same_id(payload: Read) -> None:
    for name in EXPECTED:
        first, again = payload(name), payload(name) | {"event_time": 1767229999}
        once, twice = to_event(first, ROOM), to_event(again, ROOM)
        assert once is not None
        assert twice is not None
        assert once.id == twice.id


def _without(tree: Any, path: list[Any]) -> Any:
    cut = copy.deepcopy(tree)
    place = cut
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return cut


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> list[list[Any]]:
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = []
    for step, below in steps:
        found += [[*path, step], *_paths(below, (*path, step))]
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_a_payload_with_a_piece_missing_is_read_or_named_unknown(payload: Read, name: str) -> None:
    whole = payload(name)
    for path in _paths(whole):
        try:
            event = to_event(_without(whole, path), ROOM)
        except Unknown:
            continue
        assert event is None or event.account.user == "U0EVA00001"


@given(st.dictionaries(st.sampled_from(["type", "command", "event", "view", "actions"]), st.integers()))
def test_nonsense_is_unknown_or_nothing(nonsense: dict[str, Any]) -> None:
    with suppress(Unknown):
        assert to_event(nonsense, ROOM) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("<mailto:eva@st-anna.example|eva@st-anna.example>", "eva@st-anna.example"),
        ("<!subteam^S012|@cardiology> <!channel> <!everyone>", "@cardiology @channel @everyone"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("Na <130 and K>5", "Na <130 and K>5"),
        ("&lt;@U012&gt; &amp;lt;", "<@U012> &lt;"),
        ("<tel:+15550100|555-0100>", "555-0100"),
    ],
)
def test_typed_words_are_read_as_typed(written: str, said: str) -> None:
    assert typed(written) == said
