"""A wrong configuration is named by key, with the nearest known one, and says all its problems at once."""

import pytest

from tests.config.files import ONE_MATRIX, ConfigFolder


def test_an_unknown_key_names_the_nearest(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}[relay]\nundo_second = 5\n")

    assert folder.said() == ["[relay] has no key undo_second; did you mean undo_seconds?"]


def test_an_unknown_section_names_the_nearest(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}[realy]\nundo_seconds = 5\n")

    assert folder.said() == ["the configuration has no key realy; did you mean [relay]?"]


def test_an_unknown_key_that_resembles_nothing_lists_what_there_is(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}[privacy]\nzzz = 5\n")

    assert folder.said() == ["[privacy] has no key zzz; it knows min_cell, name_change_days"]


def test_an_unknown_key_of_a_site_names_the_site(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}rom = '!abc'\n")

    assert folder.said() == ["[[matrix]] city has no key rom; did you mean room?"]


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("CURBSIDE_RELAY__UNDO_SECOND", "[relay] has no key undo_second; did you mean undo_seconds?"),
        ("CURBSIDE_RELAYS__UNDO_SECONDS", "names no section of the configuration; did you mean relay?"),
        ("CURBSIDE_DATADIR", "is not known; did you mean CURBSIDE_DATA_DIR?"),
        ("CURBSIDE_RELAY__UNDO__SECONDS", "has too many parts"),
    ],
)
def test_an_unknown_variable_names_itself_and_the_nearest(
    folder: ConfigFolder, variable: str, said: str
) -> None:
    folder.write(ONE_MATRIX)

    [problem] = folder.said({variable: "1"})

    assert said in problem
    assert variable in problem


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[relay]\nundo_seconds = 'soon'", "[relay] undo_seconds must be a number"),
        ("[relay]\nundo_seconds = -1", "[relay] undo_seconds must be at least 0"),
        ("[relay]\nundo_seconds = nan", "[relay] undo_seconds must be a number"),
        ("[relay]\ndelay_seconds = [9, 1]", "[relay] delay_seconds must name the shorter time first"),
        ("[relay]\ndelay_seconds = [1]", "[relay] delay_seconds"),
        ("[http]\nport = 99999", "[http] port must be at most 65535"),
        ("[http]\nport = 'x'", "[http] port must be a whole number"),
        ("[log]\nlevel = 'loud'", "[log] level must be 'debug', 'info', 'warning' or 'error'"),
        ("[retention]\ncases = 400", "[retention] cases must be at most 365"),
        (
            "[database]\nurl = 'mysql://x'",
            "[database] url must be sqlite or begin with postgresql+asyncpg://",
        ),
        ("[database]\nvault_url = 'x'", "[database] vault_url must begin with postgresql+asyncpg://"),
        ("[database]\nurl = 'postgresql+asyncpg://db/c'", "[database] vault_url is missing"),
        ("[moderators]\nsite = 'city'", "[moderators] site and room belong together"),
        ("[smtp]\nhost = 'mail.example'", "[smtp] sender is missing"),
        ("[oidc]\nissuer = 'https://sso.example'", "[oidc] client_id is missing"),
        ("[http]\npublic_url = 'http://consult.example'", "[http] public_url must begin with https://"),
        (
            "[verification]\nworkplace = ['badge']",
            "[verification] workplace must be 'workspace', 'email',",
        ),
        ("[oidc]\nissuer = 'http://sso.example'", "[oidc] issuer must begin with https://"),
        ("[moderators]\nsite = 'lake'\nroom = '!m'", "the configuration names a site in [moderators]"),
        (
            "[verification]\nperson = ['stripe']",
            "the configuration names stripe in [verification] person, but [stripe] has no secret_key",
        ),
        ("[stripe]\napi_url = 'http://stripe.example'", "[stripe] api_url must begin with https://"),
        ("[npi_api]\nurl = 'http://registry.example'", "[npi_api] url must begin with https://"),
        ("[moderators]\nsite = 'city'\nroom = '#mods'", "the configuration names a room in [moderators]"),
        ("relay = 5", "[relay] must be a section with keys"),
    ],
)
def test_a_wrong_value_is_named_by_key(folder: ConfigFolder, line: str, said: str) -> None:
    folder.write(f"{line}\n{ONE_MATRIX}")

    [problem] = folder.said()

    assert problem.startswith(said)


_CONTENT = "postgresql+asyncpg://bot:pw@db.example/curbside"


@pytest.mark.parametrize(
    "vault",
    [
        _CONTENT,
        "postgresql+asyncpg://bot:another@db.example/curbside",
        "postgresql+asyncpg://bot:pw@DB.example:5432/curbside?ssl=require",
    ],
)
def test_content_and_vault_do_not_share_their_tables(folder: ConfigFolder, vault: str) -> None:
    folder.write(f"[database]\nurl = '{_CONTENT}'\nvault_url = '{vault}'\n{ONE_MATRIX}")

    [problem] = folder.said()

    assert problem.startswith("[database] vault_url must name another database or another role than url")


