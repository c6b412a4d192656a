"""Book: what the scenes share: the telling, the players, and what the rooms have shown so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.demo.stage import Json
from bot.demo.story.players import AtMatrix, AtSlack
from bot.demo.story.telling import Telling
from bot.demo.world import World


@dataclass(slots=True)
class Book:
    """The story so far."""

    world: World
    telling: Telling
    slack: dict[str, AtSlack]
    """Players by handle."""
    matrix: dict[str, AtMatrix]
    """Players by handle."""
    number: str = ""
    """The case's number, with its sign: ``#101``."""
    author: str = ""
    """The screen name of the physician who asks."""
    card: Json = field(default_factory=dict)
    """The case's message in the Slack channel."""
    matrix_card: str = ""
    """The case's event in the Matrix room."""
