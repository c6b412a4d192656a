"""T-23: whatever happens, no log line holds a text, a name or an account."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.chat.cards import Card, Paragraph, Picture, Speaker, note
from bot.chat.events import Kind
from bot.chat.forms import Form, TextField
from bot.ports.adapter import Delivery, Image, Later, Post, Undeliverable

CANARY = "Zephyrine"


async def test_t23_no_log_line_quotes_anybody(
    reachable: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("slack_bolt").setLevel(logging.DEBUG)
    hospital = reachable
    form = Form(f"comment {CANARY}", CANARY, (TextField("text", CANARY),))
    await hospital.eva.slash("/consult", CANARY, channel=hospital.ward)
    await hospital.answer(await hospital.event(Kind.COMMAND), form)
    await hospital.eva.submit({"text": CANARY})
    await hospital.answer(await hospital.event(Kind.FORM), note(CANARY))
    await hospital.eva.say_dm(CANARY, files=[(f"{CANARY}.png", b"data")])
    await hospital.event(Kind.TEXT)
    await _trouble(hospital)
    secrets = (CANARY, hospital.eva.id, hospital.workspace.id, hospital.room.id, "xoxb-", "xapp-", "ticket=")
    ours = [record for record in caplog.records if "standin" not in record.pathname]
    written = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    told = capsys.readouterr()
    for secret in secrets:
        assert secret not in written + told.out + told.err


async def _trouble(hospital: Any) -> None:
    card = Card(CANARY, CANARY, Speaker(CANARY, "k"), (Paragraph((CANARY,)),), (Picture("m", CANARY),))
    images = {"m": Image(CANARY.encode(), "image/png")}
    for fault in ("server_error", "drop", "ratelimit"):
        for method in ("chat.postMessage", "upload", "files.getUploadURLExternal"):
            getattr(hospital.slack.faults, fault)(method)
            with pytest.raises((Later, Undeliverable)) as caught:
                await hospital.deliver(Delivery("d1", None, Post(card), images=images))
            assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r}"
            assert caught.value.__suppress_context__
    hospital.inbox.broken = True
    hospital.inbox.message = CANARY
    await hospital.turning(hospital.eva.slash("/consult", CANARY, channel=hospital.ward), step=1.0)
    await hospital.slack.sockets.abort()
    hospital.inbox.broken = False
