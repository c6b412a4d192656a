"""Sites: the adapters of the configured workspaces and homeservers, and how their rooms are called."""

from __future__ import annotations

from typing import Protocol

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.site import MatrixSite as MatrixAccess
from bot.adapters.slack import Secret, SlackAdapter
from bot.adapters.slack import SlackSite as SlackAccess
from bot.adapters.slack.installing import INSTALL, page_below
from bot.config import Settings, SlackSite
from bot.identity.installing import SealedInstallation
from bot.identity.wall import Wall
from bot.ports.adapter import Room
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import room_name


def rooms_of(settings: Settings) -> tuple[str, ...]:
    """List the labels of all sites: each has one consult room."""
    return tuple(site.name for site in settings.sites)


def moderators_room(settings: Settings) -> str:
    """Name the moderators' room; empty where none is configured."""
    site = settings.moderators.site
    return room_name(site, Room.MODERATORS) if site else ""


def _moderators_at(settings: Settings, site: str) -> str:
    """Give the address of the moderators' room at a site; empty where it is not there."""
    return settings.moderators.room if settings.moderators.site == site else ""


def slack_sites(settings: Settings, wall: Wall, clock: Clock) -> list[SlackAdapter]:
    """Make the adapters of the configured workspaces."""
    return [
        SlackAdapter(slack_access(settings, site), clock, installation_of(wall, site))
        for site in settings.slack
    ]


def slack_access(settings: Settings, site: SlackSite) -> SlackAccess:
    """Describe a workspace to its adapter."""
    return SlackAccess(
        name=site.name,
        bot_token=_secret(site.bot_token),
        channel=site.channel,
        mode=site.mode,
        app_token=_secret(site.app_token),
        signing_secret=_secret(site.signing_secret),
        api_url=site.api_url,
        allow_domains=tuple(site.allow_domains),
        moderators=_moderators_at(settings, site.name),
        team=site.team,
        install_at=page_below(settings.http.public_url, INSTALL) if site.installs_itself else "",
        posts_per_minute=site.posts_per_minute,
    )


def installation_of(wall: Wall, site: SlackSite) -> SealedInstallation | None:
    """Give where the token of a workspace lies that installs the app by itself.

    It goes by the workspace's id: another label does not lose it.
    """
    return wall.installation(f"slack:{site.team}", site.name) if site.installs_itself else None


def matrix_sites(settings: Settings, wall: Wall, clock: Clock, chance: Chance) -> list[MatrixAdapter]:
    """Make the adapters of the configured homeservers."""
    return [
        MatrixAdapter(
            MatrixAccess(
                name=site.name,
                homeserver=site.homeserver,
                user=site.user,
                store=settings.data_dir / "matrix" / site.name,
                password=_revealed(site.password),
                access_token=_revealed(site.access_token),
                device_id=site.device_id,
                room=site.room,
                encryption=site.encryption,
                allow_servers=tuple(site.allow_servers),
                moderators=_moderators_at(settings, site.name),
                alone=settings.database.sqlite,
            ),
            wall.cabinet(f"matrix:{site.name}"),
            clock,
            chance,
        )
        for site in settings.matrix
    ]


class _Hidden(Protocol):
    def get_secret_value(self) -> str: ...


def _secret(value: _Hidden | None) -> Secret:
    return Secret(_revealed(value))


def _revealed(value: _Hidden | None) -> str:
    return value.get_secret_value() if value is not None else ""
