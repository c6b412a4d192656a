"""opsdroid as a program, in an environment of its own, with the few lines that make it a relay.

python opsdroid_program.py SLACK_API HOMESERVER USER ROOM
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from opsdroid.cli.utils import configure_lang
from opsdroid.core import OpsDroid
from slack_sdk.web.async_client import AsyncWebClient

_SKILL = """
from opsdroid.events import Message
from opsdroid.matchers import match_regex
from opsdroid.skill import Skill

class Relay(Skill):
    @match_regex(".*")
    async def relay(self, message):
        if message.connector.name == "slack":
            matrix = self.opsdroid.get_connector("matrix")
            await matrix.send(Message(message.text, target="main"))
"""


def main(slack_api: str, homeserver: str, user: str, room: str) -> None:
    """Relay until killed."""
    _at(slack_api)
    configure_lang({})
    with tempfile.TemporaryDirectory() as folder:
        skill = Path(folder) / "relay.py"
        skill.write_text(_SKILL, encoding="utf-8")
        connectors = {
            "slack": {"bot-token": "xoxb-bench", "app-token": "xapp-bench", "socket-mode": True},
            "matrix": {
                "access_token": "token1",
                "mxid": user,
                "homeserver": homeserver,
                "rooms": {"main": room},
                "enable_encryption": False,
            },
        }
        config = {
            "logging": {"level": "critical", "console": False, "path": False},
            "welcome-message": False,
            "web": {"host": "127.0.0.1", "port": 0},
            "parsers": {"regex": {}},
            "connectors": connectors,
            "skills": {"relay": {"path": str(skill)}},
        }
        with OpsDroid(config=config) as bot:
            # Loaded on the loop that it runs on: by itself it loads on another, which is closed then, and its
            # Socket Mode client dies with it.
            bot.sync_load = lambda: bot.eventloop.run_until_complete(bot.load())
            bot.run()


def _at(slack_api: str) -> None:
    """Let its Slack client call the stub: there is no setting for the address."""
    make = AsyncWebClient.__init__

    def made(self: AsyncWebClient, *args: object, **named: object) -> None:
        make(self, *args, **{**named, "base_url": slack_api, "ssl": None, "proxy": None})

    AsyncWebClient.__init__ = made


if __name__ == "__main__":
    main(*sys.argv[1:])
