"""The Web API by a real client: what it gives, and what it refuses in Slack's own words."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.standin.slack import NotAllowed
from bot.standin.slack.codes import Code
from tests.standin.conftest import Clinic


async def refusal(call: Awaitable[Any]) -> str:
    """The error a call is answered with."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_auth_test_tells_who_the_token_belongs_to(clinic: Clinic) -> None:
    answer = await clinic.client.auth_test()
    app = clinic.workspace.app
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (
        clinic.workspace.id,
        app.bot_user_id,
        app.bot_id,
    )
    assert "chat:write.customize" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_wrong_and_missing_tokens(clinic: Clinic) -> None:
    stranger = AsyncWebClient(token="xoxb-nobody", base_url=clinic.slack.api_url)
    nobody = AsyncWebClient(base_url=clinic.slack.api_url)
    app_level = AsyncWebClient(token=clinic.workspace.app.app_token, base_url=clinic.slack.api_url)
    assert await refusal(stranger.auth_test()) == "invalid_auth"
    assert await refusal(nobody.auth_test()) == "not_authed"
    assert await refusal(app_level.auth_test()) == "not_allowed_token_type"
    bot_token = clinic.workspace.app.bot_token
    assert await refusal(clinic.client.apps_connections_open(app_token=bot_token)) == "not_allowed_token_type"


async def test_tokens_of_two_workspaces_do_not_see_each_other(clinic: Clinic) -> None:
    other = clinic.slack.add_workspace("city")
    theirs = other.add_channel("consult", app_is_member=True)
    assert await refusal(clinic.client.chat_postMessage(channel=theirs.id, text="x")) == "channel_not_found"


async def test_a_missing_scope_is_named(clinic: Clinic) -> None:
    clinic.workspace.app.scopes.discard("chat:write")
    with pytest.raises(SlackApiError) as caught:
        await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")
    assert (caught.value.response["error"], caught.value.response["needed"]) == (
        "missing_scope",
        "chat:write",
    )


async def test_a_screen_name_needs_its_own_scope(clinic: Clinic) -> None:
    clinic.workspace.app.scopes.discard("chat:write.customize")
    call = clinic.client.chat_postMessage(channel=clinic.room.id, text="x", username="Quiet Heron")
    assert await refusal(call) == "missing_scope"


async def test_unknown_methods_and_arguments(clinic: Clinic) -> None:
    assert await refusal(clinic.client.api_call("chat.postMesage", json={})) == "unknown_method"
    call = clinic.client.chat_postMessage(channel=clinic.room.id, text="x", colour="red")
    assert await refusal(call) == "invalid_arguments"
    assert (
        await refusal(clinic.client.api_call("chat.postMessage", json={"text": "x"})) == "invalid_arguments"
    )


