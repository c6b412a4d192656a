"""`curbside init`: writes configuration, key file and Slack app manifest, and overwrites nothing."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from bot.cli.firstconfig import Answers, MatrixAnswers, SlackAnswers, checked, secret_files, written
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.questions import ask
from bot.cli.sentences import Misused
from bot.cli.steps import by_hand
from bot.config import whereabouts
from bot.identity.keys import create_key_file, load_master_key


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("init", help="write a configuration, a key file and the Slack app manifest")
    config_option(parser)
    parser.add_argument("--data-dir", default="var", metavar="DIR", help="databases live here (default: var)")
    parser.add_argument(
        "--key-file", type=Path, default=_key_file(), metavar="FILE", help="default: %(default)s"
    )
    slack = parser.add_argument_group("Slack")
    slack.add_argument("--slack", metavar="NAME", help="your name for the workspace, such as st-anna")
    slack.add_argument(
        "--channel", metavar="ID", help="the consult room's private channel, such as C0123456789"
    )
    slack.add_argument(
        "--domain", action="append", default=[], metavar="DOMAIN", help="e-mail domain of the workplace"
    )
    slack.add_argument(
        "--public-url", default="", metavar="URL", help="use HTTP mode, reached at this https address"
    )
    matrix = parser.add_argument_group("Matrix")
    matrix.add_argument(
        "--matrix", metavar="NAME", help="your name for the homeserver, such as city-hospital"
    )
    matrix.add_argument("--homeserver", metavar="URL", help="such as https://matrix.city-hospital.example")
    matrix.add_argument(
        "--user", metavar="ID", help="the bot's account, such as @curbside:city-hospital.example"
    )
    matrix.add_argument(
        "--room", default="", metavar="ID", help="the consult room (default: the bot creates it)"
    )
    parser.set_defaults(call=_init, parser=parser)


def _key_file() -> Path:
    if os.geteuid() == 0:
        return Path("/etc/curbside/master.key")
    return Path.home() / ".config" / "curbside" / "master.key"


def _init(args: argparse.Namespace) -> int:
    config = whereabouts(args.config).expanduser().resolve()
    manifest = config.with_name("slack-manifest.json")
    _require_free(config, manifest)
    answers = _answers(args, config.parent)
    settings = checked(answers, config.parent)
    if settings.key_file.is_relative_to(settings.data_dir):
        raise Misused("the key file lies inside data_dir; choose another place, so that no backup holds both")
    _write_key(settings.key_file)
    _write_rest(answers, config, manifest)
    print(f"\n{by_hand(answers, settings, config, manifest)}")
    return 0


def _require_free(*paths: Path) -> None:
    """Refuse before anything is written. A key that is there is kept, so it is no obstacle."""
    for path in paths:
        if path.exists():
            raise Misused(
                f"{path} exists already, and nothing is ever overwritten; name another with --config"
            )


def _answers(args: argparse.Namespace, folder: Path) -> Answers:
    """Take the flags, or ask when there are none and somebody is there to answer."""
    if not args.slack and not args.matrix:
        if not sys.stdin.isatty():
            raise Misused("name at least one site with --slack or --matrix; see `curbside init --help`")
        return ask(args.data_dir, args.key_file, folder)
    slack = (
        SlackAnswers(args.slack, _needed(args, "channel"), tuple(args.domain), args.public_url)
        if args.slack
        else None
    )
    matrix = (
        MatrixAnswers(args.matrix, _needed(args, "homeserver"), _needed(args, "user"), args.room)
        if args.matrix
        else None
    )
    return Answers(args.data_dir, args.key_file, slack, matrix)


def _needed(args: argparse.Namespace, name: str) -> str:
    value = getattr(args, name)
    if not value:
        raise Misused(f"--{name} is missing")
    return str(value)


def _write_key(path: Path) -> None:
    if path.exists():
        load_master_key(path)
        print(f"kept     {path} (the key that was there)")
        return
    from bot.bootstrap import SystemChance

    _folder(path.parent)
    create_key_file(path, SystemChance())
    print(f"written  {path} (keep one copy in a safe, never with the backups)")


def _write_rest(answers: Answers, config: Path, manifest: Path) -> None:
    _new_file(config, written(answers))
    if answers.slack:
        _new_file(manifest, json.dumps(answers.slack.manifest(), indent=2) + "\n")
    for path in secret_files(answers, config.parent):
        _folder(path.parent)
        if not path.exists():
            _new_file(path, "")


def _folder(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"the folder {path} cannot be made ({error.strerror})") from None


def _new_file(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Misused(f"{path} cannot be written ({error.strerror})") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"written  {path}")
