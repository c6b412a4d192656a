"""The stand-in's own events, by Slack's types."""

from __future__ import annotations

import pytest

from tests.node.typed_calls import event_problems
from tests.standin.conftest import Clinic


@pytest.mark.node
async def test_events_are_as_slacks_types_describe_them(clinic: Clinic) -> None:
    posted = await clinic.client.chat_postMessage(channel=clinic.room.id, text="x", username="Quiet Heron")
    await clinic.eva.say(clinic.room, "x", thread=str(posted["ts"]))
    await clinic.eva.react(clinic.eva.channel(clinic.room)[0], "eyes")
    await clinic.eva.say_dm(files=[("a.png", b"1")])
    await clinic.eva.open_home()
    await clinic.otto.leaves(clinic.room)
    await clinic.eva.brings(clinic.room, clinic.otto)
    await clinic.client.conversations_kick(channel=clinic.room.id, user=clinic.otto.id)
    uploaded = await clinic.client.files_upload_v2(filename="a.png", content=b"1")
    await clinic.client.files_delete(file=uploaded["files"][0]["id"])
    await clinic.clock.advance(0)
    events = [envelope.payload["event"] for envelope in clinic.slack.postman.sent if not envelope.retry]
    for event in (event for event in events if "files" in event):
        event["files"] = []  # The types ask for lists of channels here, which Slack does not send.
    kinds = {(event["type"], event.get("subtype", "")) for event in events}
    assert len(kinds) == 9
    assert {events[number]["type"]: told for number, told in event_problems(events).items()} == {}
