"""The keys: whether something still lies under an earlier one."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from bot.cli.sentences import is_expected
from bot.config import Settings
from bot.ports.adapter import Check


async def keys(settings: Settings) -> AsyncGenerator[Check]:
    """Count what lies under earlier keys, where there are data; what does not open has its own line."""
    from bot.bootstrap.keys import earlier_values

    if settings.database.sqlite and not (settings.data_dir / "vault.db").exists():
        return
    try:
        earlier = await earlier_values(settings)
    except Exception as error:
        if not is_expected(error):
            raise
        return
    if earlier:
        sealed = f"{earlier} values lie under an earlier key; a running bot seals them again within the hour"
        yield Check("keys", "warn", sealed)
    else:
        yield Check("keys", "ok")
