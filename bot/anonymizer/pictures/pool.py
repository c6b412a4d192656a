"""The pool of one picture worker: started at the first picture, replaced after a crash or a time-out."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from json import loads
from pathlib import Path
from subprocess import DEVNULL
from typing import Any, Final

from bot.anonymizer.pictures.cleaned import Box, CleanedPicture, PictureRefused
from bot.anonymizer.pictures.sniff import LARGEST_FILE
from bot.anonymizer.pictures.wire import LENGTHS, pack

_ROOT: Final = Path(__file__).resolve().parents[3]
_LARGEST_ANSWER: Final = 64 * 1024 * 1024
_ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # One heap for all threads: each with a heap of its own would keep what it once needed.
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "67108864",
}
_BROKEN: Final = (
    "not_checked",
    "This picture could not be checked, so it cannot be posted; try again or send another copy.",
)


class PicturePool:
    """Cleans one picture at a time in a process that sees no environment and no file of the bot."""

    def __init__(
        self,
        checks: Sequence[str] | None = None,
        *,
        memory: int = 2 * 1024**3,
        cpu_seconds: int = 60,
        wall_seconds: float = 60.0,
        jobs_per_worker: int = 200,
        command: Sequence[str] = (sys.executable, "-P", "-m", "bot.anonymizer.pictures.worker"),
    ) -> None:
        """Take the limits of the worker (bytes, CPU and wall seconds a picture, jobs), and checks of pixels.

        Without `checks` all that are installed run; one that is named and not installed has failed.
        """
        self._checks = None if checks is None else tuple(checks)
        self._command = (*command, str(memory), str(cpu_seconds))
        self._wall_seconds = wall_seconds
        self._jobs_per_worker = jobs_per_worker
        self._worker: Process | None = None
        self._jobs = 0
        self._turn = asyncio.Lock()

    async def clean(self, blob: bytes, names: Iterable[str] = ()) -> CleanedPicture:
        """Return the cleaned picture; PictureRefused for a bad file, a crash or a time-out of the worker.

        `names` are words of the case text that identify somebody: they are covered wherever they are legible.
        """
        if len(blob) > LARGEST_FILE:
            limit = LARGEST_FILE // (1024 * 1024)
            raise PictureRefused("too_large", f"This file is larger than {limit} MB; send a smaller copy.")
        return _cleaned(*await self._ask({"checks": self._checks, "names": tuple(names)}, blob))

    async def cover(self, bare: bytes, boxes: Sequence[Box]) -> tuple[bytes, str]:
        """Return the bare picture of a cleaned one with exactly these boxes filled, and its MIME type.

        PictureRefused when a box lies outside, when `bare` is no such picture, or when the worker breaks.
        """
        header, data = await self._ask({"cover": [asdict(box) for box in boxes]}, bare)
        return data, header["mime"]

    async def close(self) -> None:
        """End the worker and wait until it is gone."""
        async with self._turn:
            await self._end()

    async def _ask(self, job: dict[str, Any], blob: bytes) -> tuple[dict[str, Any], bytes]:
        async with self._turn:
            header, data = await self._answered(pack(job, blob))
        if "refused" in header:
            raise PictureRefused(header["refused"], header["sentence"])
        return header, data

    async def _answered(self, frame: bytes) -> tuple[dict[str, Any], bytes]:
        try:
            async with asyncio.timeout(self._wall_seconds):
                return await self._exchange(await self._running(), frame)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            await self._end()
            raise PictureRefused(*_BROKEN) from error
        except BaseException:
            # Cancelled in mid-answer: what is left in the pipe belongs to this picture, not to the next one.
            await self._end()
            raise

    async def _running(self) -> Process:
        if self._worker is not None and (
            self._worker.returncode is not None or self._jobs >= self._jobs_per_worker
        ):
            await self._end()
        if self._worker is None:
            self._worker = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                cwd="/",
                env={**_ENVIRONMENT, "PYTHONPATH": str(_ROOT)},
                limit=1024 * 1024,
                start_new_session=True,
            )
            self._jobs = 0
        self._jobs += 1
        return self._worker

    async def _exchange(self, worker: Process, frame: bytes) -> tuple[dict[str, Any], bytes]:
        if worker.stdin is None or worker.stdout is None:
            raise EOFError
        worker.stdin.write(frame)
        await worker.stdin.drain()
        header_length, blob_length = LENGTHS.unpack(await worker.stdout.readexactly(LENGTHS.size))
        if max(header_length, blob_length) > _LARGEST_ANSWER:
            raise ValueError
        return loads(await worker.stdout.readexactly(header_length)), await worker.stdout.readexactly(
            blob_length
        )

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if worker.returncode is None:
            worker.kill()
        if worker.stdin is not None:
            worker.stdin.close()
        await worker.wait()


def _cleaned(header: dict[str, Any], data: bytes) -> CleanedPicture:
    return CleanedPicture(
        data=data[: header["split"]],
        bare=data[header["split"] :],
        mime=header["mime"],
        width=header["width"],
        height=header["height"],
        removed=tuple(header["removed"]),
        covered=tuple(Box.of(box) for box in header["covered"]),
        ran=tuple(header["ran"]),
        failed=tuple(header["failed"]),
        notes=tuple(header["notes"]),
        not_looked_for=tuple(header["not_looked_for"]),
    )
