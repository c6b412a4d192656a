"""What the app is told of a person's act: slash commands, clicks, shortcuts, forms sent or closed."""

from __future__ import annotations

from .channels import Channel, Message
from .modals import OpenView
from .team import Team
from .wire import Json


def slash_payload(
    team: Team, person: str, channel: Channel, command: str, text: str, trigger: str, link: str
) -> Json:
    """A slash command, all fields text, as in the form Slack sends."""
    return {
        "token": team.app.verification_token,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_label(channel),
        "user_id": person,
        "user_name": team.accounts[person].name,
        "command": command,
        "text": text,
        "api_app_id": team.app.app_id,
        "is_enterprise_install": "false",
        "response_url": link,
        "trigger_id": trigger,
    }


def click_payload(team: Team, person: str, trigger: str, action: Json) -> Json:
    """The common part of ``block_actions``."""
    return _interaction(team, person, "block_actions", trigger) | {
        "user": _user(team, person),
        "actions": [action],
    }


def message_part(channel: Channel, message: Message, link: str, state: Json) -> Json:
    """Where in a channel it was clicked; of an ephemeral message only its place is told."""
    hidden = bool(message.seen_by)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": hidden,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    part: Json = {
        "container": container,
        "channel": _place(channel),
        "response_url": link,
        "state": {"values": state},
    }
    return part if hidden else part | {"message": channel.message_wire(message)}


def view_part(view: OpenView) -> Json:
    """In which view it was clicked."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view.wire()}


def shortcut_payload(team: Team, person: str, callback_id: str, trigger: str, action_ts: str) -> Json:
    """A global shortcut."""
    return {
        "type": "shortcut",
        "token": team.app.verification_token,
        "action_ts": action_ts,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": person, "username": team.accounts[person].name, "team_id": team.id},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": callback_id,
        "trigger_id": trigger,
    }


def message_shortcut_payload(
    team: Team, person: str, channel: Channel, message: Message, about: Json
) -> Json:
    """A shortcut chosen from a message's own menu; ``about`` holds the ids of this act."""
    return {
        "type": "message_action",
        "token": team.app.verification_token,
        "message_ts": message.ts,
        "team": {"id": team.id, "domain": team.domain},
        "user": {
            "id": person,
            "username": team.accounts[person].name,
            "team_id": team.id,
            "name": team.accounts[person].name,
        },
        "channel": _place(channel),
        "is_enterprise_install": False,
        "enterprise": None,
        "message": channel.message_wire(message),
        **about,
    }


def submission_payload(team: Team, person: str, view: OpenView, trigger: str) -> Json:
    """A form that was sent."""
    return _interaction(team, person, "view_submission", trigger) | {
        "view": view.wire(),
        "response_urls": [],
    }


def closing_payload(team: Team, person: str, view: OpenView, *, is_cleared: bool) -> Json:
    """A form that was closed without sending."""
    payload = _interaction(team, person, "view_closed", "")
    del payload["trigger_id"]
    return payload | {"view": view.wire(), "is_cleared": is_cleared}


def channel_label(channel: Channel) -> str:
    """The name payloads use for a channel."""
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def _interaction(team: Team, person: str, kind: str, trigger: str) -> Json:
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": _user(team, person),
        "api_app_id": team.app.app_id,
        "token": team.app.verification_token,
        "trigger_id": trigger,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _user(team: Team, person: str) -> Json:
    name = team.accounts[person].name
    return {"id": person, "username": name, "name": name, "team_id": team.id}


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel_label(channel)}
