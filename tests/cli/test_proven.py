"""Which sites worked with what is written now: any change in a site's settings makes it new."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap.proven import Proven
from bot.config import MatrixSite, Moderators, Settings, SlackSite
from tests.matrix.fakes import MemoryCabinet

SLACK = {"name": "anna", "bot_token": "xoxb-1", "app_token": "xapp-1", "channel": "C1X"}
MATRIX = {"name": "city", "homeserver": "https://m.example", "user": "@c:m.example", "password": "p"}


def settings(
    tmp_path: Path, *, slack: dict[str, Any] = SLACK, matrix: dict[str, Any] = MATRIX, moderators: str = ""
) -> Settings:
    return Settings(
        data_dir=tmp_path,
        key_file=tmp_path / "master.key",
        slack=(SlackSite(**slack),),
        matrix=(MatrixSite(**matrix),),
        moderators=Moderators(site="anna", room=moderators) if moderators else Moderators(),
    )


async def test_a_site_is_proven_once_noted_and_each_for_itself(tmp_path: Path) -> None:
    cabinet = MemoryCabinet()
    proven = Proven(settings(tmp_path), cabinet)
    assert [await proven.holds(site) for site in ("anna", "city", "elsewhere")] == [False] * 3

    await proven.note("anna")
    await proven.note("elsewhere")

    later = Proven(settings(tmp_path), cabinet)
    assert [await later.holds(site) for site in ("anna", "city", "elsewhere")] == [True, False, False]
    assert cabinet.values.keys() == {"anna"}


@pytest.mark.parametrize(
    "changed",
    [
        {"slack": {**SLACK, "channel": "C2X"}},
        {"slack": {**SLACK, "bot_token": "xoxb-2"}},
        {"slack": {**SLACK, "app_token": "xapp-2"}},
        {"moderators": "C3X"},
    ],
)
async def test_whatever_is_changed_has_to_prove_itself_anew(tmp_path: Path, changed: dict[str, Any]) -> None:
    cabinet = MemoryCabinet()
    for site in ("anna", "city"):
        await Proven(settings(tmp_path), cabinet).note(site)

    edited = Proven(settings(tmp_path, **changed), cabinet)
    assert [await edited.holds(site) for site in ("anna", "city")] == [False, True]

    await edited.note("anna")
    assert await edited.holds("anna")
    assert not await Proven(settings(tmp_path), cabinet).holds("anna")
