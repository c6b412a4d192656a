"""One of every card about what moderators hide and lock."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.hiding import Reason, Target, Why
from bot.domain.members import Member
from bot.domain.opinions import Opinion
from bot.views import case as cases
from bot.views import hiding
from bot.views.opinion import opinion_words

_WORDS: Final = ("hide", "restore", "lock", "unlock")


def cards(case: Case, given: Opinion, said: Comment, author: Member) -> dict[str, Card]:
    """Give the cards about this case and what was said on it."""
    hidden, locked = case.hide(case.released_at), case.lock()
    reason = Reason(Why.IDENTIFIES, "The ward and the day are in the local news.")
    whole, opinion, comment = Target(123), Target(123, opinion=2), Target(123, comment=1)
    return {
        "hidden_in_room": hiding.hidden_card(hidden, whole=True),
        "hidden_in_thread": hiding.hidden_card(case),
        "hidden_told": hiding.told_card("hide", whole, reason),
        "hidden_told_opinion": hiding.told_card("hide", opinion, Reason(Why.OTHER, "Please see the rules.")),
        "hidden_told_comment": hiding.told_card("hide", comment, Reason()),
        "hidden_restored_told": hiding.told_card("restore", whole, Reason()),
        "hidden_locked_told": hiding.told_card("lock", whole, Reason(Why.ABUSE)),
        "hidden_unlocked_told": hiding.told_card("unlock", whole, Reason()),
        **{f"hidden_done_{word}": hiding.done_card(word, whole) for word in _WORDS},
        "hidden_done_comment": hiding.done_card("hide", comment),
        "hidden_which": hiding.which_card("hide"),
        "hidden_which_lock": hiding.which_card("lock"),
        "hidden_listed": cases.list_card("My cases", [hidden, locked], "None."),
        "hidden_case_locked": cases.case_card(locked, author),
        "hidden_case_locked_to_author": cases.shown_card(locked, author, [], reader_is_author=True),
        "hidden_shown_to_moderator": cases.with_further(
            cases.shown_card(
                hidden,
                author,
                [
                    ("123.2 Patient Otter", opinion_words(given)),
                    (f"123.c1 Patient Otter{hiding.hidden_words(replace(said, hidden=True))}", said.text),
                ],
                reader_is_author=False,
            ),
            hiding.moderating_buttons(hidden),
        ),
        "hidden_own_opinion": cases.shown_card(
            case, author, [], reader_is_author=False, besides=hiding.own_hidden_blocks(opinion, reason)
        ),
    }
