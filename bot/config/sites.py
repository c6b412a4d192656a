"""Sites: the Slack workspaces and Matrix homeservers that one bot serves."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.config.fields import Address, Domains, Label, Section
from bot.config.secret import Secret, fetch

_CHANNEL = re.compile(r"[A-Z0-9]{2,}")
_TEAM = re.compile(r"(T[A-Z0-9]{2,})?")
_USER = re.compile(r"@[^\s:@]+:[^\s@]+")


def _channel(text: str) -> str:
    if not _CHANNEL.fullmatch(text):
        raise ValueError("must be the channel's id such as C0123456789 (channel details, at the very bottom)")
    return text


def _team(text: str) -> str:
    if not _TEAM.fullmatch(text):
        raise ValueError("must be the workspace's id such as T0123456789 (it stands in its address)")
    return text


def _bot_user(text: str) -> str:
    if not _USER.fullmatch(text):
        raise ValueError("must look like @curbside:city-hospital.example")
    return text


def _room(text: str) -> str:
    if text and (not text.startswith("!") or any(sign.isspace() for sign in text)):
        raise ValueError("must be a room id that begins with !, or empty so that the bot creates the room")
    return text


def _with_slash(address: str) -> str:
    return address if address.endswith("/") else f"{address}/"


class SlackSite(Section):
    """A ``[[slack]]`` entry: one workspace, its tokens and the channel that mirrors the consult room.

    One without ``bot_token`` that names its ``team`` installs the app by itself; see ``[slack_oauth]``.
    """

    name: Label
    team: Annotated[str, AfterValidator(_team)] = ""
    mode: Literal["socket", "http"] = "socket"
    bot_token: Secret = None
    app_token: Secret = None
    signing_secret: Secret = None
    api_url: Annotated[Address, AfterValidator(_with_slash)] = "https://slack.com/api/"
    channel: Annotated[str, AfterValidator(_channel)]
    allow_domains: Domains = ()
    posts_per_minute: Annotated[int, Field(ge=1, le=60_000)] = 60

    @model_validator(mode="before")
    @classmethod
    def _forget_what_the_mode_does_not_need(cls, written: object) -> object:
        """Let the secret of the other mode point to nothing: the one file then serves both modes."""
        if not isinstance(written, dict):
            return written
        unneeded = "app_token" if written.get("mode") == "http" else "signing_secret"
        try:
            fetch(written.get(unneeded))
        except ValueError:
            return {key: value for key, value in written.items() if key != unneeded}
        return written

    @model_validator(mode="after")
    def _whole(self) -> SlackSite:
        if self.installs_itself and not self.team:
            raise ValueError(
                "bot_token is missing; it begins with xoxb- (Slack app, OAuth & Permissions); "
                "or give team, and the workspace installs the app by itself"
            )
        if self.installs_itself and self.mode != "http":
            raise ValueError(
                "mode must be http where a workspace installs the app by itself; "
                "in socket mode Slack mixes up what several workspaces say"
            )
        if self.mode == "socket" and self.app_token is None:
            raise ValueError(
                "app_token is missing; socket mode needs it (Slack app, Basic Information, App-Level Tokens)"
            )
        if self.mode == "http" and self.signing_secret is None:
            raise ValueError("signing_secret is missing; http mode needs it (Slack app, Basic Information)")
        return self

    @property
    def installs_itself(self) -> bool:
        """Whether the token is to come from an installation."""
        return self.bot_token is None


class MatrixSite(Section):
    """A ``[[matrix]]`` entry: one homeserver, the bot's account there and the consult room."""

    name: Label
    homeserver: Address
    user: Annotated[str, AfterValidator(_bot_user)]
    password: Secret = None
    access_token: Secret = None
    device_id: str = ""
    room: Annotated[str, AfterValidator(_room)] = ""
    encryption: bool = True
    allow_servers: Domains = ()
    allow_domains: Domains = ()

    @model_validator(mode="after")
    def _whole(self) -> MatrixSite:
        if self.password is None and self.access_token is None:
            raise ValueError("password is missing; give it, or access_token with device_id")
        if self.access_token is not None and not self.device_id:
            raise ValueError("device_id is missing; an access_token belongs to one device")
        return self


Site = SlackSite | MatrixSite


def is_room_id(site: Site, text: str) -> bool:
    """Say whether a text can be the id of a room at a site: of a channel, or of a Matrix room."""
    if isinstance(site, SlackSite):
        return bool(_CHANNEL.fullmatch(text))
    return text.startswith("!") and not any(sign.isspace() for sign in text)
