"""Installing: how it can end when a workspace takes the app in by itself."""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """What came of an installation, as the page at its end says it."""

    INSTALLED = "installed"
    BUSY = "busy"
    """Too many were begun a short while ago, so this one was not."""
    STALE = "stale"
    """The way back was used, is too old, or belongs to another browser."""
    DENIED = "denied"
    SETTLED = "settled"
    """The workspace takes part already, with a token that its operator wrote down."""
    OTHER_WORKSPACE = "other_workspace"
    WHOLE_ORGANISATION = "whole_organisation"
    MISSING_SCOPES = "missing_scopes"
    ENDING_TOKEN = "ending_token"  # noqa: S105  (a word, not a token)
    """The token would end by itself, for the app's settings are not those of the manifest."""
    REFUSED = "refused"
    """The platform did not take the code that it had given."""
    SILENT = "silent"
