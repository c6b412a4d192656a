"""The contract's file loads as it stands, and the environment goes before it."""

from pathlib import Path

import pytest

from bot.config import Settings, WrongSettings, load, whereabouts
from bot.config.environment import TOP_LEVEL
from tests.config.files import MATRIX_PASSWORD, ONE_MATRIX, SECRETS, ConfigFolder


def revealed_by(secret: object) -> str:
    return secret.get_secret_value() if hasattr(secret, "get_secret_value") else ""


def test_the_contracts_file_loads_whole(folder: ConfigFolder) -> None:
    folder.write_contract()

    settings = folder.load()

    [slack], [matrix] = settings.slack, settings.matrix
    assert (slack.name, slack.mode, slack.channel) == ("st-anna", "socket", "C0123456789")
    assert revealed_by(slack.bot_token) == SECRETS["SLACK_BOT_TOKEN"]
    assert revealed_by(matrix.password) == MATRIX_PASSWORD
    assert (matrix.room, matrix.encryption) == ("!abc", True)
    assert (settings.relay.undo_seconds, settings.relay.delay_seconds) == (60, (5, 60))
    assert settings.moderators.room == "!mods:city-hospital.example"
    assert settings.verification.names_locked == ("st-anna",)
    assert settings.retention.drafts == 14


def test_one_platform_alone_is_enough_and_the_rest_has_defaults(folder: ConfigFolder) -> None:
    folder.write(ONE_MATRIX)

    settings = folder.load()

    assert settings.slack == ()
    assert settings.key_file == Path("/etc/curbside/master.key")
    assert settings.database.sqlite
    assert (settings.http.host, settings.http.port) == ("127.0.0.1", 8080)
    assert settings.privacy.min_cell == 5
    assert settings.matrix[0].encryption


def test_relative_paths_count_from_the_folder_of_the_file(
    folder: ConfigFolder, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder.write_contract()
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))

    settings = folder.load({"CURBSIDE_KEY_FILE": "keys/master.key"})

    assert settings.data_dir == folder.path / "var"
    assert settings.key_file == folder.path / "keys" / "master.key"


def test_undo_and_delay_can_be_switched_off(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}[relay]\nundo_seconds = 0\ndelay_seconds = [0, 0]\n")

    relay = folder.load().relay

    assert (relay.undo_seconds, relay.delay_seconds) == (0, (0, 0))


def test_the_file_is_the_one_given_then_the_variable_then_the_working_folder() -> None:
    variable = {"CURBSIDE_CONFIG": "/from/variable.toml"}

    assert whereabouts(Path("given.toml"), variable) == Path("given.toml")
    assert whereabouts(None, variable) == Path("/from/variable.toml")
    assert whereabouts(None, {}) == Path("curbside.toml")


@pytest.mark.parametrize(
    ("variable", "value", "path", "expected"),
    [
        ("CURBSIDE_RELAY__UNDO_SECONDS", "3", ("relay", "undo_seconds"), 3),
        ("CURBSIDE_RELAY__DELAY_SECONDS", "[1, 2]", ("relay", "delay_seconds"), (1, 2)),
        ("CURBSIDE_RELAY__DELAY_SECONDS", "0,0", ("relay", "delay_seconds"), (0, 0)),
        ("CURBSIDE_HTTP__PORT", "0", ("http", "port"), 0),
        ("CURBSIDE_LOG__LEVEL", "debug", ("log", "level"), "debug"),
        ("CURBSIDE_PRIVACY__MIN_CELL", "11", ("privacy", "min_cell"), 11),
    ],
)
def test_a_variable_replaces_what_the_file_says(
    folder: ConfigFolder, variable: str, value: str, path: tuple[str, str], expected: object
) -> None:
    folder.write_contract()

    settings = folder.load({variable: value})

    assert getattr(getattr(settings, path[0]), path[1]) == expected


