"""The page at the end of a single sign-on: eight digits for the chat, and nothing of the person."""

from __future__ import annotations

from html import escape
from typing import Final

from bot.views.web_page import page, paragraph

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
        return page("Back to the chat", *map(paragraph, _NOTHING))
    code = f"<p><strong>{escape(digits[:4])} {escape(digits[4:])}</strong></p>"
    first, *rest = map(paragraph, _CODE)
    return page("Your code", first, code, *rest)
