"""Acts that call the app: slash commands, clicks, choices, shortcuts."""

from __future__ import annotations

from typing import Any

from ..calls import Call
from ..channels import Channel, Message
from ..modals import OpenView
from ..payloads import (
    click_payload,
    message_part,
    message_shortcut_payload,
    shortcut_payload,
    slash_payload,
    view_part,
)
from ..responding import respond
from ..wire import Json, SlackError
from .forms import NotOffered, acted_on, action_told, complete_state, state_value
from .stage import NotAllowed, Outcome, Stage


async def slash(stage: Stage, person: str, channel: Channel, command: str, text: str) -> Outcome:
    """Type a slash command; the app's answer appears to this person only, unless it says otherwise."""
    team = stage.team
    if not team.app.manifest.has_command(command):
        raise NotAllowed(f"{command} is not a valid command")
    link = stage.link("commands", person, channel)
    trigger = stage.trigger(person)
    payload = slash_payload(team, person, channel, command, text, trigger, stage.address(link))
    outcome = await stage.deliver(person, "slash_commands", payload)
    if outcome.ok and outcome.reply:
        return _shown(stage, person, channel, outcome, f"{command} {text}".strip())
    return outcome


def _shown(stage: Stage, person: str, channel: Channel, outcome: Outcome, typed: str) -> Outcome:
    """Show what the app answered; an answer to all shows the command that was typed, too."""
    team = stage.team
    if outcome.reply.get("response_type") == "in_channel":
        ts = channel.next_ts(team.world.now())
        team.write(channel, Message(ts, person, typed, team.id))
    try:
        respond(team, stage.link("commands", person, channel), outcome.reply)
    except SlackError as refusal:
        log_answer(stage, "ack.slash_commands", outcome.reply, refusal.code)
        return stage.failed(person, "invalid_response")
    log_answer(stage, "ack.slash_commands", outcome.reply)
    return outcome


def log_answer(stage: Stage, method: str, reply: Json, error: str = "") -> None:
    """Write an answer that came with an acknowledgement into the log of calls."""
    world = stage.team.world
    world.log.calls.append(Call(method, stage.team.id, reply, not error, error, world.now(), "ack"))
    world.bell.ring("call", stage.team.id)


async def act_in_message(
    stage: Stage, person: str, channel: Channel, message: Message, chosen: tuple[str, str | None, Any]
) -> Outcome:
    """Click or choose in a message; ``chosen`` is action_id, button value, option picked."""
    action, values = _acted(message.blocks, chosen, stage.action_ts())
    payload = click_payload(stage.team, person, stage.trigger(person), action)
    link = stage.address(stage.link("actions", person, channel, message))
    state = complete_state(message.blocks, values)
    return await stage.deliver(person, "interactive", payload | message_part(channel, message, link, state))


async def act_in_view(
    stage: Stage, person: str, view: OpenView, chosen: tuple[str, str | None, Any]
) -> Outcome:
    """Click or choose in the open modal or the Home tab."""
    desk = stage.team.desk
    if view.body["type"] == "modal" and desk.top(person) is not view:
        raise NotOffered("another form lies on top of this one")
    action, values = _acted(view.blocks, chosen, stage.action_ts())
    for block_id, entry in values.items():
        view.values.setdefault(block_id, {}).update(entry)
    told = view_part(view)
    told["view"]["state"]["values"] = complete_state(view.blocks, view.values)
    payload = click_payload(stage.team, person, stage.trigger(person, view.id), action)
    return await stage.deliver(person, "interactive", payload | told)


def _acted(blocks: list[Json], chosen: tuple[str, str | None, Any], at: str) -> tuple[Json, dict[str, Json]]:
    """The action to tell, and the state it leaves behind."""
    action_id, value, picked = chosen
    block, element = acted_on(blocks, action_id, value)
    is_button = element["type"] in ("button", "icon_button", "feedback_buttons")
    entry = {} if is_button else state_value(element, picked)
    action = action_told(block, element, entry, at)
    keeps = not is_button and element["type"] != "overflow"
    return action, {block["block_id"]: {element["action_id"]: entry}} if keeps else {}


async def shortcut(stage: Stage, person: str, callback_id: str) -> Outcome:
    """Choose a global shortcut."""
    if not stage.team.app.manifest.has_shortcut(callback_id, "global"):
        raise NotAllowed(f"there is no shortcut {callback_id}")
    payload = shortcut_payload(stage.team, person, callback_id, stage.trigger(person), stage.action_ts())
    return await stage.deliver(person, "interactive", payload)


async def message_shortcut(
    stage: Stage, person: str, channel: Channel, message: Message, callback_id: str
) -> Outcome:
    """Choose a shortcut from a message's menu."""
    if not stage.team.app.manifest.has_shortcut(callback_id, "message"):
        raise NotAllowed(f"there is no message shortcut {callback_id}")
    if message.seen_by:
        raise NotAllowed("an ephemeral message has no menu of shortcuts")
    about = {
        "callback_id": callback_id,
        "trigger_id": stage.trigger(person),
        "response_url": stage.address(stage.link("app", person, channel, message)),
        "action_ts": stage.action_ts(),
    }
    payload = message_shortcut_payload(stage.team, person, channel, message, about)
    return await stage.deliver(person, "interactive", payload)