def test_a_variable_reaches_the_only_site_of_its_kind_and_named_sites_by_name(folder: ConfigFolder) -> None:
    folder.write_contract()

    settings = folder.load(
        {
            "CURBSIDE_MATRIX__PASSWORD": "other",
            "CURBSIDE_MATRIX__ALLOW_SERVERS": "a.example, b.example",
            "CURBSIDE_SLACK__ST_ANNA__CHANNEL": "C77",
        }
    )

    assert revealed_by(settings.matrix[0].password) == "other"
    assert settings.matrix[0].allow_servers == ("a.example", "b.example")
    assert settings.slack[0].channel == "C77"


def test_a_variable_for_one_of_two_sites_must_name_it(folder: ConfigFolder) -> None:
    second = ONE_MATRIX.replace('"city"', '"lake-view"')
    folder.write(ONE_MATRIX + second)

    assert folder.load({"CURBSIDE_MATRIX__LAKE_VIEW__ROOM": "!lake"}).matrix[1].room == "!lake"
    [said] = folder.said({"CURBSIDE_MATRIX__ROOM": "!lake"})
    assert said.startswith("CURBSIDE_MATRIX__ROOM must say which site")
    assert "CITY, LAKE_VIEW" in said


def test_the_environment_alone_can_be_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load(
        None,
        {
            "CURBSIDE_DATA_DIR": "here",
            "CURBSIDE_MATRIX__NAME": "city",
            "CURBSIDE_MATRIX__HOMESERVER": "http://127.0.0.1:8008",
            "CURBSIDE_MATRIX__USER": "@curbside:localhost:8008",
            "CURBSIDE_MATRIX__PASSWORD": "pw",
        },
    )

    assert settings.data_dir == tmp_path / "here"
    assert settings.matrix[0].user == "@curbside:localhost:8008"


def test_every_scalar_has_a_variable(folder: ConfigFolder) -> None:
    """Each key of each section, set to the value it has, is accepted under its variable's name."""
    folder.write_contract()
    settings = folder.load()

    for section, field in Settings.model_fields.items():
        if section in TOP_LEVEL or section in {"slack", "matrix"}:
            continue
        table = getattr(settings, section)
        assert field.annotation is type(table)
        for key in type(table).model_fields:
            value = getattr(table, key)
            written = revealed_by(value) or (
                ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            )
            name = f"CURBSIDE_{section}__{key}".upper()
            assert getattr(getattr(folder.load({name: written}), section), key) == value, name


def test_variables_of_others_are_passed_over(folder: ConfigFolder) -> None:
    folder.write(ONE_MATRIX)

    orchestrator = {"CURBSIDE_PORT": "tcp://10.0.0.1:80", "CURBSIDE_SERVICE_HOST": "10.0.0.1"}

    assert folder.said(orchestrator) == []


def test_settings_built_in_code_look_at_no_file_and_no_variable(
    folder: ConfigFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(ONE_MATRIX)
    monkeypatch.chdir(folder.path)
    monkeypatch.setenv("CURBSIDE_RELAY__UNDO_SECONDS", "3")

    settings = Settings(matrix=folder.load().matrix)

    assert settings.relay.undo_seconds == 60
    assert settings.data_dir == folder.path / "var"


def test_only_our_variables_count_and_only_those_handed_in(
    folder: ConfigFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(ONE_MATRIX)
    monkeypatch.setenv("DATA_DIR", "/elsewhere")
    monkeypatch.setenv("CURBSIDE_DATA_DIR", "/elsewhere")

    assert folder.load().data_dir == folder.path / "var"


def test_settings_never_change_after_reading(folder: ConfigFolder) -> None:
    folder.write(ONE_MATRIX)
    settings = folder.load()

    with pytest.raises(ValueError, match="frozen"):
        settings.relay.undo_seconds = 0  # type: ignore[misc] # that is what is tested


def test_a_file_that_is_named_but_absent_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as caught:
        load(tmp_path / "none.toml", {"CURBSIDE_MATRIX__NAME": "city"})

    assert str(caught.value) == f"{tmp_path / 'none.toml'} does not exist; `curbside init` writes one"
