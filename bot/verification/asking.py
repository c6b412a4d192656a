"""Asking over the network: one JSON object from an address that is encrypted or on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from yarl import URL

PATIENCE: Final = 8.0
"""Seconds that an answer may take, from the first byte sent to the last one read."""
_LARGEST: Final = 256 * 1024
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class Silent(Exception):
    """The other side could not be asked, or said what it never says; nothing of that goes into this."""


class Declined(Silent):
    """The other side answered that it will not: a limit, a fault of its own, a wrong secret."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``form`` is sent as a form where there is one; headers may hold a secret."""

    method: str
    place: URL
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def safe(written: str) -> URL:
    """Read an address that may be asked; raises :class:`Silent` for any other."""
    try:
        place = URL(written)
    except ValueError:
        raise Silent from None
    if place.scheme == "https" or (place.scheme == "http" and place.host in _LOOPBACK):
        return place
    raise Silent


async def answer_to(question: Question, patience: float = PATIENCE) -> Mapping[str, Any]:
    """Ask once, follow nothing, and read a JSON object of at most 256 KiB.

    Raises :class:`Silent`; :class:`Declined` where the status is another one than 200.
    """
    try:
        async with asyncio.timeout(patience), aiohttp.ClientSession() as session:
            asked = session.request(
                question.method,
                question.place,
                data=question.form,
                headers=question.headers,
                allow_redirects=False,
            )
            async with asked as answer:
                if answer.status != 200:
                    raise Declined
                text = await _read(answer)
    except (aiohttp.ClientError, OSError):
        # A time-out is an OSError too.
        raise Silent from None
    return _object(text)


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    text = b""
    while len(text) <= _LARGEST:
        piece = await answer.content.read(_LARGEST + 1 - len(text))
        if not piece:
            return text
        text += piece
    raise Silent


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise Silent from None
    if not isinstance(document, dict):
        raise Silent
    return document
