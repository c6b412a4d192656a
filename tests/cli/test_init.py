"""`curbside init`: what it writes loads, nothing is overwritten, and the steps by hand are told in order."""

import json
import tomllib
from collections.abc import Iterator

import pytest

from bot.config import load
from bot.identity.keys import load_master_key
from tests.cli.stage import Ended, Terminal

BOTH = (
    *("--slack", "st-anna", "--channel", "C0123456789", "--domain", "st-anna.example"),
    *("--matrix", "city", "--homeserver", "https://matrix.city.example", "--user", "@curbside:city.example"),
)


@pytest.fixture
def empty(terminal: Terminal) -> Terminal:
    terminal.config.unlink()
    return terminal


def begun(terminal: Terminal, *words: str) -> Ended:
    return terminal.type("init", "--key-file", "keys/master.key", *words)


def test_everything_is_written_privately_and_loads_once_the_secrets_are_there(empty: Terminal) -> None:
    ended = begun(empty, *BOTH)

    assert ended.code == 0
    secrets = [f"secrets/{name}" for name in ("st-anna.bot_token", "st-anna.app_token", "city.password")]
    for name in ("curbside.toml", "slack-manifest.json", "keys/master.key", *secrets):
        assert (empty.folder / name).stat().st_mode & 0o777 == 0o600
    assert (empty.folder / "secrets").stat().st_mode & 0o777 == 0o700
    load_master_key(empty.folder / "keys" / "master.key")
    for name in secrets:
        assert name in ended.out
        (empty.folder / name).write_text("secret")
    settings = load(empty.config, {})
    assert settings.key_file == empty.folder / "keys" / "master.key"
    assert [site.name for site in settings.sites] == ["st-anna", "city"]
    assert settings.matrix[0].room == ""
    assert settings.matrix[0].allow_servers == ("city.example",)


def test_until_the_secrets_are_there_doctor_names_their_files(empty: Terminal) -> None:
    begun(empty, *BOTH)

    ended = empty.type("doctor")

    assert ended.code == 1
    assert ended.out.count("which is empty") == 3


def test_a_secret_that_is_there_is_kept(empty: Terminal) -> None:
    (empty.folder / "secrets").mkdir()
    (empty.folder / "secrets" / "city.password").write_text("mine")

    assert begun(empty, *BOTH).code == 0
    assert (empty.folder / "secrets" / "city.password").read_text() == "mine"


def test_the_steps_by_hand_come_in_order(empty: Terminal) -> None:
    said = begun(empty, *BOTH).out

    steps = [
        "api.slack.com/apps",
        "xoxb-",
        "connections:write",
        "/invite",
        "create the account",
        "override_ratelimit",
    ]
    steps += ["Put each secret into its file", "curbside doctor", "curbside run", "curbside mod first"]
    steps += ["A private room for the moderators", "curbside roster import"]
    places = [said.index(step) for step in steps]
    assert places == sorted(places)


def test_http_mode_asks_for_the_signing_secret_and_names_its_address(empty: Terminal) -> None:
    begun(empty, *BOTH[:4], "--public-url", "https://bot.st-anna.example/")

    table = tomllib.loads(empty.config.read_text())["slack"][0]
    manifest = json.loads((empty.folder / "slack-manifest.json").read_text())

    assert table["mode"] == "http"
    assert "signing_secret" in table
    assert "app_token" not in table
    assert manifest["settings"]["interactivity"]["request_url"] == "https://bot.st-anna.example/slack/events"


def test_matrix_alone_needs_no_manifest(empty: Terminal) -> None:
    assert begun(empty, *BOTH[6:]).code == 0
    assert not (empty.folder / "slack-manifest.json").exists()


@pytest.mark.parametrize("there", ["curbside.toml", "slack-manifest.json"])
def test_nothing_is_overwritten_and_nothing_else_written(empty: Terminal, there: str) -> None:
    (empty.folder / there).write_text("mine")

    ended = begun(empty, *BOTH)

    assert ended.code == 2
    assert f"{there} exists already" in ended.err
    assert [path.name for path in empty.folder.iterdir()] == [there]
    assert (empty.folder / there).read_text() == "mine"


def test_a_key_that_is_there_is_kept(empty: Terminal) -> None:
    key = empty.folder / "keys" / "master.key"
    key.parent.mkdir()
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)

    ended = begun(empty, *BOTH)

    assert ended.code == 0
    assert "kept" in ended.out
    assert key.read_bytes() == bytes(range(32))


def test_a_file_that_is_no_key_stops_it(empty: Terminal) -> None:
    (empty.folder / "keys").mkdir()
    (empty.folder / "keys" / "master.key").write_text("short")

    ended = begun(empty, *BOTH)

    assert ended.code == 2
    assert not empty.config.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name at least one site"),
        (BOTH[:2], "--channel is missing"),
        (("--matrix", "city"), "--homeserver is missing"),
        ((*BOTH[:3], "#consult"), "channel must be the channel's id"),
        (("--slack", "st anna", *BOTH[2:4]), "name must be 1 to 40 letters"),
        ((*BOTH[6:9], "http://matrix.city.example", *BOTH[10:]), "homeserver must begin with https://"),
        ((*BOTH, "--data-dir", "."), "inside data_dir"),
        (
            (*BOTH, "--public-url", "http://bot.st-anna.example"),
            "the public address must begin with https://",
        ),
    ],
)
def test_wrong_answers_write_nothing(empty: Terminal, words: tuple[str, ...], said: str) -> None:
    ended = begun(empty, *words)

    assert ended.code == 2
    assert said in ended.err
    assert list(empty.folder.iterdir()) == []


def test_questions_are_asked_at_a_terminal(empty: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: Iterator[str] = iter(
        ["st-anna", "", "C0123456789", "st-anna.example", "", "none", "", str(empty.folder / "k" / "a.key")]
    )
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)

    assert begun(empty).code == 0
    secrets = {"CURBSIDE_SLACK__BOT_TOKEN": "x", "CURBSIDE_SLACK__APP_TOKEN": "x"}
    assert [site.name for site in load(empty.config, secrets).sites] == ["st-anna"]
    assert (empty.folder / "k" / "a.key").exists()
    assert asked[1] == asked[2], "an answer that is needed is asked for again"


def test_a_slip_costs_the_answers_of_one_site_only(
    empty: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slack = ["st-anna", "C0123456789", "st-anna.example", ""]
    wrong = ["city", "http://matrix.city.example", "@curbside:city.example", ""]
    right = ["city", "https://matrix.city.example", "@curbside:city.example", ""]
    answers = iter([*slack, *wrong, *right, "", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)

    ended = begun(empty)

    assert ended.code == 0
    assert "! [[matrix]] city homeserver must begin with https://" in ended.out
    assert [table["name"] for table in tomllib.loads(empty.config.read_text())["matrix"]] == ["city"]
