"""A chat in memory: the third platform, for stories in tests and for trying a command without any server."""

from bot.adapters.memory.adapter import MemoryAdapter, Shown

__all__ = ["MemoryAdapter", "Shown"]
