"""T-24: no secret in any repr, error or dump of the configuration."""

import io
import logging
import traceback

import pytest

from bot import logs
from bot.config import WrongSettings, revealed
from bot.logs import Scrubber
from tests.config.files import CONTRACT, MATRIX_PASSWORD, SECRETS, ConfigFolder

CANARIES = {MATRIX_PASSWORD, *SECRETS.values()}


def test_t24_settings_show_no_secret(folder: ConfigFolder) -> None:
    folder.write_contract()

    settings = folder.load()

    shown = [repr(settings), str(settings), f"{settings.slack}", settings.model_dump_json()]
    assert not [canary for canary in CANARIES for text in shown if canary in text]


def test_t24_the_password_inside_a_database_address_is_a_secret(folder: ConfigFolder) -> None:
    folder.write_contract()

    urls = [f"postgresql+asyncpg://bot:canary-db@db.example/{name}" for name in ("content", "vault")]

    settings = folder.load({"CURBSIDE_DATABASE__URL": urls[0], "CURBSIDE_DATABASE__VAULT_URL": urls[1]})

    assert "canary-db" not in repr(settings)
    assert set(urls) <= set(revealed(settings))


@pytest.mark.parametrize(
    "broken",
    [
        ('homeserver = "https://', 'homeserver = "ftp://canary-address@'),
        ("bot_token = {", "bot_tokken = {"),
        ('bot_token = { env = "SLACK_BOT_TOKEN" }', 'bot_token = ["canary-list"]'),
        ("[relay]", 'x = "canary-syntax\n[relay]'),
        ('url = "sqlite"', 'url = "mysql://canary-address@x"'),
        ('url = "sqlite"', 'url = "postgresql+asyncpg://a:canary-address@x/c"'),
        ('url = "sqlite"', 'url = "postgresql+asyncpg://a:canary/x@db.example/c"'),
        ('vault_url = ""', 'vault_url = "mysql://canary-address@x"'),
    ],
)
def test_t24_errors_show_no_secret(folder: ConfigFolder, broken: tuple[str, str]) -> None:
    folder.write_contract()
    folder.write(CONTRACT.read_text(encoding="utf-8").replace(*broken))

    with pytest.raises(WrongSettings) as caught:
        folder.load()

    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "canary" not in told


def test_t24_the_librarys_own_debugging_shows_no_secret(
    folder: ConfigFolder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYDANTIC_SETTINGS_DEBUG", "1")
    caplog.set_level(logging.DEBUG, "pydantic_settings")
    folder.write_contract()
    written = io.StringIO()
    undo = logs.configure("debug", "json", stream=written)

    folder.load()
    undo()

    assert written.getvalue() == ""


def test_t24_every_secret_of_the_file_is_known_to_the_scrubber(folder: ConfigFolder) -> None:
    folder.write_contract()
    settings = folder.load()

    assert set(revealed(settings)) >= CANARIES
    assert "sqlite" not in revealed(settings)


def test_t24_the_scrubber_takes_secrets_out_and_shows_none() -> None:
    scrub = Scrubber(["hunter", "hunter-longer", ""])

    assert scrub("no hunter-longer, no hunter") == "no [secret], no [secret]"
    assert "hunter" not in repr(scrub)
    with pytest.raises(TypeError):
        vars(scrub)
