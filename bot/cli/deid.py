"""`curbside deid`: de-identify text and pictures from the shell, and score the result."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.anonymizer import Anonymizer, CleanedText, PictureRefused
from bot.anonymizer.scoring import Labelled, Score
from bot.cli.parsing import Commands, Parser
from bot.cli.progress import Progress

_LONGEST: Final = 200_000
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}


_Row = TypeVar("_Row")
_Spans = list[tuple[int, int, str]]


class _WrongFile(ValueError):
    """A file that is not what it should be; the message names the line."""


class _BadLine(Exception):
    """A line that cannot be worked on; the message says why and quotes nothing of it."""


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
    text.set_defaults(call=_text, parser=text)


def _add_image(words: Commands[Parser]) -> None:
    image = words.add_parser(
        "image", help="a picture or a folder of pictures to cleaned ones and report.json"
    )
    image.add_argument("source", type=Path, metavar="IN", help="file or folder")
    image.add_argument("target", type=Path, metavar="OUT", help="folder for the cleaned pictures")
    image.set_defaults(call=_image, parser=image)


def _add_score(words: Commands[Parser]) -> None:
    score = words.add_parser("score", help="score predicted spans against labelled ones")
    score.add_argument("gold", type=Path, metavar="GOLD", help="JSON lines {id, text, spans}")
    score.add_argument("predicted", type=Path, metavar="PREDICTED", help="JSON lines {id, spans}")
    score.add_argument("--json", action="store_true", help="one JSON object")
    score.set_defaults(call=_score, parser=score)


def _text(args: argparse.Namespace) -> int:
    anonymizer = Anonymizer(longest=_LONGEST, seconds=60.0)
    if args.plain:
        return _plain(anonymizer, keep_ask=args.keep_ask)
    wrong = 0
    with Progress("lines") as progress:
        for number, line in enumerate(sys.stdin.buffer, start=1):
            progress.step()
            if not line.strip():
                continue
            try:
                print(
                    json.dumps(_cleaned_line(anonymizer, line, keep_ask=args.keep_ask), ensure_ascii=False),
                    flush=True,
                )
            except _BadLine as error:
                wrong += 1
                print(json.dumps({"line": number, "error": str(error)}), file=sys.stderr)
    return 1 if wrong else 0


def _plain(anonymizer: Anonymizer, *, keep_ask: bool) -> int:
    try:
        text = sys.stdin.buffer.read().decode()
        sys.stdout.write(_as_posted(_checked(anonymizer, text), text, keep_ask=keep_ask))
    except UnicodeDecodeError:
        print(json.dumps({"error": "this is not UTF-8 text"}), file=sys.stderr)
        return 1
    except _BadLine as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr)
        return 1
    return 0


def _cleaned_line(anonymizer: Anonymizer, line: bytes, *, keep_ask: bool) -> dict[str, Any]:
    values = _json_object(line)
    text = values.get("text")
    if not isinstance(text, str):
        raise _BadLine("there is no `text` that is a string")
    cleaned = _checked(anonymizer, text)
    spans = [{"start": f.start, "end": f.end, "type": f.category, "tier": f.tier} for f in cleaned.findings]
    return {"id": values.get("id"), "text": _as_posted(cleaned, text, keep_ask=keep_ask), "spans": spans}


def _json_object(line: bytes) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except UnicodeDecodeError as error:
        raise _BadLine("this line is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise _BadLine("this line is no JSON") from error
    if not isinstance(values, dict):
        raise _BadLine("this line is no JSON object")
    return values


def _checked(anonymizer: Anonymizer, text: str) -> CleanedText:
    if len(text) > _LONGEST:
        raise _BadLine(f"the text is longer than {_LONGEST} characters")
    cleaned = anonymizer.clean({"text": text})
    if cleaned.failed:
        raise _BadLine(f"not checked, because this did not run: {', '.join(cleaned.failed)}")
    return cleaned


def _as_posted(cleaned: CleanedText, text: str, *, keep_ask: bool) -> str:
    if not keep_ask:
        return cleaned.text("text")
    out, at = "", 0
    for finding in cleaned.findings:
        if finding.tier == "auto":
            out += text[at : finding.start] + finding.surrogate
            at = finding.end
    return out + text[at:]


def _image(args: argparse.Namespace) -> int:
    if not args.source.exists():
        print(f"curbside deid image: there is no {args.source}", file=sys.stderr)
        return 2
    sources = (
        sorted(p for p in args.source.rglob("*") if p.is_file()) if args.source.is_dir() else [args.source]
    )
    args.target.mkdir(parents=True, exist_ok=True)
    report = asyncio.run(_clean_all(sources, args.target))
    (args.target / "report.json").write_text(
        json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    refused = sum("refused" in entry for entry in report)
    print(f"{len(report) - refused} cleaned, {refused} refused; see {args.target / 'report.json'}")
    return 1 if refused else 0


async def _clean_all(sources: Iterable[Path], target: Path) -> list[dict[str, Any]]:
    anonymizer = Anonymizer()
    report: list[dict[str, Any]] = []
    try:
        with Progress("pictures") as progress:
            for source in sources:
                report.append(await _clean_one(anonymizer, source, target))
                progress.step()
    finally:
        await anonymizer.close()
    return report


async def _clean_one(anonymizer: Anonymizer, source: Path, target: Path) -> dict[str, Any]:
    """Clean one picture under a random name, because names of uploads name patients."""
    try:
        cleaned = await anonymizer.clean_picture(await asyncio.to_thread(source.read_bytes))
    except PictureRefused as refused:
        return {"input": str(source), "refused": refused.code, "sentence": refused.sentence}
    except OSError:
        return {"input": str(source), "refused": "unreadable", "sentence": "This file cannot be read."}
    name = f"{secrets.token_hex(8)}.{_ENDINGS[cleaned.mime]}"
    await asyncio.to_thread((target / name).write_bytes, cleaned.data)
    return {"input": str(source), "output": name, **cleaned.report()}


def _score(args: argparse.Namespace) -> int:
    try:
        gold = {labelled.ident: labelled for labelled in _lines(args.gold, Labelled.of)}
        predicted = dict(_lines(args.predicted, _prediction))
    except (OSError, _WrongFile) as error:
        print(f"curbside deid score: {error}", file=sys.stderr)
        return 2
    figures = _figures(gold, predicted)
    print(json.dumps(figures) if args.json else "\n".join(_table(figures)))
    return 1 if figures["documents_without_prediction"] else 0


def _figures(gold: dict[str, Labelled], predicted: dict[str, _Spans]) -> dict[str, Any]:
    figures: dict[str, Any] = {"documents_without_prediction": len(gold.keys() - predicted.keys())}
    for name, tiers in (("auto", ("auto",)), ("auto+ask", ("auto", "ask"))):
        score = Score()
        for ident, labelled in gold.items():
            score.add(labelled, [(s, e) for s, e, tier in predicted.get(ident, []) if tier in tiers])
        figures[name] = score.to_json()
    return figures


def _prediction(values: dict[str, Any]) -> tuple[str, _Spans]:
    spans = [(int(s["start"]), int(s["end"]), str(s.get("tier", "auto"))) for s in values["spans"]]
    return str(values["id"]), spans


def _lines(path: Path, read: Callable[[dict[str, Any]], _Row]) -> Iterator[_Row]:
    """Read a file of JSON lines; _WrongFile names the first line that is none of that kind."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield read(_json_object(line))
            except (_BadLine, KeyError, TypeError, ValueError) as error:
                raise _WrongFile(f"{path}, line {number}: not a line of this kind of file") from error


def _table(figures: dict[str, Any]) -> Iterator[str]:
    rows = (
        "span_recall",
        "character_recall",
        "precision",
        "f2",
        "clean_documents",
        "documents_touched_without_need",
    )
    yield f"{'':<32}{'auto':>10}{'auto+ask':>10}"
    for row in rows:
        yield f"{row.replace('_', ' '):<32}{figures['auto'][row]:>10.1%}{figures['auto+ask'][row]:>10.1%}"
    for kind, values in figures["auto"]["kinds"].items():
        both = figures["auto+ask"]["kinds"][kind]["recall"]
        yield f"  {kind:<24}{values['spans']:>6}{values['recall']:>10.1%}{both:>10.1%}"
    if figures["documents_without_prediction"]:
        yield f"{figures['documents_without_prediction']} documents have no prediction and count as missed."
