"""Files: up in two steps, into messages and blocks, down again with the right token, and gone."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.standin.slack import NotAllowed
from tests.standin.conftest import Clinic
from tests.standin.test_web_api import refusal

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


async def upload(clinic: Clinic, name: str = "figure-1.png", content: bytes = PICTURE) -> str:
    """Upload a file as the app, shared nowhere; its id."""
    answer = await clinic.client.files_upload_v2(filename=name, content=content, alt_txt="an X-ray")
    return str(answer["files"][0]["id"])


async def fetched(url: str, token: str) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.content_type, await response.read()


async def test_an_upload_becomes_a_picture_in_a_message(clinic: Clinic) -> None:
    file_id = await upload(clinic)
    block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "an X-ray"}
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[block])
    (seen,) = clinic.eva.channel(clinic.room)
    assert seen["blocks"][0]["slack_file"] == {"id": file_id}
    assert clinic.eva.download(file_id) == PICTURE


async def test_an_upload_shared_into_a_thread(clinic: Clinic) -> None:
    root = await clinic.client.chat_postMessage(channel=clinic.room.id, text="x")
    await clinic.client.files_upload_v2(
        filename="a.png",
        content=PICTURE,
        channel=clinic.room.id,
        thread_ts=root["ts"],
        initial_comment="look",
    )
    (reply,) = clinic.eva.thread(clinic.room, root["ts"])
    assert (reply["text"], reply["files"][0]["name"], reply["subtype"]) == ("look", "a.png", "file_share")


async def test_pictures_that_slack_would_not_show(clinic: Clinic) -> None:
    text = await upload(clinic, "notes.txt", b"words")
    for file_id in (text, "F0NOTTHERE"):
        block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "x"}
        call = clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[block])
        assert await refusal(call) == "invalid_blocks"


async def test_a_fresh_upload_may_need_a_moment_before_blocks_may_use_it(clinic: Clinic) -> None:
    clinic.slack.world.file_delay = 2.0
    block = {"type": "image", "slack_file": {"id": await upload(clinic)}, "alt_text": "x"}
    call = clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[block])
    assert await refusal(call) == "invalid_blocks"
    await clinic.clock.advance(2)
    await clinic.client.chat_postMessage(channel=clinic.room.id, text="x", blocks=[block])


async def test_a_wrong_token_gets_a_login_page_with_status_200(clinic: Clinic) -> None:
    sent = await clinic.eva.say_dm("look", files=[("scan.png", PICTURE)])
    url = sent["files"][0]["url_private"]
    assert await fetched(url, clinic.workspace.app.bot_token) == (200, "image/png", PICTURE)
    status, kind, body = await fetched(url, "xoxb-nobody")
    assert (status, kind) == (200, "text/html")
    assert PICTURE not in body


async def test_a_file_is_seen_by_the_app_only_where_it_is_shared_with_it(clinic: Clinic) -> None:
    private = clinic.workspace.add_channel("private", members=[clinic.eva])
    hidden = await clinic.eva.say(private, files=[("a.png", PICTURE)])
    given = await clinic.eva.say_dm(files=[("b.png", PICTURE)])
    assert await refusal(clinic.client.files_info(file=hidden["files"][0]["id"])) == "file_not_found"
    about = (await clinic.client.files_info(file=given["files"][0]["id"]))["file"]
    assert (about["name"], about["user"], about["size"]) == ("b.png", clinic.eva.id, len(PICTURE))
    with pytest.raises(NotAllowed):
        clinic.otto.download(given["files"][0]["id"])


async def test_only_own_files_are_deleted_and_then_they_are_gone(clinic: Clinic) -> None:
    theirs = (await clinic.eva.say_dm(files=[("b.png", PICTURE)]))["files"][0]["id"]
    own = await upload(clinic)
    assert await refusal(clinic.client.files_delete(file=theirs)) == "cant_delete_file"
    url = (await clinic.client.files_info(file=own))["file"]["url_private"]
    assert [file["id"] for file in (await clinic.client.files_list())["files"]] == [own, theirs]
    await clinic.client.files_delete(file=own)
    assert await refusal(clinic.client.files_info(file=own)) == "file_deleted"
    assert (await fetched(url, clinic.workspace.app.bot_token))[0] == 404
    with pytest.raises(NotAllowed):
        clinic.eva.download(own)


async def test_an_alternative_text_has_a_limit(clinic: Clinic) -> None:
    call = clinic.client.files_getUploadURLExternal(filename="a.png", length=1, alt_txt="x" * 1001)
    assert await refusal(call) == "alt_txt_too_large"


async def test_an_upload_that_was_never_sent_or_is_cut_short_is_not_a_file(clinic: Clinic) -> None:
    answer = await clinic.client.files_getUploadURLExternal(filename="a.png", length=10)
    async with (
        aiohttp.ClientSession() as session,
        session.post(answer["upload_url"], data=b"123") as response,
    ):
        assert response.status == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        await clinic.client.files_completeUploadExternal(files=[{"id": answer["file_id"], "title": "a"}])
