"""Files: the two-step upload, files.info, files.list, files.delete."""

from __future__ import annotations

from ..channels import Channel, Message
from ..files import PendingUpload, StoredFile
from ..limits.messages import message_block_problems
from ..wire import Json, SlackError
from .asked import Asked
from .chat import with_block_ids

MOST_BYTES = 1_000_000_000
MOST_ALT_TEXT = 1000


def get_upload_url(asked: Asked) -> Json:
    """Where to send the bytes of a file of this name and length."""
    if asked.args["length"] <= 0 or asked.args["length"] > MOST_BYTES:
        raise SlackError("invalid_arguments" if asked.args["length"] <= 0 else "file_upload_size_restricted")
    if len(asked.args.get("alt_txt", "")) > MOST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    key, file_id = asked.world.mint.hex(40), asked.world.mint.id("F")
    pending = PendingUpload(
        file_id, asked.args["filename"], asked.args["length"], asked.args.get("alt_txt", ""), key
    )
    asked.team.uploads[key] = pending
    return {"upload_url": f"{asked.world.base_url}/upload/v1/{asked.team.id}/{key}", "file_id": file_id}


def complete_upload(asked: Asked) -> Json:
    """Turn finished uploads into files and share them, if a channel is named."""
    pending = [_finished(asked, entry) for entry in asked.args["files"]]
    places = [asked.args["channel_id"]] if "channel_id" in asked.args else asked.args.get("channels", [])
    channels = [_place(asked, place) for place in places]
    blocks = asked.args.get("blocks") or []
    if message_block_problems(blocks):
        raise SlackError.with_messages("invalid_blocks", message_block_problems(blocks))
    files = [
        _stored(asked, upload, entry) for upload, entry in zip(pending, asked.args["files"], strict=True)
    ]
    for channel in channels:
        _share(asked, channel, files, blocks)
    return {"files": [file.wire() for file in files]}


def info(asked: Asked) -> Json:
    """About one file."""
    return {
        "file": asked.file(asked.args["file"]).info_wire(),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def list_files(asked: Asked) -> Json:
    """Files the app may see, newest first."""
    found = [file for file in reversed(asked.team.files.values()) if asked.may_see(file) and not file.deleted]
    if "user" in asked.args:
        found = [file for file in found if file.owner == asked.args["user"]]
    if "channel" in asked.args:
        found = [file for file in found if asked.args["channel"] in file.shared_in]
    count, page = asked.args.get("count", 100), asked.args.get("page", 1)
    shown = found[(page - 1) * count : page * count]
    paging = {"count": count, "total": len(found), "page": page, "pages": -(-len(found) // count)}
    return {"files": [file.wire() for file in shown], "paging": paging}


def delete(asked: Asked) -> Json:
    """Delete one of the app's own files."""
    file = asked.file(asked.args["file"])
    if file.owner != asked.bot:
        raise SlackError("cant_delete_file")
    asked.team.erase_file(file)
    return {}


def _finished(asked: Asked, entry: Json) -> PendingUpload:
    for upload in asked.team.uploads.values():
        if upload.file_id == entry.get("id"):
            if upload.content is None:
                raise SlackError("file_not_found")
            return upload
    raise SlackError("file_not_found")


def _place(asked: Asked, place: str) -> Channel:
    channel = asked.team.channel(place)
    if asked.bot not in channel.members:
        raise SlackError("not_in_channel" if channel.kind == "public" else "channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def _stored(asked: Asked, upload: PendingUpload, entry: Json) -> StoredFile:
    now = asked.world.now()
    title = entry.get("title") or upload.name
    content = upload.content or b""
    file = StoredFile(
        upload.file_id, asked.team.id, asked.world.base_url, asked.bot, upload.name, title, content, int(now)
    )
    file.alt_text = entry.get("alt_txt") or upload.alt_text
    file.ready_at = now + asked.world.file_delay
    asked.team.files[file.id] = file
    del asked.team.uploads[upload.key]
    asked.team.ring("file", person=asked.bot)
    return file


def _share(asked: Asked, channel: Channel, files: list[StoredFile], blocks: list[Json]) -> None:
    asked.need("files:write")
    ts = channel.next_ts(asked.world.now())
    text = asked.args.get("initial_comment", "")
    message = Message(ts, asked.bot, text, files=files)
    message.bot_id, message.app_id, message.subtype = asked.app.bot_id, asked.app.app_id, "file_share"
    message.blocks = with_block_ids(asked, blocks)
    message.thread_ts = asked.args.get("thread_ts", "")
    if message.thread_ts and channel.find(message.thread_ts) is None:
        raise SlackError("thread_not_found")
    asked.team.write(channel, message)
