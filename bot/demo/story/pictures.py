"""Pictures as the story looks at them: whether one still tells of its camera or the patient."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from bot.demo import example

_TRACES = (*example.PLANTED, example.CAMERA, "Fernglas", "Exif", "GPS", "2026:03:03")


def traces(picture: bytes) -> list[str]:
    """List what a picture's bytes still give away; empty for a clean one."""
    found = [trace for trace in _TRACES if trace.encode() in picture]
    with Image.open(BytesIO(picture)) as opened:
        if opened.getexif():
            found.append("hidden details")
    return found


def size(picture: bytes) -> tuple[int, int]:
    """Give a picture's width and height in pixels; raises ``OSError`` for what is none."""
    with Image.open(BytesIO(picture)) as opened:
        opened.load()
        return opened.size
