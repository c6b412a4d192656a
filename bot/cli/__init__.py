"""The command line: `curbside <command>`, one small module a command."""

from bot.cli.main import main, perform

__all__ = ["main", "perform"]
