"""The consent page of an installation: what it refuses, and where it sends a browser back to."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from .codes import Code
from .team import Team
from .wire import SlackError


def consent(team: Team, installer: str, asked: Mapping[str, str]) -> str:
    """Let an installer allow what is asked; gives the address back, with a code.

    SlackError: what the page would show in place of its button.
    """
    scopes = _checked(team, asked)
    mint = team.world.mint
    code = f"{mint.digits(12)}.{mint.hex(32)}"
    team.world.codes[code] = Code(team.id, installer, scopes, asked.get("redirect_uri", ""))
    return _back(asked, code=code)


def refusal(team: Team, asked: Mapping[str, str]) -> str:
    """Let an installer press *Cancel*; gives the address back, with Slack's word for it."""
    _checked(team, asked)
    return _back(asked, error="access_denied")


def _checked(team: Team, asked: Mapping[str, str]) -> frozenset[str]:
    manifest = team.app.manifest
    if asked.get("client_id") != team.app.client_id:
        raise SlackError("invalid_client_id")
    scopes = frozenset(scope for scope in asked.get("scope", "").split(",") if scope)
    if not scopes or not scopes <= manifest.bot_scopes():
        raise SlackError("invalid_scope")
    known = (manifest.given or {}).get("oauth_config", {}).get("redirect_urls", [])
    there = asked.get("redirect_uri", "")
    if not there or (known and not any(there.startswith(each) for each in known)):
        raise SlackError("bad_redirect_uri")
    return scopes


def _back(asked: Mapping[str, str], **told: str) -> str:
    return f"{asked['redirect_uri']}?{urlencode({**told, 'state': asked.get('state', '')})}"
