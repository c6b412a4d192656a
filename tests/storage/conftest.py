"""Fixtures of the storage: a clock that stands still, seeded chance, and both databases in a fresh folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from storage.content.store import ContentStore, open_content
from storage.vault.vault import VaultStore, open_vault
from tests.server import places
from tests.storage.handed_in import ROOMS, SeededChance, StillClock
from tests.storage.templates import lay_out


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def chance() -> SeededChance:
    return SeededChance(7)


@pytest.fixture
def sealer(chance: SeededChance) -> AesSealer:
    return AesSealer(MasterKey(bytes(range(32))), chance)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    lay_out(tmp_path / "var")
    return tmp_path / "var"


@pytest.fixture
async def content(
    data_dir: Path, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> AsyncIterator[ContentStore]:
    store = await open_content(places(data_dir), sealer, rooms=ROOMS, clock=clock, chance=chance)
    yield store
    await store.close()


@pytest.fixture
async def vault(data_dir: Path, sealer: AesSealer) -> AsyncIterator[VaultStore]:
    store = await open_vault(places(data_dir), sealer)
    yield store
    await store.close()


@pytest.fixture
def wall(
    vault: VaultStore, content: ContentStore, sealer: AesSealer, chance: SeededChance, clock: StillClock
) -> Wall:
    return Wall(vault, content, sealer, chance=chance, clock=clock)
