"""Forms over Socket Mode: opened in time, filled in, sent, answered, stacked and closed."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.standin.slack import NotOffered
from tests.standin.broken_calls import actions, button, section
from tests.standin.conftest import Clinic
from tests.standin.form_views import PHOTOS, STORY, form, opened

pytestmark = pytest.mark.usefixtures("socket")


async def test_a_trigger_is_good_once_and_for_three_seconds(clinic: Clinic) -> None:
    trigger = clinic.workspace.stage.trigger(clinic.eva.id)
    await clinic.client.views_open(trigger_id=trigger, view=form())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await clinic.client.views_open(trigger_id=trigger, view=form())
    late = clinic.workspace.stage.trigger(clinic.eva.id)
    await clinic.clock.advance(3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await clinic.client.views_open(trigger_id=late, view=form())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await clinic.client.views_open(trigger_id="1.2.3", view=form())


async def test_the_client_holds_back_a_wrong_form(clinic: Clinic) -> None:
    await opened(clinic, form(STORY, PHOTOS))
    assert set((await clinic.eva.submit()).errors) == {"story"}
    assert set((await clinic.eva.submit({"story": "x" * 21})).errors) == {"story"}
    wrong = {"story": "x", "photos": [("a.pdf", b"1")]}
    assert set((await clinic.eva.submit(wrong)).errors) == {"photos"}
    many = {"story": "x", "photos": [("a.png", b"1")] * 3}
    assert set((await clinic.eva.submit(many)).errors) == {"photos"}
    with pytest.raises(NotOffered):
        await clinic.eva.submit({"title": "x"})


async def test_a_file_in_a_form_is_the_persons_own_and_open_to_the_app_once_sent(
    clinic: Clinic, bolt: AsyncApp
) -> None:
    @bolt.view("case")
    async def case(ack: Any) -> None:
        await ack()

    await opened(clinic, form(STORY, PHOTOS, callback_id="case"))
    await clinic.eva.fill({"photos": [("a.png", b"123")]})
    assert clinic.eva.modal is not None
    file_id = clinic.eva.modal["state"]["values"]["photos"]["photos"]["files"][0]["id"]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await clinic.client.files_info(file=file_id)
    await clinic.eva.submit({"story": "x"})
    assert (await clinic.client.files_info(file=file_id))["file"]["user"] == clinic.eva.id


@pytest.mark.parametrize("action", ["", "clear", "update", "push", "errors"])
async def test_what_the_answer_to_a_form_does(clinic: Clinic, bolt: AsyncApp, action: str) -> None:
    more = {
        "update": {"view": form(title="Preview")},
        "push": {"view": form(title="Preview")},
        "errors": {"errors": {"story": "Too short."}},
    }.get(action, {})

    @bolt.view("case")
    async def case(ack: Any) -> None:
        await (ack(response_action=action, **more) if action else ack())

    await opened(clinic, form(callback_id="case"))
    outcome = await clinic.eva.submit({"story": "x"})
    titles = [view["title"]["text"] for view in clinic.eva.modals]
    expected = {"": [], "clear": [], "update": ["Preview"], "push": ["Ask", "Preview"], "errors": ["Ask"]}
    assert titles == expected[action]
    assert outcome.errors == ({"story": "Too short."} if action == "errors" else {})


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "close"},
    ],
)
async def test_a_wrong_answer_to_a_form_is_shown_as_trouble(
    clinic: Clinic, bolt: AsyncApp, answer: dict[str, Any]
) -> None:
    @bolt.view("case")
    async def case(ack: Any) -> None:
        await ack(**answer)

    await opened(clinic, form(callback_id="case"))
    assert (await clinic.eva.submit({"story": "x"})).error == "invalid_response"
    assert len(clinic.eva.modals) == 1
    assert [call.method for call in clinic.slack.log.refused()] == ["ack.view_submission"]


async def test_closing_is_told_where_it_was_asked_for(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[bool] = []

    @bolt.view_closed("case")
    async def closed(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body["is_cleared"])

    await opened(clinic, form(callback_id="case", notify_on_close=True))
    await clinic.eva.close_modal()
    await opened(clinic, form(callback_id="case"))
    await clinic.eva.close_modal()
    assert heard == [False]
    assert clinic.eva.modal is None


async def test_a_stack_holds_three_forms(clinic: Clinic, bolt: AsyncApp) -> None:
    triggers: list[str] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    await opened(clinic, form(actions(button())))
    for _ in range(2):
        await clinic.eva.click(clinic.eva.modal, "go")
        await clinic.client.views_push(trigger_id=triggers[-1], view=form(actions(button())))
    first, second, third = clinic.eva.modals
    assert (second["previous_view_id"], third["root_view_id"]) == (first["id"], first["id"])
    await clinic.eva.click(clinic.eva.modal, "go")
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await clinic.client.views_push(trigger_id=triggers[-1], view=form())
    with pytest.raises(NotOffered, match="on top"):
        await clinic.eva.click(first, "go")


async def test_two_updates_of_a_view_race_by_its_hash(clinic: Clinic) -> None:
    await opened(clinic, form())
    assert clinic.eva.modal is not None
    view_id, seen = clinic.eva.modal["id"], clinic.eva.modal["hash"]
    await clinic.client.views_update(view_id=view_id, view=form(title="Two"), hash=seen)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await clinic.client.views_update(view_id=view_id, view=form(title="Three"), hash=seen)
    assert clinic.eva.modal["title"]["text"] == "Two"
    blocks = [section("ü" * 3000) for _ in range(20)]
    with pytest.raises(SlackApiError, match="view_too_large"):
        await clinic.client.views_update(view_id=view_id, view=form(*blocks))
    await clinic.eva.close_modal()
    with pytest.raises(SlackApiError, match="not_found"):
        await clinic.client.views_update(view_id=view_id, view=form())


async def test_what_was_typed_outlives_an_update_that_keeps_the_ids(clinic: Clinic) -> None:
    await opened(clinic, form(STORY, PHOTOS))
    await clinic.eva.fill({"story": "half"})
    assert clinic.eva.modal is not None
    await clinic.client.views_update(view_id=clinic.eva.modal["id"], view=form(section(), STORY))
    assert clinic.eva.modal["state"]["values"]["story"]["story"]["value"] == "half"
    await clinic.client.views_update(view_id=clinic.eva.modal["id"], view=form({**STORY, "block_id": "new"}))
    assert clinic.eva.modal["state"]["values"] == {}
