"""The command line: `curbside <command>`, one small module a command."""

from bot.cli.loading import undisturbed

with undisturbed():
    from bot.cli.main import main, perform

__all__ = ["main", "perform"]
