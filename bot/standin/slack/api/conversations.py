"""Channels: conversations.open, info, members, history, replies, list, invite, kick, join, leave."""

from __future__ import annotations

from decimal import Decimal

from ..channels import PREFIX, Channel, Message
from ..wire import Json, SlackError
from .asked import Asked


def open_direct(asked: Asked) -> Json:
    """The direct message channel with one person."""
    if "channel" in asked.args:
        return {"channel": {"id": asked.seen_channel().id}}
    people = asked.args.get("users", [])
    if len(people) != 1:
        raise SlackError("users_list_not_supplied" if not people else "too_many_users")
    account = asked.team.account(people[0])
    if account.deleted:
        raise SlackError("user_disabled")
    if account.is_bot:
        raise SlackError("cannot_dm_bot")
    known = {channel.id for channel in asked.team.channels.values()}
    channel = asked.team.direct_channel(account.id)
    again = {"no_op": True, "already_open": True} if channel.id in known else {}
    whole = channel.wire(viewer=asked.bot, team=asked.team.id)
    return {"channel": whole if asked.args.get("return_im") else {"id": channel.id}, **again}


def info(asked: Asked) -> Json:
    """About one channel."""
    channel = asked.seen_channel()
    asked.need_for(channel, "read")
    wire = channel.wire(viewer=asked.bot, team=asked.team.id)
    if asked.args.get("include_num_members"):
        wire["num_members"] = len(channel.members)
    return {"channel": wire}


def members(asked: Asked) -> Json:
    """Who is in a channel."""
    channel = asked.seen_channel()
    asked.need_for(channel, "read")
    page, cursor = asked.page(channel.members, 100, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def list_channels(asked: Asked) -> Json:
    """The channels the app may know of."""
    kinds = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}
    types = asked.args.get("types", ["public_channel"])
    if set(types) - kinds.keys():
        raise SlackError("invalid_types")
    wanted = [kinds[name] for name in types]
    for kind in wanted:
        asked.need(f"{PREFIX[kind]}:read")
    found = [channel for channel in asked.team.channels.values() if channel.kind in wanted]
    found = [channel for channel in found if channel.kind == "public" or asked.bot in channel.members]
    if asked.args.get("exclude_archived"):
        found = [channel for channel in found if not channel.archived]
    page, cursor = asked.page(found, 100, 1000)
    wires = [channel.wire(viewer=asked.bot, team=asked.team.id) for channel in page]
    return {"channels": wires, "response_metadata": {"next_cursor": cursor}}


def history(asked: Asked) -> Json:
    """The main view of a channel, newest first; metadata only when asked for."""
    channel = asked.joined_channel()
    asked.need_for(channel, "history")
    found = [message for message in reversed(channel.shown()) if _in_span(asked, message)]
    return _pages(asked, channel, found)


def replies(asked: Asked) -> Json:
    """A thread: its root, then the replies, oldest first."""
    channel = asked.joined_channel()
    asked.need_for(channel, "history")
    root = channel.find(asked.args["ts"])
    if root is None:
        raise SlackError("thread_not_found")
    found = [message for message in channel.replies(root.ts) if _in_span(asked, message)]
    return _pages(asked, channel, [root, *found])


def invite(asked: Asked) -> Json:
    """Bring people into a channel the app is in."""
    channel = _governed(asked, "manage", "write", "write.invites")
    for user_id in asked.args["users"]:
        account = asked.team.account(user_id)
        if user_id == asked.bot:
            raise SlackError("cant_invite_self")
        if user_id in channel.members:
            raise SlackError("already_in_channel")
        if account.deleted:
            raise SlackError("cant_invite")
        if account.single_channel_guest:
            raise SlackError("ura_max_channels")
    for user_id in asked.args["users"]:
        asked.team.move(channel, user_id, "member_joined_channel", asked.bot)
    return {"channel": channel.wire(viewer=asked.bot, team=asked.team.id)}


def kick(asked: Asked) -> Json:
    """Take a person out of a channel."""
    channel = _governed(asked, "manage", "write")
    if asked.args["user"] == asked.bot:
        raise SlackError("cant_kick_self")
    if channel.general:
        raise SlackError("cant_kick_from_general")
    if asked.person().id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.removing_restricted:
        raise SlackError("restricted_action")
    asked.team.move(channel, asked.args["user"], "member_left_channel")
    return {"errors": {}}


def join(asked: Asked) -> Json:
    """Enter a public channel."""
    channel = asked.team.channel(asked.args["channel"])
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if asked.bot not in channel.members:
        asked.team.move(channel, asked.bot, "member_joined_channel")
    return {"channel": channel.wire(viewer=asked.bot, team=asked.team.id)}


def leave(asked: Asked) -> Json:
    """Leave a channel."""
    channel = asked.seen_channel()
    asked.need_for(channel, "manage", "write")
    if asked.bot not in channel.members:
        return {"not_in_channel": True}
    asked.team.move(channel, asked.bot, "member_left_channel")
    return {}


def _governed(asked: Asked, *verbs: str) -> Channel:
    channel = asked.seen_channel()
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    asked.need_for(channel, *verbs)
    if channel.archived:
        raise SlackError("is_archived")
    if asked.bot not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _in_span(asked: Asked, message: Message) -> bool:
    at = Decimal(message.ts)
    oldest = Decimal(asked.args.get("oldest", "0"))
    latest = Decimal(asked.args.get("latest", "99999999999"))
    if asked.args.get("inclusive"):
        return oldest <= at <= latest
    return oldest < at < latest


def _pages(asked: Asked, channel: Channel, found: list[Message]) -> Json:
    page, cursor = asked.page(found, 100, 999)
    with_metadata = bool(asked.args.get("include_all_metadata"))
    wires = [channel.message_wire(message, metadata=with_metadata) for message in page]
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": wires, "has_more": bool(cursor), **more}
