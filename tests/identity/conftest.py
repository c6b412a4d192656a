"""The storage's fixtures serve the wall too: it is tested on real databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.identity.keys import create_key_file
from storage.vault.keyring import keyring_rows
from tests.identity.ring_house import House
from tests.storage.conftest import chance, clock, content, data_dir, sealer, vault, wall
from tests.storage.handed_in import SeededChance

__all__ = ["chance", "clock", "content", "data_dir", "house", "sealer", "vault", "wall"]


@pytest.fixture
async def house(tmp_path: Path, data_dir: Path, chance: SeededChance) -> AsyncIterator[House]:
    async with keyring_rows(data_dir) as rows:
        house = House(tmp_path, rows, chance)
        house.key.parent.mkdir()
        create_key_file(house.key, chance)
        yield house
