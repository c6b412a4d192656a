"""A Curbside to measure: settings, physicians with a case each, and as much stored as is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.relaying.matrix_stub import room_of, token_of, user_of
from benchmarks.relaying.slack_stub import CHANNEL, TEAM
from bot.bootstrap import Bot, SystemChance
from bot.chat.events import Account
from bot.config import load
from bot.domain.cases import Case
from bot.domain.members import MemberId, Role
from bot.identity.keys import create_key_file
from bot.ports.adapter import Part
from storage.content.postings import PostingRows

FIRST_CASE: Final = 101
_SITE: Final = """
[[matrix]]
name = "matrix{number}"
homeserver = "{base}"
user = "{user}"
access_token = "{token}"
device_id = "BENCH"
room = "{room}"
encryption = false
"""
_SETTINGS: Final = """
data_dir = "var"
key_file = "master.key"

[[slack]]
name = "slack"
api_url = "{base}/api/"
bot_token = "xoxb-bench"
app_token = "xapp-bench"
channel = "{channel}"
{sites}
{database}
[http]
host = "127.0.0.1"
port = 0

[relay]
undo_seconds = 0
delay_seconds = [0, 0]

[log]
level = "error"
"""
_DATABASE: Final = """
[database]
url = "{}"
vault_url = "{}"
"""


@dataclass(frozen=True, slots=True)
class House:
    """Where it lies, and who its physicians are: everyone has the case of the same place in line.

    ``guests`` are physicians with a case too, who say nothing in floods.
    """

    config: Path
    people: tuple[str, ...]
    guests: tuple[str, ...] = ()

    def comment(self, number: int, text: str) -> tuple[str, str]:
        """Give who says something about their own case, and the command."""
        at = number % len(self.people)
        return self.people[at], f"comment {FIRST_CASE + at} {text}"


async def make_house(
    folder: Path,
    base: str,
    *,
    people: int,
    guests: int = 0,
    sites: int = 1,
    addresses: Sequence[str] = (),
) -> House:
    """Write settings and databases: files, or those at ``addresses``, of the content and of the vault."""
    create_key_file(folder / "master.key", SystemChance())
    described = "".join(
        _SITE.format(number=n, base=base, user=user_of(n), token=token_of(n), room=room_of(n))
        for n in range(1, sites + 1)
    )
    database = _DATABASE.format(*addresses) if addresses else ""
    config = folder / "curbside.toml"
    settings = _SETTINGS.format(base=base, channel=CHANNEL, sites=described, database=database)
    config.write_text(settings, encoding="utf-8")
    config.chmod(0o600)
    everybody = tuple(f"U{number:05d}" for number in range(people + guests))
    house = House(config, everybody[:people], everybody[people:])
    async with opened(house) as bot:
        for number, person in enumerate(everybody):
            await _settle(bot, person, FIRST_CASE + number, sites)
    return house


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[Bot]:
    """Open its databases as the bot does; nothing connects."""
    bot = await Bot.open(load(house.config))
    try:
        yield bot
    finally:
        await bot.stop()


async def _settle(bot: Bot, person: str, number: int, sites: int) -> None:
    """Let a physician in, past the welcome, and let a case of theirs stand in every room."""
    account = Account("slack", TEAM, person)
    await bot.wall.joining.enrol(account, f"Physician {number}", "Dermatology", Role.PHYSICIAN, by="bench")
    known = await bot.wall.who(account)
    if known is None:
        raise RuntimeError("a physician who was let in is not there")
    asked = case_of(f"bench{number}", number, known.member)
    content = bot._content  # noqa: SLF001 - what stands in rooms is written past the bot
    async with content.work() as work:
        await work.outbox.hush(known.member)
        await work.cases.add(asked)
    async with content._database.transaction() as connection:  # noqa: SLF001 - as above
        postings = PostingRows(connection)
        await postings.keep("slack", asked.subject, Part("message", f"{CHANNEL}/1700000000.{number:06d}"))
        for site in range(1, sites + 1):
            root = Part("message", f"{room_of(site)} $root{number}")
            await postings.keep(f"matrix{site}", asked.subject, root)


def case_of(ident: str, number: int, author: MemberId) -> Case:
    """Make a case that waits for opinions for years."""
    now = datetime.now(UTC)
    return Case(
        ident,
        number,
        author,
        "Rash on the legs",
        "A rash on both legs since the weekend, no fever.",
        "What would you do first?",
        "routine",
        now,
        now,
        closes_at=now + timedelta(days=3650),
    )
