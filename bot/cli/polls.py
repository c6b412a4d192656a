"""`curbside polls`: what an operator does for those who asked a poll. Nothing here tells who took part."""

from __future__ import annotations

from bot.cli.claims import add_claims, add_redeem
from bot.cli.parsing import Commands, Parser


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its words."""
    parser = commands.add_parser("polls", help="honoraria of polls that pay: count and redeem tokens")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    add_claims(words)
    add_redeem(words)
