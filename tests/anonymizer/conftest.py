"""The anonymizer under test; its picture worker ends with the test."""

from collections.abc import AsyncIterator

import pytest

from bot.anonymizer import Anonymizer


@pytest.fixture(scope="session")
def cleaner() -> Anonymizer:
    """An anonymizer for text; it starts no process."""
    return Anonymizer()


@pytest.fixture
async def pictures() -> AsyncIterator[Anonymizer]:
    anonymizer = Anonymizer()
    yield anonymizer
    await anonymizer.close()
