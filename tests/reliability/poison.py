"""Poison: everything that a delivery can have wrong with it for good, a thousand kinds of it."""

from __future__ import annotations

import builtins
import json
from asyncio import CancelledError
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from bot.adapters.matrix import wire as matrix
from bot.adapters.slack import errors as slack
from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Quote, Speaker, line
from bot.chat.codec import card_from_bytes, card_to_bytes
from bot.ports.adapter import Later, Undeliverable

_SLACK = """
    account_inactive as_user_not_supported block_mismatch cannot_reply_to_message channel_not_found
    deprecated_endpoint duplicate_channel_not_found duplicate_message_not_found ekm_access_denied
    enterprise_is_restricted external_channel_migrating invalid_arg_name invalid_arguments invalid_array_arg
    invalid_attachments invalid_auth invalid_blocks invalid_blocks_format invalid_charset invalid_form_data
    invalid_metadata_format invalid_metadata_schema invalid_post_type is_archived markdown_text_conflict
    message_limit_exceeded messages_tab_disabled message_too_long metadata_must_be_sent_from_app
    metadata_too_large method_deprecated missing_charset missing_post_type missing_scope msg_blocks_too_long
    msg_too_long no_dual_broadcast_content_update no_permission no_text not_allowed_token_type not_authed
    not_in_channel org_login_required restricted_action restricted_action_non_threadable_channel
    restricted_action_read_only_channel restricted_action_thread_locked restricted_action_thread_only_channel
    slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked team_access_not_granted
    team_not_found token_expired token_revoked too_many_attachments too_many_contact_cards
    two_factor_setup_required user_is_bot user_is_restricted cannot_dm_bot user_disabled user_not_found
    unknown_method unknown_error not_in_a_list_at_all
"""
"""Words with which Slack may refuse a message for good; the last two are none that it documents."""
_WRONG: tuple[Any, ...] = (None, 7, True, "wrong", [], {}, [[]], {"kind": "attic"}, [None], "\ud800")


def damaged(count: int) -> list[bytes | None]:
    """Give payloads that cannot be read: cut off, bits turned, parts of another kind, or nothing at all."""
    chance = Random(48)  # noqa: S311 - the same poison in every run
    whole = card_to_bytes(_rich_card())
    cut = [whole[:length] for length in range(len(whole))]
    bent = [_bent(whole, chance) for _ in range(count)]
    wrong = [json.dumps(other).encode() for other in _with_something_wrong(json.loads(whole))]
    deep = b"[" * 100_000
    found = [None, deep, *(one for one in (*wrong, *cut, *bent) if not _readable(one))]
    return list(dict.fromkeys(found))[:count]


def refusals() -> dict[str, Exception]:
    """Give what the real adapters raise for every permanent answer of their platforms, by name."""
    said: dict[str, Later | Undeliverable] = {
        f"slack {code}": slack.delivery_error(slack.Declined("chat.postMessage", code))
        for code in _SLACK.split()
    }
    said |= {
        f"matrix {status}": matrix.delivery_error(matrix.Declined(status, {})) for status in range(400, 500)
    }
    return {name: error for name, error in said.items() if isinstance(error, Undeliverable)}


def exceptions() -> dict[str, BaseException]:
    """Give one of every exception that Python itself has, and of some that wrap others, by name."""
    kinds = [
        kind for kind in vars(builtins).values() if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    plain = {kind.__name__: kind("poison") for kind in kinds if _takes_words(kind)}
    odd: dict[str, BaseException] = {
        "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "poison"),
        "UnicodeEncodeError": UnicodeEncodeError("utf-8", "\ud800", 0, 1, "poison"),
        "ExceptionGroup": ExceptionGroup("poison", [ValueError("poison")]),
        "JSONDecodeError": json.JSONDecodeError("poison", "", 0),
        "CancelledError": CancelledError("poison"),
    }
    return {**plain, **odd}


def _takes_words(kind: type[Exception]) -> bool:
    return not issubclass(kind, UnicodeError | ExceptionGroup) and kind not in (
        StopIteration,
        StopAsyncIteration,
    )


def _readable(payload: bytes) -> bool:
    try:
        card_from_bytes(payload)
    except Exception:  # noqa: BLE001 - whatever it raises, it cannot be read
        return False
    return True


def _bent(whole: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(whole))
    return whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]


def _with_something_wrong(whole: Any) -> Iterator[Any]:
    """Give the same JSON again and again, each time with one part of it replaced by something else."""
    yield from _WRONG
    parts = (
        whole.items() if isinstance(whole, Mapping) else enumerate(whole) if isinstance(whole, list) else ()
    )
    for key, part in parts:
        for other in _with_something_wrong(part):
            copy = dict(whole) if isinstance(whole, Mapping) else list(whole)
            copy[key] = other
            yield copy


def _rich_card() -> Card:
    return Card(
        notice="New case",
        title="Case",
        speaker=Speaker("Blue heron", "key"),
        blocks=(
            Paragraph(line("One line.")),
            Quote("Words.", "label"),
            Fields((("age", "50"),)),
            Items((line("one"),), numbered=True),
            Fine(line("fine")),
        ),
        buttons=(Button("Open", "show 1"),),
    )
