"""Which checks of the pixels this installation has; without the extra `pictures` it has none."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from bot.anonymizer.pictures import models

LOOKS_FOR: Final = {
    "burned-in text": "text burned into the picture",
    "codes": "QR and bar codes",
    "faces": "faces",
}
"""Checks of the pixels and what each looks for, in words for the author."""


def installed_checks() -> tuple[str, ...]:
    """Return the names of the checks whose libraries and networks are there."""
    if not models.engines_installed():
        return ()
    there = {
        "burned-in text": models.model_file("find text") is not None
        and models.model_file("read text") is not None,
        "codes": find_spec("zxingcpp") is not None,
        "faces": models.model_file("find faces") is not None,
    }
    return tuple(name for name in LOOKS_FOR if there[name])
