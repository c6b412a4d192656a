"""Pictures: refused or rebuilt from decoded pixels, in a process of their own."""

from bot.anonymizer.pictures.cleaned import Box, BoxKind, CleanedPicture, PictureRefused
from bot.anonymizer.pictures.installed import LOOKS_FOR
from bot.anonymizer.pictures.pool import PicturePool

__all__ = ["LOOKS_FOR", "Box", "BoxKind", "CleanedPicture", "PicturePool", "PictureRefused"]
