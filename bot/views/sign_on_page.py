"""The page at the end of a single sign-on: eight digits for the chat, and nothing of the person."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import Final

_STYLE: Final = (
    "body{font:1.1rem/1.5 sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}"
    "strong{font-size:2rem;letter-spacing:.1em}"
)
STYLE_HASH: Final = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"
"""What a content security policy calls the page's own style, the one thing that it lets in."""

_CODE: Final = (
    "You have signed on. Your code:",
    "Type it in the chat where you asked to be verified. It counts for ten minutes, and once.",
    "Give it to nobody. If you did not ask in a chat, close this page: somebody may want to come in as you.",
)
_NOTHING: Final = (
    "This did not work, or this page was opened before.",
    "Go back to the chat and type verify there: it says what happened, and what you can do.",
)


def sign_on_page(digits: str) -> str:
    """Write the page as HTML; without digits it leads back to the chat."""
    if not digits:
        return _page("Back to the chat", *map(_paragraph, _NOTHING))
    code = f"<p><strong>{escape(digits[:4])} {escape(digits[4:])}</strong></p>"
    first, *rest = map(_paragraph, _CODE)
    return _page("Your code", first, code, *rest)


def _paragraph(sentence: str) -> str:
    return f"<p>{escape(sentence)}</p>"


def _page(title: str, *paragraphs: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(paragraphs)}</main></body></html>\n"
    )
