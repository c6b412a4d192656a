"""The smaller sections of the configuration. Some are for parts of the bot that are still to come."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from bot.config.addresses import checked
from bot.config.fields import Address, Days, Label, Listed, Section
from bot.config.secret import Secret

Port = Annotated[int, Field(ge=0, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0, le=86400)]

_POSTGRESQL = re.compile(r"postgresql\+asyncpg://\S+")


def _database(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    if text != "sqlite" and not _POSTGRESQL.fullmatch(text):
        raise ValueError("must be sqlite or begin with postgresql+asyncpg://")
    return _readable(url)


def _vault(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    if text and not _POSTGRESQL.fullmatch(text):
        raise ValueError("must begin with postgresql+asyncpg://")
    return _readable(url)


def _readable(url: SecretStr) -> SecretStr:
    """Refuse what no port can be read from, in words that show nothing of a password."""
    try:
        _whose(url)
    except ValueError:
        raise ValueError(
            "cannot be read; in a password, / is written %2F, @ is %40, : is %3A, # is %23, ? is %3F"
        ) from None
    return url


def _whose(url: SecretStr) -> tuple[str | None, int, str, str | None]:
    """Say which tables an address leads to: those of a role in a database of a server."""
    parts = urlsplit(url.get_secret_value())
    return parts.hostname, parts.port or 5432, parts.path, parts.username


def _address_or_nothing(text: str) -> str:
    return checked(text) if text else text


class Database(Section):
    """``[database]``: where cases and identities live. An address may hold a password, hence the type."""

    url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("sqlite")
    vault_url: Annotated[SecretStr, AfterValidator(_vault)] = SecretStr("")

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.sqlite:
            return self
        if not self.vault_url.get_secret_value():
            raise ValueError("vault_url is missing; identities need a database or a role of their own")
        if _whose(self.url) == _whose(self.vault_url):
            raise ValueError("vault_url must name another database or another role than url")
        return self

    @property
    def sqlite(self) -> bool:
        """Whether both databases are files in ``data_dir``."""
        return self.url.get_secret_value() == "sqlite"


class SlackOauth(Section):
    """``[slack_oauth]``: the app that workspaces without a ``bot_token`` install by themselves."""

    client_id: str = ""
    client_secret: Secret = None


class Http(Section):
    """``[http]``: where the bot listens, and how browsers reach it. Port 0 takes any free one."""

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Annotated[str, AfterValidator(_address_or_nothing)] = ""


class Relay(Section):
    """``[relay]``: how long a posting can be undone, and how long it then waits, both in seconds."""

    undo_seconds: Seconds = 60
    delay_seconds: Annotated[tuple[Seconds, Seconds], Listed] = (5, 60)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.delay_seconds[0] > self.delay_seconds[1]:
            raise ValueError("delay_seconds must name the shorter time first, such as [5, 60]")
        return self


class Privacy(Section):
    """``[privacy]``: the fewest ballots of a shown result, and days between two screen names of a member."""

    min_cell: Annotated[int, Field(ge=1, le=1000)] = 5
    name_change_days: Days = 180


class Opinions(Section):
    """``[opinions]``: whether first opinions are blind, and at how many they are revealed and a case ends."""

    blind_first: bool = True
    reveal_at: Annotated[int, Field(ge=1, le=1000)] = 5
    close_at: Annotated[int, Field(ge=1, le=10000)] = 12


class Paging(Section):
    """``[paging]``: physicians paged for each specialty at a time, pages that one gets a day at most.

    ``digest_hour`` is the hour of the reader's day at which digests come.
    """

    for_each: Annotated[int, Field(ge=0, le=100)] = 8
    a_day: Annotated[int, Field(ge=0, le=100)] = 3
    digest_hour: Annotated[int, Field(ge=0, le=23)] = 8


class Moderators(Section):
    """``[moderators]``: the private room of the moderators, at one of the sites.

    ``answer_days`` are working days after which an application that waits is on the daily list.
    """

    site: str = ""
    room: str = ""
    answer_days: Days = 2

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.site) != bool(self.room):
            raise ValueError("site and room belong together; give both or none")
        return self


class Verification(Section):
    """``[verification]``: which plug-ins, in which order, and from where a likeness counts."""

    workplace: Annotated[tuple[Literal["workspace", "email", "oidc", "vouch"], ...], Listed] = (
        "workspace",
        "email",
    )
    person: Annotated[tuple[Literal["stripe"], ...], Listed] = ()
    credential: Annotated[tuple[Literal["roster", "list", "npi_api"], ...], Listed] = ("roster", "list")
    name_pass: Share = 0.90
    name_review: Share = 0.75
    duplicate_review: Annotated[int, Field(ge=1, le=100)] = 75
    recheck_days: Days = 365
    names_locked: Annotated[tuple[Label, ...], Listed] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.name_review > self.name_pass:
            raise ValueError("name_review must not be above name_pass")
        return self


class Smtp(Section):
    """``[smtp]``: the server that sends codes by e-mail; switched off while ``host`` is empty."""

    host: str = ""
    port: Port = 587
    user: str = ""
    password: Secret = None
    sender: str = ""

    @model_validator(mode="after")
    def _with_sender(self) -> Self:
        if self.host and "@" not in self.sender:
            raise ValueError("sender is missing; give the address that codes are sent from")
        return self


class Oidc(Section):
    """``[oidc]``: the hospital's single sign-on; switched off while ``issuer`` is empty."""

    issuer: Annotated[str, AfterValidator(_address_or_nothing)] = ""
    client_id: str = ""
    client_secret: Secret = None

    @model_validator(mode="after")
    def _with_client(self) -> Self:
        if self.issuer and not self.client_id:
            raise ValueError("client_id is missing; it is what the provider calls this bot")
        return self


class NpiApi(Section):
    """``[npi_api]``: the public registry's own API; asked only where ``credential`` names it."""

    url: Address = "https://npiregistry.cms.hhs.gov/api/"


class Stripe(Section):
    """``[stripe]``: Stripe Identity, which looks at documents; needed where ``person`` names it."""

    secret_key: Secret = None
    api_url: Address = "https://api.stripe.com/"


class Retention(Section):
    """``[retention]``: days that each class is kept. Times can be shortened, not extended."""

    originals: Annotated[Days, Field(le=1)] = 1
    drafts: Annotated[Days, Field(le=30)] = 30
    pictures: Annotated[Days, Field(le=180)] = 180
    cases: Annotated[Days, Field(le=365)] = 365
    evidence: Annotated[Days, Field(le=30)] = 30
    inbox: Annotated[Days, Field(le=30)] = 30
    outbox: Annotated[Days, Field(le=30)] = 30
    logs: Annotated[Days, Field(le=30)] = 30
    audit: Annotated[Days, Field(le=2192)] = 2192
    backups: Annotated[Days, Field(le=30)] = 30


class Tracing(Section):
    """``[tracing]``: where traces go by OTLP over HTTP; switched off while ``endpoint`` is empty.

    ``share`` is the share of all traces that is sent.
    """

    endpoint: Annotated[str, AfterValidator(_address_or_nothing)] = ""
    share: Share = 1.0


class Log(Section):
    """``[log]``: how much is said."""

    level: Literal["debug", "info", "warning", "error"] = "info"
