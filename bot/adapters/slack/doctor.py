"""What an operator can get wrong about a workspace, tried for real and told line by line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.adapters.slack.errors import Declined, Unreachable
from bot.adapters.slack.manifest import scopes
from bot.adapters.slack.moderators_room import ModeratorsRoom
from bot.adapters.slack.rooms import RESTRICTED, Room, unfit
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.token import Token
from bot.adapters.slack.wire import Wire
from bot.ports.adapter import MODERATORS_ROOM, Check, ConfigurationRefused


class Doctor:
    """Checks of one workspace. It needs no start."""

    def __init__(
        self, site: SlackSite, wire: Wire, token: Token, room: Room, moderators: ModeratorsRoom
    ) -> None:
        self._site = site
        self._wire = wire
        self._bot_token = token
        self._room = room
        self._moderators = moderators

    async def checks(self) -> tuple[Check, ...]:
        """Try everything, and go on after what failed."""
        try:
            self._site.refuse_wrong()
        except ConfigurationRefused as refusal:
            return (self._line("settings", "fail", refusal.sentence),)
        if not await self._bot_token.load():
            return (self._line("installation", "warn", self._bot_token.missing),)
        token = await self._guarded("bot token", self._token)
        found = [*token]
        if all(check.state != "fail" for check in token):
            found += await self._guarded("channel", self._channel)
            found += await self._guarded("moderators' room", self._moderators_room)
        found += await self._guarded("app-level token", self._socket)
        return tuple(found)

    async def _guarded(self, name: str, check: Callable[[], Awaitable[list[Check]]]) -> list[Check]:
        try:
            return await check()
        except Declined as declined:
            return [self._line(name, "fail", self._remedy(declined))]
        except Unreachable:
            return [self._line(name, "fail", "Slack cannot be reached; check the network and api_url.")]

    async def _token(self) -> list[Check]:
        answer = await self._wire.ask_whole("auth.test")
        team = answer.data.get("team_id") if isinstance(answer.data, dict) else None
        if self._site.team not in ("", team):
            return [self._line("bot token", "fail", "It is that of another workspace than team names.")]
        headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        found = [self._line("bot token", "ok")]
        if "x-oauth-scopes" not in headers:
            return [*found, self._line("scopes", "warn", "Slack did not say which scopes the token has.")]
        given = {scope.strip() for scope in headers["x-oauth-scopes"].split(",")}
        missing = sorted(set(scopes()) - given)
        if missing:
            remedy = f"Missing: {', '.join(missing)}. Update the app from the manifest and reinstall it."
            return [*found, self._line("scopes", "fail", remedy)]
        return [*found, self._line("scopes", "ok")]

    async def _channel(self) -> list[Check]:
        channel = await self._room.look()
        sentence = unfit(channel) or await self._room.guests()
        if sentence:
            return [self._line("channel", "fail", sentence)]
        bot = str((await self._wire.ask("auth.test")).get("user_id", ""))
        return [self._line("channel", "ok"), self._posting(channel, bot)]

    async def _moderators_room(self) -> list[Check]:
        if not self._moderators.is_there:
            return []
        sentence = await self._moderators.problem()
        remedy = f"{MODERATORS_ROOM}: {sentence}" if sentence else ""
        return [self._line("moderators' room", "fail" if sentence else "ok", remedy)]

    def _posting(self, channel: Mapping[str, Any], bot: str) -> Check:
        properties = channel.get("properties") or {}
        restricted = properties.get(RESTRICTED)
        if not restricted:
            remedy = "Anyone in the channel can type there under their own name; let only the app post."
            return self._line("posting", "warn", remedy)
        if bot not in (restricted.get("user") or ()):
            return self._line("posting", "fail", "Posting is restricted, and not to the app; add the app.")
        if not properties.get("threads_restricted_to"):
            return self._line("posting", "warn", "Anyone can still reply in threads; restrict threads too.")
        return self._line("posting", "ok")

    async def _socket(self) -> list[Check]:
        if self._site.mode == "http":
            return [self._line("signing secret", "ok")]
        await self._wire.open_socket()
        return [self._line("app-level token", "ok")]

    def _line(self, name: str, state: str, remedy: str = "") -> Check:
        return Check(f"slack {self._site.name}: {name}", state, remedy)

    def _remedy(self, declined: Declined) -> str:
        if declined.about_token:
            return self._bot_token.remedy(declined.code)
        if declined.code == "channel_not_found":
            return "Slack knows no such channel, or the app is not in it; check the id and invite the app."
        return f"Slack answers {declined.code} to {declined.method}."
