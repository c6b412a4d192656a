"""Answers of the app in place: a slash command's reply and what it sends to a ``response_url``."""

from __future__ import annotations

from .api.asked import Asked
from .api.chat import composed, with_block_ids
from .channels import Channel, Message
from .limits.messages import check_message
from .limits.rules import flag, one_of, shape
from .modals import ResponseLink
from .team import Team
from .wire import Json, SlackError

_reply = shape(
    {},
    {
        "response_type": one_of("ephemeral", "in_channel"),
        "replace_original": flag,
        "delete_original": flag,
        **{
            name: lambda value, at: iter(())
            for name in ("text", "blocks", "attachments", "thread_ts", "metadata")
        },
        **dict.fromkeys(("unfurl_links", "unfurl_media", "mrkdwn"), flag),
    },
)


def respond(team: Team, link: ResponseLink, reply: Json) -> None:
    """Do what the app asks through a link: new message, replace or delete the one that was clicked."""
    problems = list(_reply(reply, ""))
    if problems:
        raise SlackError.with_messages("invalid_arguments", problems)
    asked = Asked(team.world, team, reply, "response")
    channel = team.channels[link.channel]
    original = _original(team, channel, link)
    if reply.get("delete_original"):
        _delete(team, channel, original)
        return
    check_message(reply)
    if reply.get("replace_original") and original is not None:
        _replace(asked, channel, original)
    else:
        _say(asked, channel, link)


def _say(asked: Asked, channel: Channel, link: ResponseLink) -> None:
    message = composed(asked, channel)
    message.thread_ts = message.thread_ts or link.thread_ts
    if asked.args.get("response_type", "ephemeral") == "in_channel":
        asked.team.write(channel, message)
        return
    message.seen_by = link.person
    asked.team.whisper(channel, message)


def _replace(asked: Asked, channel: Channel, original: Message) -> None:
    before = original.wire()
    original.text = asked.args.get("text", "")
    original.blocks = with_block_ids(asked, asked.args.get("blocks", []))
    if original.seen_by:
        asked.team.ring("ephemeral", channel.id, original.seen_by, original.ts)
    else:
        asked.team.rewrite(channel, original, before)


def _delete(team: Team, channel: Channel, original: Message | None) -> None:
    if original is None:
        raise SlackError("message_not_found")
    if not original.seen_by:
        team.erase(channel, original)
        return
    team.private_notes[original.seen_by].remove((channel.id, original))
    team.ring("ephemeral", channel.id, original.seen_by, original.ts)


def _original(team: Team, channel: Channel, link: ResponseLink) -> Message | None:
    if not link.message_ts:
        return None
    notes = team.private_notes.get(link.person, [])
    whispered = (note for place, note in notes if place == channel.id and note.ts == link.message_ts)
    return next(whispered, None) or channel.find(link.message_ts)
