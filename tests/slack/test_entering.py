"""Who is in the consult channel, who came in, who can be put out, and a channel that is fit no more."""

from __future__ import annotations

from typing import Any

import pytest

from bot.chat.events import Account, Kind
from bot.domain.pauses import Flaw
from bot.ports.adapter import Later, Undeliverable, Unfit


async def test_more_people_than_one_page_holds_are_listed_whole(connected: Any) -> None:
    people = [connected.workspace.add_person(f"p{number}") for number in range(220)]
    connected.room.members += [person.id for person in people]
    asked = len(connected.slack.calls_of("conversations.members"))

    listed = await connected.adapter.occupants()
    assert {account.user for account in listed} == set(connected.room.members)
    assert connected.adapter.own in listed
    assert len(connected.slack.calls_of("conversations.members")) - asked == 2


async def test_a_coming_is_told_of_the_consult_channel_only(reachable: Any) -> None:
    nora = reachable.workspace.add_person("nora")
    other = reachable.workspace.add_channel("other", members=[reachable.eva], app_is_member=True)
    await reachable.eva.brings(other, nora)
    await reachable.eva.brings(reachable.room, nora)
    event = await reachable.event(Kind.ENTERED)
    assert event.account == reachable.account(nora)
    assert len(reachable.inbox.of(Kind.ENTERED)) == 1


async def test_a_coming_that_slack_repeats_is_one(connected: Any) -> None:
    connected.slack.faults.repeat_events(again=2)
    await connected.eva.brings(connected.room, connected.workspace.add_person("nora"))
    await connected.event(Kind.ENTERED)
    await connected.found(lambda: True if connected.inbox.offered >= 3 else None)
    assert len(connected.inbox.of(Kind.ENTERED)) == 1


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"removing_restricted": True}, "restricted_action"),
        ({"general": True}, "cant_kick_from_general"),
    ],
)
async def test_what_slack_never_lets_the_bot_do_is_undeliverable(
    connected: Any, spoil: dict[str, bool], code: str
) -> None:
    for name, value in spoil.items():
        setattr(connected.room, name, value)
    with pytest.raises(Undeliverable) as refused:
        await connected.adapter.show_out(connected.account(connected.eva))
    assert refused.value.code == code
    assert connected.eva.id in connected.room.members


async def test_passing_trouble_is_not_now(connected: Any) -> None:
    eva, faults = connected.account(connected.eva), connected.slack.faults
    faults.ratelimit("conversations.kick", retry_after=9)
    with pytest.raises(Later) as later:
        await connected.adapter.show_out(eva)
    assert (later.value.seconds, later.value.scope) == (9, "site")
    faults.server_error("conversations.kick")
    faults.drop("conversations.kick", after_commit=True)
    for _ in range(2):
        with pytest.raises(Later):
            await connected.adapter.show_out(eva)
    assert not await connected.adapter.show_out(eva)  # The lost answer was a yes.
    faults.ratelimit("conversations.members")
    with pytest.raises(Later):
        await connected.adapter.occupants()


async def test_an_account_that_is_not_there_is_out_already(connected: Any) -> None:
    team = connected.workspace.id
    for user in (connected.workspace.add_person("nora").id, "U0NOBODY"):
        assert not await connected.adapter.show_out(Account("slack", team, user))


@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        ("shared", Flaw.OPEN),
        ("archived", Flaw.ARCHIVED),
        ("kind", Flaw.OPEN),
        ("members", Flaw.ABSENT),
        ("general", Flaw.OPEN),
    ],
)
async def test_a_channel_that_is_no_consult_room_any_more_is_noticed(
    connected: Any, spoil: str, flaw: Flaw
) -> None:
    bot = connected.workspace.app.bot_user_id
    if spoil == "members":
        connected.room.members.remove(bot)
    else:
        setattr(connected.room, spoil, "public" if spoil == "kind" else True)
    with pytest.raises(Unfit) as unfit:
        await connected.adapter.occupants()
    assert unfit.value.flaw is flaw


async def test_a_token_that_was_revoked_is_no_matter_of_the_room(connected: Any) -> None:
    connected.workspace.app.bot_token = "xoxb-another"
    with pytest.raises(Later):
        await connected.adapter.occupants()
    assert "invalid_auth" in connected.adapter.health().problem


async def test_nobody_is_listed_or_put_out_before_the_start(hospital: Any) -> None:
    assert hospital.adapter.own is None
    with pytest.raises(Later):
        await hospital.adapter.occupants()
    with pytest.raises(Later):
        await hospital.adapter.show_out(hospital.account(hospital.eva))


async def test_a_start_that_is_rate_limited_goes_on_where_it_was(hospital: Any) -> None:
    """A room with more people than a minute's calls could never be looked through otherwise."""
    people = [hospital.workspace.add_person(f"p{number}") for number in range(150)]
    hospital.room.members[:0] = [person.id for person in people]
    await hospital.turning(hospital.adapter.start(hospital.inbox), step=1)
    await hospital.turning(_ready(hospital), step=1)
    looked = [call for call in hospital.slack.calls_of("users.info") if call.ok]
    assert len(looked) == len(hospital.room.members)
    await hospital.adapter.stop()


async def _ready(hospital: Any) -> None:
    await hospital.found(lambda: hospital.adapter.health().connected or None)
