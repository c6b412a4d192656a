"""Reads the PromQL of the dashboard and of the alert rules: which numbers are asked for, how and by what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

AGGREGATIONS = {"sum", "max", "min"}
FUNCTIONS = {"absent", "histogram_quantile", "increase", "rate"} | AGGREGATIONS
OPERATORS = {"on", "or", "unless"}
_TOKEN = re.compile(
    r'(?P<string>"[^"]*")|(?P<matchers>\{[^}]*\})|(?P<range>\[[^\]]*\])|(?P<word>[A-Za-z_]\w*)|(?P<sign>\S)'
)
_MATCHER = re.compile(r'\s*(\w+)\s*(=~|!=|!~|=)\s*"([^"]*)"\s*')


class Unread(Exception):
    """An expression that this small reader does not know; teach it, or write the query in another way."""


@dataclass(frozen=True)
class Call:
    """A function round a selector; ``by`` are the labels that an aggregation keeps."""

    name: str
    by: frozenset[str]


@dataclass(frozen=True)
class Selector:
    """A metric as a query asks for it; ``calls`` are those round it, the outermost first."""

    metric: str
    matchers: tuple[tuple[str, str, str], ...]
    span: str
    calls: tuple[Call, ...]

    def takes(self, labels: dict[str, str]) -> bool:
        """Say whether a sample with these labels is among those that are asked for."""
        return all(_matches(labels.get(label, ""), how, value) for label, how, value in self.matchers)

    def kept(self, own: set[str]) -> set[str]:
        """Give the labels that the result has, where the metric has its ``own``."""
        for call in self.calls:
            if call.name in AGGREGATIONS:
                return set(call.by)
        return own


def _matches(found: str, how: str, value: str) -> bool:
    if "$" in value:  # A variable of the dashboard: whatever is chosen there.
        return True
    same = re.fullmatch(value, found) is not None if "~" in how else found == value
    return same is not how.startswith("!")


def selectors(expression: str) -> list[Selector]:
    """Give every metric of an expression, in reading order; raises :class:`Unread`."""
    reader = _Reader(expression)
    found = list(reader.read())
    if reader.calls:
        raise Unread(f"{expression} is not closed")
    return found


class _Reader:
    """Goes through an expression, and knows in which calls it is."""

    def __init__(self, expression: str) -> None:
        self._tokens = [(str(one.lastgroup), one.group()) for one in _TOKEN.finditer(expression)]
        self._at = 0
        self.calls: list[Call] = []

    def read(self) -> Iterator[Selector]:
        """Give the metrics."""
        while self._at < len(self._tokens):
            kind, text = self._tokens[self._at]
            self._at += 1
            if kind in ("matchers", "range"):
                raise Unread(f"{text} behind no metric")
            if kind == "word":
                yield from self._word(text)
            elif kind == "sign":
                self._sign(text)

    def _sign(self, text: str) -> None:
        if text == "(":
            self.calls.append(Call("", frozenset()))
        elif text == ")":
            if not self.calls:
                raise Unread("closed and never opened")
            self.calls.pop()

    def _word(self, text: str) -> Iterator[Selector]:
        if text in FUNCTIONS:
            by = self._labels() if self._next("word") == "by" else frozenset[str]()
            self._open(text)
            self.calls.append(Call(text, by))
        elif text == "on":
            self._labels()
        elif text == "by":
            raise Unread("by stands before what it groups here")
        elif text not in OPERATORS:
            matchers, span = self._next("matchers"), self._next("range")
            yield Selector(text, _matchers(matchers), span.strip("[]"), tuple(self.calls))

    def _labels(self) -> frozenset[str]:
        self._open("by")
        end = self._tokens.index(("sign", ")"), self._at)
        listed = frozenset(text for kind, text in self._tokens[self._at : end] if kind == "word")
        self._at = end + 1
        return listed

    def _open(self, after: str) -> None:
        if self._next("sign") != "(":
            raise Unread(f"no ( behind {after}")

    def _next(self, kind: str) -> str:
        """Take the next token where it is of a kind, or nothing."""
        if self._at == len(self._tokens) or self._tokens[self._at][0] != kind:
            return ""
        self._at += 1
        return self._tokens[self._at - 1][1]


def _matchers(text: str) -> tuple[tuple[str, str, str], ...]:
    pieces = [piece for piece in text.strip("{}").split(",") if piece.strip()]
    found = [_MATCHER.fullmatch(piece) for piece in pieces]
    if not all(found):
        raise Unread(f"matchers {text}")
    return tuple((one[1], one[2], one[3]) for one in found if one)
