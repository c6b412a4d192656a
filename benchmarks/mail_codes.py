"""Whether the time of an answer tells a right code of a mail from a wrong one, or whether an address exists.

    python benchmarks/mail_codes.py [--tries 500] [--json FILE]

T-22. The check on a real vault, with a mail server on loopback that refuses addresses it does not know and
takes mail at once: with one that takes its time, the answer about a known address takes as much longer. Every
pair is asked for by two accounts of its own, now this one first and now that.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import random
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import structlog
from aiosmtpd.smtp import SMTP, Envelope

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._figures import main
from bot.bootstrap import Bot, SystemChance, SystemClock
from bot.chat.events import Account
from bot.config.settings import Settings
from bot.domain.verification import Finding, Outcome
from bot.identity.keys import create_key_file
from bot.ports.verification import Claims, NotIt
from bot.verification.email import Email
from bot.verification.postman import MailServer, SmtpPostman

BAR: Final = 5.0
"""Milliseconds that the middles may be apart."""
KNOWN, UNKNOWN = "known", "unknown"
_CODE: Final = re.compile(r"\b\d{8}\b")


class Mailroom:
    """Takes mails to the one address that exists, and keeps the code of the last one."""

    code = ""

    async def handle_RCPT(  # noqa: N802 - the library's name for it
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse whoever is not there."""
        if not address.startswith(KNOWN):
            return "550 5.1.1 No such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail."""
        self.code = _CODE.findall(str(envelope.content))[0]
        return "250 OK"


@asynccontextmanager
async def staged(folder: Path, room: Mailroom) -> AsyncIterator[Email]:
    """Open the check on a real vault, with the mail server on loopback."""
    clock, chance = SystemClock(), SystemChance()
    create_key_file(folder / "master.key", chance)
    settings = Settings.model_construct(
        data_dir=folder / "var", key_file=folder / "master.key", slack=(), matrix=()
    )
    key = chance.key()

    def index(purpose: str, value: str) -> bytes:
        return hmac.new(key, f"{purpose}|{value}".encode(), hashlib.sha256).digest()

    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(room, hostname="mail.example"), "127.0.0.1", 0
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        postman = SmtpPostman(MailServer("127.0.0.1", port, "bot@city.example"), clock=clock, chance=chance)
        bot = await Bot.open(settings, clock, adapters=(), chance=chance)
        try:
            domains = {"here": ("city.example",)}
            cabinet = bot.wall.cabinet("benchmark")
            yield Email(postman, cabinet, domains, index=index, clock=clock, chance=chance)
        finally:
            await bot.stop()


async def measure(folder: Path, tries: int) -> dict[str, Any]:
    """Ask for as many codes at a known and an unknown address, and type right and wrong ones."""
    asked: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    typed: dict[str, list[float]] = {"right": [], "wrong": []}
    room = Mailroom()
    async with staged(folder, room) as check:
        for turn in range(tries):
            refs = {}
            for kind in random.sample((KNOWN, UNKNOWN), 2):
                account = Account("slack", "T0EXAMPLE", f"U{kind}{turn}")
                claims = Claims(account, "here", {"email": f"{kind}@city.example"})
                began = time.perf_counter()
                refs[kind] = (await check.start(claims)).ref
                asked[kind].append((time.perf_counter() - began) * 1000)
            wrong = f"{(int(room.code) + 1) % 10**8:08}"
            # The wrong one first: a right one would use the code up.
            for kind, code in (("wrong", wrong), ("right", room.code)):
                began = time.perf_counter()
                found = await check.poll(refs[KNOWN], code)
                typed[kind].append((time.perf_counter() - began) * 1000)
                right = isinstance(found, Finding) and found.outcome is Outcome.PASS
                if right is not (kind == "right") or not (right or isinstance(found, NotIt)):
                    raise SystemExit(f"a {kind} code was answered with {found}")
    return {"tries": tries, "asked_for": _figures(asked), "typed": _figures(typed), "bar_ms": BAR}


def _figures(took: dict[str, list[float]]) -> dict[str, Any]:
    middles = {kind: median(times) for kind, times in took.items()}
    one, other = took.values()
    apart = median(first - second for first, second in zip(one, other, strict=True))
    return {
        **{
            kind: {"p50_ms": round(middles[kind], 2), "p95_ms": round(quantiles(times, n=20)[-1], 2)}
            for kind, times in took.items()
        },
        "difference_p50_ms": round(abs(apart), 2),
    }


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    main(__doc__, measure)
