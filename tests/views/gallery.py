"""One of every card and form that the bot can show, with invented people, for snapshots in every renderer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.wizard import begin, cancelled_card, question_card
from bot.commands.help import answer_anybody
from bot.domain.cases import Case, CasePicture
from bot.domain.comments import Comment
from bot.domain.details import Details
from bot.domain.draft_pictures import Cover, DraftPicture
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member, MemberId, Role
from bot.domain.opinions import Opinion
from bot.domain.pauses import Cause, Flaw
from bot.domain.personae import Signing, alias_of, named
from bot.domain.poll_tally import Counts, Result
from bot.domain.poll_terms import NO_OPINION
from bot.domain.polls import Poll
from bot.domain.proposals import QuestionKind, Sex
from bot.domain.refusal import Refused
from bot.domain.removals import Fate, Removal
from bot.views import case as cases
from bot.views import comment as comments
from bot.views import (
    details,
    draft_picture,
    home,
    names,
    opinion,
    poll,
    poll_form,
    poll_result,
    poll_vote,
    preview,
    rooms,
)
from bot.views.drafts import discarded_card, stays_card, stays_quiet_card
from bot.views.search import find_form
from tests.views import (
    applicants,
    asking,
    colleagues,
    documents,
    endings,
    finding,
    hidden,
    leavers,
    lists,
    opinions,
    own_accounts,
    paged,
    poll_asking,
    poll_barred,
    poll_lists,
    poll_paying,
    poll_results,
    poll_times,
    poll_voting,
    reported,
    reworded,
    stopped,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERON = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
OTTER = Member(MemberId("b2" * 16), "Patient Otter", Role.TRAINEE, "Internal medicine")

ALIAS = alias_of(MemberId("b8" * 16), HERON, "Brave Otter")
NAMED = named(MemberId("b9" * 16), HERON)

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
DETAILS = Details("50–59", Sex.MALE, QuestionKind.NEXT_TEST, interest="My sister runs the laboratory.")
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
CLOSED_POLL = POLL.close(Result(Counts(8, (5, 1, 2, 0)), NOON), NOON)
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
            "p1",
            "d4" * 16,
            (640, 480),
            (
                Cover(1, 10, 10, 200, 30, "text"),
                Cover(2, 300, 80, 90, 110, "face"),
                Cover(3, 0, 420, 80, 60, "by hand", by_hand=True),
            ),
            ("EXIF", "GPS"),
            ("first frame only",),
        ),
        DraftPicture("p2", "d5" * 16, (640, 480), not_looked_for=("text burned into the picture", "faces")),
    ),
)
READ_DRAFT = replace(
    DRAFT,
    text_read=True,
    templates={**DRAFT.templates, "p1 caption": "Left shin of ⟦4⟧", "p1 alt": "A plaque on a shin"},
    removals=(
        *DRAFT.removals,
        Removal(4, "p1 caption", "NAME", "ask", "[name 2]", "It is a rare word.", "B…k", "Bartok", Fate.OPEN),
    ),
)
LOOKED_AT = replace(
    DRAFT, text_read=True, pictures=tuple(replace(one, seen=True, clean=True) for one in DRAFT.pictures)
)
UNDECIDED_DRAFT = replace(
    DRAFT, pictures=(), removals=(*DRAFT.removals[:2], replace(DRAFT.removals[2], fate=Fate.OPEN))
)
KEPT_DRAFT = replace(
    DRAFT, pictures=(), removals=(*DRAFT.removals[:2], replace(DRAFT.removals[2], fate=Fate.KEPT))
)
BROKEN_PICTURE = DraftPicture("p3", "", problem="The file is damaged.")
BROKEN_DRAFT = replace(DRAFT, pictures=(*DRAFT.pictures, BROKEN_PICTURE), failed=("names",))
BROKEN_PICTURE_DRAFT = replace(DRAFT, pictures=(BROKEN_PICTURE,), text_read=True)
HOSTILE = (
    "<!channel> @room <@U012AB3CD> *bold* _it_ `code` <b>x</b> "
    "[l](https://evil.example) https://evil.example \u202eabc"
)


def _case_cards() -> dict[str, Card]:
    closed = CASE.close(CASE.posted_at)
    hostile = replace(CASE, title=HOSTILE, story=HOSTILE, question=HOSTILE)
    return {
        "case": cases.case_card(CASE, HERON),
        "case_with_details": cases.case_card(replace(CASE, details=DETAILS), HERON),
        "case_closed": cases.case_card(closed, HERON),
        "case_hostile": cases.case_card(hostile, HERON),
        "case_long": cases.case_card(replace(CASE, story="A long story. " * 400), HERON),
        "case_shown": cases.shown_card(
            CASE, HERON, [("123.2 Patient Otter", opinion.opinion_words(OPINION))], reader_is_author=False
        ),
        "case_shown_to_author": cases.shown_card(CASE, HERON, [], reader_is_author=True),
        "case_posted": cases.posted_card(CASE, HERON, 60, "c3c3"),
        "case_posted_with_upload": cases.posted_card(CASE, HERON, 60, "c3c3", "Your upload is still there."),
        "case_posted_without_undo": cases.posted_card(CASE, HERON, 0, "c3c3"),
        "case_undone": cases.undone_card("case"),
        "case_closed_reply": cases.closed_card(closed),
        "case_withdrawing": cases.withdrawing_card(CASE),
        "case_withdrawn": cases.withdrawal_report(123, "case", [True, True]),
        "case_withdrawn_partly": cases.withdrawal_report(123, "comment", [True, False]),
        "case_list": cases.list_card("Open cases", [CASE, closed], "None."),
        "case_list_nothing_about": cases.nothing_about_card(),
        "case_list_empty": cases.list_card("Open cases", [], "No case is open right now."),
        "case_news": cases.news_card(123),
        "taking_back": cases.taking_back_card("comment", 123),
    }


def _cards() -> dict[str, Card]:
    return {
        **_case_cards(),
        "preview": preview.text_card(DRAFT),
        "preview_undecided": preview.preview_card(UNDECIDED_DRAFT),
        "preview_asks_nothing": preview.text_card(
            replace(DRAFT, templates={**DRAFT.templates, "question": "Biopsy now"})
        ),
        "preview_kept": preview.preview_card(KEPT_DRAFT),
        "preview_really_keep": preview.really_keep_card(DRAFT, DRAFT.removals[1:2], "2"),
        "preview_picture": preview.preview_card(READ_DRAFT),
        "preview_picture_unlooked": draft_picture.picture_card(READ_DRAFT, 2),
        "preview_picture_broken": preview.preview_card(BROKEN_PICTURE_DRAFT),
        "preview_really_uncover": draft_picture.really_uncover_card(DRAFT, 1, DRAFT.pictures[0].covers[0]),
        "preview_last": preview.last_card(LOOKED_AT),
        "preview_broken": preview.preview_card(BROKEN_DRAFT),
        "preview_opinion": preview.preview_card(
            replace(DRAFT, kind=DraftKind.OPINION, pictures=(), templates={"1": "⟦1⟧ syndrome", "next": ""})
        ),
        "discarded": discarded_card(DRAFT),
        "stays": stays_card(),
        "stays_quiet": stays_quiet_card(),
        **opinions.cards(CASE, OPINION, HERON, OTTER),
        **finding.cards(CASE, HERON),
        **reworded.cards(COMMENT, CASE, OTTER),
        **endings.cards(CASE, OPINION, HERON, OTTER),
        **lists.cards(CASE, OPINION, COMMENT, HERON, OTTER),
        "comment": comments.comment_card(COMMENT, CASE, OTTER),
        "comment_news": comments.comment_news(COMMENT, CASE, OTTER),
        "comment_said": comments.said_card(COMMENT, CASE, OTTER, 60, "f6f6"),
        **_poll_cards(),
        **poll_lists.cards(POLL),
        **poll_barred.cards(POLL, HERON, NOON),
        **poll_times.cards(POLL, HERON),
        **poll_asking.cards(POLL, HERON),
        **poll_paying.cards(POLL, HERON),
        **_home_cards(),
        **_name_cards(),
        **_room_cards(),
        **applicants.CARDS,
        **own_accounts.CARDS,
        **reported.CARDS,
        **stopped.CARDS,
        **leavers.CARDS,
        **hidden.cards(CASE, OPINION, COMMENT, HERON),
        **paged.cards(CASE, OPINION, DRAFT, (HERON, OTTER)),
        **asking.cards(CASE, HERON),
        **poll_voting.cards(POLL, HERON, OTTER),
    }


def _poll_cards() -> dict[str, Card]:
    return {
        "poll": poll.poll_card(POLL, HERON),
        "poll_result": poll_result.result_card(CLOSED_POLL, HERON, chart="ab" * 16),
        "poll_too_few": poll_result.result_card(POLL.close(None, NOON), HERON),
        "poll_counted": poll_vote.counted_card(POLL, (1,), changed=False),
        "poll_changed": poll_vote.counted_card(POLL, (2,), changed=True),
        "poll_asked": poll.asked_card(POLL, HERON, 60, "a7a7"),
        "poll_ended": poll_result.ended_card(CLOSED_POLL),
        "poll_ended_too_few": poll_result.ended_card(POLL.close(None, NOON)),
        "poll_results_open": poll_result.results_card(POLL, HERON),
        **poll_results.cards(),
    }


def _for_anybody() -> dict[str, Card | None]:
    return {
        "help": answer_anybody("help", "", Role.PHYSICIAN),
        "help_trainee": answer_anybody("help", "", Role.TRAINEE),
        "help_moderator": answer_anybody("help", "", Role.MODERATOR),
        "help_stranger": answer_anybody("help", "", None),
        "rules": answer_anybody("rules", "", None),
    }


def _home_cards() -> dict[str, Card]:
    wizard = begin(cases.case_form())
    refused = Refused("closed", "Case #123 is closed, so nothing new can be added.", "open")
    anybody = _for_anybody()
    return {
        "hello": home.hello_card(),
        "welcome": home.welcome_card(HERON),
        "let_in": home.let_in_card(),
        "standing": home.standing_card(),
        "me": home.me_card(HERON),
        "unverified": home.unverified_card(),
        "refusal": home.refusal_card(refused),
        "checking": home.checking_card(2),
        "fault": home.fault_card("K7Q2"),
        "cut off": home.cut_off_card("K7Q2"),
        "unknown": home.unknown_card("cas", "case"),
        "unknown_far": home.unknown_card("xyzzy", ""),
        "help_word": home.word_card("show 123", "Show a case."),
        "help_comment": home.word_card("comment 123 your words", "Comment on a case.", home.REPLIES),
        "draft_reply": home.draft_reply_card(),
        "privacy": home.privacy_card(),
        "native": home.native_card(),
        **{f"unreadable_{why}": home.unreadable_card(why) for why in ("key", "plain", "kind")},
        "expired": home.expired_card("help"),
        "spell": home.spell_card("post 0b1c"),
        "wizard_first": question_card(wizard),
        "wizard_noted": question_card(wizard.hear("58-year-old man")),
        "wizard_choice": question_card(wizard.hear("58-year-old man").hear("done").hear("Biopsy?")),
        "wizard_stopped": cancelled_card("Ask colleagues", "case"),
        **{word: card for word, card in anybody.items() if card is not None},
    }


def _name_cards() -> dict[str, Card]:
    three = ("Brave Otter", "Calm Ibis", "Amber Fox")
    alias, own = LOOKED_AT.signed_with(Signing.ALIAS), LOOKED_AT.signed_with(Signing.OWN_NAME)
    under_alias, under_own = replace(CASE, author=ALIAS.id), replace(CASE, author=NAMED.id)
    return {
        "names": names.names_card(three, 180),
        "name_taken": names.name_taken_card(three),
        "name_overtaken": names.name_overtaken_card(),
        "renamed": names.renamed_card("Brave Otter", date(2026, 8, 28)),
        "signing_alias": names.signing_card(alias),
        "signing_own": names.signing_card(own),
        "preview_last_alias": preview.last_card(alias),
        "preview_last_own": preview.last_card(own),
        "own_first": names.own_first_card(own),
        "own_sure": names.own_sure_card(own),
        "own_always": names.always_card(chosen=False),
        "own_always_chosen": names.always_card(chosen=True),
        "own_always_sure": names.always_sure_card(),
        "own_always_on": names.always_on_card(),
        "own_always_off": names.always_off_card(),
        "case_alias": cases.case_card(under_alias, ALIAS),
        "case_own": cases.case_card(under_own, NAMED),
        "case_own_shown": cases.shown_card(under_own, NAMED, [], reader_is_author=False),
        "case_posted_alias": cases.posted_card(under_alias, ALIAS, 60, "c3c3"),
        "comment_alias": comments.comment_card(replace(COMMENT, member=ALIAS.id), under_alias, ALIAS),
        "comment_own": comments.comment_card(replace(COMMENT, member=NAMED.id), under_own, NAMED),
        "me_always_own": home.me_card(HERON, always_own=True),
    }


def _room_cards() -> dict[str, Card]:
    both = {"st-anna": [Cause.MODERATOR, Cause.STRANGER], "city-hospital": []}
    return {
        "room_shown_out": rooms.shown_out_card(suspended=False),
        "room_shown_out_suspended": rooms.shown_out_card(suspended=True),
        "room_please_leave": rooms.please_leave_card(suspended=False),
        "room_please_leave_suspended": rooms.please_leave_card(suspended=True),
        "room_shown_out_of_moderators": rooms.shown_out_of_moderators_card(),
        "room_please_leave_moderators": rooms.please_leave_moderators_card(),
        "room_moderators_held": rooms.moderators_held_card(),
        "room_moderators_unfit": rooms.moderators_unfit_card(),
        "room_moderators_went_on": rooms.moderators_went_on_card(),
        "room_held": rooms.held_card("st-anna"),
        "room_unfit": rooms.unfit_card("st-anna", None),
        **{f"room_{flaw}": rooms.unfit_card("st-anna", flaw) for flaw in Flaw},
        "room_locked_out": rooms.locked_out_card("st-anna"),
        "room_moderators_locked_out": rooms.moderators_locked_out_card(),
        "room_went_on": rooms.went_on_card("st-anna"),
        "room_news_quiet": rooms.news_quiet_card(),
        "rooms": rooms.rooms_card(both, {}),
        "rooms_unfit": rooms.rooms_card(
            {flaw: [Cause.UNFIT] for flaw in Flaw}, {flaw: flaw for flaw in Flaw}
        ),
        "room_paused": rooms.paused_card("st-anna", already=False),
        "room_paused_already": rooms.paused_card("st-anna", already=True),
        "room_resumed": rooms.resumed_card("st-anna", was_paused=True),
        "room_not_paused": rooms.resumed_card("st-anna", was_paused=False),
        "room_stays_held": rooms.resumed_card("st-anna", was_paused=True, held=[Cause.STRANGER]),
        "room_which": rooms.which_room_card("pause", ("st-anna", "city-hospital")),
    }


CARDS: dict[str, Card] = {**_cards(), **colleagues.CARDS, **documents.CARDS}
FORMS: dict[str, Form] = {
    **applicants.FORMS,
    **reported.FORMS,
    **own_accounts.FORMS,
    **colleagues.FORMS,
    **endings.forms(CASE),
    **paged.forms(DRAFT),
    **asking.forms(CASE),
    **lists.forms(CASE),
    **poll_voting.forms(POLL),
    "case_form": cases.case_form(),
    "opinion_form": opinion.opinion_form(CASE),
    "find_form": find_form(),
    "comment_form": comments.comment_form(CASE),
    "poll_form": poll_form.poll_form(),
    "vote_form": poll_vote.vote_form(POLL, (0, 1, 2, 3), None),
    **poll_asking.forms(POLL),
    "hide_form": preview.hide_form(DRAFT),
    "keep_form": preview.keep_form(UNDECIDED_DRAFT),
    "edit_form": preview.edit_form(DRAFT, cases.case_fields("58-year-old Bartok.", "Biopsy?", "soon")),
    "details_form": details.details_form(DRAFT, {"title": "An itching plaque"}),
    "cover_form": draft_picture.cover_form(DRAFT, 1, replace(DRAFT.pictures[0], grid="d6" * 16)),
    "words_form": draft_picture.words_form(READ_DRAFT, 1, READ_DRAFT.pictures[0]),
}
