"""Who the app is: auth.*, apps.*, team.info, bots.info, oauth.v2.access, blocks.validate."""

from __future__ import annotations

from ..limits.manifest import manifest_problems
from ..limits.messages import message_block_problems
from ..limits.views import view_problems
from ..wire import Json, SlackError
from .asked import Asked


def auth_test(asked: Asked) -> Json:
    """Tell the token's owner."""
    team, app = asked.team, asked.app
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.accounts[app.bot_user_id].name,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(asked: Asked) -> Json:
    """Take the token back, unless it is a test."""
    revoke = not asked.args.get("test", False)
    if revoke:
        asked.team.uninstall()
    return {"revoked": revoke}


def apps_uninstall(asked: Asked) -> Json:
    """Remove the app from the workspace."""
    pair = (asked.args["client_id"], asked.args["client_secret"])
    if pair != (asked.app.client_id, asked.app.client_secret):
        raise SlackError("client_id_token_mismatch")
    asked.team.uninstall()
    return {}


def connections_open(asked: Asked) -> Json:
    """A fresh web socket address, good for one connection."""
    ticket = asked.world.mint.uuid()
    asked.world.tickets[ticket] = asked.team
    base = asked.world.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={asked.app.app_id}"}


def team_info(asked: Asked) -> Json:
    """The workspace's name and domains."""
    team = asked.team
    if asked.args.get("team", team.id) != team.id:
        raise SlackError("team_not_found")
    icon = {"image_default": True}
    about = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": team.email_domain}
    return {"team": {**about, "icon": icon, "url": f"https://{team.domain}.slack.com/"}}


def bots_info(asked: Asked) -> Json:
    """The app's bot."""
    app = asked.app
    if asked.args.get("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    about = {"id": app.bot_id, "app_id": app.app_id, "user_id": app.bot_user_id, "name": app.name}
    return {"bot": {**about, "deleted": False, "updated": 0, "icons": {}}}


def oauth_access(asked: Asked) -> Json:
    """Exchange an installation code for the bot token."""
    team, app = asked.team, asked.app
    code = asked.world.codes.pop(asked.args["code"])
    if code.redirect_uri and asked.args.get("redirect_uri") != code.redirect_uri:
        raise SlackError("bad_redirect_uri")
    team.install(code.scopes)
    return {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(sorted(app.scopes)),
        "bot_user_id": app.bot_user_id,
        "app_id": app.app_id,
        "team": {"name": team.name, "id": team.id},
        "enterprise": None,
        "is_enterprise_install": False,
        "authed_user": {"id": code.installer},
    }


def manifest_validate(asked: Asked) -> Json:
    """Check an app manifest."""
    problems = manifest_problems(asked.args["manifest"])
    if problems:
        raise SlackError("invalid_manifest", errors=[{"message": one, "pointer": at} for one, at in problems])
    return {"errors": []}


def blocks_validate(asked: Asked) -> Json:
    """Check blocks, or the blocks of a message, or a view."""
    given = [name for name in ("blocks", "message", "view") if name in asked.args]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    value = asked.args[given[0]]
    if given[0] == "view":
        problems = view_problems(value, "home" if value.get("type") == "home" else "modal")
    else:
        problems = message_block_problems(value if given[0] == "blocks" else value.get("blocks", []))
    if problems:
        raise SlackError.with_messages("invalid_blocks", problems)
    return {}
