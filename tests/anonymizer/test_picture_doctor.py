"""What `curbside doctor` says about the checks of pictures, with the extra and without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.anonymizer import Anonymizer, CleanedPicture
from bot.anonymizer.pictures import PicturePool
from bot.cli.checks import cleaning

CHECKS = ("pictures: text burned into the picture", "pictures: QR and bar codes", "pictures: faces")


async def states() -> dict[str, tuple[str, str]]:
    return {check.name: (check.state, check.remedy) async for check in cleaning.cleaning()}


async def test_with_the_extra_a_made_up_name_on_a_picture_is_covered() -> None:
    found = await states()
    assert {name: found[name][0] for name in ("picture cleaning", *CHECKS)} == dict.fromkeys(
        ("picture cleaning", *CHECKS), "ok"
    )


async def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "PicturePool", lambda: PicturePool(()))
    found = await states()
    assert found["picture cleaning"][0] == "ok"
    for name in CHECKS:
        state, remedy = found[name]
        assert state == "warn"
        assert "pip install 'curbside[pictures]'" in remedy


async def test_a_name_that_stays_legible_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind(Anonymizer):
        async def clean_picture(self, data: bytes, names: Iterable[str] = ()) -> CleanedPicture:
            cleaned = await super().clean_picture(data)
            return replace(cleaned, not_looked_for=())

    monkeypatch.setattr(cleaning, "Anonymizer", Blind)
    monkeypatch.setattr(cleaning, "PicturePool", lambda: PicturePool(()))
    state, remedy = (await states())[CHECKS[0]]
    assert state == "fail"
    assert "stayed legible" in remedy
