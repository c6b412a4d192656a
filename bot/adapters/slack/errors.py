"""What went wrong at Slack, in the words of the relay: not now, perhaps done, or never."""

from __future__ import annotations

import re

from bot.ports.adapter import Later, Undeliverable

# Refused or failed half-way on Slack's side: the same call can succeed later.
_PASSING = frozenset(
    {
        "accesslimited",
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
        "temporarily_unavailable",
        "update_failed",
    }
)
_LIMITS = frozenset({"ratelimited", "rate_limited"})
LOCKED_OUT = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Codes after which no call can succeed with this token."""
REMOVED = frozenset({"account_inactive", "token_revoked"})
"""Codes that say that the app was removed from the workspace, or its token taken back."""
_TOKEN = LOCKED_OUT | {"missing_scope", "not_allowed_token_type"}
_GONE = frozenset({"file_deleted", "file_not_found", "message_not_found"})
_LATE = frozenset({"exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id", "trigger_expired"})
_CODE = re.compile(r"[a-z0-9_]{1,60}")


class Declined(Exception):
    """Slack answered that it did not do the call; ``code`` is its error word."""

    def __init__(
        self, method: str, code: str, *, status: int = 200, retry_after: float | None = None
    ) -> None:
        self.method = method
        self.code = code if _CODE.fullmatch(code) else "unknown_error"
        self.status = status
        self.retry_after = retry_after
        self.site_wide = False
        """Of a limit: it holds for the whole workspace, and not for one channel."""
        super().__init__(f"{method} {self.code}")

    @property
    def limited(self) -> bool:
        """Too many calls: nothing was done."""
        return self.status == 429 or self.code in _LIMITS

    @property
    def passing(self) -> bool:
        """The same call can succeed later."""
        return self.limited or self.status >= 500 or self.code in _PASSING

    @property
    def about_token(self) -> bool:
        """The token is not, or no longer, good for this call."""
        return self.code in _TOKEN

    @property
    def about_channel(self) -> bool:
        """A channel is not there for this app, and will not be until somebody does something."""
        return self.method.startswith("conversations.") and not (self.about_token or self.passing)

    @property
    def gone(self) -> bool:
        """What should be changed or taken back is not there any more."""
        return self.code in _GONE

    @property
    def late(self) -> bool:
        """The moment for opening a form has passed."""
        return self.code in _LATE


class Unreachable(Exception):
    """No answer came. ``sent`` says that the request may have been done all the same."""

    def __init__(self, method: str, *, sent: bool) -> None:
        super().__init__(method)
        self.method = method
        self.sent = sent


def delivery_error(error: Declined | Unreachable) -> Later | Undeliverable:
    """Translate into what the relay understands."""
    if isinstance(error, Unreachable):
        return Later(None, unsure=error.sent)
    if error.limited:
        return Later(error.retry_after, scope="site" if error.site_wide else "destination", limited=True)
    if error.passing:
        return Later(None, unsure=True)
    return Undeliverable(error.code)