async def test_a_message_with_metadata_screen_name_and_thread(clinic: Clinic) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    root = await clinic.client.chat_postMessage(
        channel=clinic.room.id, text="root", username="Quiet Heron", icon_emoji=":bird:", metadata=metadata
    )
    first = await clinic.client.chat_postMessage(channel=clinic.room.id, text="one", thread_ts=root["ts"])
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="two", thread_ts=first["ts"])
    (seen,) = clinic.eva.channel(clinic.room)
    assert (seen["username"], seen["icons"], seen["reply_count"]) == ("Quiet Heron", {"emoji": ":bird:"}, 2)
    assert [reply["text"] for reply in clinic.eva.thread(clinic.room, seen)] == ["one", "two"]
    plain = await clinic.client.conversations_history(channel=clinic.room.id)
    told = await clinic.client.conversations_history(channel=clinic.room.id, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert told["messages"][0]["metadata"] == metadata


async def test_message_times_are_unique_and_rise_although_the_clock_stands(clinic: Clinic) -> None:
    times = [
        (await clinic.client.chat_postMessage(channel=clinic.room.id, text=str(n)))["ts"] for n in range(4)
    ]
    assert times == sorted(set(times))


async def test_history_comes_newest_first_in_pages_and_spans(clinic: Clinic) -> None:
    sent = [await clinic.eva.say(clinic.room, str(number)) for number in range(5)]
    page = await clinic.client.conversations_history(channel=clinic.room.id, limit=2)
    assert [message["text"] for message in page["messages"]] == ["4", "3"]
    cursor = page["response_metadata"]["next_cursor"]
    page = await clinic.client.conversations_history(channel=clinic.room.id, limit=2, cursor=cursor)
    assert [message["text"] for message in page["messages"]] == ["2", "1"]
    span = {"oldest": sent[1]["ts"], "latest": sent[3]["ts"]}
    inner = await clinic.client.conversations_history(channel=clinic.room.id, **span)
    whole = await clinic.client.conversations_history(channel=clinic.room.id, inclusive=True, **span)
    assert [message["text"] for message in inner["messages"]] == ["2"]
    assert [message["text"] for message in whole["messages"]] == ["3", "2", "1"]
    wrong = clinic.client.conversations_history(channel=clinic.room.id, cursor="nonsense")
    assert await refusal(wrong) == "invalid_cursor"


async def test_where_the_app_may_not_write(clinic: Clinic) -> None:
    workspace = clinic.workspace
    public = workspace.add_channel("lobby", private=False)
    hidden = workspace.add_channel("hidden")
    old = workspace.add_channel("old", app_is_member=True, archived=True)
    locked = workspace.add_channel("locked", app_is_member=True, posting_restricted=True)
    workspace.app.scopes.discard("chat:write.public")
    answers = {
        place.name: await refusal(clinic.client.chat_postMessage(channel=place.id, text="x"))
        for place in (public, hidden, old, locked)
    }
    assert answers == {
        "lobby": "not_in_channel",
        "hidden": "channel_not_found",
        "old": "is_archived",
        "locked": "restricted_action",
    }
    assert await refusal(clinic.client.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"


async def test_what_is_too_long_or_empty(clinic: Clinic) -> None:
    room = clinic.room.id
    assert await refusal(clinic.client.chat_postMessage(channel=room, text="x" * 40_001)) == "msg_too_long"
    assert await refusal(clinic.client.api_call("chat.postMessage", json={"channel": room})) == "no_text"
    posted = await clinic.client.chat_postMessage(channel=room, text="x" * 40_000)
    call = clinic.client.chat_update(channel=room, ts=posted["ts"], text="x" * 4_001)
    assert await refusal(call) == "msg_too_long"


async def test_only_own_messages_are_changed_and_deleted(clinic: Clinic) -> None:
    room = clinic.room.id
    theirs = await clinic.eva.say(clinic.room, "mine")
    assert (
        await refusal(clinic.client.chat_update(channel=room, ts=theirs["ts"], text="x"))
        == "cant_update_message"
    )
    assert await refusal(clinic.client.chat_delete(channel=room, ts=theirs["ts"])) == "cant_delete_message"
    assert await refusal(clinic.client.chat_delete(channel=room, ts="1.000001")) == "message_not_found"
    posted = await clinic.client.chat_postMessage(channel=room, text="a")
    await clinic.client.chat_update(channel=room, ts=posted["ts"], text="b")
    assert clinic.eva.channel(room)[-1]["text"] == "b"
    assert "edited" in clinic.eva.channel(room)[-1]


async def test_a_deleted_root_leaves_a_tombstone_only_above_replies(clinic: Clinic) -> None:
    room = clinic.room.id
    lonely = await clinic.client.chat_postMessage(channel=room, text="a")
    root = await clinic.client.chat_postMessage(channel=room, text="b")
    await clinic.client.chat_postMessage(channel=room, text="c", thread_ts=root["ts"])
    for posted in (lonely, root):
        await clinic.client.chat_delete(channel=room, ts=posted["ts"])
    (left,) = clinic.eva.channel(room)
    assert (left["subtype"], left["ts"], left["user"]) == ("tombstone", root["ts"], "USLACKBOT")
    assert [reply["text"] for reply in clinic.eva.thread(room, left)] == ["c"]


async def test_an_ephemeral_message_is_seen_by_one_member_only_and_not_kept(clinic: Clinic) -> None:
    room = clinic.room.id
    await clinic.client.chat_postEphemeral(channel=room, user=clinic.eva.id, text="for you")
    assert [note["text"] for note in clinic.eva.ephemerals(room)] == ["for you"]
    assert [note["text"] for note in clinic.eva.channel(room)] == ["for you"]
    assert clinic.otto.channel(room) == []
    assert (await clinic.client.conversations_history(channel=room))["messages"] == []
    call = clinic.client.chat_postEphemeral(channel=room, user=clinic.guest.id, text="x")
    assert await refusal(call) == "user_not_in_channel"


async def test_direct_messages_open_once(clinic: Clinic) -> None:
    first = await clinic.client.conversations_open(users=clinic.eva.id)
    again = await clinic.client.conversations_open(users=[clinic.eva.id])
    assert first["channel"]["id"] == again["channel"]["id"] == clinic.eva.dm_channel.id
    await clinic.client.chat_postMessage(channel=clinic.eva.id, text="hello")
    assert [message["text"] for message in clinic.eva.dm()] == ["hello"]
    with pytest.raises(NotAllowed):
        clinic.otto.channel(clinic.eva.dm_channel)


async def test_channels_are_described_with_what_an_operator_must_know(clinic: Clinic) -> None:
    shared = clinic.workspace.add_channel("shared", app_is_member=True, shared=True, posting_restricted=True)
    about = (await clinic.client.conversations_info(channel=shared.id, include_num_members=True))["channel"]
    assert (about["is_private"], about["is_ext_shared"], about["is_member"]) == (True, True, True)
    assert about["num_members"] == 1
    assert "posting_restricted_to" in about["properties"]
    listed = await clinic.client.conversations_list(types=["private_channel"], exclude_archived=True)
    assert {channel["name"] for channel in listed["channels"]} == {"consult", "shared"}
    members = await clinic.client.conversations_members(channel=clinic.room.id)
    assert members["members"] == [clinic.eva.id, clinic.otto.id, clinic.workspace.app.bot_user_id]


async def test_inviting_and_removing(clinic: Clinic) -> None:
    nora = clinic.workspace.add_person("nora")
    room = clinic.room.id
    await clinic.client.conversations_invite(channel=room, users=[nora.id])
    assert nora.id in clinic.room.members
    assert (
        await refusal(clinic.client.conversations_invite(channel=room, users=nora.id)) == "already_in_channel"
    )
    await clinic.client.conversations_kick(channel=room, user=nora.id)
    assert nora.id not in clinic.room.members
    assert await refusal(clinic.client.conversations_kick(channel=room, user=nora.id)) == "not_in_channel"
    bot = clinic.workspace.app.bot_user_id
    assert await refusal(clinic.client.conversations_kick(channel=room, user=bot)) == "cant_kick_self"


async def test_where_nobody_can_be_removed(clinic: Clinic) -> None:
    clinic.room.removing_restricted = True
    call = clinic.client.conversations_kick(channel=clinic.room.id, user=clinic.eva.id)
    assert await refusal(call) == "restricted_action"
    clinic.room.general = True
    call = clinic.client.conversations_kick(channel=clinic.room.id, user=clinic.eva.id)
    assert await refusal(call) == "cant_kick_from_general"
    assert clinic.eva.id in clinic.room.members


async def test_the_app_hears_of_coming_and_going_only_where_it_is_and_may_read(clinic: Clinic) -> None:
    nora = clinic.workspace.add_person("nora")
    elsewhere = clinic.workspace.add_channel("elsewhere", members=[clinic.eva])
    await clinic.eva.brings(clinic.room, nora)
    await clinic.eva.brings(elsewhere, nora)
    clinic.workspace.app.scopes.discard("groups:read")
    await nora.leaves(clinic.room)
    await clinic.clock.advance(0)
    (heard,) = [envelope.payload["event"] for envelope in clinic.slack.postman.sent if not envelope.retry]
    assert (heard["type"], heard["user"], heard["inviter"]) == (
        "member_joined_channel",
        nora.id,
        clinic.eva.id,
    )
    with pytest.raises(NotAllowed):
        await nora.brings(elsewhere, nora)


async def test_joining_public_channels_only(clinic: Clinic) -> None:
    lobby = clinic.workspace.add_channel("lobby", private=False)
    await clinic.client.conversations_join(channel=lobby.id)
    assert clinic.workspace.app.bot_user_id in lobby.members
    wrong = clinic.client.conversations_join(channel=clinic.room.id)
    assert await refusal(wrong) == "method_not_supported_for_channel_type"


async def test_people_are_described_and_found_by_address(clinic: Clinic) -> None:
    gone = clinic.workspace.add_person("gone", deleted=True)
    eva = (await clinic.client.users_info(user=clinic.eva.id))["user"]
    assert (eva["profile"]["real_name"], eva["profile"]["email"]) == ("Eva Lind", "eva@st-anna.example")
    assert (await clinic.client.users_info(user=clinic.guest.id))["user"]["is_restricted"]
    assert (await clinic.client.users_info(user=gone.id))["user"]["deleted"]
    found = await clinic.client.users_lookupByEmail(email="EVA@st-anna.example")
    assert found["user"]["id"] == clinic.eva.id
    assert await refusal(clinic.client.users_lookupByEmail(email="gone@st-anna.example")) == "users_not_found"
    clinic.workspace.app.scopes.discard("users:read.email")
    assert "email" not in (await clinic.client.users_info(user=clinic.eva.id))["user"]["profile"]


async def test_guests_bots_and_visitors_are_told_apart(clinic: Clinic) -> None:
    add = clinic.workspace.add_person
    visitor = add("visitor", home_team="T0OTHER", email_confirmed=False)
    helper, single = add("helper", is_bot=True), add("single", single_channel_guest=True)
    seen = {}
    for user in (visitor.id, helper.id, single.id, "USLACKBOT"):
        seen[user] = (await clinic.client.users_info(user=user, include_locale=True))["user"]
    assert (seen[visitor.id]["team_id"], seen[visitor.id]["is_email_confirmed"]) == ("T0OTHER", False)
    assert (seen[helper.id]["is_bot"], "email" in seen[helper.id]["profile"]) == (True, False)
    assert (seen[single.id]["is_restricted"], seen[single.id]["is_ultra_restricted"]) == (True, True)
    assert (seen["USLACKBOT"]["is_bot"], "email" in seen["USLACKBOT"]["profile"]) == (False, False)


async def test_who_is_not_there_or_asked_for_wrongly_is_refused(clinic: Clinic) -> None:
    assert await refusal(clinic.client.users_info(user="U0NOBODY")) == "user_not_found"
    assert await refusal(clinic.client.api_call("users.info", json={})) == "invalid_arguments"
    assert await refusal(clinic.client.users_info(user=clinic.eva.id, email=True)) == "invalid_arguments"
    clinic.workspace.app.scopes.discard("users:read")
    assert await refusal(clinic.client.users_info(user=clinic.eva.id)) == "missing_scope"


async def test_an_edited_profile_is_read_and_has_no_other_fields(clinic: Clinic) -> None:
    await clinic.eva.edits_profile(real_name="Ruth Falk", email="ruth@st-anna.example")
    profile = (await clinic.client.users_info(user=clinic.eva.id))["user"]["profile"]
    assert (profile["real_name"], profile["email"]) == ("Ruth Falk", "ruth@st-anna.example")
    assert profile["display_name"] == "eva"
    with pytest.raises(NotAllowed, match="admin"):
        await clinic.eva.edits_profile(admin="yes")


async def test_posting_is_limited_by_channel_and_says_when_to_come_back(clinic: Clinic) -> None:
    other = clinic.workspace.add_channel("other", app_is_member=True)
    for _ in range(5):
        await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")
    with pytest.raises(SlackApiError) as caught:
        await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    await clinic.client.chat_postMessage(channel=other.id, text="x")
    await clinic.clock.advance(1)
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")
    clinic.slack.rates.on = False
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")


async def test_reactions(clinic: Clinic) -> None:
    sent = await clinic.eva.say(clinic.room, "x")
    about = {"channel": clinic.room.id, "timestamp": sent["ts"], "name": "eyes"}
    await clinic.client.reactions_add(**about)
    assert await refusal(clinic.client.reactions_add(**about)) == "already_reacted"
    assert clinic.eva.channel(clinic.room)[0]["reactions"][0]["name"] == "eyes"
    await clinic.client.reactions_remove(**about)
    assert await refusal(clinic.client.reactions_remove(**about)) == "no_reaction"


async def test_operators_questions(clinic: Clinic) -> None:
    assert (await clinic.client.team_info())["team"]["domain"] == "st-anna"
    assert (await clinic.client.bots_info(bot=clinic.workspace.app.bot_id))["bot"]["app_id"]
    good = {"display_information": {"name": "Consult"}}
    assert (await clinic.client.apps_manifest_validate(manifest=good))["errors"] == []
    bad = {
        "display_information": {"name": "x" * 36},
        "features": {"slash_commands": [{"command": "consult"}]},
    }
    assert await refusal(clinic.client.apps_manifest_validate(manifest=bad)) == "invalid_manifest"
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    assert await refusal(clinic.client.blocks_validate(blocks=blocks)) == "invalid_blocks"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # The SDK's own way to send the app's secret.
async def test_an_installation_by_oauth(clinic: Clinic) -> None:
    app = clinic.workspace.app
    nobody = AsyncWebClient(base_url=clinic.slack.api_url)
    clinic.slack.world.codes["abc"] = Code(clinic.workspace.id, clinic.eva.id)
    secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
    assert (
        await refusal(nobody.oauth_v2_access(**{**secrets, "client_secret": "x"}, code="abc"))
        == "bad_client_secret"
    )
    answer = await nobody.oauth_v2_access(**secrets, code="abc")
    assert (answer["access_token"], answer["authed_user"]["id"]) == (app.bot_token, clinic.eva.id)
    assert await refusal(nobody.oauth_v2_access(**secrets, code="abc")) == "invalid_code"


async def test_an_uninstalled_app_has_no_say(clinic: Clinic) -> None:
    await clinic.client.auth_revoke()
    assert await refusal(clinic.client.auth_test()) == "account_inactive"


async def test_every_call_is_written_down_as_it_was_meant(clinic: Clinic) -> None:
    await clinic.client.conversations_history(channel=clinic.room.id, include_all_metadata=True, limit=3)
    (call,) = clinic.slack.calls_of("conversations.history")
    assert call.args == {"channel": clinic.room.id, "include_all_metadata": True, "limit": 3}
    assert (call.ok, call.team, call.token_kind) == (True, clinic.workspace.id, "bot")
