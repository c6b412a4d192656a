"""People: users.info, users.list, users.lookupByEmail."""

from __future__ import annotations

from ..wire import Json, SlackError
from .asked import Asked


def info(asked: Asked) -> Json:
    """One account."""
    return {"user": asked.person().wire(with_email=_shows_email(asked))}


def list_users(asked: Asked) -> Json:
    """All accounts, deleted ones included."""
    page, cursor = asked.page(list(asked.team.accounts.values()), 1000, 1000)
    wires = [account.wire(with_email=_shows_email(asked)) for account in page]
    return {
        "members": wires,
        "cache_ts": int(asked.world.now()),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(asked: Asked) -> Json:
    """The account with this e-mail address; deleted ones and bots are not found."""
    wanted = asked.args["email"].lower()
    for account in asked.team.accounts.values():
        if wanted and account.email.lower() == wanted and not account.deleted and not account.is_bot:
            return {"user": account.wire(with_email=True)}
    raise SlackError("users_not_found")


def _shows_email(asked: Asked) -> bool:
    return "users:read.email" in asked.app.scopes
