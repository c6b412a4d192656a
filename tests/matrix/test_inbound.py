"""Recorded Matrix events in, neutral events out."""

from typing import Any

import pytest

from bot.adapters.matrix.inbound import Heard, to_event
from bot.adapters.matrix.site import Remote, account_of
from bot.chat.events import Event, Kind, Place

ANN = "@ann:hospital.example:8448"
FILE = {
    "v": "v2",
    "url": "mxc://hospital.example/PhotoId",
    "key": {"kty": "oct", "alg": "A256CTR", "ext": True, "k": "a-key", "key_ops": ["encrypt", "decrypt"]},
    "iv": "an-iv",
    "hashes": {"sha256": "a-hash"},
}


def message(content: dict[str, Any], kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {"type": kind, "sender": ANN, "event_id": "$e", "origin_server_ts": 1, "content": content, **more}


def heard(
    source: dict[str, Any], place: Place = Place.HOME, *, protected: bool = True, readable: bool = True
) -> Event | None:
    told = Heard("!room", source, readable=readable, protected=protected)
    return to_event(told, place, encryption=True)


def say(body: str, **more: Any) -> dict[str, Any]:
    return message({"msgtype": "m.text", "body": body, **more})


def event(source: dict[str, Any], place: Place = Place.HOME, **how: bool) -> Event:
    found = heard(source, place, **how)
    assert found is not None
    return found


def test_the_account_is_the_whole_user_id_and_its_server() -> None:
    account = event(say("hello")).account
    assert (account.platform, account.realm, account.user) == ("matrix", "hospital.example:8448", ANN)


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("!consult opinion 123 1) flu", Kind.COMMAND, "opinion 123 1) flu"),
        ("!c  open derm ", Kind.COMMAND, "open derm"),
        ("!CONSULT", Kind.COMMAND, ""),
        ("!consult case line one\nline two", Kind.COMMAND, "case line one\nline two"),
        ("!consultation is a word", Kind.TEXT, "!consultation is a word"),
        ("done", Kind.TEXT, "done"),
        ("  2 ", Kind.TEXT, "2"),
    ],
)
def test_words_in_the_home_chat(body: str, kind: Kind, text: str) -> None:
    found = event(say(body))
    assert (found.kind, found.text, found.place) == (kind, text, Place.HOME)
    assert found.handle == {"room": "!room", "event": "$e"}


def test_only_plain_words_are_taken_never_their_html() -> None:
    found = event(say("plain", format="org.matrix.custom.html", formatted_body="<b>other</b>"))
    assert found.text == "plain"


PICTURE = message({"msgtype": "m.image", "body": "Left forearm", "filename": "a.jpg", "file": FILE})


@pytest.mark.parametrize("source", [say("the story"), say("!c post"), PICTURE, message({}, kind="m.sticker")])
def test_what_was_said_at_home_can_be_found_again(source: dict[str, Any]) -> None:
    assert event(source).remote == str(Remote("!room", "$e"))


@pytest.mark.parametrize("place", [Place.ROOM, Place.ELSEWHERE])
def test_what_was_said_elsewhere_is_not_for_the_bot_to_take_back(place: Place) -> None:
    assert event(say("!c help"), place).remote == ""


REPLY = {"m.in_reply_to": {"event_id": "$card"}}
THREAD = {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True, **REPLY}


@pytest.mark.parametrize(
    ("relation", "answered"),
    [
        (REPLY, "$card"),
        (THREAD, "$root"),
        ({**THREAD, "is_falling_back": False}, "$card"),
        ({"rel_type": "m.thread", "event_id": "$root"}, "$root"),
        ({"m.in_reply_to": {"event_id": 7}}, ""),
        ("nonsense", ""),
    ],
)
def test_what_a_message_answers(relation: Any, answered: str) -> None:
    found = event(say("Yes.", **{"m.relates_to": relation}))
    assert found.reply_to == (str(Remote("!room", answered)) if answered else "")


