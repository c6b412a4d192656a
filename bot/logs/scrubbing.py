"""Scrubbing: a sentence for the operator never repeats a secret that the configuration holds."""

from __future__ import annotations

from collections.abc import Iterable


class Scrubber:
    """Takes known secrets out of sentences. Its ``repr`` shows none of them."""

    __slots__ = ("_secrets",)

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """Take the secrets; the longest goes first, so that one inside another leaves no rest behind."""
        self._secrets = sorted({secret for secret in secrets if secret}, key=len, reverse=True)

    def __call__(self, sentence: str) -> str:
        """Give the sentence with ``[secret]`` in place of each secret."""
        for secret in self._secrets:
            sentence = sentence.replace(secret, "[secret]")
        return sentence
