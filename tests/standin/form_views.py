"""Small forms to try the stand-in with."""

from __future__ import annotations

from typing import Any

from tests.standin.broken_calls import entry, plain
from tests.standin.conftest import Clinic

STORY = entry({"type": "plain_text_input", "action_id": "story", "max_length": 20}, block_id="story")
PHOTOS = entry(
    {"type": "file_input", "action_id": "photos", "filetypes": ["png"], "max_files": 2},
    block_id="photos",
    optional=True,
)


def form(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = plain(more.pop("title", "Ask"))
    return {
        "type": "modal",
        "title": title,
        "submit": plain("Go"),
        "blocks": list(blocks or (STORY,)),
        **more,
    }


async def opened(clinic: Clinic, view: dict[str, Any]) -> None:
    """Open a form for Eva, as the app would after a command."""
    trigger = clinic.workspace.stage.trigger(clinic.eva.id)
    await clinic.client.views_open(trigger_id=trigger, view=view)
