"""How the pool and its worker talk: frames of a JSON header and raw bytes, nothing that runs when read."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO, Final

LENGTHS: Final = struct.Struct(">II")
"""Two 32-bit lengths in front of every frame: of the header and of the bytes."""


def pack(header: dict[str, Any], blob: bytes = b"") -> bytes:
    """Return one frame."""
    text = json.dumps(header, separators=(",", ":")).encode()
    return LENGTHS.pack(len(text), len(blob)) + text + blob


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame from a blocking stream; None when the other side has closed it."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header_length, blob_length = LENGTHS.unpack(lengths)
    return json.loads(stream.read(header_length)), stream.read(blob_length)
