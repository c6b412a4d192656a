"""Matrix: cards become encrypted messages, messages in the home chat become events."""

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.site import MatrixSite

__all__ = ["MatrixAdapter", "MatrixSite"]
