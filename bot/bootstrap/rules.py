"""The rules of the house, as the settings have them."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.context import Rules
from bot.config import Settings
from bot.config.sections import Retention
from bot.domain.retention import Keep


def rules_of(settings: Settings) -> Rules:
    """Give the commands what the operator set."""
    low, high = settings.relay.delay_seconds
    return Rules(
        undo_seconds=round(settings.relay.undo_seconds),
        delay_seconds=(low, high),
        min_cell=settings.privacy.min_cell,
        blind_first=settings.opinions.blind_first,
        reveal_at=settings.opinions.reveal_at,
        close_at=settings.opinions.close_at,
        name_change_days=settings.privacy.name_change_days,
        pages_for_each=settings.paging.for_each,
        pages_a_day=settings.paging.a_day,
        digest_hour=settings.paging.digest_hour,
        keep=_keep(settings.retention),
    )


def _keep(retention: Retention) -> Keep:
    return Keep(
        originals=timedelta(days=retention.originals),
        drafts=timedelta(days=retention.drafts),
        pictures=timedelta(days=retention.pictures),
    )
