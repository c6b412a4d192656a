"""`curbside collective`: JSON lines of ranked opinions in, one collective list a case out."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from bot.cli.parsing import Commands, Parser

if TYPE_CHECKING:
    from bot.cli.json_lines import Line
    from bot.cli.progress import Progress
    from bot.collective import CollectiveList

_MOST_DIAGNOSES: Final = 10_000
"""Diagnoses of one case; with more it is refused."""


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "collective",
        help="ranked opinions to a collective list a case",
        description="JSON lines {case, opinions: [[diagnosis, …], …]} from standard input, likeliest first, "
        "to JSON lines {case, ranking: [{name, mesh, score, voters, first}, …], agreement}.",
    )
    parser.set_defaults(call=_collective, parser=parser)


def _collective(_: argparse.Namespace) -> int:
    """Rank the cases of standard input; 1 when a line was refused."""
    from bot.cli.json_lines import LineSource
    from bot.cli.progress import Progress

    if sys.stdin.isatty():
        print("Reading JSON lines {case, opinions} from this terminal; Ctrl-D ends.", file=sys.stderr)
    source = LineSource(sys.stdin.buffer)
    ranked = refused = 0
    with Progress("cases", source.size()) as progress:
        while (batch := source.read()) is not None:
            for line in batch:
                if line.content is None or line.content.strip():
                    fine = _answered(line, progress)
                    ranked, refused = ranked + fine, refused + (not fine)
                progress.step(line.end)
    if progress.terminal:
        print(f"{ranked:,} cases ranked, {refused:,} lines refused", file=sys.stderr)
    return 1 if refused else 0


def _answered(line: Line, progress: Progress) -> bool:
    """Write the list of one line, or say on standard error why there is none; nothing of its text."""
    from bot.cli.json_lines import BadLine, dumped, json_object

    known: dict[str, Any] = {}
    try:
        values = json_object(line.content)
        known = _case_of(values)
        answer = dumped({"case": values.get("case"), **_list_of(values)})
    except BadLine as error:
        progress.say(json.dumps({"line": line.number, **known, "error": str(error)}))
        return False
    sys.stdout.buffer.write(f"{answer}\n".encode())
    sys.stdout.buffer.flush()
    return True


def _case_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the case as it can be given back; BadLine when no JSON can hold it."""
    from bot.cli.json_lines import dumped

    dumped(known := {"case": values["case"]} if "case" in values else {})
    return known


def _list_of(values: dict[str, Any]) -> dict[str, Any]:
    from bot.collective import collective_list

    return _shown(collective_list(_opinions_of(values)))


def _shown(found: CollectiveList) -> dict[str, Any]:
    ranking = [
        {
            "name": row.name,
            "mesh": row.bucket.mesh,
            "score": row.score,
            "voters": row.voters,
            "first": row.first,
        }
        for row in found.ranking
    ]
    return {"ranking": ranking, "agreement": found.agreement}


def _opinions_of(values: dict[str, Any]) -> list[list[str]]:
    """Return the opinions; BadLine when they are not lists of texts, or too many."""
    from bot.cli.json_lines import BadLine

    if "opinions" not in values:
        raise BadLine("there is no `opinions`")
    opinions = values["opinions"]
    if not isinstance(opinions, list):
        raise BadLine("`opinions` is no list")
    for number, opinion in enumerate(opinions, start=1):
        if not isinstance(opinion, list):
            raise BadLine(f"opinion {number} is no list")
        if not all(isinstance(diagnosis, str) for diagnosis in opinion):
            raise BadLine(f"opinion {number} holds something that is no text")
    if sum(map(len, opinions)) > _MOST_DIAGNOSES:
        raise BadLine(f"there are more than {_MOST_DIAGNOSES} diagnoses")
    return opinions
