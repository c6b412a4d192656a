"""The picture worker: a process of its own that reads jobs on stdin and answers on stdout, within limits."""

from __future__ import annotations

import os
import resource
import sys
from typing import Any, BinaryIO, Final

from bot.anonymizer.pictures.checks import clean_blob, cover_blob
from bot.anonymizer.pictures.cleaned import Box, PictureRefused
from bot.anonymizer.pictures.wire import pack, read_frame

_BEHIND: Final = 5
"""How far its work stands behind the bot's: whoever waits for an acknowledgement comes before a picture."""


def main() -> int:
    """Answer jobs until stdin closes."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    os.nice(_BEHIND)
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
    """Return the answer to one job: pictures, or the code and the sentence of its refusal.

    To `cover`, a list of boxes, the answer is the covered picture; otherwise the cleaned one, with the bare
    one behind it from byte `split` on.
    """
    try:
        if "cover" in job:
            data, mime = cover_blob(blob, [Box.of(box) for box in job["cover"]])
            return {"mime": mime}, data
        header, data, bare = clean_blob(blob, job.get("checks"), job.get("names", ()))
    except PictureRefused as refused:
        return {"refused": refused.code, "sentence": refused.sentence}, b""
    except MemoryError:
        return {
            "refused": "too_big",
            "sentence": "This picture needs more memory than is allowed; send a smaller copy.",
        }, b""
    return {**header, "split": len(data)}, data + bare


def _allow(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds + 1, hard))


if __name__ == "__main__":
    raise SystemExit(main())
