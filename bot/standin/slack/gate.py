"""The door of the Web API: whose token, which method, may it, too fast, and only then the method itself."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from .api.arguments import read_arguments
from .api.asked import Asked, missing_scope
from .api.table import METHODS, Method
from .calls import Call
from .rates import Rates, TooFast
from .team import Team, World
from .wire import Json, SlackError


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of a token."""

    team: Team
    kind: str


@dataclass(slots=True)
class Gate:
    """Answers calls in Slack's words and logs each one."""

    world: World
    rates: Rates

    def answer(self, method: str, given: Json, token: str, fault: str = "") -> Json:
        """Do the call; the answer's JSON, ``ok`` or not. Raises TooFast for a 429."""
        caller = self.caller(token)
        args = dict(given)
        try:
            body = {"ok": True, **self._done(method, args, token, caller)}
        except TooFast:
            self.log(method, args, caller, "ratelimited", fault)
            raise
        except SlackError as refusal:
            body = refusal.body()
        self.log(method, args, caller, body.get("error", ""), fault)
        return body

    def caller(self, token: str) -> Caller | None:
        """The workspace a token belongs to, if any."""
        for team in self.world.teams.values():
            if token and token in (team.app.bot_token, team.app.app_token):
                return Caller(team, "bot" if token == team.app.bot_token else "app")
        return None

    def log(self, method: str, given: Json, caller: Caller | None, error: str = "", fault: str = "") -> None:
        """Write one call down and tell listeners."""
        team, kind = (caller.team.id, caller.kind) if caller else ("", "")
        args = {name: value for name, value in given.items() if name not in ("token", "client_secret")}
        self.world.log.calls.append(Call(method, team, args, not error, error, self.world.now(), kind, fault))
        self.world.bell.ring("call", team)

    def _done(self, method: str, args: Json, token: str, caller: Caller | None) -> Json:
        """The method's answer; ``args`` are replaced by what was read from them."""
        known = METHODS.get(method)
        if known is None:
            raise SlackError("unknown_method", req_method=method)
        if known.caller == "installer":
            caller = self._installer(args)
        caller = self._admitted(known, caller, token)
        read = read_arguments(args, known.known, known.needs)
        args.clear()
        args.update(read)
        self._not_too_fast(method, known, read, caller.team.id)
        return known.run(Asked(self.world, caller.team, copy.deepcopy(read), caller.kind))

    def _admitted(self, known: Method, caller: Caller | None, token: str) -> Caller:
        if caller is None and token in self.world.spent:
            raise SlackError("token_revoked")
        if caller is None:
            raise SlackError("invalid_auth" if token else "not_authed")
        app = caller.team.app
        if not app.installed and known.caller == "bot":
            raise SlackError("account_inactive")
        if known.caller in ("bot", "app") and caller.kind != known.caller:
            raise SlackError("not_allowed_token_type")
        scopes = app.app_scopes if caller.kind == "app" else app.scopes
        if known.scopes and not set(known.scopes) & scopes:
            raise missing_scope(known.scopes[0], scopes)
        return caller

    def _installer(self, given: Json) -> Caller:
        """Whose installation an OAuth code belongs to; the app's id and secret are looked at first."""
        client, code = given.get("client_id", ""), self.world.codes.get(given.get("code", ""))
        apps = [team.app for team in self.world.teams.values() if team.app.client_id == client]
        if not apps:
            raise SlackError("invalid_client_id")
        if given.get("client_secret") != apps[0].client_secret:
            raise SlackError("bad_client_secret")
        if code is None or self.world.teams[code.team].app.client_id != client:
            raise SlackError("invalid_code")
        return Caller(self.world.teams[code.team], "installer")

    def _not_too_fast(self, method: str, known: Method, args: Json, team: str) -> None:
        now = self.world.now()
        if method == "chat.postMessage":
            self.rates.take_post(team, args["channel"], now)
        self.rates.take_method(team, method, known.per_minute, now)
