"""The consult room's channel and people's home chats: who may be there, and whether the room is fit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from bot.adapters.slack.errors import Declined, Unreachable, delivery_error
from bot.adapters.slack.ids import is_home
from bot.adapters.slack.people import People, is_guest
from bot.adapters.slack.site import PLATFORM, SlackSite
from bot.adapters.slack.wire import Wire
from bot.chat.events import Account
from bot.ports.adapter import ConfigurationRefused, Later, Undeliverable, Unfit

_PAGE = 200
_SHARED = (
    *("is_ext_shared", "is_org_shared", "is_global_shared", "is_shared", "is_pending_ext_shared"),
    *("pending_shared", "connected_team_ids", "pending_connected_team_ids"),
)
RESTRICTED = "posting_restricted_to"
"""The property of a channel that names who may post in it."""
_IN_ALREADY = frozenset({"already_in_channel", "already_in_team_channel"})
_NOT_IN_IT = frozenset({"channel_not_found", "not_in_channel"})
_OUT_ALREADY = frozenset({"not_in_channel", "user_not_found"})


class Homes:
    """Home chats: the direct message channel between the app and one person."""

    def __init__(self, wire: Wire, team: str = "") -> None:
        self._wire = wire
        self._known: dict[str, str] = {}
        self.team = team

    def knows(self, account: Account) -> bool:
        """Say whether the channel is known already, so that Slack need not be asked for it."""
        return account.user in self._known

    async def of(self, account: Account) -> str:
        """Give the channel, opening it at the first time."""
        if not self.team:
            raise Later(None)
        if account.realm != self.team:
            raise Undeliverable("other_workspace")
        if account.user not in self._known:
            opened = await self._wire.ask("conversations.open", users=account.user)
            channel = str((opened.get("channel") or {}).get("id", ""))
            if not is_home(channel):
                raise Undeliverable("no_home_chat")
            self._known[account.user] = channel
        return self._known[account.user]


class Room:
    """The consult room's channel."""

    def __init__(self, site: SlackSite, wire: Wire, homes: Homes, people: People) -> None:
        self._site = site
        self._wire = wire
        self._homes = homes
        self._people = people
        self.open_to_typing = True
        self._full_members: set[str] = set()

    @property
    def channel(self) -> str:
        """The channel's id."""
        return self._site.channel

    async def look(self) -> Mapping[str, Any]:
        """Ask Slack what the channel is like."""
        try:
            answer = await self._wire.ask("conversations.info", channel=self._site.channel)
        except Declined as declined:
            if declined.code != "missing_scope":
                raise
            return {}  # the manifest's scopes do not reach public channels, on purpose
        return dict(answer.get("channel") or {})

    async def refuse_unfit(self) -> None:
        """Raise ``ConfigurationRefused`` where this channel may not be a consult room."""
        channel = await self.look()
        sentence = unfit(channel) or await self.guests()
        self.open_to_typing = not (channel.get("properties") or {}).get(RESTRICTED)
        if sentence:
            raise ConfigurationRefused("slack.channel", f"{sentence} (site {self._site.name})")

    async def guests(self) -> str:
        """Say that there are guests in the channel, or nothing."""
        async for member in self._members():
            if member in self._full_members:
                continue  # Looked up before the rate limit, or the network, made a second try of this look.
            if is_guest(await self._people.person(member)):
                return "This channel has guests in it; a consult room holds full members only. Remove them."
            self._full_members.add(member)
        self._full_members.clear()
        return ""

    async def occupants(self) -> tuple[Account, ...]:
        """List who is in the channel, if it is fit still; raises ``Later`` or ``Undeliverable``."""
        try:
            channel = await self.look()
            if unfit(channel):
                raise Unfit("unfit", _flaw(channel))
            return tuple([Account(PLATFORM, self._homes.team, member) async for member in self._members()])
        except (Declined, Unreachable) as error:
            if isinstance(error, Declined) and error.code in _NOT_IN_IT:
                raise Unfit(error.code, "absent") from None
            raise delivery_error(error) from None

    async def show_out(self, user: str) -> bool:
        """Remove a person; False for one who is not there. Raises ``Later`` or ``Undeliverable``."""
        try:
            await self._wire.ask("conversations.kick", channel=self._site.channel, user=user)
        except Declined as declined:
            if declined.code in _OUT_ALREADY:
                return False
            raise delivery_error(declined) from None
        except Unreachable as unreachable:
            raise delivery_error(unreachable) from None
        return True

    async def admit(self, account: Account) -> None:
        """Invite a person and open the home chat; raises ``Later`` or ``Undeliverable``."""
        try:
            await self._homes.of(account)
            if is_guest(await self._people.person(account.user)):
                raise Undeliverable("guest")
            await self._invite(account.user)
        except (Declined, Unreachable) as error:
            raise delivery_error(error) from None

    async def _invite(self, user: str) -> None:
        try:
            await self._wire.ask("conversations.invite", channel=self._site.channel, users=user)
        except Declined as declined:
            if declined.code not in _IN_ALREADY:
                raise

    async def _members(self) -> AsyncIterator[str]:
        cursor: str | None = None
        while True:
            page = await self._wire.ask(
                "conversations.members", channel=self._site.channel, limit=_PAGE, cursor=cursor
            )
            for member in page.get("members", ()):
                yield str(member)
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return


def _flaw(channel: Mapping[str, Any]) -> Literal["absent", "archived", "open"]:
    """Say what is wrong with a channel that is unfit."""
    if channel.get("is_archived"):
        return "archived"
    return "open" if channel.get("is_member", True) else "absent"


def unfit(channel: Mapping[str, Any]) -> str:
    """Say in one sentence why a channel may not be a consult room, or nothing."""
    direct = channel.get("is_im") or channel.get("is_mpim") or is_home(str(channel.get("id", "")))
    shared = any(channel.get(name) for name in _SHARED) or len(channel.get("shared_team_ids") or ()) > 1
    rules = (
        (
            not channel,
            "This channel is public, or the app lacks the manifest's scopes; use a private channel.",
        ),
        (direct, "This is a direct message; use a private channel."),
        (not channel.get("is_private"), "This channel is public; use a private one."),
        (shared, "This channel is shared (Slack Connect); use a channel of this workspace alone."),
        (channel.get("is_general"), "This is the workspace's general channel; nobody can be removed there."),
        (channel.get("is_archived"), "This channel is archived; use another one, or restore it."),
        (not channel.get("is_member", True), "The app is not in this channel; invite it with /invite."),
    )
    return next((sentence for broken, sentence in rules if broken), "")
