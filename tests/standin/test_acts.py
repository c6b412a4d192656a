"""What a person does, as a real bolt app hears it over Socket Mode, and what comes back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.standin.slack import NotAllowed, NotOffered
from tests.standin.broken_calls import actions, button, menu, option, plain, section
from tests.standin.conftest import Clinic, disconnect
from tests.standin.form_views import form

pytestmark = pytest.mark.usefixtures("socket")


async def test_a_command_is_answered_to_its_author_only(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.command("/consult")
    async def consult(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack(text="Only you see this.")

    outcome = await clinic.eva.slash("/consult", "help me", channel=clinic.room)
    assert outcome.ok
    assert (heard[0]["text"], heard[0]["user_id"], heard[0]["channel_id"]) == (
        "help me",
        clinic.eva.id,
        clinic.room.id,
    )
    assert [note["text"] for note in clinic.eva.ephemerals(clinic.room)] == ["Only you see this."]
    assert clinic.otto.channel(clinic.room) == []


async def test_an_answer_to_all_shows_who_typed(clinic: Clinic, bolt: AsyncApp) -> None:
    @bolt.command("/consult")
    async def consult(ack: Any) -> None:
        await ack(text="Everybody sees this.", response_type="in_channel")

    await clinic.eva.slash("/consult", "help me", channel=clinic.room)
    typed, answered = clinic.otto.channel(clinic.room)
    assert (typed["user"], typed["text"]) == (clinic.eva.id, "/consult help me")
    assert answered["text"] == "Everybody sees this."


async def test_where_commands_cannot_be_typed(clinic: Clinic) -> None:
    elsewhere = clinic.workspace.add_channel("elsewhere")
    sent = await clinic.eva.say(clinic.room, "x")
    with pytest.raises(NotAllowed, match="threads"):
        await clinic.eva.slash("/consult", channel=clinic.room, thread=sent)
    with pytest.raises(NotAllowed, match="member"):
        await clinic.eva.slash("/consult", channel=elsewhere)


async def test_a_command_nobody_acknowledges_times_out_and_is_not_sent_again(
    clinic: Clinic, bolt: AsyncApp
) -> None:
    heard: list[str] = []

    @bolt.command("/consult")
    async def consult(body: dict[str, Any]) -> None:
        heard.append(body["trigger_id"])

    typing = asyncio.create_task(clinic.eva.slash("/consult"))
    while not typing.done():
        await clinic.clock.advance(1)
    assert (await typing).error == "operation_timeout"
    await clinic.clock.advance(600)
    assert len(heard) == 1
    assert clinic.eva.errors == ["operation_timeout"]


async def test_no_app_no_dispatch(clinic: Clinic, socket: AsyncSocketModeHandler) -> None:
    await disconnect(socket)
    await clinic.slack.until(lambda: not clinic.slack.sockets.lines)
    assert (await clinic.eva.slash("/consult")).error == "dispatch_failed"


async def test_clicking_needs_a_button_that_is_there(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.action("vote")
    async def vote(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body)

    two = actions(button(action_id="vote", value="a", text=plain("A")), button(action_id="look"))
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[two])
    (message,) = clinic.eva.channel(clinic.room)
    with pytest.raises(NotOffered):
        await clinic.eva.click(message, "nothing")
    with pytest.raises(NotOffered):
        await clinic.eva.click(message, "vote", "b")
    assert (await clinic.eva.click(message, "vote", "a")).ok
    (body,) = heard
    assert (body["actions"][0]["value"], body["user"]["id"]) == ("a", clinic.eva.id)
    assert (body["message"]["ts"], body["container"]["channel_id"]) == (message["ts"], clinic.room.id)


async def test_an_ephemeral_message_is_clicked_and_replaced_in_place(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        heard.append(body)
        await respond(text="Done.", replace_original=True)

    await clinic.client.chat_postEphemeral(
        channel=clinic.room.id, user=clinic.eva.id, text="x", blocks=[actions(button())]
    )
    assert (await clinic.eva.click(clinic.eva.ephemerals()[0], "go")).ok
    await clinic.slack.until(lambda: clinic.eva.ephemerals()[0]["text"] == "Done.")
    assert len(clinic.eva.ephemerals()) == 1
    assert "message" not in heard[0]
    assert heard[0]["container"]["is_ephemeral"]


async def test_menus_tell_what_was_picked(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[Any] = []

    @bolt.action("menu")
    async def picked(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body["actions"][0]["selected_option"]["value"])

    block = section(accessory=menu(option("a"), option("b", "Two")))
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[block])
    (message,) = clinic.eva.channel(clinic.room)
    await clinic.eva.choose(message, "menu", "b")
    assert heard == ["b"]
    with pytest.raises(NotOffered):
        await clinic.eva.choose(message, "menu", "c")


async def test_shortcuts_global_and_of_a_message(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.shortcut("new_consult")
    async def new(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    @bolt.shortcut({"type": "message_action", "callback_id": "give_opinion"})
    async def opinion(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body)

    await clinic.eva.shortcut("new_consult")
    await clinic.slack.until(lambda: clinic.eva.modal)
    sent = await clinic.otto.say(clinic.room, "what is this?")
    await clinic.eva.message_shortcut("give_opinion", sent)
    assert heard[0]["message"]["text"] == "what is this?"
    assert heard[0]["channel"]["id"] == clinic.room.id


async def test_home_opens_and_is_published(clinic: Clinic, bolt: AsyncApp) -> None:
    @bolt.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [actions(button())]}
        )

    heard: list[str] = []

    @bolt.action("go")
    async def go(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        heard.append(body["container"]["type"])

    await clinic.eva.open_home()
    await clinic.slack.until(lambda: clinic.eva.home)
    await clinic.eva.click(clinic.eva.home, "go")
    assert heard == ["view"]


async def test_messages_edits_and_deletes_are_events(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[tuple[str, str]] = []

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append((event.get("subtype", ""), event["channel_type"]))
        clinic.slack.bell.ring("heard")

    sent = await clinic.eva.say(clinic.room, "a < b & <!channel>")
    assert sent["text"] == "a &lt; b &amp; <!channel>"
    await clinic.eva.edit(sent, "c")
    await clinic.eva.delete(sent)
    await clinic.eva.say_dm(files=[("a.png", b"1")])
    await clinic.slack.until(lambda: len(heard) == 4)
    assert sorted(heard) == sorted(
        [("", "group"), ("message_changed", "group"), ("message_deleted", "group"), ("file_share", "im")]
    )
    with pytest.raises(NotAllowed):
        await clinic.otto.edit(await clinic.eva.say(clinic.room, "x"), "y")


async def test_events_the_app_did_not_ask_for_do_not_come(clinic: Clinic, bolt: AsyncApp) -> None:
    events = {"event_subscriptions": {"bot_events": ["message.im"]}}
    clinic.workspace.app.manifest.given = {"settings": events, "features": {}}
    heard: list[str] = []

    @bolt.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event["channel_type"])
        clinic.slack.bell.ring("heard")

    await clinic.eva.say(clinic.room, "x")
    await clinic.eva.say_dm("x")
    await clinic.slack.until(lambda: heard)
    assert heard == ["im"]
    with pytest.raises(NotAllowed, match="not a valid command"):
        await clinic.eva.slash("/consult")
    with pytest.raises(NotAllowed, match="no shortcut"):
        await clinic.eva.shortcut("new_consult")


async def test_an_answer_link_works_five_times_within_half_an_hour(clinic: Clinic, bolt: AsyncApp) -> None:
    links: list[str] = []

    @bolt.command("/consult")
    async def consult(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        links.append(body["response_url"])

    await clinic.eva.slash("/consult", channel=clinic.room)
    answer = AsyncWebhookClient(links[0])
    statuses = [(await answer.send(text=str(number))).status_code for number in range(6)]
    assert statuses == [200, 200, 200, 200, 200, 404]
    assert len(clinic.eva.ephemerals(clinic.room)) == 5
    await clinic.eva.slash("/consult", channel=clinic.room)
    await clinic.clock.advance(30 * 60 + 1)
    late = await AsyncWebhookClient(links[1]).send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)


async def test_leaving_joining_and_being_switched_off_are_events(clinic: Clinic, bolt: AsyncApp) -> None:
    heard: list[tuple[str, Any]] = []

    async def note(event: dict[str, Any]) -> None:
        heard.append((event["type"], event["user"]))
        clinic.slack.bell.ring("heard")

    for name in ("member_left_channel", "member_joined_channel", "user_change"):
        bolt.event(name)(note)
    await clinic.otto.leaves(clinic.room)
    await clinic.otto.joins(clinic.room)
    await clinic.otto.deactivated()
    await clinic.slack.until(lambda: len(heard) == 3)
    assert {name for name, _ in heard} == {"member_left_channel", "member_joined_channel", "user_change"}
    assert clinic.otto.id not in clinic.room.members
