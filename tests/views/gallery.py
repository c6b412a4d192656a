"""One of every card and form that the bot can show, with invented people, for snapshots in every renderer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.wizard import begin, cancelled_card, question_card
from bot.commands.help import answer_anybody
from bot.domain.cases import Case, CasePicture
from bot.domain.comments import Comment
from bot.domain.drafts import Draft, DraftKind, DraftPicture, Fate, Removal
from bot.domain.members import Member, MemberId, Role
from bot.domain.opinions import Opinion
from bot.domain.polls import NO_OPINION, Poll
from bot.domain.refusal import Refused
from bot.views import case as cases
from bot.views import comment as comments
from bot.views import home, opinion, poll, preview
from bot.views.drafts import discarded_card, stays_card, stays_quiet_card

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERON = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
OTTER = Member(MemberId("b2" * 16), "Patient Otter", Role.TRAINEE, "Internal medicine")

CASE = Case(
    id="c3" * 16,
    number=123,
    author=HERON.id,
    title="Would you biopsy at this point?",
    story="58-year-old man, itching plaque on the left shin for six weeks.\nNo fever. Creams did not help.",
    question="Would you biopsy at this point?",
    urgency="soon",
    posted_at=NOON,
    released_at=NOON + timedelta(seconds=70),
    pictures=(CasePicture("d4" * 16, "Picture 1 of the case"),),
)
OPINION = Opinion(
    id="e5" * 16,
    case=CASE.id,
    number=2,
    member=OTTER.id,
    diagnoses=("nummular eczema", "tinea corporis", "psoriasis"),
    next_step="scraping for fungi",
    remark="The border would decide it.",
    given_at=NOON,
)
COMMENT = Comment("f6" * 16, CASE.id, OTTER.id, "How long did the cream stay on?", NOON)
POLL = Poll(
    id="a7" * 16,
    number=124,
    author=HERON.id,
    question="First-line treatment of a lone plaque?",
    options=("Potent steroid", "Antifungal", "Biopsy first", NO_OPINION),
    asked_at=NOON,
)
CLOSED_POLL = POLL.close({0: 5, 1: 1, 2: 2}, min_cell=5)
DRAFT = Draft(
    id="0b1c" + "00" * 14,
    member=HERON.id,
    kind=DraftKind.CASE,
    templates={"story": "58-year-old ⟦1⟧ since ⟦2⟧, a ⟦3⟧.", "question": "Biopsy?"},
    settings={"urgency": "soon"},
    created_at=NOON,
    removals=(
        Removal(1, "story", "NAME", "auto", "[patient]", "It stands after “Mr”.", "B…k", "Bartok"),
        Removal(2, "story", "DATE", "auto", "[day 0]", "It is a date.", "3…6", "3 March 2026"),
        Removal(3, "story", "NAME", "ask", "[word]", "It is a rare word.", "w…r", "wheelwright", Fate.HIDDEN),
    ),
    pictures=(
        DraftPicture(
            "d4" * 16, "Picture 1 of the case", ("EXIF", "GPS"), "", ("text in the picture", "faces")
        ),
    ),
)
UNDECIDED_DRAFT = replace(
    DRAFT, pictures=(), removals=(*DRAFT.removals[:2], replace(DRAFT.removals[2], fate=Fate.OPEN))
)
KEPT_DRAFT = replace(
    DRAFT, pictures=(), removals=(*DRAFT.removals[:2], replace(DRAFT.removals[2], fate=Fate.KEPT))
)
BROKEN_DRAFT = replace(
    DRAFT,
    pictures=(*DRAFT.pictures, DraftPicture("", "Picture 2 of the case", problem="The file is damaged.")),
    failed=("names",),
)
HOSTILE = (
    "<!channel> @room <@U012AB3CD> *bold* _it_ `code` <b>x</b> "
    "[l](https://evil.example) https://evil.example \u202eabc"
)


def _cards() -> dict[str, Card]:
    closed = CASE.close()
    hostile = replace(CASE, title=HOSTILE, story=HOSTILE, question=HOSTILE)
    return {
        "case": cases.case_card(CASE, HERON),
        "case_closed": cases.case_card(closed, HERON),
        "case_hostile": cases.case_card(hostile, HERON),
        "case_long": cases.case_card(replace(CASE, story="A long story. " * 400), HERON),
        "case_shown": cases.shown_card(
            CASE, HERON, [("123.2 Patient Otter", opinion.opinion_words(OPINION))], reader_is_author=False
        ),
        "case_shown_to_author": cases.shown_card(CASE, HERON, [], reader_is_author=True),
        "case_posted": cases.posted_card(CASE, HERON, 60, "c3c3"),
        "case_posted_without_undo": cases.posted_card(CASE, HERON, 0, "c3c3"),
        "case_undone": cases.undone_card("case"),
        "case_closed_reply": cases.closed_card(closed),
        "case_withdrawing": cases.withdrawing_card(CASE),
        "case_withdrawn": cases.withdrawal_report(123, "case", [True, True]),
        "case_withdrawn_partly": cases.withdrawal_report(123, "comment", [True, False]),
        "case_list": cases.list_card("Open cases", [CASE, closed], "None."),
        "case_list_empty": cases.list_card("Open cases", [], "No case is open right now."),
        "case_news": cases.news_card(123),
        "taking_back": cases.taking_back_card("comment", 123),
        "preview": preview.preview_card(DRAFT),
        "preview_undecided": preview.preview_card(UNDECIDED_DRAFT),
        "preview_kept": preview.preview_card(KEPT_DRAFT),
        "preview_really_keep": preview.really_keep_card(DRAFT.removals[1:2], "2"),
        "preview_broken": preview.preview_card(BROKEN_DRAFT),
        "preview_opinion": preview.preview_card(
            replace(DRAFT, kind=DraftKind.OPINION, pictures=(), templates={"1": "⟦1⟧ syndrome", "next": ""})
        ),
        "discarded": discarded_card(DRAFT),
        "stays": stays_card(),
        "stays_quiet": stays_quiet_card(),
        "opinion": opinion.opinion_card(OPINION, CASE, OTTER),
        "opinion_news": opinion.opinion_news(OPINION, CASE, OTTER),
        "opinion_given": opinion.given_card(OPINION, CASE, OTTER, 60, "e5e5"),
        "opinion_changed": opinion.given_card(replace(OPINION, revision=1), CASE, OTTER, 60, ""),
        "comment": comments.comment_card(COMMENT, CASE, OTTER),
        "comment_news": comments.comment_news(COMMENT, CASE, OTTER),
        "comment_said": comments.said_card(COMMENT, CASE, OTTER, 60, "f6f6"),
        "poll": poll.poll_card(POLL, HERON),
        "poll_result": poll.result_card(CLOSED_POLL, HERON, chart="ab" * 16),
        "poll_too_few": poll.result_card(POLL.close({0: 2}, min_cell=5), HERON),
        "poll_counted": poll.counted_card(POLL, 1, changed=False),
        "poll_changed": poll.counted_card(POLL, 2, changed=True),
        "poll_asked": poll.asked_card(POLL, HERON, 60, "a7a7"),
        "poll_ended": poll.ended_card(CLOSED_POLL),
        "poll_ended_too_few": poll.ended_card(POLL.close({}, min_cell=5)),
        "poll_results_open": poll.results_card(POLL, HERON),
        **_home_cards(),
    }


def _home_cards() -> dict[str, Card]:
    wizard = begin(cases.case_form())
    refused = Refused("closed", "Case #123 is closed, so nothing new can be added.", "open")
    anybody = {word: answer_anybody(word, "", HERON) for word in ("help", "rules", "verify")}
    return {
        "hello": home.hello_card(),
        "welcome": home.welcome_card(HERON),
        "let_in": home.let_in_card(),
        "verify_unverified": home.standing_card(None),
        "me": home.me_card(HERON),
        "unverified": home.unverified_card(),
        "refusal": home.refusal_card(refused),
        "checking": home.checking_card(2),
        "fault": home.fault_card("K7Q2"),
        "unknown": home.unknown_card("cas", "case"),
        "unknown_far": home.unknown_card("xyzzy", ""),
        "help_word": home.word_card("show 123", "Show a case."),
        "privacy": home.privacy_card(),
        "native": home.native_card(),
        **{f"unreadable_{why}": home.unreadable_card(why) for why in ("key", "plain", "edit", "kind")},
        "expired": home.expired_card("help"),
        "spell": home.spell_card("post 0b1c"),
        "wizard_first": question_card(wizard),
        "wizard_noted": question_card(wizard.hear("58-year-old man")),
        "wizard_choice": question_card(wizard.hear("58-year-old man").hear("done").hear("Biopsy?")),
        "wizard_stopped": cancelled_card("Ask colleagues", "case"),
        **{word: card for word, card in anybody.items() if card is not None},
    }


CARDS: dict[str, Card] = _cards()
FORMS: dict[str, Form] = {
    "case_form": cases.case_form(),
    "opinion_form": opinion.opinion_form(CASE),
    "comment_form": comments.comment_form(CASE),
    "poll_form": poll.poll_form(),
    "vote_form": poll.vote_form(POLL),
}
