"""How storage says no at start-up: one sentence for the operator."""

from __future__ import annotations


class StorageRefused(Exception):
    """A database cannot be used as it is; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        """Remember the sentence."""
        super().__init__(sentence)
        self.sentence = sentence
