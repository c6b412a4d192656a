"""Writing as a person: messages, files, edits, deletes, reactions, joining and leaving, the Home tab."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from ..accounts import Account
from ..channels import Channel, Message
from ..files import StoredFile
from ..team import Team
from ..wire import Json
from .stage import NotAllowed

PROFILE = ("real_name", "display_name", "email", "picture")
"""What a person can change of the own account."""
_TOKEN = re.compile(r"(<[@#!][^>]+>)")


def uploaded(team: Team, person: str, name: str, content: bytes) -> StoredFile:
    """A file in the workspace, owned by the person."""
    now = team.world.now()
    file_id = team.world.mint.id("F")
    file = StoredFile(file_id, team.id, team.world.base_url, person, name, name, content, int(now))
    team.files[file.id] = file
    return file


def say(
    team: Team, person: str, channel: Channel, text: str, thread_ts: str, files: Iterable[tuple[str, bytes]]
) -> Message:
    """Write a message, perhaps with files or in a thread; NotAllowed where Slack has no box to write in."""
    _check_may_write(channel, person, thread_ts)
    message = Message(channel.next_ts(team.world.now()), person, _escaped(text), team.id)
    message.thread_ts = thread_ts
    message.client_msg_id = team.world.mint.uuid()
    message.blocks = [_rich(team, text)] if text else []
    message.files = [uploaded(team, person, name, content) for name, content in files]
    if message.files:
        message.subtype, message.team, message.client_msg_id = "file_share", "", ""
    team.write(channel, message)
    for file in message.files:
        shared = {"file_id": file.id, "user_id": person, "file": {"id": file.id}, "channel_id": channel.id}
        team.tell("file_shared", {"type": "file_shared", **shared, "event_ts": message.ts})
    return message


def _check_may_write(channel: Channel, person: str, thread_ts: str) -> None:
    if person not in channel.members:
        raise NotAllowed("not a member of this channel")
    if channel.archived:
        raise NotAllowed("the channel is archived")
    if channel.threads_restricted if thread_ts else channel.posting_restricted:
        raise NotAllowed("only some people may post here")
    if thread_ts and channel.find(thread_ts) is None:
        raise NotAllowed("there is no such thread")


def edit(team: Team, person: str, channel: Channel, message: Message, text: str) -> None:
    """Rewrite one's own message."""
    _check_own(message, person)
    before = message.wire()
    message.text = _escaped(text)
    message.blocks = [_rich(team, text)]
    message.edited = {"user": person, "ts": f"{team.world.now():.6f}"}
    team.rewrite(channel, message, before)


def delete(team: Team, person: str, channel: Channel, message: Message) -> None:
    """Delete one's own message."""
    _check_own(message, person)
    team.erase(channel, message)


def react(team: Team, person: str, channel: Channel, message: Message, name: str) -> None:
    """Put an emoji on a message."""
    message.reactions.setdefault(name, []).append(person)
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    about = {"user": person, "reaction": name, "item": item, "item_user": message.user}
    team.tell("reaction_added", {"type": "reaction_added", **about, "event_ts": f"{team.world.now():.6f}"})
    team.ring("reaction", channel.id, person, message.ts)


def open_home(team: Team, person: str, tab: str) -> None:
    """Open the app's Home or Messages tab."""
    event: Json = {"type": "app_home_opened", "user": person, "channel": team.direct_channel(person).id}
    event |= {"tab": tab, "event_ts": f"{team.world.now():.6f}"}
    home = team.desk.homes.get(person)
    if home is not None:
        event["view"] = home.wire()
    team.tell("app_home_opened", event)


def bring(team: Team, person: str, channel: Channel, guest: str) -> None:
    """Bring somebody into a channel; NotAllowed for one who is not in it, or somebody who is."""
    if person not in channel.members:
        raise NotAllowed("not a member of this channel")
    if guest in channel.members:
        raise NotAllowed("already in this channel")
    team.move(channel, guest, "member_joined_channel", person)


def deactivate(team: Team, account: Account) -> None:
    """Switch an account off: it leaves all channels, and the app hears of it."""
    account.deleted = True
    for channel in team.channels.values():
        if account.id in channel.members and channel.kind != "im":
            channel.members.remove(account.id)
    _tell_change(team, account)


def edit_profile(team: Team, account: Account, changes: Mapping[str, str]) -> None:
    """Write names or an address into a profile; the app hears of it. NotAllowed for anything else."""
    unknown = set(changes) - set(PROFILE)
    if unknown:
        raise NotAllowed(f"a profile has no {sorted(unknown)}; it has {PROFILE}")
    for name, value in changes.items():
        setattr(account, name, value)
    _tell_change(team, account)


def _tell_change(team: Team, account: Account) -> None:
    account.updated = int(team.world.now())
    user = account.wire(with_email="users:read.email" in team.app.scopes)
    team.tell("user_change", {"type": "user_change", "user": user, "event_ts": f"{team.world.now():.6f}"})
    team.ring("person", person=account.id)


def _check_own(message: Message, person: str) -> None:
    if message.user != person:
        raise NotAllowed("somebody else wrote this message")


def _escaped(text: str) -> str:
    """The text as Slack stores it: ``& < >`` escaped, mentions kept."""
    parts = _TOKEN.split(text)
    return "".join(part if _TOKEN.fullmatch(part) else html.escape(part, quote=False) for part in parts)


def _rich(team: Team, text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": team.world.mint.hex(5), "elements": [section]}
