"""The SDK's log lines, without what they quote: frames, bodies, tokens in addresses, tracebacks with text."""

from __future__ import annotations

import logging

_NAME = "curbside.slack.library"


class _Hush(logging.Filter):
    """Lets warnings and errors through as one fixed sentence."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop what is below a warning; take every word of the library's out of the rest."""
        if record.levelno < logging.WARNING:
            return False
        record.msg = "the Slack library reported a problem"
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


def library_logger() -> logging.Logger:
    """Give the logger that the SDK's objects are built with; it copies level and filter to its own."""
    logger = logging.getLogger(_NAME)
    logger.setLevel(logging.WARNING)
    if not any(isinstance(each, _Hush) for each in logger.filters):
        logger.addFilter(_Hush())
    return logger
