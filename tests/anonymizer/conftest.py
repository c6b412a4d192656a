"""The anonymizer under test; its picture worker ends with the test."""

from collections.abc import AsyncIterator

import pytest

from bot.anonymizer import Anonymizer
from bot.anonymizer.pictures import PicturePool


@pytest.fixture(scope="session")
def cleaner() -> Anonymizer:
    """An anonymizer for text; it starts no process."""
    return Anonymizer()


@pytest.fixture
async def pictures() -> AsyncIterator[Anonymizer]:
    """An anonymizer that rebuilds pictures and does not look into their pixels, so it loads no network."""
    anonymizer = Anonymizer(pictures=PicturePool(()))
    yield anonymizer
    await anonymizer.close()
