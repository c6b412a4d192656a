"""What somebody does on the consent page of an installation, at the address that the app led them to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from ..consent import consent, refusal
from ..team import Team
from ..wire import SlackError
from .stage import NotAllowed


def consents(team: Team, person: str, address: str) -> str:
    """Allow what the page asks for; gives the address back. NotAllowed where Slack shows no such page."""
    return _answered(team, address, lambda asked: consent(team, person, asked))


def declines(team: Team, address: str) -> str:
    """Press *Cancel*; gives the address back."""
    return _answered(team, address, lambda asked: refusal(team, asked))


def _answered(team: Team, address: str, answer: Callable[[Mapping[str, str]], str]) -> str:
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}{parts.path}" != f"{team.world.base_url}/oauth/v2/authorize":
        raise NotAllowed("not the consent page")
    try:
        return answer(dict(parse_qsl(parts.query)))
    except SlackError as shown:
        raise NotAllowed(shown.code) from None
