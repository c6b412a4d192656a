"""Refusals: what a member asked for cannot be done, said in one sentence with the next step."""

from __future__ import annotations


class Refused(Exception):
    """A rule says no. ``code`` is a fixed word for tests and counts, ``sentence`` is for the member.

    ``suggestions`` are command lines that make sense next, shown as buttons.
    """

    def __init__(self, code: str, sentence: str, *suggestions: str) -> None:
        """Remember the code, the sentence and the next steps."""
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.suggestions = suggestions


def not_found(thing: str, number: object) -> Refused:
    """Refuse alike what does not exist and what is not the member's, so that neither can be told apart."""
    return Refused("not_found", f"I know no {thing} {number} that you can do this with.", "mine", "open")
