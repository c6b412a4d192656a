"""Literal text: words of people shown as words, never as a ping, a link or a trick with their direction."""

from __future__ import annotations

import re
import unicodedata

from bot.chat.sieve import Sieve

_KEPT_CONTROLS = "\n\t"
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_SCHEME = re.compile(r":(?=//)")
_BARE_SCHEME = re.compile(
    r"(?<![^\W\d_])(mailto|matrix|mxc|magnet|tel|sms|sips?|geo|xmpp|bitcoin|ircs?|webcal|urn):(?=\S)",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2,})")
_AT = re.compile(r"@(?=\S)")
_ROOM = re.compile(r"[#!]\S+")
_COLON = re.compile(r":(?=[^\s\]])")


def literal(text: str) -> str:
    """Disarm a text: no hidden characters, and nothing that a client would turn into a link or a ping.

    ``a.example`` reads ``a[.]example`` afterwards and ``@name`` reads ``(at)name``.
    """
    shown = _without_hidden(text)
    shown = _SCHEME.sub("[:]", shown)
    shown = _BARE_SCHEME.sub(r"\1[:]", shown)
    shown = _AT.sub("(at)", shown)
    shown = _ROOM.sub(lambda found: _COLON.sub("[:]", found[0]), shown)
    return _DOMAIN.sub("[.]", shown)


def _without_hidden(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return composed.translate(_SHOWN)


def _is_hidden(sign: str) -> bool:
    return sign not in _KEPT_CONTROLS and unicodedata.category(sign) in _HIDDEN


_SHOWN = Sieve(_is_hidden)
