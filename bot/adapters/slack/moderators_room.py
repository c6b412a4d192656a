"""The moderators' channel: private, with the app in it, and not the consult room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.adapters.slack.errors import Declined
from bot.adapters.slack.people import People
from bot.adapters.slack.rooms import RESTRICTED, Homes, Room, unfit
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.chat.events import Account
from bot.ports.adapter import MODERATORS_ROOM, ConfigurationRefused, Undeliverable

_CONSULT = "This is the consult room; the moderators need a private channel of their own."
_GUESTS = "This channel has guests in it; the moderators' room holds full members only. Remove them."
_LOCKED = "Posting is restricted in this channel, and not to the app; add the app."
_UNKNOWN = "Slack knows no such channel, or the app is not in it; check the id and invite the app."


class ModeratorsRoom:
    """The moderators' channel of one workspace, where it has one."""

    def __init__(self, site: SlackSite, wire: Wire, homes: Homes, people: People) -> None:
        self._site = site
        self._wire = wire
        self._room = Room(replace(site, channel=site.moderators), wire, homes, people)

    @property
    def channel(self) -> str:
        """The channel's id; raises ``Undeliverable`` where there is none."""
        if not self._site.moderators:
            raise Undeliverable("no_moderators_room")
        return self._site.moderators

    @property
    def is_there(self) -> bool:
        """Whether this workspace has the moderators' room."""
        return bool(self._site.moderators)

    async def admit(self, account: Account) -> None:
        """Invite a moderator; raises ``Later`` or ``Undeliverable``."""
        if self.channel:
            await self._room.admit(account)

    async def occupants(self) -> tuple[Account, ...]:
        """List who is in the channel, if it is fit still; raises ``Later`` or ``Undeliverable``."""
        return await self._room.occupants() if self.channel else ()

    async def show_out(self, user: str) -> bool:
        """Remove a person; False for one who is not there. Raises ``Later`` or ``Undeliverable``."""
        return bool(self.channel) and await self._room.show_out(user)

    async def problem(self) -> str:
        """Say in one sentence why this channel may not be the moderators', or nothing."""
        if self._site.moderators == self._site.channel:
            return _CONSULT
        try:
            channel = await self._room.look()
            return (
                unfit(channel)
                or await self._locked(channel)
                or (_GUESTS if await self._room.guests() else "")
            )
        except Declined as declined:
            if declined.passing or declined.about_token:
                raise
            return _UNKNOWN

    async def refuse_unfit(self) -> None:
        """Raise ``ConfigurationRefused`` where this channel may not be the moderators' room."""
        if self.is_there and (sentence := await self.problem()):
            raise ConfigurationRefused(MODERATORS_ROOM, f"{sentence} (site {self._site.name})")

    async def _locked(self, channel: Mapping[str, Any]) -> str:
        restricted = (channel.get("properties") or {}).get(RESTRICTED)
        if not restricted:
            return ""
        bot = str((await self._wire.ask("auth.test")).get("user_id", ""))
        return "" if bot in (restricted.get("user") or ()) else _LOCKED
