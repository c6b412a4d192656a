"""The postman, against a real mail server on loopback."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from bot.verification.postman import MailServer, NotSent, SmtpPostman
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.mailroom import (
    ELSEWHERE,
    HERE,
    PASSWORD,
    USER,
    Tray,
    serving,
    signed_by_itself,
    silence,
)

NEMO = "nemo@st-anna.example"
SENDER = "curbside@st-anna.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return signed_by_itself(tmp_path_factory.mktemp("mail"))


@pytest.fixture
def trusted(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def postman(server: MailServer, trusted: ssl.SSLContext | None = None, patience: float = 8.0) -> SmtpPostman:
    return SmtpPostman(server, clock=StoryClock(), chance=StoryChance(), trusted=trusted, patience=patience)


async def test_a_mail_arrives_as_it_was_written() -> None:
    tray = Tray()
    async with serving(tray) as port:
        await postman(MailServer(HERE, port, SENDER)).send(NEMO, "Your code", "It is 12345678.\n")

    (mail,) = tray.mails
    assert mail.get_content().splitlines() == ["It is 12345678."]
    heads = ("From", "To", "Subject", "Date", "Auto-Submitted")
    assert [mail[head] for head in heads] == [
        SENDER,
        NEMO,
        "Your code",
        "Sun, 01 Mar 2026 09:00:00 +0000",
        "auto-generated",
    ]
    assert mail["Message-ID"].endswith("@st-anna.example>")
    assert tray.greeted_by == ["st-anna.example"], "the machine's own name is nobody's business"


async def test_to_another_machine_a_mail_goes_encrypted_and_the_password_with_it(
    certificate: Path, trusted: ssl.SSLContext
) -> None:
    tray = Tray()
    async with serving(tray, certificate, log_in=True) as port:
        server = MailServer(ELSEWHERE, port, SENDER, USER, PASSWORD)
        await postman(server, trusted).send(NEMO, "Your code", "12345678")

    assert tray.encrypted == [True]


async def test_a_wrong_password_sends_nothing(certificate: Path, trusted: ssl.SSLContext) -> None:
    tray = Tray()
    async with serving(tray, certificate, log_in=True) as port:
        with pytest.raises(NotSent):
            await postman(MailServer(ELSEWHERE, port, SENDER, USER, "guessed"), trusted).send(NEMO, "a", "b")

    assert tray.mails == []


async def test_without_encryption_nothing_goes_to_another_machine() -> None:
    tray = Tray()
    async with serving(tray) as port:
        with pytest.raises(NotSent):
            await postman(MailServer(ELSEWHERE, port, SENDER)).send(NEMO, "Your code", "12345678")

    assert tray.mails == []


async def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: Path) -> None:
    tray = Tray()
    async with serving(tray, certificate) as port:
        with pytest.raises(NotSent):
            await postman(MailServer(ELSEWHERE, port, SENDER)).send(NEMO, "Your code", "12345678")

    assert tray.mails == []


async def test_silence_ends_with_patience() -> None:
    async with silence() as port:
        with pytest.raises(NotSent):
            await postman(MailServer(HERE, port, SENDER), patience=0.1).send(NEMO, "Your code", "12345678")


async def test_nobody_listens() -> None:
    async with silence() as port:
        pass
    with pytest.raises(NotSent):
        await postman(MailServer(HERE, port, SENDER)).send(NEMO, "Your code", "12345678")


@pytest.mark.parametrize("answer", ["451 Later", "554 No"])
async def test_a_server_that_does_not_take_the_mail_is_a_fault(answer: str) -> None:
    async with serving(Tray(data_answer=answer)) as port:
        with pytest.raises(NotSent):
            await postman(MailServer(HERE, port, SENDER)).send(NEMO, "Your code", "12345678")


async def test_t22_an_address_that_nobody_has_is_no_fault() -> None:
    tray = Tray(unknown=(NEMO,))
    async with serving(tray) as port:
        await postman(MailServer(HERE, port, SENDER)).send(NEMO, "Your code", "12345678")

    assert tray.mails == []


def test_a_password_shows_in_no_repr() -> None:
    server = MailServer(HERE, 25, SENDER, USER, PASSWORD)
    assert PASSWORD not in repr(server) + repr(postman(server))
