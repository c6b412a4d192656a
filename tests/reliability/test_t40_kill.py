"""T-40: `kill -9` at random moments, on both platforms, with a platform that has its own bad days."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.matrix.rig import missing_synapse
from tests.reliability import evidence
from tests.reliability.campaign import Campaign, Report
from tests.reliability.stage import open_stage

pytestmark = [
    pytest.mark.matrix_real,
    pytest.mark.skipif(bool(missing_synapse()), reason=missing_synapse() or "Synapse is there"),
]


SLACK_STAFF = ("eva", "otto", "lena", "nils", "rosa", "tom", "uma", "vera", "paul")
MATRIX_STAFF = ("ravi", "sana", "tove", "udo", "wim", "xenia", "yara", "zeno", "olga")
"""With both rooms, twenty destinations."""


async def run_campaign(folder: Path, *, kills: int, seed: int, crowd: bool = False, least: int = 0) -> Report:
    staff = {"slack_people": SLACK_STAFF, "matrix_people": MATRIX_STAFF} if crowd else {}
    async with open_stage(folder, seed=seed, **staff) as stage:
        campaign = Campaign(stage, kills=kills, seed=seed, longest_life=2.5, curious=crowd, least=least)
        report = await campaign.run()
        sys.stdout.write(f"{report}\n")
        check(campaign, report)
    return report


def check(campaign: Campaign, report: Report) -> None:
    content, vault = campaign.stage.content, campaign.stage.vault
    assert report.kills >= campaign._kills
    assert report.exit_code == 0
    for room in report.rooms.values():
        assert room.lost == ()
        assert room.left_over == ()
        assert room.inversions == 0
        assert room.doubled == ()
    assert report.told[0] == report.told[1]
    assert campaign.ledger.withdrawn
    assert max(evidence.effects(content, campaign.ledger).values()) == 1
    assert evidence.at_rest(content) == ""
    assert evidence.states(content).keys() <= {"sent", "cancelled"}
    assert evidence.inbox_states(content).keys() == {"handled"}
    assert evidence.integrity(content) == evidence.integrity(vault) == "ok"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
async def test_t40_twenty_kills_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    await run_campaign(tmp_path, kills=20, seed=seed)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_t40_two_hundred_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    report = await run_campaign(tmp_path, kills=200, seed=40)
    assert report.rooms["slack"].standing > 500


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_t40_ten_thousand_deliveries_to_twenty_destinations(tmp_path: Path) -> None:
    """Run it with ``CURBSIDE_TEST_DATABASE=postgresql`` as well."""
    report = await run_campaign(tmp_path, kills=200, seed=41, crowd=True, least=10_000)
    assert report.destinations == 20
    assert report.deliveries >= 10_000
