"""One of every card about somebody's standing, with invented members."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.chat.cards import Card
from bot.domain.former import Posts
from bot.domain.members import Member, MemberId, Role
from bot.domain.standing import Acted, Cause, Done, Standing, Stop
from bot.views import audit, leaving
from bot.views import standing as view

MEMBER = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
OTHER = Member(MemberId("b2" * 16), "Patient Otter", Role.TRAINEE, "Internal medicine")
UNTIL = datetime(2026, 3, 8, 9, 0, tzinfo=UTC)
SUSPENDED = Stop(Cause.MODERATORS, "You named a hospital.", UNTIL, "one")
ASKED = Stop(Cause.BAN, "You sold things.", by="one")
BANNED = replace(ASKED, second="two", lifting="one")
ENDS = date(2026, 5, 1)

HEAD = f"12-{'3f9a' * 16}"

CARDS: dict[str, Card] = {
    "audit_head": audit.audit_head_card(HEAD),
    "audit_broken": audit.audit_broken_card("Entry 3 of the audit chain was altered or moved."),
    "audit_quiet": audit.audit_quiet_card(),
    "standing_suspended": view.stopped_card(SUSPENDED),
    "standing_suspended_open": view.stopped_card(replace(SUSPENDED, until=None)),
    "standing_appealed": view.stopped_card(replace(SUSPENDED, appealed=True)),
    "standing_ban_asked": view.stopped_card(ASKED),
    "standing_banned": view.stopped_card(BANNED),
    "standing_number": view.stopped_card(Stop(Cause.NUMBER)),
    "standing_recheck": view.stopped_card(Stop(Cause.RECHECK)),
    "standing_me": view.stopped_me_card(MEMBER, SUSPENDED),
    "standing_leaves": leaving.leave_card(barred=True),
    "standing_left": leaving.left_card(Posts.KEPT, barred=True),
    "standing_told": view.told_card(SUSPENDED),
    "standing_lifted": view.lifted_card(),
    "standing_eased": view.eased_card(Stop(Cause.NUMBER)),
    "standing_changed_quiet": view.changed_quiet_card(),
    "recheck_warning": view.warning_card("name_differs", ENDS),
    "recheck_reminder": view.reminder_card(ENDS),
    "recheck_quiet": view.check_quiet_card(),
    "recheck_settled": view.settled_card(),
    "recheck_renewed": view.renewed_card(),
    "appealed": view.appealed_card(),
    "mod_look_quiet": view.look_quiet_card(),
    **{
        f"mod_look_{what}": view.look_card(MEMBER, ASKED, what)
        for what in ("appeal", "ban_asked", "lift_asked")
    },
    **{f"mod_acted_{done}": view.acted_card(Acted(done, "Quiet Heron", UNTIL)) for done in Done},
    "mod_stopped": view.stopped_list_card(
        (
            (MEMBER, Standing((BANNED,))),
            (OTHER, Standing((replace(SUSPENDED, appealed=True),))),
        )
    ),
    "mod_stopped_nobody": view.stopped_list_card(()),
    **{f"mod_wanting_{word}": view.wanting_words_card(word) for word in ("suspend", "ban", "restore")},
    "mod_too_long": view.too_long_card(365),
}
