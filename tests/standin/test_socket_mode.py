"""A real bolt app over Socket Mode."""

from __future__ import annotations

from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from tests.standin.conftest import Clinic

FORM = {
    "type": "modal",
    "callback_id": "case",
    "title": {"type": "plain_text", "text": "Ask colleagues"},
    "submit": {"type": "plain_text", "text": "Preview"},
    "blocks": [
        {
            "type": "input",
            "block_id": "story",
            "label": {"type": "plain_text", "text": "Story"},
            "element": {"type": "plain_text_input", "action_id": "story", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "photos",
            "optional": True,
            "label": {"type": "plain_text", "text": "Pictures"},
            "element": {"type": "file_input", "action_id": "photos", "filetypes": ["png"], "max_files": 3},
        },
    ],
}


async def test_command_opens_a_form_and_the_form_comes_back(
    clinic: Clinic, bolt: AsyncApp, socket: AsyncSocketModeHandler
) -> None:
    sent: list[dict[str, Any]] = []

    @bolt.command("/consult")
    async def consult(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.view("case")
    async def case(ack: Any, view: dict[str, Any]) -> None:
        sent.append(view)
        await ack()

    outcome = await clinic.eva.slash("/consult", "case", channel=clinic.room)
    assert outcome.ok
    await clinic.slack.until(lambda: clinic.eva.modal)
    outcome = await clinic.eva.submit({"story": "", "photos": []})
    assert outcome.errors == {"story": "Please complete this required field."}
    outcome = await clinic.eva.submit({"story": "A man, 40", "photos": [("scan.png", b"\x89PNG...")]})
    assert outcome.ok
    assert clinic.eva.modal is None
    values = sent[0]["state"]["values"]
    assert values["story"]["story"] == {"type": "plain_text_input", "value": "A man, 40"}
    assert values["photos"]["photos"]["files"][0]["name"] == "scan.png"
