"""One of every card about one's own data and about leaving, with invented people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.cards import Card
from bot.domain.cases import Case, CasePicture
from bot.domain.comments import Comment
from bot.domain.former import Posted, Posts
from bot.domain.members import Member, MemberId, Role
from bot.domain.mydata import Held
from bot.domain.opinions import Opinion
from bot.domain.poll_terms import NO_OPINION
from bot.domain.polls import Poll
from bot.views import leaving as view
from bot.views import mydata

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERON = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
CASE = Case(
    id="c3" * 16,
    number=123,
    author=HERON.id,
    title="Would you biopsy?",
    story="58-year-old man, itching plaque.",
    question="Would you biopsy?",
    urgency="soon",
    posted_at=NOON,
    released_at=NOON,
    pictures=(CasePicture("d4" * 16, "Picture 1 of the case"),),
)
OPINION = Opinion("e5" * 16, CASE.id, 2, HERON.id, ("eczema", "tinea"), "scraping", "The border.", NOON)
POSTED = Posted(
    (CASE,),
    (OPINION,),
    (Comment("f6" * 16, CASE.id, HERON.id, "How long?", NOON),),
    (Poll("a7" * 16, 124, HERON.id, "First-line treatment?", ("Steroid", NO_OPINION), NOON),),
)
HELD = Held(
    accounts=("slack T0EXAMPLE U0EXAMPLE",),
    real_name="Nemo Example",
    reference="E-0123456789",
    let_in_by="checks",
    keys=2,
    messages=7,
    acts=(("enrolled", "2026-03-01"),),
)

CARDS: dict[str, Card] = {
    "mydata": mydata.mydata_card(),
    "mydata_identity": mydata.identity_card(HELD),
    "mydata_identity_by_moderator": mydata.identity_card(replace(HELD, let_in_by="", acts=())),
    "mydata_rooms": mydata.rooms_card(
        HERON,
        POSTED,
        {CASE.id: 123},
        1,
        page=1,
        size=5,
        later={CASE.id: ("The scraping shows hyphae.", "confirmed", "tinea corporis")},
    ),
    "mydata_rooms_more": mydata.rooms_card(HERON, POSTED, {CASE.id: 123}, 0, page=1, size=2),
    "mydata_rooms_none": mydata.rooms_card(HERON, Posted(), {}, 0, page=1, size=5),
    "leave": view.leave_card(),
    "leave_really_keep": view.really_leave_card(Posts.KEPT),
    "leave_really_withdraw": view.really_leave_card(Posts.WITHDRAWN),
    "left_keep": view.left_card(Posts.KEPT),
    "left_withdraw": view.left_card(Posts.WITHDRAWN),
}
