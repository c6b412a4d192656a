"""Configuration: what an operator may set, from ``curbside.toml`` and the environment."""

from pydantic import SecretStr

from bot.config.addresses import is_loopback
from bot.config.problems import Problem, WrongSettings, nearest
from bot.config.reading import check, load, whereabouts
from bot.config.secret import revealed
from bot.config.sections import (
    Database,
    Http,
    Log,
    Moderators,
    Oidc,
    Opinions,
    Privacy,
    Relay,
    Retention,
    SlackOauth,
    Smtp,
    Verification,
)
from bot.config.settings import Settings
from bot.config.sites import MatrixSite, Site, SlackSite

__all__ = [
    "Database",
    "Http",
    "Log",
    "MatrixSite",
    "Moderators",
    "Oidc",
    "Opinions",
    "Privacy",
    "Problem",
    "Relay",
    "Retention",
    "SecretStr",
    "Settings",
    "Site",
    "SlackOauth",
    "SlackSite",
    "Smtp",
    "Verification",
    "WrongSettings",
    "check",
    "is_loopback",
    "load",
    "nearest",
    "revealed",
    "whereabouts",
]
