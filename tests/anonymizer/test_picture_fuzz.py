"""Damaged files of every kind: each is cleaned or refused, within the limits, and the next picture works."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.anonymizer import Anonymizer, CleanedPicture, PictureRefused
from bot.anonymizer.pictures import outgoing
from tests.anonymizer import carriers, dicoms, extra_carriers

SEEDS = carriers.CARRIERS | extra_carriers.MORE | dicoms.CARRIERS
CODES = {
    "damaged",
    "too_big",
    "not_a_picture",
    "not_checked",
    "no_pixels",
    "two_faces",
    "empty",
    "not_supported",
}
MOST_MEMORY = 1024**3


def damaged(rng: random.Random, blob: bytes) -> bytes:
    """One file with some bytes changed, cut out, doubled or cut off; headers are hit more often."""
    broken = bytearray(blob)
    for _ in range(rng.choice((1, 2, 8, 40))):
        at = rng.randrange(min(len(broken), rng.choice((64, 400, len(broken)))))
        way = rng.randrange(5)
        if way == 0:
            broken[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            broken[at : at + 4] = rng.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4)))
        elif way == 2:
            del broken[at : at + rng.randrange(1, 30)]
        elif way == 3:
            broken[at:at] = broken[at : at + rng.randrange(1, 200)]
        else:
            broken[at:] = broken[at : max(at + 1, len(broken) - rng.randrange(1, 300))]
        if not broken:
            break
    return bytes(broken)


def files(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    rng = random.Random(seed)  # noqa: S311 (no secret is drawn)
    whole = {name: make() for name, make in SEEDS.items()}
    for _ in range(count):
        name = rng.choice(list(whole))
        yield name, damaged(rng, whole[name])


def peak_memory(pictures: Anonymizer) -> int:
    worker = pictures._pictures._worker
    if worker is None:
        return 0
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0)


async def hold(pictures: Anonymizer, seed: int, count: int) -> None:
    outcomes: dict[str, int] = {}
    for name, blob in files(seed, count):
        outcome = await settled(pictures, blob)
        if isinstance(outcome, PictureRefused):
            assert outcome.code in CODES, (name, seed)
            assert outcome.sentence.endswith("."), (name, seed)
            outcomes[outcome.code] = outcomes.get(outcome.code, 0) + 1
            continue
        size = (outcome.width, outcome.height)
        assert outgoing.faults(outcome.data, outcome.mime, size) == (), (name, seed)
        assert carriers.CANARY not in outcome.data + outcome.bare, (name, seed)
        outcomes["cleaned"] = outcomes.get("cleaned", 0) + 1
    assert await asyncio.to_thread(peak_memory, pictures) < MOST_MEMORY
    assert outcomes.get("cleaned", 0) > count // 50
    assert outcomes.get("damaged", 0) > count // 50
    last = await pictures.clean_picture(carriers.saved(carriers.scene(), "PNG"))
    assert last.complete


async def settled(pictures: Anonymizer, blob: bytes) -> CleanedPicture | PictureRefused:
    try:
        return await pictures.clean_picture(blob)
    except PictureRefused as refused:
        return refused


async def test_damaged_files_are_cleaned_or_refused(pictures: Anonymizer) -> None:
    await hold(pictures, seed=20, count=150)


@pytest.mark.soak
async def test_very_many_damaged_files_are_cleaned_or_refused(pictures: Anonymizer) -> None:
    for seed in range(100, 140):
        await hold(pictures, seed=seed, count=1000)
