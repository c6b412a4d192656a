"""Accounts of a workspace: people with profiles, and the one app with its tokens and its manifest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .mint import Mint
from .wire import Json

ALL_BOT_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users.profile:read",
        "users:read",
        "users:read.email",
        "metadata.message:read",
    ]
)


_EMPTY = ("title", "phone", "skype", "status_text", "status_emoji", "status_text_canonical")
_DRAWN = "g0123456789a"
"""The hash of the picture that Slack draws; one's own has another, and its original beside it."""
_NOT_FILLED_IN: Json = {
    **dict.fromkeys(_EMPTY, ""),
    "status_emoji_display_info": [],
    "status_expiration": 0,
    "fields": None,
}


@dataclass(slots=True)
class Account:
    """One account in one workspace."""

    id: str
    team: str
    name: str
    real_name: str
    display_name: str
    email: str
    is_bot: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    deleted: bool = False
    admin: bool = False
    bot_id: str = ""
    app_id: str = ""
    updated: int = 0
    email_confirmed: bool = True
    picture: str = ""
    home_team: str = ""

    @property
    def belongs_to(self) -> str:
        """The workspace of the account: another one for people who came by a shared channel."""
        return self.home_team or self.team

    def wire(self, *, with_email: bool) -> Json:
        """The ``user`` object; the e-mail address only shows with its own scope."""
        user: Json = {
            "id": self.id,
            "team_id": self.belongs_to,
            "name": self.name,
            "deleted": self.deleted,
            "profile": self.profile(with_email=with_email),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        return user if self.deleted else {**user, **self._living()}

    def _living(self) -> Json:
        return {
            "real_name": self.real_name,
            "tz": "Europe/Zurich",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.guest,
            "is_ultra_restricted": self.single_channel_guest,
            "is_email_confirmed": self.email_confirmed and not self.is_bot,
        }

    def profile(self, *, with_email: bool) -> Json:
        """The ``profile`` object."""
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "first_name": self.real_name.partition(" ")[0],
            "last_name": self.real_name.partition(" ")[2],
            "team": self.belongs_to,
            **_NOT_FILLED_IN,
            "avatar_hash": self.picture or _DRAWN,
        }
        if self.picture:
            original = f"https://avatars.example/{self.picture}_original.png"
            profile |= {"is_custom_image": True, "image_original": original}
        if with_email and self.email and not self.is_bot:
            profile["email"] = self.email
        if self.is_bot:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id}
        return profile


def slackbot(team: str) -> Account:
    """Slack's own helper, which is in every workspace and says that it is no bot."""
    return Account("USLACKBOT", team, "slackbot", "Slackbot", "Slackbot", "", email_confirmed=False)


@dataclass(slots=True)
class Manifest:
    """What the app declared of itself; an absent manifest allows everything."""

    given: Json | None = None

    def _features(self) -> Json:
        features: Json = (self.given or {}).get("features", {})
        return features

    def has_command(self, command: str) -> bool:
        """Whether the slash command exists."""
        commands = self._features().get("slash_commands", [])
        return self.given is None or any(each.get("command") == command for each in commands)

    def has_shortcut(self, callback_id: str, kind: str) -> bool:
        """Whether a shortcut of ``kind`` (``global`` or ``message``) exists."""
        if self.given is None:
            return True
        shortcuts = self._features().get("shortcuts", [])
        return any((each.get("callback_id"), each.get("type")) == (callback_id, kind) for each in shortcuts)

    def hears(self, event: str) -> bool:
        """Whether the app subscribed to a bot event such as ``message.im``."""
        if self.given is None:
            return True
        subscriptions = self.given.get("settings", {}).get("event_subscriptions", {})
        return event in subscriptions.get("bot_events", [])

    def has_home(self) -> bool:
        """Whether the Home tab is switched on."""
        return self.given is None or bool(self._features().get("app_home", {}).get("home_tab_enabled"))

    def bot_scopes(self) -> frozenset[str]:
        """The bot scopes asked for."""
        if self.given is None:
            return ALL_BOT_SCOPES
        return frozenset(self.given.get("oauth_config", {}).get("scopes", {}).get("bot", []))


@dataclass(slots=True)
class App:
    """The app as installed in one workspace."""

    app_id: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    client_id: str
    client_secret: str
    name: str = "Consult"
    manifest: Manifest = field(default_factory=Manifest)
    scopes: set[str] = field(default_factory=set)
    app_scopes: set[str] = field(default_factory=lambda: {"connections:write"})
    deliver_to: str | None = None
    installed: bool = True


def new_app(mint: Mint, manifest: Json | None) -> App:
    """An app with fresh ids, tokens and the manifest's scopes."""
    declared = Manifest(manifest)
    return App(
        app_id=mint.id("A"),
        bot_user_id=mint.id("U"),
        bot_id=mint.id("B"),
        bot_token=mint.token("xoxb"),
        app_token=mint.token("xapp"),
        signing_secret=mint.hex(32),
        verification_token=mint.hex(24),
        client_id=f"{mint.digits(12)}.{mint.digits(13)}",
        client_secret=mint.hex(32),
        name=(manifest or {}).get("display_information", {}).get("name", "Consult"),
        manifest=declared,
        scopes=set(declared.bot_scopes()),
    )


def same_app(mint: Mint, app: App) -> App:
    """The app of another workspace, which this one has not installed yet."""
    return replace(
        app,
        bot_user_id=mint.id("U"),
        bot_id=mint.id("B"),
        bot_token=mint.token("xoxb"),
        scopes=set(app.scopes),
        app_scopes=set(app.app_scopes),
        installed=False,
    )
