"""The words that stand in for what was replaced, and how to know them again in cleaned text."""

from __future__ import annotations

import re
from typing import Final

STEMS: Final[dict[str, str]] = {
    # Role or category of a finding -> the word of its surrogate; a number or letter follows for several.
    "patient": "patient",
    "relative": "relative",
    "clinician": "clinician",
    "NAME": "person",
    "hospital": "hospital",
    "address": "address",
    "zip": "zip code",
    "LOCATION": "place",
    "birth": "date of birth",
    "DATE": "date",
    "PHONE": "phone",
    "FAX": "fax",
    "EMAIL": "e-mail",
    "SSN": "social security number",
    "MRN": "record number",
    "HEALTH_PLAN": "insurance number",
    "ACCOUNT": "account number",
    "LICENSE": "licence number",
    "VEHICLE": "vehicle number",
    "DEVICE": "device number",
    "URL": "web address",
    "IP": "network address",
    "BIOMETRIC": "biometric",
    "PHOTO": "picture file",
    "chat": "chat name",
    "OTHER_ID": "number",
    "unknown": "word",
    "digits": "number",
    "AGE_OVER_89": "90+",
}
LETTERED: Final = frozenset({"hospital", "LOCATION"})
"""Counted A, B, C; everything else 1, 2, 3."""

_STEM = "|".join(
    sorted({re.escape(word) for word in STEMS.values()} | {"day", "not checked"}, key=len, reverse=True)
)
SURROGATE: Final = re.compile(rf"\[(?:{_STEM})(?: [+-]?\d{{1,5}}| [A-Z]{{1,2}})?\]|(?<!\d)90\+(?!\d)")
"""Matches a surrogate; such stretches are left alone, so that cleaning twice changes nothing."""
