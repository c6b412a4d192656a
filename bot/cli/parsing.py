"""Parsing: argparse, with the nearest word for a mistyped one."""

from __future__ import annotations

import argparse
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

Commands = argparse._SubParsersAction  # noqa: SLF001  (argparse has no public name for it)


class Parser(argparse.ArgumentParser):
    """A parser that knows what was probably meant and takes no shortened flags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (argparse's own, passed on)
        super().__init__(*args, **{"allow_abbrev": False, **kwargs})

    def error(self, message: str) -> NoReturn:
        """Print one line on standard error and leave with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\n")

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse a word that is not among the choices, naming the nearest one that is."""
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        close = get_close_matches(str(value).lower(), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it is one of: {', '.join(known)}"
        raise argparse.ArgumentError(None, f"I don't know {str(value)!r}; {hint}")


def config_option(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """Add `--config`; it may stand before or after the command."""
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=default,
        help="configuration file (default: $CURBSIDE_CONFIG, else ./curbside.toml)",
    )


def leftover(word: str, parser: argparse.ArgumentParser, args: argparse.Namespace) -> str:
    """Say what is wrong with an argument that nobody took."""
    known = [flag for one in (parser, getattr(args, "parser", parser)) for flag in one._option_string_actions]  # noqa: SLF001
    close = get_close_matches(word.partition("=")[0], known, n=1)
    return f"I don't know {word!r}" + (f"; did you mean {close[0]}?" if close else "")
