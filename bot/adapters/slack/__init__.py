"""Slack: cards become blocks and modals, payloads become events."""

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.http_mode import handle_for
from bot.adapters.slack.manifest import manifest
from bot.adapters.slack.site import Secret, SlackSite

__all__ = ["Secret", "SlackAdapter", "SlackSite", "handle_for", "manifest"]
