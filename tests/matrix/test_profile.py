"""What the homeserver tells of an account, and when it tells nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.site import account_of
from bot.chat.events import Account
from bot.ports.adapter import Later, Profile
from tests.matrix.fakes import SeededChance
from tests.matrix.homeserver import ANN, Answer, dropped, failing
from tests.matrix.pretending import Rig
from tests.matrix.rig import Hospital
from tests.matrix.test_trouble import LIMITED, SOFT

ACCOUNT = account_of(ANN)


def asked(rig: Rig) -> list[str]:
    return [path.rpartition("/profile/")[2] for path, _, _ in rig.server.asked if "/profile/" in path]


@pytest.mark.parametrize(
    ("answer", "name", "picture"),
    [
        (
            {"displayname": "Ann Ward", "avatar_url": "mxc://hospital.example/a"},
            "Ann Ward",
            "mxc://hospital.example/a",
        ),
        ({"displayname": "Ann Ward", "avatar_url": None}, "Ann Ward", ""),
        ({}, "", ""),
        ({"displayname": None}, "", ""),
    ],
)
async def test_somebody_of_a_served_server_is_a_member(
    rig: Rig, answer: dict[str, str | None], name: str, picture: str
) -> None:
    bot = await rig.bot()
    rig.server.fail("profile", failing(200, answer))
    assert await bot.profile(ACCOUNT) == Profile(member=True, name=name, picture=picture)
    assert asked(rig) == [ANN]


@pytest.mark.parametrize(
    "account",
    [
        account_of("@ann:elsewhere.example"),
        Account("matrix", "hospital.example", "@ann:elsewhere.example"),
        Account("matrix", "hospital.example", "@ann:hospital.example:8448"),
        Account("slack", "hospital.example", ANN),
    ],
    ids=str,
)
async def test_people_of_other_servers_are_no_members_and_not_asked_about(rig: Rig, account: Account) -> None:
    bot = await rig.bot()
    assert await bot.profile(account) == Profile(member=False)
    assert asked(rig) == []


async def test_an_allowed_server_is_served_beside_none_of_the_own(rig: Rig) -> None:
    rig.site = replace(rig.site, allow_servers=("partner.example",))
    bot = await rig.bot()
    rig.server.fail("profile", failing(200, {"displayname": "Pia"}))
    assert await bot.profile(account_of("@pia:partner.example")) == Profile(member=True, name="Pia")
    assert await bot.profile(ACCOUNT) == Profile(member=False)


@pytest.mark.parametrize("code", ["M_NOT_FOUND", "M_UNKNOWN"])
async def test_an_account_without_a_profile_is_gone(rig: Rig, code: str) -> None:
    bot = await rig.bot()
    rig.server.fail("profile", failing(404, {"errcode": code, "error": "Profile was not found"}))
    assert await bot.profile(ACCOUNT) is None


@pytest.mark.parametrize(
    ("answer", "seconds", "scope"),
    [
        (failing(429, LIMITED), 2.5, "destination"),
        (failing(502), None, "destination"),
        (failing(504, {"errcode": "M_UNKNOWN"}), None, "destination"),
        (dropped, None, "destination"),
        (failing(401, SOFT), None, "site"),
        (failing(403, {"errcode": "M_FORBIDDEN"}), None, "destination"),
        (failing(404), None, "destination"),
        (failing(404, {"errcode": "M_UNRECOGNIZED"}), None, "destination"),
    ],
)
async def test_any_other_answer_says_nothing_of_the_person(
    rig: Rig, answer: Answer, seconds: float | None, scope: str
) -> None:
    bot = await rig.bot()
    # aiohttp asks once more by itself where a connection was dropped
    rig.server.fail("profile", *[answer] * (2 if answer is dropped else 1))
    with pytest.raises(Later) as later:
        await bot.profile(ACCOUNT)
    assert (later.value.seconds, later.value.scope) == (seconds, scope)
    rig.server.fail("profile", failing(200, {"displayname": "Ann"}))
    assert await bot.profile(ACCOUNT) == Profile(member=True, name="Ann")


async def test_nobody_is_asked_about_before_the_start(rig: Rig) -> None:
    bot = MatrixAdapter(rig.site, rig.cabinet, rig.clock, SeededChance())
    with pytest.raises(Later):
        await bot.profile(ACCOUNT)
    assert rig.server.asked == []


@pytest.mark.matrix_real
async def test_a_real_homeserver_tells_the_name_and_who_is_not_there(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await person.client.set_displayname("Nora Feld")
    assert await bot.profile(account) == Profile(member=True, name="Nora Feld")
    assert await bot.profile(account_of(f"@nobody:{account.realm}")) is None
    assert await bot.profile(account_of("@nora:elsewhere.example")) == Profile(member=False)
