"""Settings: the whole of ``curbside.toml``, checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Self

from pydantic import model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config.fields import Located, folded
from bot.config.sections import (
    Database,
    Http,
    Log,
    Moderators,
    NpiApi,
    Oidc,
    Opinions,
    Paging,
    Privacy,
    Relay,
    Retention,
    SlackOauth,
    Smtp,
    Stripe,
    Tracing,
    Verification,
)
from bot.config.sites import MatrixSite, Site, SlackSite, is_room_id
from bot.config.surroundings import surroundings


class Settings(BaseSettings):
    """Everything that an operator can set. Every value has its unit in its name or in its class.

    :func:`bot.config.load` reads one from file and environment. One that is built in code holds what it is
    given and the defaults, and looks at neither.
    """

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
        allow_inf_nan=False,
    )

    data_dir: Located = Path("var")
    key_file: Located = Path("/etc/curbside/master.key")
    database: Database = Database()
    slack: tuple[SlackSite, ...] = ()
    matrix: tuple[MatrixSite, ...] = ()
    slack_oauth: SlackOauth = SlackOauth()
    http: Http = Http()
    relay: Relay = Relay()
    privacy: Privacy = Privacy()
    opinions: Opinions = Opinions()
    paging: Paging = Paging()
    moderators: Moderators = Moderators()
    verification: Verification = Verification()
    smtp: Smtp = Smtp()
    oidc: Oidc = Oidc()
    npi_api: NpiApi = NpiApi()
    stripe: Stripe = Stripe()
    retention: Retention = Retention()
    log: Log = Log()
    tracing: Tracing = Tracing()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is handed in by code or by :func:`bot.config.load`; the library's own sources are off."""
        return (init_settings, *surroundings().sources)

    @property
    def sites(self) -> tuple[Site, ...]:
        """All sites, Slack first, each in the order of the file."""
        return (*self.slack, *self.matrix)

    @model_validator(mode="after")
    def _with_sites(self) -> Self:
        if not self.sites:
            raise ValueError("has no [[slack]] and no [[matrix]] section; the bot needs at least one site")
        twice = [
            label for label, times in Counter(folded(site.name) for site in self.sites).items() if times > 1
        ]
        if twice:
            raise ValueError(f"has two sites with the name {twice[0]}; every site needs a name of its own")
        return self

    @model_validator(mode="after")
    def _known_labels(self) -> Self:
        labels = {site.name for site in self.sites}
        if self.moderators.site and self.moderators.site not in labels:
            raise ValueError("names a site in [moderators] that is not the name of a [[slack]] or [[matrix]]")
        at = next((site for site in self.sites if site.name == self.moderators.site), None)
        if at is not None and not is_room_id(at, self.moderators.room):
            raise ValueError(
                "names a room in [moderators] that is no id: a channel's looks like C0123456789, "
                "a Matrix room's begins with !"
            )
        if not set(self.verification.names_locked) <= labels:
            raise ValueError("names a site in names_locked that is not the name of a [[slack]] or [[matrix]]")
        return self

    @model_validator(mode="after")
    def _able_to_install(self) -> Self:
        waiting = [site for site in self.slack if site.installs_itself]
        app = self.slack_oauth
        if waiting and not (app.client_id and app.client_secret):
            raise ValueError(
                "has a [[slack]] without a bot_token, but [slack_oauth] lacks client_id or client_secret"
            )
        if waiting and not self.http.public_url:
            raise ValueError(
                "has a [[slack]] without a bot_token, but [http] has no public_url to install at"
            )
        if len({site.api_url for site in waiting}) > 1:
            raise ValueError("has different api_url in [[slack]] without a bot_token; they share one app")
        teams = Counter(site.team for site in self.slack if site.team)
        if twice := [team for team, times in teams.items() if times > 1]:
            raise ValueError(f"names the team {twice[0]} in two [[slack]] sections; one is enough")
        return self

    @model_validator(mode="after")
    def _with_keys(self) -> Self:
        if "stripe" in self.verification.person and self.stripe.secret_key is None:
            raise ValueError("names stripe in [verification] person, but [stripe] has no secret_key")
        return self
