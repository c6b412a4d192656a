"""The composition root: the one place where clock, chance, keys, databases, adapters and rooms meet."""

from bot.bootstrap.bot import Bot
from bot.bootstrap.system import SystemChance, SystemClock

__all__ = ["Bot", "SystemChance", "SystemClock"]
