"""Every Web API method the stand-in knows: what runs, what it needs, how often it may be called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from ..wire import Json
from . import auth, chat, conversations, files, users, views
from .asked import Asked

Run: TypeAlias = Callable[[Asked], Json]

_MESSAGE = "text blocks attachments as_user link_names parse username icon_emoji icon_url markdown_text"
_POST = f"{_MESSAGE} thread_ts reply_broadcast unfurl_links unfurl_media mrkdwn metadata client_msg_id"
_SPAN = "cursor inclusive include_all_metadata latest limit oldest"


@dataclass(frozen=True, slots=True)
class Method:
    """One method: ``scopes`` is any one of; ``per_minute`` is its tier, 0 for no limit of that kind."""

    run: Run
    needs: tuple[str, ...]
    may: frozenset[str]
    scopes: tuple[str, ...]
    per_minute: int
    caller: str = "bot"

    @property
    def known(self) -> frozenset[str]:
        """All arguments it takes; bolt adds ``team_id`` to every call."""
        return self.may | set(self.needs) | {"token", "team_id"}


def _method(
    run: Run, needs: str = "", may: str = "", scopes: str = "", per_minute: int = 50, caller: str = "bot"
) -> Method:
    return Method(
        run, tuple(needs.split()), frozenset(may.split()), tuple(scopes.split()), per_minute, caller
    )


METHODS: dict[str, Method] = {
    "auth.test": _method(auth.auth_test, per_minute=600),
    "auth.revoke": _method(auth.auth_revoke, may="test"),
    "apps.uninstall": _method(auth.apps_uninstall, "client_id client_secret", per_minute=1),
    "apps.connections.open": _method(
        auth.connections_open, scopes="connections:write", per_minute=20, caller="app"
    ),
    "apps.manifest.validate": _method(auth.manifest_validate, "manifest", "app_id", caller="anybody"),
    "oauth.v2.access": _method(
        auth.oauth_access,
        "client_id client_secret",
        "code redirect_uri grant_type refresh_token",
        "",
        600,
        "installer",
    ),
    "team.info": _method(auth.team_info, may="team domain include_slackbot_availability", scopes="team:read"),
    "bots.info": _method(auth.bots_info, may="bot team_id", scopes="users:read"),
    "blocks.validate": _method(auth.blocks_validate, may="blocks message view", per_minute=100),
    "chat.postMessage": _method(chat.post_message, "channel", _POST, "chat:write", 0),
    "chat.postEphemeral": _method(
        chat.post_ephemeral, "channel user", f"{_MESSAGE} thread_ts", "chat:write", 100
    ),
    "chat.update": _method(
        chat.update, "channel ts", f"{_MESSAGE} metadata file_ids reply_broadcast", "chat:write", 50
    ),
    "chat.delete": _method(chat.delete, "channel ts", "as_user", "chat:write", 50),
    "chat.getPermalink": _method(chat.get_permalink, "channel message_ts", per_minute=600),
    "reactions.add": _method(chat.add_reaction, "channel name timestamp", "", "reactions:write"),
    "reactions.remove": _method(chat.remove_reaction, "channel name timestamp", "", "reactions:write", 20),
    "conversations.open": _method(
        conversations.open_direct, "", "channel users return_im prevent_creation", "im:write mpim:write"
    ),
    "conversations.info": _method(conversations.info, "channel", "include_locale include_num_members"),
    "conversations.members": _method(conversations.members, "channel", "cursor limit", per_minute=100),
    "conversations.list": _method(
        conversations.list_channels, "", "cursor exclude_archived limit team_id types", "", 20
    ),
    "conversations.history": _method(conversations.history, "channel", _SPAN),
    "conversations.replies": _method(conversations.replies, "channel ts", _SPAN),
    "conversations.invite": _method(conversations.invite, "channel users", "force"),
    "conversations.kick": _method(conversations.kick, "channel user"),
    "conversations.join": _method(conversations.join, "channel", "", "channels:join"),
    "conversations.leave": _method(conversations.leave, "channel"),
    "users.info": _method(users.info, "user", "include_locale", "users:read", 100),
    "users.list": _method(users.list_users, "", "cursor include_locale limit team_id", "users:read", 20),
    "users.lookupByEmail": _method(users.lookup_by_email, "email", "", "users:read.email"),
    "views.open": _method(views.open_view, "trigger_id view", "", "", 100),
    "views.push": _method(views.push_view, "trigger_id view", "", "", 100),
    "views.update": _method(views.update_view, "view", "view_id external_id hash", "", 100),
    "views.publish": _method(views.publish_view, "user_id view", "hash", "", 100),
    "files.getUploadURLExternal": _method(
        files.get_upload_url, "filename length", "alt_txt snippet_type", "files:write", 100
    ),
    "files.completeUploadExternal": _method(
        files.complete_upload,
        "files",
        "channel_id channels initial_comment thread_ts blocks",
        "files:write",
        100,
    ),
    "files.info": _method(files.info, "file", "count cursor limit page", "files:read", 100),
    "files.list": _method(
        files.list_files,
        "",
        "channel count page show_files_hidden_by_limit team_id ts_from ts_to types user",
        "files:read",
    ),
    "files.delete": _method(files.delete, "file", "", "files:write"),
}
