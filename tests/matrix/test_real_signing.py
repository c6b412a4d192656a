"""Signing keys that a real homeserver does not take: a mistake at a first start, else waited for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.ports.adapter import ConfigurationRefused, Health
from bot.standin.synapse import Synapse
from tests.matrix.fakes import HastyClock
from tests.matrix.rig import hospital
from tests.waiting import until

pytestmark = pytest.mark.matrix_real

SIGNING = "matrix/city-hospital/signing"
ASKED = "The homeserver asks for the password before it accepts the bot's signing keys."


async def test_signing_keys_that_are_not_taken_hold_a_site_that_worked_until_they_are(
    synapse: Synapse, tmp_path: Path
) -> None:
    clock, seen = HastyClock(), list[Health]()
    async with hospital(synapse, tmp_path, clock=clock) as city:
        await (await city.adapter()).stop()
        kept = city.cabinet.values.pop(SIGNING)
        # Without the keys that it signed with the bot offers others, and the homeserver asks who it is.
        city.site = replace(city.site, password="")
        with pytest.raises(ConfigurationRefused, match=ASKED):
            await city.adapter()

        def look() -> None:
            seen.append(bot.health())
            if len(seen) == 3:
                city.cabinet.values[SIGNING] = kept

        clock.look = look
        bot = await city.adapter(proven=True)
        await until(lambda: bot.health().connected)
        assert seen[:3] == [Health(False, ASKED, refused=True)] * 3
        assert bot.health() == Health(True)
