"""`curbside deid image`: a picture or a folder of them to cleaned pictures and a report."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.anonymizer import Anonymizer, CleanedPicture, PictureRefused
from bot.anonymizer.pictures.sniff import LARGEST_FILE
from bot.cli.deid.folders import FileTrouble, Source, read, sources
from bot.cli.progress import Progress
from bot.cli.sentences import Misused

REPORT: Final = "report.json"
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg"}

Entry = dict[str, Any]


def clean(source: Path, target: Path, *, workers: int, accept_unchecked: bool) -> int:
    """Clean everything in `source` into `target`; 1 when a file was refused, 2 when the two do not fit."""
    if wrong := _wrong_use(source, target):
        print(f"curbside deid image: {wrong}", file=sys.stderr)
        return 2
    try:
        return _cleaned(source, target, workers=workers, accept_unchecked=accept_unchecked)
    except OSError as error:
        raise Misused(f"{target} cannot be written to: {error.strerror}") from error


def _cleaned(source: Path, target: Path, *, workers: int, accept_unchecked: bool) -> int:
    target.mkdir(parents=True, exist_ok=True)
    _set_aside(target / REPORT)
    run = _Run(sources(source), target, accept_unchecked=accept_unchecked)
    try:
        asyncio.run(run.clean_all(workers))
    finally:
        # Also after Ctrl-C: without the report nobody knows which picture is which.
        run.write_report()
    print(*run.closing(), sep="\n")
    return 1 if run.count("refused") or not run.report() else 0


def anonymizer() -> Anonymizer:
    """Return an anonymizer with every check that is installed."""
    return Anonymizer()


class _Run:
    """One run over many files, with what became of each."""

    def __init__(self, found: Sequence[Source], target: Path, *, accept_unchecked: bool) -> None:
        self._sources = found
        self._target = target
        self._accept_unchecked = accept_unchecked
        self._entries: dict[int, Entry] = {}

    async def clean_all(self, workers: int) -> None:
        """Clean every file, `workers` at a time."""
        todo = iter(enumerate(self._sources))
        with Progress("files", len(self._sources)) as progress:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(min(workers, len(self._sources))):
                    tasks.create_task(self._clean_some(todo, progress))

    async def _clean_some(self, todo: Iterator[tuple[int, Source]], progress: Progress) -> None:
        cleaner = anonymizer()
        try:
            for number, source in todo:
                self._entries[number] = {"input": source.name, **await self._entry(cleaner, source)}
                progress.step()
        finally:
            await cleaner.close()

    async def _entry(self, cleaner: Anonymizer, source: Source) -> Entry:
        if source.skipped:
            return {"skipped": source.skipped}
        try:
            if source.closed:
                raise source.closed
            data = await asyncio.to_thread(read, source.path, LARGEST_FILE)
            cleaned = await cleaner.clean_picture(data)
            self._refuse_unchecked(cleaned)
            return {"output": await asyncio.to_thread(self._write, cleaned), **cleaned.report()}
        except (PictureRefused, FileTrouble) as refused:
            return {"refused": refused.code, "sentence": refused.sentence}

    def _refuse_unchecked(self, cleaned: CleanedPicture) -> None:
        if cleaned.failed:
            raise PictureRefused("not_checked", f"This did not run: {', '.join(cleaned.failed)}.")
        if cleaned.not_looked_for and not self._accept_unchecked:
            raise PictureRefused(
                "not_looked_for", f"Nobody looked for {_listed(cleaned.not_looked_for)} in this picture."
            )

    def _write(self, cleaned: CleanedPicture) -> str:
        """Write a cleaned picture under a random name, because names of files name patients."""
        name = f"{secrets.token_hex(8)}.{_ENDINGS[cleaned.mime]}"
        try:
            (self._target / name).write_bytes(cleaned.data)
        except OSError as error:
            with suppress(OSError):
                (self._target / name).unlink()
            raise FileTrouble("not_written", f"It could not be written: {error.strerror}.") from error
        return name

    def report(self) -> list[Entry]:
        """Return what became of each file, in the order of the input."""
        return [self._entries[number] for number in sorted(self._entries)]

    def count(self, key: str) -> int:
        """Return how many files have something to say under a key."""
        return sum(bool(entry.get(key)) for entry in self._entries.values())

    def write_report(self) -> None:
        """Write the report, one file a line, for its owner alone: it holds the names of the files."""
        descriptor = os.open(self._target / REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in self.report())
            file.write(f"[\n{rows}\n]\n")

    def closing(self) -> Iterator[str]:
        """Yield the closing lines: counts, what nobody looked for, and what the report is."""
        if not self._sources:
            yield "There is no file."
            return
        skipped = f", {self.count('skipped')} left out (hidden or links)" if self.count("skipped") else ""
        yield f"{self.count('output')} cleaned, {self.count('refused')} refused{skipped}"
        yield from self._closing_unchecked()
        yield (
            f"{self._target / REPORT} says what was done to each, and which picture is which: it holds the "
            "files' names, so keep it apart from the pictures."
        )

    def _closing_unchecked(self) -> Iterator[str]:
        if number := self.count("not_looked_for"):
            words = {words: None for entry in self.report() for words in entry.get("not_looked_for", ())}
            yield f"NOT LOOKED FOR in {number} cleaned pictures: {_listed(list(words))}. Look yourself."
        if number := sum(entry.get("refused") == "not_looked_for" for entry in self.report()):
            yield (
                f"{number} refused because not everything could be looked for: install curbside[pictures], "
                "or take them with --accept-unchecked and look yourself."
            )


def _wrong_use(source: Path, target: Path) -> str:
    if not source.exists():
        return f"there is no {source}"
    if target.exists() and not target.is_dir():
        return f"{target} is a file; name a folder for the cleaned pictures"
    if source.is_dir() and target.resolve().is_relative_to(source.resolve()):
        return f"{target} is inside {source}; name a folder outside of it"
    return ""


def _set_aside(report: Path) -> None:
    """Give an earlier run's report another name: without it nobody knows which picture is which."""
    if report.exists():
        number = next(n for n in range(1, 1_000_000) if not report.with_name(f"report-{n}.json").exists())
        report.rename(report.with_name(f"report-{number}.json"))


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
