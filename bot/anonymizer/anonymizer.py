"""The one door of the library: a submission in, the cleaned one out; a picture in, a rebuilt one out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from bot.anonymizer.cleaned import CleanedText, unchecked
from bot.anonymizer.finders import TEXT_CHECKS
from bot.anonymizer.found import Found, TextCheck
from bot.anonymizer.loading import load
from bot.anonymizer.merging import merge
from bot.anonymizer.pictures import Box, CleanedPicture, PicturePool
from bot.anonymizer.submission import Submission
from bot.anonymizer.surrogates import assemble

LONGEST_SUBMISSION: Final = 100_000
"""Characters of all fields together; anything longer is not checked, so it cannot be posted."""


MOST_FIELDS: Final = 200
"""Fields of one submission; a post has a handful."""


class Anonymizer:
    """Cleans submissions with a fixed list of checks, and pictures in a worker process started when needed.

    `clean` may be called from any thread; `clean_picture` and `close` belong to one event loop.
    """

    def __init__(
        self,
        checks: Sequence[TextCheck] = TEXT_CHECKS,
        *,
        pictures: PicturePool | None = None,
        longest: int = LONGEST_SUBMISSION,
        seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the checks in their order, and the limits of one submission: characters and seconds."""
        self._checks = tuple(checks)
        self._pictures = pictures or PicturePool()
        self._longest = longest
        self._seconds = seconds
        self._clock = clock

    def load(self) -> None:
        """Load what the first text would wait for, in whatever thread; once in a process."""
        load()

    def clean(self, fields: Mapping[str, str]) -> CleanedText:
        """Return one submission with every identifier replaced by the same surrogate in all its fields.

        Never raises for what the fields hold: a check that fails, runs out of time or meets too long a text
        or too many fields is named in `failed`, and then the result holds no text at all.
        """
        if len(fields) > MOST_FIELDS or sum(map(len, fields.values())) > self._longest:
            return unchecked(fields, ran=(), failed=("length",))
        try:
            load()
        except Exception:  # noqa: BLE001 (nothing can be looked for, so the text must not pass)
            return unchecked(fields, ran=(), failed=("loading",))
        deadline = self._clock() + self._seconds
        try:
            submission = Submission.of(fields, lambda: self._beat(deadline))
        except Exception:  # noqa: BLE001 (whatever went wrong, the text was not checked and must not pass)
            return unchecked(fields, ran=(), failed=("normalisation",))
        found, ran, failed = self._run_checks(submission, deadline)
        if failed:
            return unchecked(fields, ran=ran, failed=failed)
        try:
            return assemble(submission, merge(submission, found), ran=("normalisation", *ran))
        except Exception:  # noqa: BLE001 (as above)
            return unchecked(fields, ran=ran, failed=("surrogates",))

    async def clean_picture(self, data: bytes, names: Iterable[str] = ()) -> CleanedPicture:
        """Return the picture rebuilt from its pixels alone; PictureRefused when that cannot be.

        `names` are words of the submission that identify somebody; they are covered wherever legible.
        """
        return await self._pictures.clean(data, names)

    async def cover_picture(self, bare: bytes, boxes: Sequence[Box]) -> tuple[bytes, str]:
        """Return a cleaned picture's `bare` with exactly these boxes filled, and its MIME type.

        Encoded anew without metadata and checked; PictureRefused when that cannot be.
        """
        return await self._pictures.cover(bare, boxes)

    async def close(self) -> None:
        """End the picture worker, if one is running."""
        await self._pictures.close()

    def _beat(self, deadline: float) -> None:
        if self._clock() > deadline:
            raise TimeoutError("the checks took longer than they may")

    def _run_checks(
        self, submission: Submission, deadline: float
    ) -> tuple[list[Found], tuple[str, ...], tuple[str, ...]]:
        found: list[Found] = []
        ran: list[str] = []
        failed: list[str] = []
        for check in self._checks:
            try:
                found.extend(check.find(submission, tuple(found)))
            except Exception:  # noqa: BLE001 (a check that raised did not run; the others still report)
                failed.append(check.name)
                continue
            (ran if self._clock() <= deadline else failed).append(check.name)
        return found, tuple(ran), tuple(failed)
