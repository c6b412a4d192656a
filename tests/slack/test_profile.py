"""What the workspace tells of an account: full member, guest, bot, gone; and when it tells nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.adapters.slack.people import profile_of
from bot.chat.events import Account
from bot.ports.adapter import Later, Profile
from tests.slack.test_rooms import again

EVA = Profile(member=True, name="Eva Lind", email="eva.lind@st-anna.example")
PLAIN: dict[str, Any] = {
    "id": "U1",
    "team_id": "T1",
    "real_name": "Eva Lind",
    "is_email_confirmed": True,
    "profile": {"real_name": "Eva Lind", "email": "eva.lind@st-anna.example"},
}


async def told(hospital: Any, **about: Any) -> Profile | None:
    """What the adapter says of a new account."""
    person = hospital.workspace.add_person("nora", **about)
    profile: Profile | None = await hospital.adapter.profile(hospital.account(person))
    return profile


async def test_a_full_member_has_a_name_and_an_address(connected: Any) -> None:
    assert await connected.adapter.profile(connected.account(connected.eva)) == EVA
    (call,) = [one for one in connected.slack.calls_of("users.info") if one.args["user"] == connected.eva.id][
        -1:
    ]
    assert call.args == {"user": connected.eva.id}


async def test_an_uploaded_picture_is_told_and_a_drawn_one_is_not(connected: Any) -> None:
    account = connected.account(connected.eva)
    person = (await connected.adapter._people.person(connected.eva.id))["profile"]
    assert person["avatar_hash"]
    assert await connected.adapter.profile(account) == EVA
    await connected.eva.edits_profile(picture="8c6a1c6d4d2c")
    assert await connected.adapter.profile(account) == replace(EVA, picture="8c6a1c6d4d2c")


@pytest.mark.parametrize(
    ("told", "picture"),
    [
        ({"avatar_hash": "8c6a1c6d4d2c", "is_custom_image": True}, "8c6a1c6d4d2c"),
        ({"avatar_hash": "8c6a1c6d4d2c", "image_original": "https://avatars.example/o.png"}, "8c6a1c6d4d2c"),
        ({"avatar_hash": "8c6a1c6d4d2c", "is_custom_image": False}, ""),
        ({"avatar_hash": None, "is_custom_image": True}, ""),
        ({"is_custom_image": True}, ""),
    ],
)
def test_only_a_picture_of_ones_own_counts(told: dict[str, Any], picture: str) -> None:
    profile = profile_of({**PLAIN, "profile": {**PLAIN["profile"], **told}}, "T1")
    assert profile == replace(EVA, picture=picture)


async def test_a_person_renamed_on_slack_is_told_by_the_new_name(connected: Any) -> None:
    await connected.eva.edits_profile(real_name="Ruth Falk", email="ruth@elsewhere.example")
    profile = await connected.adapter.profile(connected.account(connected.eva))
    assert profile == Profile(member=True, name="Ruth Falk", email="ruth@elsewhere.example")


@pytest.mark.parametrize(
    "about",
    [{"guest": True}, {"single_channel_guest": True}, {"is_bot": True}, {"home_team": "T0OTHER"}],
    ids=str,
)
async def test_guests_bots_and_people_of_other_workspaces_are_no_members(
    connected: Any, about: dict[str, Any]
) -> None:
    profile = await told(connected, **about)
    assert profile is not None
    assert not profile.member


async def test_slackbot_and_the_app_itself_are_no_members(connected: Any) -> None:
    for user in ("USLACKBOT", connected.workspace.app.bot_user_id):
        profile = await connected.adapter.profile(Account("slack", connected.workspace.id, user))
        assert profile is not None
        assert not profile.member


async def test_who_was_switched_off_is_gone(connected: Any) -> None:
    await connected.eva.deactivated()
    assert await connected.adapter.profile(connected.account(connected.eva)) is None
    assert await told(connected, deleted=True) is None
    assert await connected.adapter.profile(Account("slack", connected.workspace.id, "U0NOBODY")) is None


async def test_an_address_that_is_not_confirmed_is_not_told(connected: Any) -> None:
    assert await told(connected, email_confirmed=False) == Profile(member=True, name="Nora")


async def test_without_its_scope_the_address_is_missing_and_the_rest_is_told(connected: Any) -> None:
    connected.workspace.app.scopes.discard("users:read.email")
    profile = await connected.adapter.profile(connected.account(connected.eva))
    assert profile == Profile(member=True, name="Eva Lind")


async def test_the_doctor_misses_the_scopes_that_tell_of_people(hospital: Any) -> None:
    hospital.workspace.app.scopes -= {"users:read.email"}
    (scopes,) = [check for check in await hospital.adapter.checks() if check.name.endswith("scopes")]
    assert (scopes.state, "users:read.email" in scopes.remedy) == ("fail", True)


async def test_accounts_of_other_sites_are_not_asked_about(connected: Any) -> None:
    before = len(connected.slack.calls_of("users.info"))
    for account in (
        Account("slack", "T0OTHER", connected.eva.id),
        Account("matrix", connected.workspace.id, connected.eva.id),
    ):
        assert await connected.adapter.profile(account) == Profile(member=False)
    assert len(connected.slack.calls_of("users.info")) == before


@pytest.mark.parametrize(
    ("trouble", "asked", "seconds", "scope"),
    [
        ("ratelimit", {"retry_after": 9}, 9.0, "site"),
        ("server_error", {}, None, "destination"),
        ("drop", {}, None, "destination"),
    ],
)
async def test_a_passing_trouble_asks_for_another_try(
    connected: Any, trouble: str, asked: dict[str, Any], seconds: float | None, scope: str
) -> None:
    getattr(connected.slack.faults, trouble)("users.info", times=1, **asked)
    account = connected.account(connected.eva)
    with pytest.raises(Later) as later:
        await connected.adapter.profile(account)
    assert (later.value.seconds, later.value.scope) == (seconds, scope)
    assert await connected.adapter.profile(account) == EVA


@pytest.mark.parametrize("missing", ["users:read", "installation"])
async def test_a_refusal_says_nothing_of_the_person(connected: Any, missing: str) -> None:
    connected.workspace.app.scopes.discard(missing)
    connected.workspace.app.installed = missing != "installation"
    with pytest.raises(Later):
        await connected.adapter.profile(connected.account(connected.eva))


async def test_nobody_is_asked_about_before_the_start_or_after_the_end(connected: Any) -> None:
    account = connected.account(connected.eva)
    with pytest.raises(Later):
        await again(connected).profile(account)
    await connected.adapter.stop()
    with pytest.raises(Later):
        await connected.adapter.profile(account)


@pytest.mark.parametrize(
    "sign",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"is_bot": True},
        {"is_workflow_bot": True},
        {"id": "USLACKBOT"},
        {"team_id": "T2"},
        {"team_id": None},
    ],
    ids=str,
)
def test_every_sign_of_somebody_else_is_read(sign: dict[str, Any]) -> None:
    assert profile_of(PLAIN, "T1") == EVA
    profile = profile_of({**PLAIN, **sign}, "T1")
    assert profile is not None
    assert not profile.member


@pytest.mark.parametrize(
    ("changed", "name", "email"),
    [
        ({"profile": {"email": "eva.lind@st-anna.example"}}, EVA.name, EVA.email),
        ({"profile": {"real_name": "", "display_name": "eva"}}, EVA.name, ""),
        ({"profile": None, "real_name": None}, "", ""),
        ({"is_email_confirmed": False}, EVA.name, ""),
        ({"is_email_confirmed": None}, EVA.name, ""),
    ],
)
def test_what_is_left_out_stays_empty(changed: dict[str, Any], name: str, email: str) -> None:
    assert profile_of({**PLAIN, **changed}, "T1") == Profile(member=True, name=name, email=email)
    unsaid = {key: value for key, value in PLAIN.items() if key != "is_email_confirmed"}
    assert profile_of(unsaid, "T1") == EVA


def test_a_profile_shows_nothing_of_the_person() -> None:
    assert repr(profile_of(PLAIN, "T1")) == "Profile(member=True)"