def test_the_quoted_lines_of_older_clients_are_dropped() -> None:
    body = "> <@bot:hospital.example> Case #1\n> second line\n\nmy comment\n> my own quote"
    found = event(say(body, **{"m.relates_to": REPLY}))
    assert found.text == "my comment\n> my own quote"


def test_a_quote_that_is_no_reply_stays() -> None:
    assert event(say("> <@x:y> quoted by hand")).text == "> <@x:y> quoted by hand"


def test_a_picture_comes_with_what_fetching_needs_and_without_its_name() -> None:
    content = {
        "msgtype": "m.image",
        "body": "IMG_2024_Smith.jpg",
        "file": FILE,
        "info": {"size": 1234, "w": 3, "h": 4, "thumbnail_file": {"url": "mxc://a/thumb"}},
    }
    found = event(message(content))
    assert (found.kind, found.text) == (Kind.TEXT, "")
    (file,) = found.files
    assert file.size == 1234
    assert file.locator == {
        "url": "mxc://hospital.example/PhotoId",
        "k": "a-key",
        "iv": "an-iv",
        "sha256": "a-hash",
    }
    assert "Smith" not in str(found.files)


def test_a_caption_is_the_words_of_a_picture() -> None:
    content = {"msgtype": "m.image", "body": "Left forearm", "filename": "a.jpg", "file": FILE}
    assert event(message(content)).text == "Left forearm"


@pytest.mark.parametrize(
    "broken",
    [
        {"file": {**FILE, "key": "no object"}},
        {"file": {**FILE, "hashes": {}}},
        {"file": "nothing"},
        {},
    ],
)
def test_a_picture_without_its_keys_cannot_be_taken(broken: dict[str, Any]) -> None:
    found = event(message({"msgtype": "m.image", "body": "x", **broken}))
    assert (found.kind, found.values) == (Kind.UNREADABLE, {"why": "kind"})


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (message({"msgtype": "m.location", "body": "here", "geo_uri": "geo:1,2"}), "kind"),
        (message({}, kind="m.sticker"), "kind"),
        (message({}, kind="org.matrix.msc3381.poll.start"), "kind"),
        (message({"msgtype": 5, "body": None}), "kind"),
    ],
)
def test_what_cannot_be_taken_says_why_and_holds_no_words(source: dict[str, Any], why: str) -> None:
    found = event(source)
    assert (found.kind, found.text, found.values) == (Kind.UNREADABLE, "", {"why": why})


def edit(new: object, **relation: object) -> dict[str, Any]:
    relates_to = {"rel_type": "m.replace", "event_id": "$old", **relation}
    return say("* !c comment 1 new", **{"m.relates_to": relates_to, "m.new_content": new})


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ({"msgtype": "m.text", "body": " !c comment 1 new "}, "!c comment 1 new"),
        ({"msgtype": "m.text", "body": "> <@ann:hospital.example> old\n\nnew"}, "new"),
        ({"msgtype": "m.text", "body": ""}, ""),
        ({"msgtype": "m.image", "body": "a caption", "filename": "a.jpg"}, "a caption"),
        ({"msgtype": "m.text", "body": 5}, ""),
    ],
)
def test_an_edit_names_its_message_and_says_what_stands_there_now(new: dict[str, Any], text: str) -> None:
    found = event(edit(new))
    assert (found.kind, found.text) == (Kind.EDITED, text)
    assert (found.message, found.remote, found.reply_to) == ("!room $old", "!room $old", "")


@pytest.mark.parametrize("broken", [edit(None), edit({}, event_id=None), edit({}, event_id="")])
def test_an_edit_of_nothing_is_nothing(broken: dict[str, Any]) -> None:
    assert heard(broken) is None


@pytest.mark.parametrize("where", [{"redacts": "$old"}, {"content": {"redacts": "$old"}}])
def test_a_deletion_names_its_message_and_needs_no_key(where: dict[str, Any]) -> None:
    found = event(message({}, "m.room.redaction") | where, protected=False)
    assert (found.kind, found.text, found.message, found.remote) == (Kind.DELETED, "", "!room $old", "")


