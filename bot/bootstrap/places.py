"""Where the databases lie that the settings name."""

from __future__ import annotations

from bot.config import Settings
from bot.ports.adapter import MODERATORS_ROOM, Adapter, ConfigurationRefused
from storage.places import Places


def setting_of(settings: Settings) -> str:
    """Name the setting that a refusal of the databases is about."""
    return "data_dir" if settings.database.sqlite else "[database]"


def places_of(settings: Settings) -> Places:
    """Give the files of the data folder, or the addresses of ``[database]``."""
    if settings.database.sqlite:
        return Places(settings.data_dir)
    url, vault_url = settings.database.url, settings.database.vault_url
    return Places(settings.data_dir, url.get_secret_value(), vault_url.get_secret_value())


def placed(refused: ConfigurationRefused, adapter: Adapter) -> ConfigurationRefused:
    """Name the setting the way the file has it: an adapter knows its own section only."""
    key = refused.key.removeprefix(f"{adapter.platform}.")
    if key in Settings.model_fields or key == MODERATORS_ROOM:
        return refused
    return ConfigurationRefused(f"[[{adapter.platform}]] {adapter.site} {key}", refused.sentence)
