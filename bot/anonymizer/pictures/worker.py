"""The picture worker: a process of its own that reads jobs on stdin and answers on stdout, within limits."""

from __future__ import annotations

import resource
import sys
from typing import Any, BinaryIO

from bot.anonymizer.pictures.checks import clean_blob
from bot.anonymizer.pictures.cleaned import PictureRefused
from bot.anonymizer.pictures.wire import pack, read_frame


def main() -> int:
    """Answer jobs until stdin closes."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    return serve(sys.stdin.buffer, sys.stdout.buffer, seconds)


def serve(jobs: BinaryIO, answers: BinaryIO, seconds: int) -> int:
    """Answer every job in turn; each may use `seconds` of CPU time before the system ends the process."""
    while (frame := read_frame(jobs)) is not None:
        _allow(seconds)
        header, blob = answer(*frame)
        answers.write(pack(header, blob))
        answers.flush()
    return 0


def answer(job: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the answer to one job: the cleaned picture, or the code and the sentence of its refusal."""
    try:
        header, data = clean_blob(blob, tuple(job.get("checks", ())))
    except PictureRefused as refused:
        return {"refused": refused.code, "sentence": refused.sentence}, b""
    except MemoryError:
        return {"refused": "too_big", "sentence": "This picture needs more memory than is allowed."}, b""
    return header, data


def _allow(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, hard))


if __name__ == "__main__":
    raise SystemExit(main())
