"""Strangers in the consult room, with the real program: put out, or the room is paused and all see it."""

from __future__ import annotations

import json

from aiohttp import ClientSession

from tests.cli.test_first_day import Clinic, Operator, clinic, operator
from tests.waiting import until

__all__ = ["clinic", "operator"]


async def paused(operator: Operator) -> list[dict[str, object]]:
    listed: dict[str, list[dict[str, object]]] = json.loads(await operator.types("outbox", "list", "--json"))
    return listed["paused"]


async def test_a_stranger_is_put_out_and_where_that_cannot_be_the_room_is_paused(
    clinic: Clinic, operator: Operator
) -> None:
    await operator.types("init", "--key-file", "../keys/master.key", *clinic.flags)
    clinic.install(operator.folder / "slack-manifest.json")
    operator.secret("st-anna.bot_token", clinic.workspace.app.bot_token)
    operator.secret("st-anna.app_token", clinic.workspace.app.app_token)
    operator.configure(slack=clinic.slack.api_url)
    mallory = clinic.workspace.add_person("mallory")
    clinic.room.members.append(mallory.id)
    port = await operator.starts()
    assert mallory.id not in clinic.room.members  # Who was there at the start is out before anything leaves.

    enrol = ("mod", "enrol", "--name", "Planted Person", "--specialty", "Cardiology", "--role", "moderator")
    await operator.types(*enrol, "--account", clinic.account)
    await until(lambda: clinic.ada.id in clinic.room.members)
    await clinic.ada.brings(clinic.room, mallory)
    await until(lambda: mallory.id not in clinic.room.members)
    assert ["verified members only" in message["text"] for message in mallory.dm()] == [True]
    assert await paused(operator) == []

    clinic.room.removing_restricted = True
    await clinic.ada.brings(clinic.room, mallory)
    await until(lambda: any("Something waits" in message["text"] for message in clinic.ada.dm()))
    await until(lambda: any("please leave it" in message["text"] for message in mallory.dm()))
    assert await paused(operator) == [{"site": "st-anna", "cause": "stranger", "told": True}]
    assert "st-anna pause" in await operator.types("doctor")
    assert "stays paused" in await operator.types("mod", "resume", "st-anna")
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/ready") as ready:
        assert ready.status == 200
        assert "paused" in (await ready.json())["parts"]["st-anna"]["problem"]
    await operator.ends()
    assert mallory.id not in f"{operator.log}"
    assert {"put_out", "not_put_out", "room_held"} <= {line["event"] for line in operator.log}
