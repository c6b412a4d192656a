"""Addresses of databases that did not come from the configuration: they follow the same rules."""

from __future__ import annotations

from pydantic import SecretStr, ValidationError

from bot.config.sections import Database


def trouble_of(url: str, vault_url: str) -> str:
    """Say what is wrong with two addresses, without showing any of them; empty where nothing is."""
    try:
        Database(url=SecretStr(url), vault_url=SecretStr(vault_url))
    except ValidationError as error:
        return error.errors()[0]["msg"].removeprefix("Value error, ")
    return ""
