"""The questions of `curbside init`, for an operator who gave no flags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from bot.cli.firstconfig import Answers, MatrixAnswers, SlackAnswers, checked
from bot.config import WrongSettings

Site = TypeVar("Site", SlackAnswers, MatrixAnswers)


def ask(data_dir: str, key_file: Path, folder: Path) -> Answers:
    """Ask for the sites on the terminal; an empty name leaves a platform out."""
    print("A few questions; Enter takes what stands in brackets. Nothing is written before the last one.")
    empty = Answers(data_dir, key_file)
    slack = _right(_slack, lambda site: checked(replace(empty, slack=site), folder))
    matrix = _right(_matrix, lambda site: checked(replace(empty, matrix=site), folder))
    return Answers(
        _answer("Folder for the databases", data_dir), Path(_answer("Key file", str(key_file))), slack, matrix
    )


def _right(ask_site: Callable[[], Site | None], check: Callable[[Site], object]) -> Site | None:
    """Ask for a site until it can be used: a slip costs the answers of that site only."""
    while (site := ask_site()) is not None:
        try:
            check(site)
        except WrongSettings as wrong:
            print(*(f"  ! {problem}" for problem in wrong.problems), "  Once more:", sep="\n")
        else:
            return site
    return None


def _slack() -> SlackAnswers | None:
    name = _answer("Slack workspace: your name for it, such as st-anna", "none")
    if name == "none":
        return None
    channel = _answer("  Id of the consult room's private channel, such as C0123456789")
    domain = _answer("  E-mail domain of the workplace", "none")
    url = _answer("  Public https address, if Slack shall reach the bot by HTTP", "socket mode")
    return SlackAnswers(
        name, channel, () if domain == "none" else (domain,), "" if url == "socket mode" else url
    )


def _matrix() -> MatrixAnswers | None:
    name = _answer("Matrix homeserver: your name for it, such as city-hospital", "none")
    if name == "none":
        return None
    homeserver = _answer("  Its address, such as https://matrix.city-hospital.example")
    user = _answer("  The bot's account, such as @curbside:city-hospital.example")
    room = _answer("  Id of the consult room", "the bot creates it")
    return MatrixAnswers(name, homeserver, user, "" if room == "the bot creates it" else room)


def _answer(question: str, default: str = "") -> str:
    """Ask until there is an answer or a default to take."""
    prompt = f"{question} [{default}]: " if default else f"{question}: "
    while True:
        if answer := input(prompt).strip() or default:
            return answer
