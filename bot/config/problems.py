"""What is wrong with a configuration, in sentences that begin with the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
"""Where a value stands: ``("relay", "undo_seconds")`` or ``("slack", 0, "channel")``."""

_SENTENCES = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be text in quotes",
    "path_type": "must be a path in quotes",
    "tuple_type": "must be a list such as [1, 2]",
    "too_long": "has too many entries",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct. Read aloud: key, blank, sentence."""

    key: str
    sentence: str

    def __str__(self) -> str:
        """Say it."""
        return f"{self.key} {self.sentence}"


class WrongSettings(Exception):
    """The configuration cannot be used; ``problems`` lists everything found, at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Remember the problems; none of them holds a value, so no secret either."""
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


def nearest(word: str, known: Iterable[str], sentence: str) -> str:
    """Fill the known word that looks most like ``word`` into ``sentence``; empty when none is close."""
    close = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return sentence.format(close[0]) if close else ""


def problems_of(
    error: ValidationError, model: type[BaseModel], tables: Mapping[str, Any], origin: Mapping[Place, str]
) -> list[Problem]:
    """Translate what the model complained about; ``origin`` says which values came from the environment."""
    reader = _Reader(model, tables)
    found = []
    for detail in error.errors(include_url=False, include_context=True, include_input=False):
        problem = reader.problem(detail)
        variable = origin.get(detail["loc"])
        hint = f" (set by {variable})" if variable else ""
        found.append(Problem(problem.key, problem.sentence + hint))
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Knows the shape of the configuration and the names of its sites."""

    model: type[BaseModel]
    tables: Mapping[str, Any]

    def problem(self, detail: ErrorDetails) -> Problem:
        place = detail["loc"]
        if detail["type"] == "extra_forbidden":
            return self._unknown(place)
        if detail["type"] in {"model_type", "dict_type"}:
            return Problem(self._key(place), "must be a section with keys")
        return self._sentence(place, _say(detail))

    def _unknown(self, place: Place) -> Problem:
        known = self._model_at(place[:-1]).model_fields
        word = str(place[-1])
        sections = len(place) == 1
        meant = nearest(
            word, known, "; did you mean [{}]?" if sections and self._is_table(word) else "; did you mean {}?"
        )
        hint = meant or f"; it knows {', '.join(sorted(known))}"
        return Problem(self._key(place[:-1]), f"has no key {word}{hint}")

    def _sentence(self, place: Place, said: str) -> Problem:
        """Let a sentence about a whole section name its key: it begins with that key."""
        first, _, rest = said.partition(" ")
        if rest and first in self._model_at(place).model_fields:
            return Problem(self._key((*place, first)), rest)
        return Problem(self._key(place), said)

    def _model_at(self, place: Place) -> type[BaseModel]:
        model = self.model
        for step in place:
            if isinstance(step, str) and step in model.model_fields:
                model = _inner(model.model_fields[step].annotation) or model
        return model

    def _key(self, place: Place) -> str:
        """Write a place the way the file has it: ``[relay] undo_seconds``, ``[[slack]] st-anna channel``."""
        if not place:
            return "the configuration"
        section, *rest = place
        words = [str(step) for step in rest if isinstance(step, str)]
        if _inner(self.model.model_fields[str(section)].annotation) is None:
            return str(section)
        if rest and isinstance(rest[0], int):
            return " ".join([f"[[{section}]]", self._label(str(section), rest[0]), *words])
        return " ".join([f"[{section}]", *words])

    def _label(self, section: str, number: int) -> str:
        entry = self.tables[section][number]
        name = entry.get("name") if isinstance(entry, Mapping) else None
        return name if isinstance(name, str) and name else f"number {number + 1}"

    def _is_table(self, word: str) -> bool:
        return isinstance(self.tables.get(word), (Mapping, list))


def _inner(annotation: object) -> type[BaseModel] | None:
    """Find the model in ``Relay`` or ``tuple[SlackSite, ...]``; None for a plain value."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return None


def _say(detail: ErrorDetails) -> str:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"must be {context['expected']}"
    limits = {"greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le")}
    if kind in limits:
        words, bound = limits[kind]
        return f"must be {words} {context[bound]:g}"
    return _SENTENCES.get(kind, "has a value of the wrong kind")
