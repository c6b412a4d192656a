"""A workspace installs the app by itself: to Slack's consent page, back with a code, and to a token."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import structlog
from slack_sdk.oauth import AuthorizeUrlGenerator

from bot.adapters.slack.errors import Declined, Unreachable
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.site import Secret, SlackSite
from bot.adapters.slack.wire import Wire
from bot.ports.installing import Begun, BegunInstallations, BotToken, Consent, Ending, Installation

INSTALL, BACK = "slack/install", "slack/oauth_redirect"
"""The pages, below ``[http] public_url``."""
_INVENTED: Final = "0.0.0"
_KNOWN_APP: Final = frozenset({"invalid_code", "code_already_used"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Client:
    """The app as Slack knows it, for all workspaces that install it by themselves."""

    site: SlackSite
    """Any of them: they have the address of the Web API in common."""
    client_id: str
    secret: Secret
    public_url: str

    @property
    def back(self) -> str:
        """The address that Slack has to know as the one to lead browsers back to."""
        return page_below(self.public_url, BACK)


@dataclass(frozen=True, slots=True)
class _Grant:
    """What Slack gave for a code."""

    team: str
    token: str = field(repr=False)
    scopes: frozenset[str]
    whole_organisation: bool
    ends: bool


class Waiting(Protocol):
    """The adapter of a workspace, as far as its installation is concerned."""

    async def installed(self) -> None:
        """Take the token that has just come."""
        ...


class SlackInstalling:
    """Fills :class:`bot.ports.installing.Installing` for the workspaces on the list, by their ids."""

    def __init__(
        self,
        client: Client,
        begun: BegunInstallations,
        installations: Mapping[str, Installation],
        adapters: Mapping[str, Waiting],
        settled: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Take what Slack knows of the app, and for each workspace where its token goes and who waits.

        ``settled`` names the workspaces whose token stands in the file: it must not be taken back.
        """
        self._client = client
        self._settled = settled
        self._begun = begun
        self._installations = installations
        self._adapters = adapters

    @property
    def public_url(self) -> str:
        """The address under which browsers reach the bot."""
        return self._client.public_url

    async def begin(self) -> Consent | None:
        """Begin an installation; None while too many are under way."""
        begun = await self._begun.begin()
        return None if begun is None else Consent(self._page(begun.state), begun.browser)

    async def returned(self, begun: Begun, code: str) -> Ending:
        """Take a browser back; an empty ``code`` is Slack's word that nobody consented."""
        if not await self._begun.redeem(begun):
            return Ending.STALE
        if not code:
            return Ending.DENIED
        wire = Wire(self._client.site)
        try:
            ending = await self._exchanged(wire, code)
        except Declined as declined:
            _log.warning("slack_installation_refused", code=declined.code)
            return Ending.SILENT if declined.passing else Ending.REFUSED
        except Unreachable:
            return Ending.SILENT
        finally:
            await wire.close()
        _log.info("slack_installation", code=ending.value)
        return ending

    def _page(self, state: str) -> str:
        """Give the consent page; where there is one workspace alone, Slack is told which."""
        page = AuthorizeUrlGenerator(
            client_id=self._client.client_id,
            redirect_uri=self._client.back,
            scopes=scopes(),
            authorization_url=str(self._client.site.address.with_path("/oauth/v2/authorize")),
        )
        only = next(iter(self._adapters)) if len(self._adapters) == 1 else None
        return page.generate(state, only)

    async def _exchanged(self, wire: Wire, code: str) -> Ending:
        grant = _read(await ask(wire, self._client, code))
        ending = self._judged(grant)
        if ending is Ending.INSTALLED:
            await self._installations[grant.team].keep(BotToken(grant.token))
            await self._adapters[grant.team].installed()
        elif ending is not Ending.SETTLED:
            await _give_back(wire, grant)
        return ending

    def _judged(self, grant: _Grant) -> Ending:
        if grant.whole_organisation:
            return Ending.WHOLE_ORGANISATION
        if grant.team in self._settled():
            return Ending.SETTLED
        if grant.team not in self._adapters:
            return Ending.OTHER_WORKSPACE
        if grant.ends:
            return Ending.ENDING_TOKEN
        if not grant.token or not grant.scopes >= set(scopes()):
            return Ending.MISSING_SCOPES
        return Ending.INSTALLED


async def ask(wire: Wire, client: Client, code: str) -> Mapping[str, Any]:
    """Exchange a code; raises ``Declined`` or ``Unreachable``."""
    return await wire.ask_as_app(
        "oauth.v2.access", client.client_id, client.secret, code=code, redirect_uri=client.back
    )


async def try_out(client: Client) -> str:
    """Ask Slack about a code that is none; gives its word for what is wrong with id and secret, or nothing.

    Raises ``Unreachable``.
    """
    wire = Wire(client.site)
    try:
        await ask(wire, client, _INVENTED)
    except Declined as declined:
        return "" if declined.code in _KNOWN_APP else declined.code
    finally:
        await wire.close()
    return "unknown_error"


def page_below(public_url: str, path: str) -> str:
    """Give the address of one of the bot's pages."""
    return f"{public_url.rstrip('/')}/{path}"


async def _give_back(wire: Wire, grant: _Grant) -> None:
    """Have Slack take back a token that nobody will use."""
    wire.use(grant.token)
    try:
        await wire.ask("auth.revoke")
    except (Declined, Unreachable) as error:
        _log.warning("slack_token_not_given_back", error=type(error).__name__)


def _read(answer: Mapping[str, Any]) -> _Grant:
    team = answer.get("team")
    return _Grant(
        team=str(team.get("id", "")) if isinstance(team, Mapping) else "",
        token=str(answer.get("access_token") or ""),
        scopes=frozenset(str(answer.get("scope") or "").split(",")),
        whole_organisation=answer.get("is_enterprise_install") is True or not isinstance(team, Mapping),
        ends="refresh_token" in answer or "expires_in" in answer,
    )
