"""Messages: text, blocks, metadata and who they claim to be from."""

from __future__ import annotations

from typing import Any

from ..wire import Json, SlackError
from .blocks import check_blocks
from .rules import items, shape, string
from .sdk import sdk_problems

POST_CHARACTERS = 40_000
UPDATE_CHARACTERS = 4_000
# Not documented. Reported: 13,297 characters in one block were taken, 125 fewer beside a divider, and rich
# text, which nests parts, was refused from 11,341 on.
BLOCK_CHARACTERS = 13_400
WEIGHT_OF_BLOCK = 125
WEIGHT_OF_PART = 25


def message_block_problems(blocks: Any) -> list[str]:
    """All problems of a message's blocks; the SDK is asked about what the limits let pass."""
    return list(check_blocks(blocks, "message")) or list(sdk_problems(blocks))


def check_message(args: Json, most_characters: int = POST_CHARACTERS) -> None:
    """Refuse a message as Slack would: ``no_text``, ``msg_too_long``, ``invalid_blocks``, bad metadata."""
    text, blocks = args.get("text", ""), args.get("blocks") or []
    if args.get("markdown_text") and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if not (text or blocks or args.get("attachments") or args.get("markdown_text")):
        raise SlackError("no_text")
    if len(text) > most_characters:
        raise SlackError("msg_too_long")
    if len(args.get("markdown_text", "")) > 12_000:
        raise SlackError("msg_too_long")
    if _weight(blocks, WEIGHT_OF_BLOCK) > BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
    problems = message_block_problems(blocks)
    if problems:
        raise SlackError.with_messages("invalid_blocks", problems)
    check_metadata(args.get("metadata"))


def _weight(value: Any, each: int) -> int:
    """The characters of all texts, with ``each`` for an object with a type and less for those inside."""
    if isinstance(value, list):
        return sum(_weight(entry, each) for entry in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    inside = sum(_weight(entry, WEIGHT_OF_PART) for entry in value.values())
    return own + inside + (each if "type" in value else 0)


def check_metadata(metadata: Any) -> None:
    """Refuse metadata without a type and a payload; SlackError ``invalid_metadata_format``."""
    if metadata is None:
        return
    wanted = shape(
        {"event_type": string(255), "event_payload": shape_of_any}, {"entities": items(shape_of_any, 0, 100)}
    )
    problems = list(wanted(metadata, "/metadata"))
    if problems:
        raise SlackError.with_messages("invalid_metadata_format", problems)


def shape_of_any(value: Any, at: str) -> Any:
    """Any object."""
    if not isinstance(value, dict):
        yield f"must be an object [json-pointer:{at}]"
