"""Polls in their rows: terms and results as JSON, ballots and tallies as sealed blocks of one size each."""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.domain.poll_tally import Choice, Counts, Group, Result
from bot.domain.poll_terms import MOST_OPTIONS, PollKind, Scale, Shows, Terms
from bot.domain.polls import Poll
from storage.columns import moment, ticks

_BALLOT = struct.Struct(f"<HIB{MOST_OPTIONS}H")
_HEAD = struct.Struct("<II")


def terms_json(terms: Terms) -> str:
    """Write terms."""
    scale = terms.scale
    return json.dumps(
        {
            "kind": terms.kind.value,
            "most": terms.most,
            "scale": None
            if scale is None
            else [str(scale.low), str(scale.high), str(scale.step), scale.unit],
            "shuffled": terms.shuffled,
            "audience": terms.audience,
            "trainees": terms.trainees,
            "opens_at": _ticks(terms.opens_at),
            "closes_at": _ticks(terms.closes_at),
            "closes_after": terms.closes_after,
            "shows": terms.shows.value,
            "sponsor": terms.sponsor,
            "payment": terms.payment,
            "sample": terms.sample,
        }
    )


def terms_of(text: str) -> Terms:
    """Read terms; what an earlier version did not write is as it was then."""
    told: dict[str, Any] = json.loads(text)
    if not told:
        return Terms()
    scale = told["scale"]
    return Terms(
        kind=PollKind(told["kind"]),
        most=told["most"],
        scale=None if scale is None else _scale(*scale),
        shuffled=told["shuffled"],
        audience=tuple(told["audience"]),
        trainees=told["trainees"],
        opens_at=_moment(told["opens_at"]),
        closes_at=_moment(told["closes_at"]),
        closes_after=told["closes_after"],
        shows=Shows(told["shows"]),
        sponsor=told["sponsor"],
        payment=told["payment"],
        sample=told["sample"],
    )


def _scale(low: str, high: str, step: str, unit: str) -> Scale:
    return Scale(Decimal(low), Decimal(high), Decimal(step), unit)


def result_json(result: Result | None) -> str | None:
    """Write a released table."""
    if result is None:
        return None
    return json.dumps(
        {
            "counts": _counts(result.counts),
            "at": ticks(result.at),
            "groups": [[group.specialties, *_counts(group.counts)] for group in result.groups],
            "held_back": result.held_back,
            "invited": result.invited,
        }
    )


def result_of(text: str | None) -> Result | None:
    """Read a released table."""
    if text is None:
        return None
    told: dict[str, Any] = json.loads(text)
    return Result(
        Counts(told["counts"][0], tuple(told["counts"][1])),
        moment(told["at"]),
        tuple(Group(tuple(names), Counts(ballots, tuple(slots))) for names, ballots, slots in told["groups"]),
        told["held_back"],
        told["invited"],
    )


def _counts(counts: Counts) -> list[object]:
    return [counts.ballots, counts.slots]


def _ticks(at: datetime | None) -> int | None:
    return None if at is None else ticks(at)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else moment(at)


def ballot_block(choice: Choice, cell: int, release: int) -> bytes:
    """Write a ballot, always as long: choice, number of its cell, releases before its first vote."""
    return _BALLOT.pack(cell, release, len(choice), *choice, *[0] * (MOST_OPTIONS - len(choice)))


def read_ballot(block: bytes, others: int) -> tuple[Choice, int, int]:
    """Read a ballot; one of an earlier version is a digit, and is counted in the cell ``others``."""
    if len(block) != _BALLOT.size:
        return (int(block),), others, 0
    cell, release, length, *choice = _BALLOT.unpack(block)
    return tuple(choice[:length]), cell, release


def tally_block(cells: Mapping[int, Counts], new: int, release: int, size: tuple[int, int]) -> bytes:
    """Write a tally, always as long; ``size`` is (cells, slots)."""
    many, slots = size
    numbers = array("I", bytes(4 * many * (slots + 1)))
    for cell, counts in cells.items():
        start = cell * (slots + 1)
        numbers[start : start + slots + 1] = array("I", (counts.ballots, *counts.slots))
    return _HEAD.pack(new, release) + numbers.tobytes()


def read_tally(block: bytes, poll: Poll) -> tuple[dict[int, Counts], int, int]:
    """Read the counts of cells with ballots, the ballots since the last release, and the releases."""
    if block.startswith(b"{"):
        return _read_earlier(block, poll)
    new, release = _HEAD.unpack_from(block)
    numbers = array("I", block[_HEAD.size :])
    row = len(poll.nothing.slots) + 1
    cells = {
        start // row: Counts(numbers[start], tuple(numbers[start + 1 : start + row]))
        for start in range(0, len(numbers), row)
        if numbers[start]
    }
    return cells, new, release


def _read_earlier(block: bytes, poll: Poll) -> tuple[dict[int, Counts], int, int]:
    """Read the tally of a version that knew one kind of polls and no cells."""
    told = {int(choice): count for choice, count in json.loads(block).items()}
    slots = tuple(told.get(slot, 0) for slot in range(len(poll.nothing.slots)))
    total = sum(slots)
    return ({len(poll.cells) - 1: Counts(total, slots)} if total else {}), total, 0
