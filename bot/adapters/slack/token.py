"""The bot token of a workspace: written in the file, or brought by an installation and perhaps not there."""

from __future__ import annotations

from bot.adapters.slack.errors import Declined
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.ports.adapter import ConfigurationRefused
from bot.ports.installing import BotToken, Installation


class Token:
    """Gives the wire its token, and takes it away when the app was removed.

    ``brought`` is the one that an installation brought, where there is one.
    """

    def __init__(self, site: SlackSite, wire: Wire, installation: Installation | None) -> None:
        self._site = site
        self._wire = wire
        self._installation = installation if site.installs_itself else None
        self.brought: BotToken | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is a token to make calls with."""
        return self._installation is None or self.brought is not None

    @property
    def missing(self) -> str:
        """Say in one sentence that there is none, and what to do."""
        return f"The app is not installed; open {self._site.install_at}"

    async def load(self) -> bool:
        """Take the token that an installation brought; False where there is none."""
        if self._installation is not None:
            self._use(await self._installation.token())
        return self.is_there

    async def forget(self, dead: BotToken | None) -> None:
        """Erase a token that Slack does not take any more; one that came meanwhile stays."""
        if self._installation is None or dead is None:
            return
        await self._installation.forget(dead)
        if self.brought == dead:
            self._use(None)

    def remedy(self, code: str) -> str:
        """Say what to do when Slack refuses the token with a code."""
        if self._installation is None:
            return f"Slack answers {code}; make a new token, or reinstall the app, and start again."
        return f"Slack answers {code}; install the app again: open {self._site.install_at}"

    def refused(self, declined: Declined) -> ConfigurationRefused:
        """Name the setting that Slack's answer is about, and what to do."""
        if declined.about_token and self._site.installs_itself:
            return ConfigurationRefused("slack.team", self.remedy(declined.code))
        key, remedy = "slack.bot_token", "make a new token, or reinstall the app, and start again"
        if declined.method == "apps.connections.open":
            key, remedy = "slack.api_url", "check the address"
        elif declined.about_channel:
            key, remedy = "slack.channel", "check the id, and invite the app"
        return ConfigurationRefused(key, f"Slack answers {declined.code}; {remedy} (site {self._site.name})")

    def _use(self, brought: BotToken | None) -> None:
        self.brought = brought
        self._wire.use(brought.value if brought else "")
