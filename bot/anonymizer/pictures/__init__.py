"""Pictures: refused or rebuilt from decoded pixels, in a process of their own."""

from bot.anonymizer.pictures.cleaned import Box, CleanedPicture, PictureRefused
from bot.anonymizer.pictures.pool import PicturePool

__all__ = ["Box", "CleanedPicture", "PicturePool", "PictureRefused"]
