"""`curbside deid`: de-identify text and pictures from the shell, and score the result."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.cli.parsing import Commands, Parser

_MOST_WORKERS = 64


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its words."""
    parser = commands.add_parser("deid", help="de-identify text and pictures, and score the result")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    _add_text(words)
    _add_image(words)
    _add_score(words)


def _add_text(words: Commands[Parser]) -> None:
    text = words.add_parser("text", help="JSON lines {id, text} from standard input; spans index the input")
    text.add_argument("--plain", action="store_true", help="take and give one plain text")
    text.add_argument("--keep-ask", action="store_true", help="leave what an author would be asked about")
    _workers_option(text, "processes for long input (default: one a core)", default=_cores())
    text.set_defaults(call=_text, parser=text)


def _add_image(words: Commands[Parser]) -> None:
    image = words.add_parser(
        "image", help="a picture or a folder of pictures to cleaned ones and report.json"
    )
    image.add_argument("source", type=Path, metavar="IN", help="file or folder; hidden files are left out")
    image.add_argument("target", type=Path, metavar="OUT", help="folder for the cleaned pictures")
    image.add_argument(
        "--accept-unchecked",
        action="store_true",
        help="also give pictures in which text, codes or faces were not looked for",
    )
    _workers_option(image, "pictures at the same time (default: 1; each takes up to 1 GB)", default=1)
    image.set_defaults(call=_image, parser=image)


def _add_score(words: Commands[Parser]) -> None:
    score = words.add_parser("score", help="score predicted spans against labelled ones")
    score.add_argument("gold", type=Path, metavar="GOLD", help="JSON lines {id, text, spans}")
    score.add_argument("predicted", type=Path, metavar="PREDICTED", help="JSON lines {id, spans}")
    score.add_argument("--json", action="store_true", help="one JSON object")
    score.add_argument(
        "--misses", type=Path, metavar="FILE", help="write where each missed identifier stands"
    )
    score.set_defaults(call=_score, parser=score)


def _workers_option(parser: argparse.ArgumentParser, words: str, default: int) -> None:
    parser.add_argument("--workers", type=_count, metavar="N", default=default, help=words)


def _count(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{word!r} is no number from 1 to {_MOST_WORKERS}")
    return int(word)


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


def _text(args: argparse.Namespace) -> int:
    from bot.cli.deid import text

    if args.plain:
        return text.plain(keep_ask=args.keep_ask)
    return text.lines(keep_ask=args.keep_ask, workers=args.workers)


def _image(args: argparse.Namespace) -> int:
    from bot.cli.deid import pictures

    return pictures.clean(
        args.source, args.target, workers=args.workers, accept_unchecked=args.accept_unchecked
    )


def _score(args: argparse.Namespace) -> int:
    from bot.cli.deid import score

    return score.score(args.gold, args.predicted, as_json=args.json, misses=args.misses)
