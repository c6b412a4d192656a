"""A world with everybody enrolled: once per process, and then begun again where that one stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.world import Beginning, World, enrol_everybody, open_world

_KEPT: dict[str, Beginning] = {}


@pytest.fixture
async def world(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    beginning = _KEPT.get("enrolled")
    if beginning is None:
        folder = tmp_path_factory.mktemp("enrolled")
        async with open_world(folder) as first:
            await enrol_everybody(first)
            await first.settle()
        beginning = _KEPT["enrolled"] = Beginning.of(first, folder)
    async with open_world(tmp_path, beginning=beginning) as opened:
        yield opened
