"""App manifests: names, commands, shortcuts, scopes and events within Slack's limits."""

from __future__ import annotations

from typing import Any

from .rules import flag, items, one_of, shape, string

_about = shape(
    {"name": string(35)},
    {"description": string(140), "long_description": string(4000, 174), "background_color": string(7)},
)
_command = shape(
    {"command": string(32, pattern=r"/[^\s]+"), "description": string(2000)},
    {"usage_hint": string(1000), "should_escape": flag, "url": string(3000)},
)
_shortcut = shape(
    {
        "name": string(24),
        "type": one_of("global", "message"),
        "callback_id": string(255),
        "description": string(150),
    }
)
_features = shape(
    {},
    {
        "app_home": shape(
            {},
            {"home_tab_enabled": flag, "messages_tab_enabled": flag, "messages_tab_read_only_enabled": flag},
        ),
        "bot_user": shape({"display_name": string(80)}, {"always_online": flag}),
        "slash_commands": items(_command, 1, 50),
        "shortcuts": items(_shortcut, 1, 10),
        "unfurl_domains": items(string(255), 1, 5),
    },
)
_oauth = shape(
    {},
    {
        "redirect_urls": items(string(3000), 1, 1000),
        "scopes": shape({}, {"bot": items(string(100), 1, 255), "user": items(string(100), 1, 255)}),
        "token_management_enabled": flag,
    },
)
_settings = shape(
    {},
    {
        "allowed_ip_address_ranges": items(string(50), 1, 10),
        "event_subscriptions": shape(
            {},
            {
                "bot_events": items(string(100), 1, 100),
                "user_events": items(string(100), 1, 100),
                "request_url": string(3000),
            },
        ),
        "interactivity": shape(
            {"is_enabled": flag}, {"request_url": string(3000), "message_menu_options_url": string(3000)}
        ),
        "org_deploy_enabled": flag,
        "socket_mode_enabled": flag,
        "token_rotation_enabled": flag,
        "is_hosted": flag,
    },
)
_metadata = shape(
    {}, {"major_version": lambda value, at: iter(()), "minor_version": lambda value, at: iter(())}
)
_manifest = shape(
    {"display_information": _about},
    {"_metadata": _metadata, "features": _features, "oauth_config": _oauth, "settings": _settings},
)


def manifest_problems(manifest: Any) -> list[tuple[str, str]]:
    """What is wrong with a manifest, as (message, JSON pointer) pairs."""
    found = [problem.rsplit(" [json-pointer:", 1) for problem in _manifest(manifest, "")]
    return [(message, pointer.rstrip("]")) for message, pointer in found] + _missing_scopes(manifest)


def _missing_scopes(manifest: Any) -> list[tuple[str, str]]:
    """Events and features that need a scope which is not asked for."""
    if not isinstance(manifest, dict):
        return []
    scopes = set(manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []))
    needs = {f"message.{name}": f"{name}:history" for name in ("channels", "groups", "im", "mpim")}
    needs |= {"app_mention": "app_mentions:read", "team_join": "users:read", "user_change": "users:read"}
    needs |= {"reaction_added": "reactions:read", "file_shared": "files:read"}
    events = manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
    at = "/settings/event_subscriptions/bot_events"
    problems = [
        (f"{event} needs the scope {needs[event]}", at)
        for event in events
        if needs.get(event, "") not in {"", *scopes}
    ]
    if "member_joined_channel" in events and not {"channels:read", "groups:read"} & scopes:
        problems.append(("member_joined_channel needs the scope channels:read or groups:read", at))
    if manifest.get("features", {}).get("slash_commands") and "commands" not in scopes:
        problems.append(("slash commands need the scope commands", "/features/slash_commands"))
    return problems
