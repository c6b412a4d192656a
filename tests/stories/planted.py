"""What is planted in every way in for words, and how it comes out."""

from __future__ import annotations

from typing import Final

PLANTED: Final = "4471920"
WORDS: Final = f"the chart says MRN {PLANTED} here"
CLEANED: Final = "the chart says MRN ["
