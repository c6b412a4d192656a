"""One Slack workspace as the operator describes it, and which addresses belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal

from yarl import URL

from bot.adapters.slack.pace import POSTS_PER_MINUTE
from bot.ports.adapter import ConfigurationRefused

PLATFORM = "slack"
COMMAND = "/consult"
UPLOADS = (
    "Your own upload still lies in your Slack, where I may not delete it. "
    "Under More, Files, open its menu (three dots) and choose Delete file."
)
"""What becomes of a person's upload: a bot may delete its own files only."""

# Slack keeps files and answer links on hosts of their own; the government cloud has its own set.
_FILE_HOSTS = {
    "slack.com": ("files.slack.com", "slack-files.com"),
    "slack-gov.com": ("files.slack-gov.com",),
}
_ANSWER_HOSTS = {"slack.com": ("hooks.slack.com",), "slack-gov.com": ("hooks.slack-gov.com",)}


class Secret:
    """A token or signing secret that no ``repr``, log line or traceback shows by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the secret itself, for the one call that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return "Secret(set)" if self._value else "Secret(empty)"


@dataclass(frozen=True, slots=True)
class SlackSite:
    """A ``[[slack]]`` entry.

    ``channel`` is the private channel that mirrors the consult room. Socket Mode needs ``app_token``, HTTP
    needs ``signing_secret``. ``allow_domains`` are the e-mail domains that prove a workplace here.
    ``moderators`` is the channel of the moderators' room, empty where that is not in this workspace.
    ``team`` is the id of the workspace, where the operator names it. A workspace without a ``bot_token``
    installs the app by itself, at the address ``install_at``. ``posts_per_minute`` is the pace in a channel.
    """

    name: str
    bot_token: Secret
    channel: str
    mode: Literal["socket", "http"] = "socket"
    app_token: Secret = Secret()  # noqa: RUF009  (never changes)
    signing_secret: Secret = Secret()  # noqa: RUF009  (never changes)
    api_url: str = "https://slack.com/api/"
    allow_domains: tuple[str, ...] = ()
    moderators: str = ""
    team: str = ""
    install_at: str = ""
    posts_per_minute: int = POSTS_PER_MINUTE

    @property
    def installs_itself(self) -> bool:
        """Whether the token comes from an installation."""
        return bool(self.install_at) and not self.bot_token

    @property
    def address(self) -> URL:
        """The base address of the Web API."""
        return URL(self.api_url)

    @property
    def local(self) -> bool:
        """The Web API is on this machine: a stand-in or a proxy on loopback."""
        return is_loopback(self.address)

    def holds_file(self, url: URL) -> bool:
        """Say whether a file may be fetched from, or uploaded to, this address."""
        return self._owns(url, _FILE_HOSTS)

    def takes_answer(self, url: URL) -> bool:
        """Say whether this is an address at which Slack takes answers to what a person did."""
        return self._owns(url, _ANSWER_HOSTS)

    def takes_socket(self, url: URL) -> bool:
        """Say whether a Socket Mode connection may be opened to this address."""
        if self.local:
            return url.scheme in ("ws", "wss") and is_loopback(url)
        return url.scheme == "wss" and _within(url.host or "", self.address.host or "")

    def refuse_wrong(self) -> None:
        """Raise ``ConfigurationRefused`` for the first setting that cannot work."""
        for key, wrong, sentence in self._rules():
            if wrong:
                raise ConfigurationRefused(f"slack.{key}", f"{sentence} (site {self.name})")

    def _owns(self, url: URL, hosts: Mapping[str, tuple[str, ...]]) -> bool:
        if url.user is not None or url.password is not None or url.host is None:
            return False
        named = hosts.get(self.address.host or "")
        if named is not None:
            return url.scheme == "https" and url.port == 443 and url.host in named
        return (url.scheme, url.host, url.port) == (
            self.address.scheme,
            self.address.host,
            self.address.port,
        )

    def _rules(self) -> tuple[tuple[str, bool, str], ...]:
        secure = self.address.scheme == "https" or (self.address.scheme == "http" and self.local)
        return (
            ("api_url", not secure, "Use an https:// address; http:// is accepted on this machine only."),
            (
                "bot_token",
                not (self.bot_token or self.install_at),
                "Set the bot token (it begins with xoxb-).",
            ),
            ("channel", not self.channel, "Set the id of the consult room's private channel."),
            (
                "app_token",
                self.mode == "socket" and not self.app_token,
                "Socket Mode needs the app-level token (it begins with xapp-).",
            ),
            (
                "signing_secret",
                self.mode == "http" and not self.signing_secret,
                "HTTP mode needs the app's signing secret.",
            ),
        )


def is_loopback(url: URL) -> bool:
    """Say whether an address names this machine itself."""
    host = url.host or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")
