"""Choosing in words: what somebody answers to a question that lists options."""

from __future__ import annotations

import re

from bot.chat.forms import ChoiceField


def chosen_of(asked: ChoiceField, words: str) -> str:
    """Give the value that an answer chooses, several joined by commas; raises ValueError with a sentence."""
    if (one := _one(asked, words)) is not None:
        return one
    found = [_one(asked, part) for part in _parts(words)] if asked.most > 1 else []
    values = [value for value in dict.fromkeys(found) if value is not None]
    if not found or None in found:
        raise ValueError(_how(asked))
    if len(values) > asked.most:
        raise ValueError(f"That is {len(values)} of at most {asked.most}. Please choose again.")
    return ",".join(values)


def _one(asked: ChoiceField, words: str) -> str | None:
    said = " ".join(words.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    for number, option in enumerate(asked.options, start=1):
        place = str(number) if asked.numbered else option.value.casefold()
        if said in {place, option.value.casefold(), option.label.casefold(), *option.also}:
            return option.value
    return None


def _parts(words: str) -> list[str]:
    """Part words at commas, or at blanks where there are none."""
    apart = r"[,;]" if re.search(r"[,;]", words) else r"\s"
    return [part for part in re.split(apart, words) if part.strip()]


def _how(asked: ChoiceField) -> str:
    if asked.most > 1:
        return f"Please answer with up to {asked.most} of the numbers, as in {example_of(asked)}."
    if not asked.numbered:
        return f"Please answer with one of {', '.join(option.value for option in asked.options)}."
    return f"Please answer with a number from 1 to {len(asked.options)}."


def example_of(asked: ChoiceField) -> str:
    """Give an answer that chooses several: the first two."""
    return "1,2" if asked.numbered else ",".join(option.value for option in asked.options[:2])
