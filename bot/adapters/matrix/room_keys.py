"""Room keys: what clients send to this device alone, taken in apart from everything that happens in rooms.

A token of rooms is good for every device of the account, but not before the device has all that was sent to
it: a homeserver deletes what is older than the token that a device asks with.
"""

from __future__ import annotations

from typing import Any, Final

from nio import SyncResponse

from bot.adapters.matrix.keystore import keep_token, kept_token
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.streaming import NOTHING, do_chores, sync

KEYS_ONLY: Final[dict[str, Any]] = {"room": {"rooms": []}, "presence": NOTHING, "account_data": NOTHING}


async def take_in(session: Session, *, wait: bool) -> SyncResponse:
    """Take in what was sent to this device, and keep up to where beside the keys.

    With ``wait`` until something comes, or half a minute. Raises ``Declined`` and ``Unreachable``.
    """
    client = session.client
    since = kept_token(client)
    response = await sync(client, since, wait=wait, wanted=KEYS_ONLY)
    await do_chores(session, response)
    if response.next_batch != since:
        keep_token(client, response.next_batch)
    return response


async def catch_up(session: Session) -> None:
    """Take in all that waits for this device; raises as :func:`take_in`."""
    while (await take_in(session, wait=False)).to_device_events:
        pass
