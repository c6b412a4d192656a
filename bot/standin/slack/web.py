"""The front of the stand-in: Web API, uploads, downloads, answers in place, OAuth and web sockets."""

from __future__ import annotations

import base64
import json

from aiohttp import web

from .consent import consent
from .faults import Fault, Faults
from .gate import Gate
from .rates import TooFast
from .responding import respond
from .sockets import Sockets
from .team import Team, World
from .wire import Json, SlackError

_LOGIN_PAGE = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Slack</body></html>"
)
MOST_UPLOAD = 1024**3


class Front:
    """Routes of the stand-in."""

    def __init__(self, world: World, gate: Gate, faults: Faults, sockets: Sockets) -> None:
        self.world = world
        self.gate = gate
        self.faults = faults
        self.sockets = sockets

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(client_max_size=MOST_UPLOAD)
        app.router.add_route("GET", "/api/{method}", self.call)
        app.router.add_route("POST", "/api/{method}", self.call)
        app.router.add_post("/upload/v1/{team}/{key}", self.upload)
        app.router.add_get("/files-pri/{file}/{name:.+}", self.download)
        for kind in ("commands", "actions", "app"):
            app.router.add_post(f"/{{key:{kind}/.+}}", self.respond)
        app.router.add_get("/oauth/v2/authorize", self.authorize)
        app.router.add_get("/link/", self.sockets.answer)
        return app

    async def call(self, request: web.Request) -> web.StreamResponse:
        """One Web API call."""
        method = request.match_info["method"]
        args, token = await _arguments(request)
        fault = self.faults.next_for(method)
        if fault and fault.kind != "delay" and not fault.after_commit:
            return self._spoilt(request, method, args, token, fault)
        try:
            body = self.gate.answer(method, args, token, fault.kind if fault else "")
        except TooFast as early:
            return _too_fast(early.wait)
        if fault and fault.kind == "delay":
            await self.world.clock.sleep(fault.seconds)
        elif fault:
            return _trouble(request, fault)
        return web.json_response(body, headers=self._about(token))

    def _about(self, token: str) -> dict[str, str]:
        """The headers that tell a token's scopes, as an operator's check reads them."""
        caller = self.gate.caller(token)
        if caller is None:
            return {}
        scopes = caller.team.app.scopes if caller.kind == "bot" else caller.team.app.app_scopes
        return {"X-OAuth-Scopes": ",".join(sorted(scopes))}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, raw or as a form."""
        fault = self.faults.next_for("upload")
        team = self.world.teams.get(request.match_info["team"])
        pending = team.uploads.get(request.match_info["key"]) if team else None
        if fault and not fault.after_commit:
            return _trouble(request, fault)
        if team is None or pending is None:
            return web.Response(status=404, text="not found")
        content = await _raw(request)
        if len(content) != pending.length:
            return web.Response(status=400, text="length does not match")
        pending.content = content
        caller = self.gate.caller(team.app.bot_token)
        self.gate.log("upload", {"filename": pending.name, "length": pending.length}, caller)
        return _trouble(request, fault) if fault else web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file; without a good token a page that asks to sign in, with status 200."""
        fault = self.faults.next_for("download")
        if fault:
            return _trouble(request, fault)
        caller = self.gate.caller(_bearer(request))
        team_id, _, file_id = request.match_info["file"].partition("-")
        file = caller.team.files.get(file_id) if caller and caller.team.id == team_id else None
        readable = caller is not None and "files:read" in caller.team.app.scopes
        if file is None or not readable:
            return web.Response(text=_LOGIN_PAGE, content_type="text/html")
        self.gate.log("download", {"file": file.id}, caller)
        if file.deleted:
            return web.Response(status=404, text="file deleted")
        return web.Response(body=file.content, content_type=file.mimetype)

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """An answer through a ``response_url``."""
        fault = self.faults.next_for("response_url")
        if fault and not fault.after_commit:
            return _trouble(request, fault)
        key = request.match_info["key"]
        team = self.world.teams.get(key.split("/")[1])
        reply = await _json(request)
        error = self._answered(team, key, reply)
        if team is not None:
            self.gate.log("response_url", reply, self.gate.caller(team.app.bot_token), error)
        if fault:
            return _trouble(request, fault)
        if error:
            return web.json_response({"ok": False, "error": error}, status=404 if "url" in error else 500)
        return web.Response(text="ok")

    def _answered(self, team: Team | None, key: str, reply: Json) -> str:
        link = team.desk.links.get(key) if team else None
        if team is None or link is None:
            return "invalid_url"
        try:
            link.spend(self.world.now())
            respond(team, link, reply)
        except SlackError as refusal:
            return refusal.code
        return ""

    async def authorize(self, request: web.Request) -> web.StreamResponse:
        """The consent page of an installation, consented to at once, in the workspace that is named."""
        client, wanted = request.query.get("client_id"), request.query.get("team")
        teams = [team for team in self.world.teams.values() if team.app.client_id == client]
        team = next((each for each in teams if each.id == wanted), teams[0] if teams else None)
        if team is None:
            return web.Response(status=400, text="invalid_client_id")
        installer = next((person.id for person in team.accounts.values() if not person.is_bot), "")
        try:
            back = consent(team, installer, request.query)
        except SlackError as refusal:
            return web.Response(status=400, text=refusal.code)
        raise web.HTTPFound(back)

    def _spoilt(
        self, request: web.Request, method: str, args: Json, token: str, fault: Fault
    ) -> web.StreamResponse:
        self.gate.log(method, args, self.gate.caller(token), f"fault_{fault.kind}", fault.kind)
        return _trouble(request, fault)


def _trouble(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.kind == "ratelimit":
        return _too_fast(int(fault.seconds))
    if fault.kind == "server_error":
        return web.Response(status=fault.status, text="upstream connect error")
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _too_fast(wait: int) -> web.StreamResponse:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(wait)})


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """The arguments of a call from query, form or JSON, and the token."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await _json(request)
    elif request.method == "POST":
        args |= dict(await request.post())
    return args | _installer_secrets(request), _bearer(request) or str(args.get("token", ""))


def _installer_secrets(request: web.Request) -> Json:
    """The app's id and secret, which ``oauth.v2.access`` takes as a name and a password."""
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}


async def _json(request: web.Request) -> Json:
    try:
        body = json.loads(await request.text() or "{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


async def _raw(request: web.Request) -> bytes:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        part = next(iter(form.values()))
        return part.file.read() if isinstance(part, web.FileField) else str(part).encode()
    return await request.read()


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""
