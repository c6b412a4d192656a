"""Installing: put together for the workspaces that take the app in by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.slack import Secret, SlackAdapter
from bot.adapters.slack.installing import Client, SlackInstalling
from bot.bootstrap.checks import Means
from bot.bootstrap.sites import installation_of, slack_access
from bot.config import Settings
from bot.identity.installing import BegunInstallations
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter
from bot.ports.installing import Installing


def client_of(settings: Settings) -> Client | None:
    """Describe the app to Slack's consent page; None where no workspace installs it by itself."""
    site = next((site for site in settings.slack if site.installs_itself), None)
    secret = settings.slack_oauth.client_secret
    if site is None or secret is None:
        return None
    access = slack_access(settings, site)
    client_id, public_url = settings.slack_oauth.client_id, settings.http.public_url
    return Client(access, client_id, Secret(secret.get_secret_value()), public_url)


def installing_of(
    settings: Settings, adapters: Sequence[Adapter], wall: Wall, means: Means
) -> Installing | None:
    """Make who takes browsers through an installation; None where no workspace installs the app by itself."""
    client = client_of(settings)
    if client is None:
        return None
    by_site = {one.site: one for one in adapters if isinstance(one, SlackAdapter)}
    teams = {site.team: site for site in settings.slack if site.installs_itself and site.name in by_site}
    kept = {
        team: installation for team, site in teams.items() if (installation := installation_of(wall, site))
    }
    waiting = {team: by_site[site.name] for team, site in teams.items()}
    begun = BegunInstallations(
        means.cabinet("slack:begun"), means.index, clock=means.clock, chance=means.chance
    )
    by_hand = [
        by_site[site.name] for site in settings.slack if site.team not in teams and site.name in by_site
    ]
    return SlackInstalling(client, begun, kept, waiting, lambda: {one.door.team for one in by_hand} - {""})
