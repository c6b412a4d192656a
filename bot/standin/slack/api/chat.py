"""Writing: chat.postMessage, chat.update, chat.delete, chat.postEphemeral, chat.getPermalink, reactions.*."""

from __future__ import annotations

import copy
from typing import Any

from ..channels import Channel, Message
from ..files import PICTURES
from ..limits.blocks import elements_of
from ..limits.messages import UPDATE_CHARACTERS, check_message
from ..wire import Json, SlackError
from .asked import Asked


def post_message(asked: Asked) -> Json:
    """Write a message as the app; a user id as channel means the direct message with that person."""
    channel = _addressed(asked)
    _refuse_where_locked(asked, channel)
    check_message(asked.args)
    message = composed(asked, channel)
    wire = asked.team.write(channel, message).wire(metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": wire}


def post_ephemeral(asked: Asked) -> Json:
    """Show a message to one member of a channel; nothing is kept of it in the channel."""
    channel = asked.joined_channel() if asked.args["channel"].startswith("D") else _addressed(asked)
    if asked.args["user"] not in asked.team.accounts:
        raise SlackError("user_not_in_channel")
    if asked.args["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    check_message(asked.args)
    message = composed(asked, channel)
    message.seen_by = asked.args["user"]
    asked.team.whisper(channel, message)
    return {"message_ts": message.ts}


def update(asked: Asked) -> Json:
    """Rewrite one of the app's own messages."""
    channel = _place(asked)
    message = _own(asked, channel, "cant_update_message")
    check_message({"text": message.text, **asked.args}, UPDATE_CHARACTERS)
    before = copy.deepcopy(message.wire())
    _apply(asked, message)
    asked.team.rewrite(channel, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.wire(metadata=True),
    }


def delete(asked: Asked) -> Json:
    """Delete one of the app's own messages."""
    channel = _place(asked)
    asked.team.erase(channel, _own(asked, channel, "cant_delete_message"))
    return {"channel": channel.id, "ts": asked.args["ts"]}


def get_permalink(asked: Asked) -> Json:
    """A link to a message."""
    channel = asked.seen_channel()
    ts = asked.args["message_ts"]
    if channel.find(ts) is None:
        raise SlackError("message_not_found")
    link = f"https://{asked.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(asked: Asked) -> Json:
    """Put an emoji on a message as the app."""
    message = _reacted(asked)
    people = message.reactions.setdefault(asked.args["name"], [])
    if asked.bot in people:
        raise SlackError("already_reacted")
    people.append(asked.bot)
    asked.team.ring("reaction", asked.args["channel"], asked.bot, message.ts)
    return {}


def remove_reaction(asked: Asked) -> Json:
    """Take the app's emoji off a message."""
    message = _reacted(asked)
    if asked.bot not in message.reactions.get(asked.args["name"], []):
        raise SlackError("no_reaction")
    message.reactions[asked.args["name"]].remove(asked.bot)
    if not message.reactions[asked.args["name"]]:
        del message.reactions[asked.args["name"]]
    asked.team.ring("reaction", asked.args["channel"], asked.bot, message.ts)
    return {}


def _reacted(asked: Asked) -> Message:
    message = _place(asked).find(asked.args["timestamp"])
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    return message


def _addressed(asked: Asked) -> Channel:
    place = asked.args["channel"]
    if place in asked.team.accounts:
        if place == asked.bot or asked.team.accounts[place].is_bot:
            raise SlackError("channel_not_found")
        return asked.team.direct_channel(place)
    return _place(asked, public_too=True)


def _place(asked: Asked, *, public_too: bool = False) -> Channel:
    channel = asked.seen_channel()
    outside = asked.bot not in channel.members
    if outside and not (public_too and "chat:write.public" in asked.app.scopes):
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _refuse_where_locked(asked: Asked, channel: Channel) -> None:
    in_thread = "thread_ts" in asked.args
    if channel.threads_restricted and in_thread:
        raise SlackError("restricted_action_thread_locked")
    if channel.posting_restricted and not in_thread:
        raise SlackError("restricted_action")


def _own(asked: Asked, channel: Channel, refusal: str) -> Message:
    message = channel.find(asked.args["ts"])
    if message is None or message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if message.user != asked.bot:
        raise SlackError(refusal)
    return message


def composed(asked: Asked, channel: Channel) -> Message:
    """The message that the arguments describe, not yet written."""
    args = asked.args
    message = Message(channel.next_ts(asked.world.now()), asked.bot, args.get("text", ""), asked.team.id)
    message.bot_id, message.app_id = asked.app.bot_id, asked.app.app_id
    message.blocks = with_block_ids(asked, _written(args))
    message.attachments = args.get("attachments") or []
    message.metadata = args.get("metadata")
    message.thread_ts = _thread_of(args.get("thread_ts", ""), channel)
    message.broadcast = bool(args.get("reply_broadcast", False))
    _disguise(asked, message)
    return message


def _written(args: Json) -> list[Json]:
    if args.get("markdown_text"):
        return [{"type": "markdown", "text": args["markdown_text"]}]
    blocks: list[Json] = args.get("blocks") or []
    return blocks


def _thread_of(ts: str, channel: Channel) -> str:
    """The root of the thread; a reply's own time leads to its root."""
    if not ts:
        return ""
    root = channel.find(ts)
    if root is None:
        raise SlackError("thread_not_found")
    return root.thread_ts if root.is_reply else ts


def _disguise(asked: Asked, message: Message) -> None:
    """Another name or picture than the app's own, which needs its own scope."""
    args = asked.args
    if not {"username", "icon_url", "icon_emoji"} & args.keys():
        return
    asked.need("chat:write.customize")
    message.username = args.get("username", asked.app.name)
    message.subtype = "bot_message"
    if "icon_emoji" in args:
        message.icons = {"emoji": args["icon_emoji"]}
    elif "icon_url" in args:
        message.icons = {"image_48": args["icon_url"]}


def _apply(asked: Asked, message: Message) -> None:
    args = asked.args
    if "text" in args or "blocks" in args:
        message.text = args.get("text", "" if "blocks" in args else message.text)
        message.blocks = with_block_ids(asked, args["blocks"]) if "blocks" in args else []
    if "attachments" in args:
        message.attachments = args["attachments"]
    if "metadata" in args:
        message.metadata = args["metadata"]
    if "file_ids" in args:
        message.files = [asked.file(file_id) for file_id in args["file_ids"]]
    if not message.blocks:
        message.edited = {"user": asked.bot, "ts": f"{asked.world.now():.6f}"}


def with_block_ids(asked: Asked, blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: each with a block_id, pictures of the workspace resolved."""
    _check_pictures(asked, blocks)
    return [named_block(asked, block) for block in copy.deepcopy(blocks)]


def named_block(asked: Asked, block: Json) -> Json:
    """One block with ids for itself and for its elements where the app gave none."""
    block.setdefault("block_id", asked.world.mint.hex(5))
    for element in elements_of(block):
        if element.get("type") != "image":
            element.setdefault("action_id", asked.world.mint.hex(5))
    return block


def _check_pictures(asked: Asked, value: Any) -> None:
    """Every ``slack_file`` must be a picture of this workspace that the app may see and that is ready."""
    if isinstance(value, list):
        for entry in value:
            _check_pictures(asked, entry)
    elif isinstance(value, dict):
        if isinstance(value.get("slack_file"), dict):
            _check_picture(asked, value["slack_file"])
        for entry in value.values():
            _check_pictures(asked, entry)


def _check_picture(asked: Asked, named: Json) -> None:
    files = asked.team.files.values()
    wanted = [
        f for f in files if named.get("id") == f.id or named.get("url", "").startswith(f.base_url + f.path)
    ]
    usable = [f for f in wanted if asked.may_see(f) and not f.deleted and f.mimetype in PICTURES]
    if not usable or usable[0].ready_at > asked.world.now():
        raise SlackError.with_messages("invalid_blocks", ["invalid slack file"])