@pytest.mark.parametrize("change", [("bot:", "vault:"), ("/curbside", "/vault"), ("db.", "other.")])
def test_a_vault_of_its_own_is_another_role_or_database_or_server(
    folder: ConfigFolder, change: tuple[str, str]
) -> None:
    folder.write(f"[database]\nurl = '{_CONTENT}'\nvault_url = '{_CONTENT.replace(*change)}'\n{ONE_MATRIX}")

    assert not folder.load().database.sqlite


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("https://matrix.city.example", "http://matrix.city.example"),
            "homeserver must begin with https://",
        ),
        (("https://matrix.city.example", "matrix.city.example"), "homeserver must be a whole address"),
        (("https://matrix", "https://me:pw@matrix"), "homeserver must not hold a user name or password"),
        (("@curbside:city.example", "curbside"), "user must look like @curbside:city-hospital.example"),
        (('name = "city"', 'name = "a b"'), "name must be 1 to 40 letters"),
        (('name = "city"', 'name = "database"'), "name must not be database"),
        (('password = "canary-typed"', ""), "password is missing"),
        (('password = "canary-typed"', 'access_token = "t"'), "device_id is missing"),
        (('password = "canary-typed"', 'password = ""'), "password is missing"),
        (('"canary-typed"', '{ env = "NOT_SET" }'), "password needs the environment variable NOT_SET"),
        (('"canary-typed"', '{ file = "no.pw" }'), "password names the file"),
        (('"canary-typed"', "{ vault = 1 }"), "password must be text, {"),
    ],
)
def test_a_wrong_site_is_named_by_its_label(folder: ConfigFolder, change: tuple[str, str], said: str) -> None:
    folder.write(ONE_MATRIX.replace(*change))

    [problem] = folder.said()

    assert problem.startswith("[[matrix]] ")
    assert said in problem


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "127.8.9.1"])
def test_plain_addresses_are_for_loopback(folder: ConfigFolder, host: str) -> None:
    folder.write(ONE_MATRIX.replace("https://matrix.city.example", f"http://{host}:8008"))

    assert folder.load().matrix[0].homeserver == f"http://{host}:8008"


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.example", "10.0.0.1", "192.0.2.7"])
def test_nothing_else_counts_as_loopback(folder: ConfigFolder, host: str) -> None:
    folder.write(ONE_MATRIX.replace("https://matrix.city.example", f"http://{host}:8008"))

    assert len(folder.problems()) == 1


SLACK = """
[[slack]]
name = "st-anna"
bot_token = "xoxb-1"
channel = "C1X"
"""


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("", "app_token is missing; socket mode needs it"),
        ('mode = "http"', "signing_secret is missing; http mode needs it"),
        ('mode = "carrier"', "mode must be 'socket' or 'http'"),
        ('app_token = "x"\napi_url = "http://slack.example"', "api_url must begin with https://"),
    ],
)
def test_slack_says_what_its_mode_needs(folder: ConfigFolder, rest: str, said: str) -> None:
    folder.write(f"{SLACK}{rest}\n")

    [problem] = folder.said()

    assert problem.startswith(f"[[slack]] st-anna {said}")


def test_the_secret_of_the_other_mode_may_point_to_nothing(folder: ConfigFolder) -> None:
    folder.write(f'{SLACK}app_token = "x"\nsigning_secret = {{ env = "NOT_SET" }}\n')

    assert folder.load().slack[0].signing_secret is None


def test_a_channels_name_is_not_its_id(folder: ConfigFolder) -> None:
    folder.write(f'{SLACK}app_token = "x"\n'.replace("C1X", "#consult"))

    assert folder.said()[0].startswith("[[slack]] st-anna channel must be the channel's id")


def test_at_least_one_site_and_no_label_twice(folder: ConfigFolder) -> None:
    folder.write("")
    assert "at least one site" in folder.said()[0]

    folder.write(ONE_MATRIX + ONE_MATRIX.replace('"city"', '"City"'))
    assert "two sites with the name city" in folder.said()[0]


def test_all_problems_are_told_at_once(folder: ConfigFolder) -> None:
    folder.write(f"{ONE_MATRIX}rom = ''\n[http]\nport = 'x'\n[relay]\nundo_second = 1\n")

    assert len(folder.problems({"CURBSIDE_DATADIR": "x"})) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[relay\n", "is not TOML: at line 1"), (b"\xff\xfe", "is not text in UTF-8")],
)
def test_a_file_that_is_no_toml_says_where(folder: ConfigFolder, content: bytes, said: str) -> None:
    folder.file.write_bytes(content)

    [problem] = folder.said()

    assert problem.startswith(f"{folder.file} {said}")
