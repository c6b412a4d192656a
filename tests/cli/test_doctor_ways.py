"""`curbside doctor` about the ways in: what is named and not there, and the servers behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap.checks import Means, checks_of, way_back
from bot.cli.checks import machine, ways
from bot.config import MatrixSite, Settings, SlackSite
from bot.ports.adapter import Check
from bot.verification.email import Email
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.stories.front_office import import_register
from tests.stories.register import invented_register
from tests.verification import mailroom, provider
from tests.verification.code_desk import keyed

SMTP = {"host": "mail.st-anna.example", "sender": "curbside@st-anna.example"}
OIDC = {"issuer": "https://sso.st-anna.example", "client_id": "curbside"}
PUBLIC = {"public_url": "https://consult.st-anna.example/bot/"}


def settings(folder: Path, *, domains: tuple[str, ...] = ("st-anna.example",), **more: Any) -> Settings:
    site = MatrixSite(
        name="city",
        homeserver="https://m.example",
        user="@c:m.example",
        password="x",
        allow_domains=domains,
    )
    return Settings(data_dir=folder / "var", key_file=folder / "key", matrix=(site,), **more)


def told(*workplace: str, folder: Path, **more: Any) -> list[tuple[str, str]]:
    asked = settings(folder, verification={"workplace": workplace}, **more)
    return [(check.state, f"{check.name} {check.remedy}") for check in ways.ways(asked)]


def test_what_nobody_touched_is_not_complained_about(tmp_path: Path) -> None:
    assert list(ways.ways(settings(tmp_path))) == []
    assert told("workspace", folder=tmp_path) == []
    assert told("email", "oidc", folder=tmp_path, smtp=SMTP, oidc=OIDC, http=PUBLIC) == []


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("email", {}, "[smtp] has no host"),
        ("email", {"smtp": SMTP, "domains": ()}, "no site has allow_domains"),
        ("oidc", {}, "[oidc] has no issuer"),
        ("oidc", {"oidc": OIDC}, "[http] has no public_url"),
    ],
)
def test_a_check_that_is_named_and_not_there_has_its_line(
    tmp_path: Path, name: str, more: dict[str, Any], said: str
) -> None:
    [(state, sentence)] = told("workspace", name, folder=tmp_path, **more)
    assert state == "warn"
    assert sentence.startswith(f"[verification] workplace names {name}, but {said}")

    [(alone, _)] = told(name, folder=tmp_path, **more)
    assert alone == "fail", "nobody could come in"


def test_without_any_check_nobody_comes_in(tmp_path: Path) -> None:
    assert [state for state, _ in told(folder=tmp_path)] == ["fail"]


def test_what_is_configured_and_not_named_has_its_line(tmp_path: Path) -> None:
    found = told("workspace", folder=tmp_path, smtp=SMTP, oidc=OIDC, http=PUBLIC)
    assert [state for state, _ in found] == ["warn", "warn"]
    assert "does not name email; add it there" in found[0][1]


def test_sections_that_nobody_looks_at_yet_are_named(tmp_path: Path) -> None:
    used = {"recheck_days": 30, "name_pass": 0.95}
    assert list(machine.later(settings(tmp_path, verification=used))) == []
    found = machine.later(settings(tmp_path, verification=used, retention={"cases": 90}))
    assert [check.name for check in found] == ["[retention] cases"]


async def all_of(checks: AsyncIterator[Check]) -> list[Check]:
    return [check async for check in checks]


async def test_the_mail_server_is_tried_without_a_mail(tmp_path: Path) -> None:
    tray = mailroom.Tray()
    async with mailroom.serving(tray) as port:
        at = {**SMTP, "host": mailroom.HERE, "port": port}
        [fine] = await all_of(ways.mail_server(settings(tmp_path, smtp=at)))
        log_in = {**at, "user": "curbside", "password": "an invented password"}
        [refused] = await all_of(ways.mail_server(settings(tmp_path, smtp=log_in)))
    [silent] = await all_of(ways.mail_server(settings(tmp_path, smtp=at)))

    assert (fine.state, refused.state, silent.state) == ("ok", "fail", "fail")
    assert "does not answer" in silent.remedy
    assert tray.mails == []
    assert await all_of(ways.mail_server(settings(tmp_path))) == []


async def test_a_wrong_password_and_a_strange_certificate_are_told_apart(tmp_path: Path) -> None:
    certificate = mailroom.signed_by_itself(tmp_path)
    async with mailroom.serving(mailroom.Tray(), certificate) as port:
        at = {**SMTP, "host": mailroom.ELSEWHERE, "port": port}
        [strange] = await all_of(ways.mail_server(settings(tmp_path, smtp=at)))
    assert "a certificate that this machine does not trust" in strange.remedy


async def test_the_provider_is_tried_and_the_address_back_told(tmp_path: Path) -> None:
    async with provider.serving(StoryClock()) as sso:
        asked = settings(tmp_path, oidc={**OIDC, "issuer": sso.issuer}, http=PUBLIC)
        [fine] = await all_of(ways.single_sign_on(asked))
        sso.about = {"issuer": f"{sso.issuer}/"}
        [other] = await all_of(ways.single_sign_on(asked))

    assert fine.state == "ok"
    assert "https://consult.st-anna.example/bot/sign-on" in fine.remedy
    assert other.state == "fail"
    assert "right to the letter" in other.remedy
    assert await all_of(ways.single_sign_on(settings(tmp_path, oidc=OIDC))) == []


async def test_without_a_register_a_moderator_has_to_look_at_everybody(
    tmp_path: Path,
) -> None:
    asked = settings(tmp_path)
    [none] = await all_of(ways.register(asked))
    assert not (tmp_path / "var").exists(), "looking makes nothing"
    await import_register(asked.data_dir)
    [some] = await all_of(ways.register(asked))

    assert none.state == "warn"
    assert "curbside roster import" in none.remedy
    assert some.state == "ok"


def test_checks_are_made_in_the_order_that_the_operator_gives(tmp_path: Path) -> None:
    asked = settings(
        tmp_path,
        verification={"workplace": ("oidc", "workspace", "vouch", "email"), "credential": ("list",)},
        smtp=SMTP,
        oidc=OIDC,
        http=PUBLIC,
    )
    means = Means(lambda _: MemoryCabinet(), keyed, StoryClock(), StoryChance())
    made = checks_of(asked, (), invented_register(), means)

    assert [check.name for check in made] == ["oidc", "workspace", "vouch", "email", "list"]
    assert way_back(made) is not None
    assert way_back(made[1:]) is None


def test_what_is_not_configured_is_not_made(tmp_path: Path) -> None:
    asked = settings(tmp_path, verification={"workplace": ("oidc", "email")}, oidc=OIDC)
    means = Means(lambda _: MemoryCabinet(), keyed, StoryClock(), StoryChance())
    assert [check.name for check in checks_of(asked, (), invented_register(), means)] == ["roster", "list"]


def test_a_slack_site_keeps_its_domains_for_codes_too(tmp_path: Path) -> None:
    slack = SlackSite(
        name="anna", bot_token="x", app_token="x", channel="C1X", allow_domains=("anna.example",)
    )
    asked = Settings(data_dir=tmp_path, key_file=tmp_path, slack=(slack,), smtp=SMTP)
    means = Means(lambda _: MemoryCabinet(), keyed, StoryClock(), StoryChance())
    email = next(one for one in checks_of(asked, (), invented_register(), means) if one.name == "email")
    assert isinstance(email, Email)
    assert [email.serves(site) for site in ("anna", "city")] == [True, False]
