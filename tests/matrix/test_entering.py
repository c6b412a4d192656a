"""Which news of a room are somebody's coming in, and which rooms may be consult rooms."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from nio import MatrixRoom

from bot.adapters.matrix.consult_room import ConsultRoom, RoomState, unfit
from bot.adapters.matrix.inbound import Heard, entered
from bot.chat.events import Kind, Place
from bot.ports.adapter import Undeliverable
from tests.matrix.homeserver import ANN, CONSULT_STATE, CREATED, ROOM, USER, member, state

FIT = [*CONSULT_STATE, state("m.room.encryption", algorithm="m.megolm.v1.aes-sha2")]


def news(now: str, before: str = "", **content: Any) -> Heard:
    event = state("m.room.member", ANN, ANN, membership=now, **content)
    return Heard(ROOM, event | ({"unsigned": {"prev_content": {"membership": before}}} if before else {}))


@pytest.mark.parametrize("heard", [news("join"), news("invite"), news("join", "invite"), news("join", "ban")])
def test_an_invitation_and_a_join_are_a_coming_in(heard: Heard) -> None:
    came = entered(heard)
    assert came is not None
    assert (came.kind, came.place, came.account.user) == (Kind.ENTERED, Place.ROOM, ANN)


@pytest.mark.parametrize("heard", [news("leave"), news("ban"), news("join", "join", displayname="Ann")])
def test_other_news_of_a_member_are_none(heard: Heard) -> None:
    assert entered(heard) is None


def test_a_room_that_is_closed_encrypted_and_of_one_server_is_fit() -> None:
    assert unfit(RoomState.read(FIT), USER, encryption=True) == ""


@pytest.mark.parametrize(
    ("spoilt", "word"),
    [
        (state("m.room.join_rules", join_rule="public"), "invited"),
        (state("m.room.join_rules", join_rule="knock"), "invited"),
        (state("m.room.join_rules", join_rule="restricted"), "invited"),
        (state("m.room.create", room_version="12"), "Other homeservers"),
        (state("m.room.history_visibility", history_visibility="world_readable"), "history"),
        (state("m.room.guest_access", guest_access="can_join"), "Guests"),
        (state("m.room.create", sender=ANN, **CREATED), "power level"),
    ],
)
def test_every_kind_of_unfit_room_has_a_sentence(spoilt: dict[str, Any], word: str) -> None:
    assert word in unfit(RoomState.read([*FIT, spoilt]), USER, encryption=True)


def test_a_member_s_name_is_not_taken_for_somebody_else() -> None:
    assert entered(Heard(ROOM, member(ANN) | {"type": "m.room.name"})) is None


@pytest.mark.parametrize(
    ("news", "code"),
    [
        ({"join_rule": "public"}, "unfit"),
        ({"guest_access": "can_join"}, "unfit"),
        ({"history_visibility": "world_readable"}, "unfit"),
        (None, "not_in_room"),
    ],
)
def test_a_room_that_was_opened_while_the_bot_runs_is_noticed(news: dict[str, str] | None, code: str) -> None:
    there = MatrixRoom(ROOM, USER)
    there.add_member(ANN, None, None)
    rooms = {ROOM: there}
    session: Any = SimpleNamespace(site=SimpleNamespace(room=ROOM), client=SimpleNamespace(rooms=rooms))
    assert ANN in ConsultRoom(session).occupants()

    for name, value in (news or {}).items():
        setattr(there, name, value)
    if news is None:
        rooms.clear()
    with pytest.raises(Undeliverable) as refused:
        ConsultRoom(session).occupants()
    assert refused.value.code == code
