"""Hiding and locking as people see it: what stands in place of a post, what its writer is told."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Quote, Strong, Word, line, note
from bot.chat.text import Line
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.hiding import Reason, Stage, Target, Why
from bot.domain.opinions import Opinion
from bot.domain.polls import Poll
from bot.views.case import HIDDEN

MOD_HELP: Final = (
    (
        "mod hide 123 your reason",
        "Take a case or a poll out of sight everywhere; 123.2 an opinion, 123.c2 a comment.",
    ),
    ("mod restore 123", "Show it again."),
    ("mod lock 123 your reason", "Let nothing more be said about a case; unlock in place of lock ends it."),
    ("show 123", "A case with the names of all that was said about it, hidden things included."),
)
_WHY: Final = {
    Why.IDENTIFIES: "It may identify somebody.",
    Why.WRONG: "It may be wrong or dangerous.",
    Why.ABUSE: "It is abuse.",
    Why.ADVERTISING: "It advertises something.",
    Why.NOT_CLINICAL: "It is not a clinical question.",
    Why.OTHER: "",
}
_NO_REASON: Final = Reason()
_DONE: Final = {
    "hide": (
        "Hidden",
        "It is out of sight everywhere, and its writer is told. To show it again: ",
        "restore",
    ),
    "restore": ("Shown again", "It comes back to every room. To hide it again: ", "hide"),
    "lock": ("Locked", "It stays readable, and nothing more can be added. To undo this: ", "unlock"),
    "unlock": ("Unlocked", "Opinions and comments are taken again. To undo this: ", "lock"),
}


def hidden_card(case: Case, *, whole: bool = False) -> Card:
    """Stand in the rooms in place of what is hidden; ``whole`` says that it is the case itself."""
    return Card(
        notice=f"Something new in #{case.number}",
        title=f"#{case.number}" if whole else "",
        blocks=(Paragraph(line(HIDDEN)),),
    )


def hidden_poll_card(poll: Poll) -> Card:
    """Stand in the rooms in place of a poll that is hidden."""
    return Card(
        notice=f"Something new in poll {poll.number}",
        title=f"Poll {poll.number}",
        blocks=(Paragraph(line(HIDDEN)),),
    )


def done_card(word: str, target: Target) -> Card:
    """Tell a moderator that it is done, and what undoes it."""
    done, then, back = _DONE[word]
    undo = f"mod {back} {target.name}"
    return Card(
        notice=done,
        blocks=(Paragraph(line(Strong(f"{done}: #{target.name}."), f" {then}", Word(undo), ".")),),
        buttons=(Button(back.capitalize(), undo),),
    )


def which_card(word: str) -> Card:
    """Ask what is meant."""
    if word in ("lock", "unlock"):
        return note("Which case? Write its number, for example: ", Word(f"mod {word} 123"), ".")
    return note(
        f"What shall I {word}? A case: ",
        Word(f"mod {word} 123"),
        ", an opinion: ",
        Word(f"mod {word} 123.2"),
        ", or a comment: ",
        Word(f"mod {word} 123.c2"),
        ".",
    )


def told_card(word: str, target: Target, reason: Reason) -> Card:
    """Tell the one whose words they are what a moderator did, and why."""
    return Card(
        notice=f"Something new in #{target.case}",
        blocks=(Paragraph(_told(word, target, reason)), *reason_blocks(reason)),
        buttons=_ways_on(word, target, reason),
    )


def _whose(target: Target) -> str:
    if target.poll:
        return f"your poll {target.case}"
    return f"your case #{target.case}" if target.is_case else f"{_kind(target)} #{target.name}"


def _told(word: str, target: Target, reason: Reason = _NO_REASON) -> Line:
    whose = _whose(target)
    if word == "hide" and reason.stage is Stage.REPORTED:
        return line(
            f"Somebody reported {whose}. It is hidden until a moderator has looked; I write to you then."
        )
    if word == "hide" and reason.stage is Stage.UPHELD:
        return line(f"Another moderator has looked: {whose} stays hidden.")
    if word == "hide":
        rest = " and everything said about it" if target.is_case else ""
        return line(f"A moderator has hidden {whose}{rest}. Nobody can read it until it is restored.")
    if word == "restore":
        return line(f"A moderator shows {whose} again.")
    if word == "lock":
        return line(f"A moderator has locked {whose}. It stays readable, and nothing more can be added.")
    return line(f"A moderator has unlocked {whose}. It takes opinions and comments again.")


def _kind(target: Target) -> str:
    return "your opinion" if target.opinion is not None else "your comment"


def reason_blocks(reason: Reason) -> tuple[Block, ...]:
    """Say why, in fixed words and in the moderator's own."""
    why = _WHY[reason.why]
    return (
        *((Paragraph(line(why)),) if why else ()),
        *((Quote(reason.words, label="Why"),) if reason.words else ()),
    )


def _ways_on(word: str, target: Target, reason: Reason) -> tuple[Button, ...]:
    if word != "hide":
        return (Button("Show the poll" if target.poll else "Show the case", f"show {target.case}"),)
    decided = reason.stage is Stage.DECIDED
    appeal = (Button("Ask another moderator", f"appeal {target.name}"),) if decided else ()
    withdraw = (Button("Withdraw", f"withdraw {target.case}", "danger"),) if target.is_case else ()
    return (*appeal, *withdraw)


def own_hidden_blocks(target: Target, reason: Reason) -> tuple[Block, ...]:
    """Tell whoever looks at a case that something of their own on it is hidden."""
    return (Fine(_told("hide", target, reason)), *reason_blocks(reason))


def hidden_words(item: Opinion | Comment) -> str:
    """Mark for a moderator what others do not see."""
    return " (hidden)" if item.hidden else ""


def moderating_buttons(case: Case, *, waits: bool = False) -> tuple[Button, ...]:
    """Offer a moderator who looks at a case what can be done; ``waits`` for a decision about hiding it."""
    if case.hidden:
        return _restoring(case.number, waits=waits)
    lock = "unlock" if case.locked else "lock"
    return (
        Button("Hide", f"mod hide {case.number}", "danger"),
        Button(lock.capitalize(), f"mod {lock} {case.number}"),
    )


def poll_moderating_buttons(poll: Poll, *, waits: bool = False) -> tuple[Button, ...]:
    """Offer a moderator who looks at a poll what can be done; ``waits`` for a decision about hiding it."""
    if poll.hidden:
        return _restoring(poll.number, waits=waits)
    return (Button("Hide", f"mod hide {poll.number}", "danger"),)


def _restoring(number: int, *, waits: bool) -> tuple[Button, ...]:
    keep = (Button("Keep hidden", f"mod hide {number}", "danger"),) if waits else ()
    return (Button("Restore", f"mod restore {number}"), *keep)
