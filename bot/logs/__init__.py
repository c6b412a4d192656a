"""Logs: ids, codes, counts and durations. Never a text, a name, a file name or an account.

A line is an event (a fixed word such as ``delivery_failed``) with fields out of ``bot/logs/fields.py``.
Whatever is not declared there, or does not look as declared, is left out and counted; tests let it raise.

    log = structlog.get_logger(__name__)
    log.warning("delivery_failed", site="st-anna", code="channel_not_found", tries=2)

Lines of other libraries come out as their place in the code and their level only: their words may hold
whole frames with the texts and accounts of people.
"""

from bot.logs.failures import failure, reference
from bot.logs.fields import FIELDS
from bot.logs.lines import Counts, Form, Undeclared
from bot.logs.scrubbing import Scrubber
from bot.logs.setup import configure

__all__ = ["FIELDS", "Counts", "Form", "Scrubber", "Undeclared", "configure", "failure", "reference"]
