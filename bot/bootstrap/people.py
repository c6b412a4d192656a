"""Those who decide who somebody is, made from the settings and the databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.bootstrap.checks import gone_by
from bot.config import Settings
from bot.domain.roster import Roster
from bot.identity.applications import Applications
from bot.identity.audit_heads import AuditHeads
from bot.identity.bans import Bans
from bot.identity.checking import Checks
from bot.identity.deactivations import Deactivations
from bot.identity.duplicates import Duplicates
from bot.identity.first_moderator import FirstModerator
from bot.identity.link_codes import LinkCodes
from bot.identity.linking import Linking
from bot.identity.moving import Moving
from bot.identity.people import People
from bot.identity.proofing import Proofing
from bot.identity.recheck import Recheck
from bot.identity.review import Count, Review
from bot.identity.standing import Stopping
from bot.identity.vouches import Vouches
from bot.identity.wall import Wall
from bot.ports.adapter import Adapter
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault
from bot.ports.verification import Check
from bot.ports.work import Content

_LOOK_EVERY: Final = 60.0
"""Seconds between two looks for a new import of the registry, which another process makes."""
_COUNT_EVERY: Final = 300.0
"""Seconds between two looks for vouches that a stop or a fault left over; all others are counted at once."""
_TIDY_EVERY: Final = 3600.0


def people_of(  # noqa: PLR0913 - every collaborator is handed in
    settings: Settings,
    wall: Wall,
    *,
    content: Content,
    vault: Vault,
    roster: Roster,
    sealer: Sealer,
    checks: Sequence[Check],
    adapters: Sequence[Adapter],
    apart: Count,
    clock: Clock,
    chance: Chance,
) -> People:
    """Put them together."""
    asked = settings.verification
    tried, applications = Checks(checks), Applications(vault, sealer)
    codes = LinkCodes(vault, sealer, clock=clock, chance=chance)
    moving = Moving(wall, codes, applications, gone_by(adapters), clock=clock)
    duplicates = Duplicates(vault, sealer, applications, review_from=asked.duplicate_review)
    stopping = Stopping(wall.audit, wall.personae, content, clock=clock, chance=chance)
    deactivations = Deactivations(roster, wall.hard_keys, stopping, wall.cabinet("deactivations"))
    recheck = Recheck(wall, content, tried, stopping, clock=clock, days=asked.recheck_days)
    review = Review(
        wall,
        content,
        applications,
        moving,
        recheck,
        clock=clock,
        chance=chance,
        days=settings.moderators.answer_days,
        apart=apart,
    )
    bans = Bans(wall.accounts, wall.hard_keys, stopping)
    proofing = Proofing(
        wall, applications, tried, review, recheck, bans, duplicates, clock=clock, chance=chance
    )
    linking = Linking(wall, codes, applications, clock=clock)
    first = FirstModerator(wall, content, sealer, clock=clock, chance=chance)
    vouches = Vouches(wall, content, applications, proofing, clock=clock, chance=chance)
    heads = AuditHeads(wall.audit, content, clock)
    hourly = (
        heads.publish,
        proofing.tidy,
        vouches.tidy,
        moving.tidy,
        linking.tidy,
        stopping.tidy,
        recheck.run,
        review.remind,
    )
    duties = (
        (_LOOK_EVERY, deactivations.walk),
        (_COUNT_EVERY, vouches.count),
        *((_TIDY_EVERY, duty) for duty in hourly),
    )
    return People(proofing, review, linking, stopping, vouches, first, heads, duties)