@pytest.mark.parametrize("place", [Place.ROOM, Place.ELSEWHERE, Place.MODERATORS])
def test_edits_and_deletions_count_in_home_chats_only(place: Place) -> None:
    assert heard(edit({"msgtype": "m.text", "body": "!c help"}), place) is None
    assert heard(message({}, "m.room.redaction", redacts="$old"), place) is None


def test_what_was_deleted_before_it_was_read_is_nothing() -> None:
    assert heard(message({}, unsigned={"redacted_because": {}}), protected=False) is None
    assert heard(message({}, "m.room.redaction")) is None


def test_words_that_came_unencrypted_are_not_taken() -> None:
    found = event(say("a story about a patient"), protected=False)
    assert (found.kind, found.text, found.values) == (Kind.UNREADABLE, "", {"why": "plain"})


def test_without_encryption_by_configuration_they_are() -> None:
    told = Heard("!room", say("a story"))
    found = to_event(told, Place.HOME, encryption=False)
    assert found is not None
    assert found.text == "a story"


@pytest.mark.parametrize(
    "source",
    [
        say("I know her"),
        message({"algorithm": "m.megolm.v1.aes-sha2"}, kind="m.room.encrypted"),
        message(
            {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$c", "key": "1"}}, kind="m.reaction"
        ),
        message({}, kind="m.poll.response"),
        message({}, kind="m.sticker"),
    ],
)
def test_anything_said_in_a_consult_room_is_noticed_without_its_words(source: dict[str, Any]) -> None:
    found = event(source, Place.ROOM, readable=False)
    assert (found.kind, found.place, found.text, found.files) == (Kind.NATIVE, Place.ROOM, "", ())
    assert found.account == account_of(ANN)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (message({"membership": "join"}, kind="m.room.member", state_key=ANN), Place.HOME),
        (message({"name": "x"}, kind="m.room.name", state_key=""), Place.ROOM),
        (message({"redacts": "$x"}, kind="m.room.redaction"), Place.ROOM),
        (message({}, kind="m.reaction"), Place.HOME),
        (say("* new", **{"m.relates_to": {"rel_type": "m.replace", "event_id": "$o"}}), Place.ROOM),
        (message({"msgtype": "m.key.verification.request", "body": "x"}), Place.HOME),
        (say("talk among us"), Place.ELSEWHERE),
        (message({"body": "!consult help"}, kind="m.room.encrypted"), Place.ELSEWHERE),
    ],
)
def test_what_is_nobodys_wish_gives_no_event(source: dict[str, Any], place: Place) -> None:
    assert heard(source, place, readable="encrypted" not in source["type"]) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("!consult help opinion", "help opinion"),
        ("!c rules", "rules"),
        ("!consult help me with Mr Smith", "help me"),
        ("!consult opinion 123 1) measles in bed 4", "opinion 123"),
        ("!consult opinion #123 1) measles", "opinion #123"),
        ("!consult case A man of 60", "case"),
        ("!consult", ""),
    ],
)
def test_of_a_wards_room_only_the_way_is_taken(body: str, text: str) -> None:
    found = event(say(body), Place.ELSEWHERE, protected=False)
    assert (found.kind, found.place, found.text) == (Kind.COMMAND, Place.ELSEWHERE, text)


@pytest.mark.parametrize("written", ["!room:with:colons $e", "!roomwithoutserver $abc-_"])
def test_an_address_reads_what_it_wrote(written: str) -> None:
    assert str(Remote.read(written)) == written


@pytest.mark.parametrize("written", ["", "!room", "room $e", "!room e", "!room $e extra"])
def test_anything_else_is_no_address(written: str) -> None:
    with pytest.raises(ValueError, match=r"address|values"):
        Remote.read(written)
