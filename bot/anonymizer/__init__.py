"""De-identification of text and pictures: a library that knows nothing of the bot and can be lifted out.

`Anonymizer.clean` takes one whole submission and returns it with every identifier replaced; `clean_picture`
returns a picture built anew from pixels. What could not be checked is withheld and named in `failed`.
"""

from bot.anonymizer.anonymizer import LONGEST_SUBMISSION, Anonymizer
from bot.anonymizer.cleaned import Category, CleanedText, Finding, Kept, Piece, Replaced, Tier
from bot.anonymizer.pictures import Box, BoxKind, CleanedPicture, PictureRefused

__all__ = [
    "LONGEST_SUBMISSION",
    "Anonymizer",
    "Box",
    "BoxKind",
    "Category",
    "CleanedPicture",
    "CleanedText",
    "Finding",
    "Kept",
    "PictureRefused",
    "Piece",
    "Replaced",
    "Tier",
]
