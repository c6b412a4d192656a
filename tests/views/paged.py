"""One of every card and form of routing: specialties wanted, pages, duty and quiet hours, following."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.cases import Case
from bot.domain.digest_times import Rhythm, Subscription
from bot.domain.digests import Digest, Turn
from bot.domain.drafts import Draft
from bot.domain.members import Member
from bot.domain.mydata import Held, Paged
from bot.domain.opinions import Opinion
from bot.domain.routing import WIDEST, Availability
from bot.domain.wanted import UNCLEAR
from bot.views import case as cases
from bot.views import digest, page, preview
from bot.views.mydata import identity_card
from bot.views.opinion import opinion_in_room
from bot.views.reveal import unanswered_card
from bot.views.wanted import wanted_form

_DAY: Final = timedelta(days=1)
WANTED: Final = ("Cardiology", "Obstetrics and gynecology")
SETTINGS: Final = {"urgency": "soon", "specialties": ", ".join(WANTED)}


def cards(case: Case, given: Opinion, draft: Draft, people: tuple[Member, Member]) -> dict[str, Card]:
    """Give the cards about this case, this opinion and this draft; ``people`` asked and answered."""
    author, giver = people
    wanting = replace(case, specialties=WANTED)
    now = case.posted_at
    away = Availability("Europe/Berlin", (22, 7), through=False, mute_until=now + timedelta(minutes=95))
    there = Availability("Europe/Berlin", (22, 7), through=True, duty_until=now + timedelta(hours=12))
    return {
        "case_wanting": cases.case_card(wanting, author),
        "case_wanting_this_hour": cases.case_card(replace(wanting, urgency="hour"), author),
        "preview_wanting": preview.text_card(replace(draft, settings=SETTINGS)),
        "preview_wanting_unclear": preview.text_card(replace(draft, settings={**SETTINGS, UNCLEAR: "yes"})),
        "preview_wanting_nobody": preview.text_card(replace(draft, settings={"specialties": ""})),
        "page": page.page_card(wanting, "Cardiology"),
        "page_this_hour": page.page_card(replace(wanting, urgency="hour"), "Infectious disease"),
        "page_not_mine": page.not_mine_card(case.number),
        "page_wider": page.wider_card(case, 5),
        "unanswered_widest": unanswered_card(replace(case, rung=WIDEST + 1)),
        "following": page.following_card(case.number),
        "followed_no_more": page.followed_no_more_card(case.number),
        "followed_news": page.followed_news(case, opinion_in_room(given, case, giver)),
        "followed_news_covered": page.followed_news(
            case, opinion_in_room(given, replace(case, blind=True), giver)
        ),
        "duty_on": page.duty_card(there, now),
        "duty_off": page.duty_card(Availability(), now),
        "mute_on": page.mute_card(away, now),
        "mute_off": page.mute_card(Availability(), now),
        "available": page.availability_card(Availability(), now),
        "available_hours": page.availability_card(away, now),
        "available_urgent": page.availability_card(there, now),
        "mydata_pages": identity_card(
            Held(("slack T0EXAMPLE U0NEMO",), "Nemo Example", "ref", pages=Paged(there, 5, 3, ("Urology",)))
        ),
        **_digests(wanting, now),
        "mod_unanswered": page.unanswered_list_card((wanting, replace(case, number=124)), now + _DAY),
        "mod_unanswered_many": page.unanswered_list_card(
            [replace(wanting, number=101 + more) for more in range(12)], now + 3 * _DAY
        ),
        "mod_unanswered_quiet": page.unanswered_list_quiet_card(),
    }


def _digests(case: Case, now: datetime) -> dict[str, Card]:
    several = tuple(replace(case, number=case.number + more, opinions=more % 3) for more in range(6))
    daily, weekly = (Subscription(rhythm, now) for rhythm in (Rhythm.DAILY, Rhythm.WEEKLY))
    followed = tuple(zip(several, Turn, strict=False))
    return {
        "digest": digest.digest_card(Digest(several, followed, several[:1]), "Cardiology"),
        "digest_short": digest.digest_card(Digest((case,)), "Obstetrics and gynecology"),
        "digest_own": digest.digest_card(Digest(own=several[:2]), "Cardiology"),
        "digest_empty": digest.digest_card(Digest(), "Cardiology"),
        "digest_quiet": digest.digest_quiet_card(),
        "digest_off": digest.digest_wish_card(Availability(), 8),
        "digest_daily": digest.digest_wish_card(Availability("Europe/Berlin", digest=daily), 8),
        "digest_weekly": digest.digest_wish_card(Availability(digest=weekly), 8),
        "available_digest": page.availability_card(Availability(digest=daily), now),
    }


def forms(draft: Draft) -> dict[str, Form]:
    """Give the form that asks for specialties."""
    return {"for_form": wanted_form(replace(draft, settings=SETTINGS))}
