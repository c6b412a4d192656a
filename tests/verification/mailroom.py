"""A mail server on loopback, with a certificate of its own, and a postman for tests that need no server."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.verification.postman import NotSent

HERE = "127.0.0.1"
ELSEWHERE = "0.0.0.0"  # noqa: S104 - leads to this machine too, but is no loopback address
USER, PASSWORD = "curbside", "an invented password"


@dataclass
class Tray:
    """What arrives at a server: mails, and whether each came encrypted. ``unknown`` are refused."""

    mails: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    greeted_by: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    data_answer: str = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(session.ssl is not None)
        self.greeted_by.append(session.host_name)
        return self.data_answer


def _log_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
    right = isinstance(told, LoginPassword) and (told.login, told.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def serving(tray: Tray, certificate: Path | None = None, *, log_in: bool = False) -> AsyncIterator[int]:
    """Serve until the end of the block; gives the port. With a certificate only encrypted mail is taken."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)

    def session() -> SMTP:
        return SMTP(
            tray,
            hostname="mail.st-anna.example",
            tls_context=context,
            require_starttls=context is not None,
            auth_required=log_in,
            authenticator=_log_in,
        )

    server = await asyncio.get_running_loop().create_server(session, HERE, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def silence() -> AsyncIterator[int]:
    """A server that lets everybody in and says nothing."""
    done = asyncio.Event()

    async def wait(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    server = await asyncio.start_server(wait, HERE, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        done.set()


def signed_by_itself(folder: Path) -> Path:
    """Make a certificate with its key, for both names of this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.st-anna.example")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(each)) for each in (HERE, ELSEWHERE)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "mail.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@dataclass
class Pouch:
    """Fills :class:`bot.verification.postman.Postman`: keeps what was sent, or has a fault."""

    mails: list[tuple[str, str, str]] = field(default_factory=list)
    fault: bool = False

    async def send(self, to: str, subject: str, text: str) -> None:
        if self.fault:
            raise NotSent
        self.mails.append((to, subject, text))

    @property
    def code(self) -> str:
        """The code of the last mail."""
        words = self.mails[-1][2].replace(".", " ").split()
        return next(word for word in words if len(word) == 8 and word.isdecimal())
