"""The Slack half over a stand-in without a bot: what each person is shown, and what is refused how."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import load
from bot.demo.building import hired
from bot.demo.cast import of
from bot.demo.paperwork import MatrixDesk, Pace, SlackDesk, write_configuration, write_key
from bot.demo.slack_half import SlackHalf
from bot.demo.stage import CannotAct, Upload
from bot.standin.slack import SlackStandin
from tests.demo.painted import PNG


@pytest.fixture
async def half() -> AsyncIterator[SlackHalf]:
    async with SlackStandin() as standin:
        workspace = standin.add_workspace("Halden Ridge")
        people = [hired(workspace, person) for person in of("slack")]
        consult = workspace.add_channel("consult-room", members=people[:2], app_is_member=True)
        ward = workspace.add_channel("ward-7", private=False, members=people)
        yield SlackHalf(standin, workspace, consult, ward)


def one(half: SlackHalf, handle: str) -> str:
    return half.workspace.person(handle).id


def kinds(half: SlackHalf, handle: str) -> list[str]:
    return [room["kind"] for room in half.view(one(half, handle))["rooms"]]


async def test_a_person_sees_only_the_rooms_that_they_are_in(half: SlackHalf) -> None:
    assert kinds(half, "rafael") == ["room", "ward", "home"]
    assert kinds(half, "petra") == ["ward", "home"]


async def test_words_and_their_thread_are_shown_to_the_others(half: SlackHalf) -> None:
    rafael, amina = one(half, "rafael"), one(half, "amina")
    said = {"do": "say", "room": half.consult.id}
    await half.act(rafael, {**said, "text": "Anybody here?"}, [])
    root = half.view(amina)["rooms"][0]["messages"][0]
    await half.act(amina, {**said, "text": "Yes", "thread": root["ts"]}, [Upload("a.png", "image/png", PNG)])
    room = half.view(rafael)["rooms"][0]
    assert [message["text"] for message in room["messages"]] == ["Anybody here?"]
    assert [message["text"] for message in room["threads"][root["ts"]]] == ["Yes"]
    file = room["threads"][root["ts"]][0]["files"][0]["id"]
    assert (await half.media(rafael, file)).mime == "image/png"


async def test_a_file_that_a_person_cannot_see_is_not_there(half: SlackHalf) -> None:
    rafael = one(half, "rafael")
    say = {"do": "say", "room": half.consult.id, "text": ""}
    await half.act(rafael, say, [Upload("a.png", "image/png", PNG)])
    file = half.view(rafael)["rooms"][0]["messages"][0]["files"][0]["id"]
    with pytest.raises(KeyError):
        await half.media(one(half, "petra"), file)


async def test_what_slack_would_not_offer_is_said_in_words(half: SlackHalf) -> None:
    with pytest.raises(CannotAct, match="not a member"):
        await half.act(one(half, "petra"), {"do": "say", "room": half.consult.id, "text": "hello"}, [])
    with pytest.raises(CannotAct, match="cannot do"):
        await half.act(one(half, "rafael"), {"do": "dance"}, [])


async def test_opening_the_home_tab_is_told_to_the_app(half: SlackHalf) -> None:
    rafael = one(half, "rafael")
    assert half.view(rafael)["has_home"]
    assert half.view(rafael)["home"] is None
    assert (await half.act(rafael, {"do": "open_home", "tab": "home"}, []))["ok"]


async def test_an_app_that_does_not_answer_is_told_to_the_person(half: SlackHalf) -> None:
    rafael = one(half, "rafael")
    result = await half.act(rafael, {"do": "slash", "text": "/consult case", "room": half.consult.id}, [])
    assert not result["ok"]
    assert result["error"] in half.view(rafael)["notices"]


def test_the_written_configuration_is_one_that_the_bot_reads(tmp_path: Path) -> None:
    slack = SlackDesk("http://127.0.0.1:4000/api/", 'xoxb-"quoted"', "xapp-1", "C0123456789")
    matrix = MatrixDesk("http://127.0.0.1:4001", "@curbside:merrow-bay.example", "a password")
    write_key(tmp_path)
    settings = load(write_configuration(tmp_path, slack, matrix, Pace(undo=2, delay=(0.1, 0.2))))
    assert settings.slack[0].bot_token is not None
    assert settings.slack[0].bot_token.get_secret_value() == slack.bot_token
    assert settings.matrix[0].user == matrix.user
    assert (settings.relay.undo_seconds, settings.relay.delay_seconds) == (2, (0.1, 0.2))
    assert settings.key_file == tmp_path / "master.key"
    assert settings.key_file.stat().st_mode & 0o077 == 0
