"""Mail: one short text to one address, through the hospital's own mail server."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Final, Protocol

import aiosmtplib
import structlog

from bot.ports.chance import Chance
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)

_TLS_FROM_THE_START: Final = 465
_PATIENCE: Final = 8.0


class NotSent(Exception):
    """The mail could not be handed over right now. No text of it and no address goes into this.

    ``why`` is ``log_in`` (user or password), ``certificate``, ``silent`` or ``refused``.
    """

    def __init__(self, why: str = "silent") -> None:
        """Remember why."""
        super().__init__(why)
        self.why = why


class Postman(Protocol):
    """Sends mail."""

    async def send(self, to: str, subject: str, text: str) -> None:
        """Hand a mail over; raises :class:`NotSent` when the server is silent or has a fault.

        An address that the server does not know is no fault: whoever asks for a mail must not learn whether
        somebody has it.
        """
        ...


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out. ``user`` is empty where the server wants no log-in."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


class SmtpPostman:
    """Speaks SMTP: always encrypted, with a certificate that holds, unless the server is this machine."""

    def __init__(
        self,
        server: MailServer,
        *,
        clock: Clock,
        chance: Chance,
        trusted: ssl.SSLContext | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        """Take the server; ``trusted`` replaces the machine's certificates. ``patience`` is in seconds."""
        self._server = server
        self._clock = clock
        self._chance = chance
        self._trusted = trusted
        self._patience = patience

    async def send(self, to: str, subject: str, text: str) -> None:
        """Hand a mail over; see :class:`Postman`."""
        mail = self._mail(to, subject, text)
        try:
            async with self._line() as line:
                await line.send_message(mail, sender=self._server.sender, recipients=[to])
        except aiosmtplib.SMTPRecipientsRefused as refused:
            _log.warning("mail_refused", status=refused.recipients[0].code)

    async def try_out(self) -> None:
        """Do everything but send: connect, encrypt, log in; raises :class:`NotSent`."""
        async with self._line() as line:
            await line.noop()

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """Open a line to the server; whatever goes wrong on it is :class:`NotSent`, or the recipient's."""
        try:
            async with asyncio.timeout(self._patience), self._client() as client:
                yield client
        except aiosmtplib.SMTPRecipientsRefused:
            raise
        except (aiosmtplib.SMTPException, OSError) as fault:
            _log.warning("mail_not_sent", error=type(fault).__name__)
            raise NotSent(_why(fault)) from None

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        encrypted = server.port == _TLS_FROM_THE_START
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=_domain(server.sender),
            timeout=self._patience,
            use_tls=encrypted,
            start_tls=not encrypted and not _is_here(server.host),
            tls_context=self._trusted,
        )

    def _mail(self, to: str, subject: str, text: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = f"<{self._chance.id()}@{_domain(self._server.sender)}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        return mail


def _why(fault: Exception) -> str:
    if isinstance(fault, aiosmtplib.SMTPAuthenticationError):
        return "log_in"
    if isinstance(fault, ssl.SSLError) or isinstance(fault.__cause__, ssl.SSLError):
        return "certificate"
    silent = (OSError, aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected)
    return "silent" if isinstance(fault, silent) else "refused"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].rstrip(">")


def _is_here(host: str) -> bool:
    """Whether a host is this machine, where there is no line that anybody could listen to."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
