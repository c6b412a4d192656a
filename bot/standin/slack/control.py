"""Playing from outside: the acts and looks of a person, faults and calls, over ``/_play/…`` on loopback.

``POST /_play/do/<verb>`` takes ``{"team": name or id, "person": name or id, …}`` with the arguments of the
``Person`` method of that name: ``channel`` is an id or a name, ``message`` and ``where`` are what a look
gave (``where`` also ``"modal"`` or ``"home"``), files are ``[{"name": …, "content": base64}]``. It answers
``{"ok": true, "result": …}``, or ``{"ok": false, "error": …}`` with status 400.

``GET /_play/setup`` ids and tokens
``GET /_play/calls?after=N`` the call log
``GET /_play/changes`` server-sent events
``GET /_play/file?team=&person=&file=`` the bytes of a file
``POST /_play/faults/<name>`` the arguments of that method of ``Faults``
``POST /_play/sockets/<abort|refresh|close|freeze>`` ``{"team"}`` or ``{}``
``POST /_play/rates`` ``{"on"}``
``POST /_play/manifest`` ``{"team", "manifest"}``
``POST /_play/deliver`` ``{"team", "url"}``
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from .accounts import Manifest
from .player.forms import NotOffered
from .player.stage import NotAllowed
from .standin import SlackStandin, Workspace
from .verbs import VERBS
from .wire import Json, SlackError

FAULTS = (
    "ratelimit",
    "server_error",
    "drop",
    "delay",
    "at_rate",
    "duplicate_envelopes",
    "repeat_events",
    "lose_acks",
    "clear",
)
SOCKETS = ("abort", "refresh", "close", "freeze")
_OWN_NAMES = ("127.0.0.1", "localhost")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Control:
    """The ``/_play`` routes of one stand-in."""

    def __init__(self, slack: SlackStandin) -> None:
        self.slack = slack

    def add_to(self, app: web.Application) -> None:
        """Add the routes; requests that name another host are refused, whoever sends them."""
        app.middlewares.append(_answer_refusals)
        app.router.add_get("/_play/setup", self.setup)
        app.router.add_post("/_play/do/{verb}", self.do)
        app.router.add_get("/_play/calls", self.calls)
        app.router.add_get("/_play/changes", self.changes)
        app.router.add_get("/_play/file", self.file)
        app.router.add_post("/_play/faults/{name}", self.faults)
        app.router.add_post("/_play/sockets/{name}", self.sockets)
        app.router.add_post("/_play/rates", self.rates)
        app.router.add_post("/_play/manifest", self.manifest)
        app.router.add_post("/_play/deliver", self.deliver)

    async def setup(self, request: web.Request) -> web.StreamResponse:
        """Ids, names and tokens of everything."""
        return web.json_response(described(self.slack))

    async def do(self, request: web.Request) -> web.StreamResponse:
        """One act or one look of a person."""
        verb = VERBS.get(request.match_info["verb"])
        if verb is None:
            raise NotOffered(f"no verb {request.match_info['verb']}; there are {sorted(VERBS)}")
        given = await _body(request)
        workspace = self._workspace(given["team"])
        person = workspace.person(given["person"])
        if "channel" in given:
            given["channel"] = workspace.channel(given["channel"])
        return _fine(await verb(person, given))

    async def calls(self, request: web.Request) -> web.StreamResponse:
        """The calls of the app, from number ``after`` on."""
        after = int(request.query.get("after", "0"))
        return _fine([call.wire() for call in self.slack.calls[after:]])

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """A live feed, one JSON object per event."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(b": listening\n\n")
        feed = self.slack.changes()
        try:
            async for change in feed:
                await response.write(f"data: {json.dumps(change.wire())}\n\n".encode())
        except ConnectionError:
            return response
        finally:
            feed.close()
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file as a person sees it."""
        person = self._workspace(request.query["team"]).person(request.query["person"])
        content = person.download(request.query["file"])
        mimetype = self._workspace(request.query["team"]).team.files[request.query["file"]].mimetype
        return web.Response(
            body=content, content_type=mimetype, headers={"X-Content-Type-Options": "nosniff"}
        )

    async def faults(self, request: web.Request) -> web.StreamResponse:
        """Order trouble."""
        name = _listed(request.match_info["name"], FAULTS)
        getattr(self.slack.faults, name)(**await _body(request))
        return _fine(None)

    async def sockets(self, request: web.Request) -> web.StreamResponse:
        """Cut, refresh or close the sockets of one workspace or of all."""
        name = _listed(request.match_info["name"], SOCKETS)
        given = await _body(request)
        team = self._workspace(given["team"]).team if "team" in given else None
        await getattr(self.slack.sockets, name)(team)
        return _fine(None)

    async def rates(self, request: web.Request) -> web.StreamResponse:
        """Switch the rate limits."""
        self.slack.rates.on = bool((await _body(request))["on"])
        return _fine(None)

    async def manifest(self, request: web.Request) -> web.StreamResponse:
        """Install another manifest in a workspace."""
        given = await _body(request)
        app = self._workspace(given["team"]).app
        app.manifest = Manifest(given["manifest"])
        app.scopes = set(app.manifest.bot_scopes())
        return _fine(None)

    async def deliver(self, request: web.Request) -> web.StreamResponse:
        """Deliver to an address by signed HTTP from now on, or by socket when ``url`` is null."""
        given = await _body(request)
        self._workspace(given["team"]).app.deliver_to = given["url"]
        return _fine(None)

    def _workspace(self, name: str) -> Workspace:
        for workspace in self.slack.workspaces:
            if name in (workspace.id, workspace.team.name):
                return workspace
        raise KeyError(name)


def described(slack: SlackStandin) -> Json:
    """What a bot's configuration and a page need to know of a stand-in."""
    workspaces = [_described(workspace) for workspace in slack.workspaces]
    return {"url": slack.world.base_url, "api_url": slack.api_url, "workspaces": workspaces}


def _described(workspace: Workspace) -> Json:
    app, team = workspace.app, workspace.team
    names = ("app_id", "bot_user_id", "bot_id", "bot_token", "app_token", "signing_secret", "client_id")
    return {
        "id": team.id,
        "name": team.name,
        "domain": team.domain,
        "app": {name: getattr(app, name) for name in (*names, "client_secret", "name")},
        "people": {person.account.name: person.id for person in workspace.people},
        "channels": {channel.name: channel.id for channel in team.channels.values() if channel.name},
    }


@web.middleware
async def _answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only for those who came by this machine's own name; what cannot be done is said in JSON."""
    if not request.path.startswith("/_play/"):
        return await handler(request)
    if request.url.host not in _OWN_NAMES:
        return web.Response(status=403, text="loopback only")
    try:
        return await handler(request)
    except (NotOffered, NotAllowed, SlackError, KeyError, TypeError, ValueError) as refusal:
        about = f"{type(refusal).__name__}: {refusal}"
        return web.json_response({"ok": False, "error": about}, status=400)


def _fine(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _listed(name: str, names: tuple[str, ...]) -> str:
    if name not in names:
        raise NotOffered(f"no {name}; there are {names}")
    return name


async def _body(request: web.Request) -> Json:
    body = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise TypeError("a JSON object is wanted")
    return body
