"""A page for a browser that comes to the bot: a heading and some sentences, without a script."""

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


def paragraph(sentence: str) -> str:
    """Write a sentence as HTML."""
    return f"<p>{escape(sentence)}</p>"


def page(title: str, *paragraphs: str) -> str:
    """Write a page around paragraphs that are HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{''.join(paragraphs)}</main></body></html>\n"
    )
