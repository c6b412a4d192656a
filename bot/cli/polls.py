"""`curbside polls`: what an operator does for those who asked a poll. Nothing here tells who took part."""

from __future__ import annotations

from bot.cli.claims import add_claims, add_redeem
from bot.cli.parsing import Commands, Parser
from bot.cli.poll_export import add_export


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its words."""
    parser = commands.add_parser("polls", help="the table of a closed poll; honoraria of polls that pay")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    add_export(words)
    add_claims(words)
    add_redeem(words)
