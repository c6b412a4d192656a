"""Reports and appeals as people read them: the form, the answer, and what moderators are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.chat.cards import Block, Button, Card, Items, Paragraph, Strong, Word, line, note
from bot.chat.forms import ChoiceField, Form, Option
from bot.chat.text import Line, counted
from bot.domain.hiding import Target, Why

_LABELS: Final[Mapping[Why, str]] = {
    Why.IDENTIFIES: "It may identify somebody",
    Why.WRONG: "Wrong or dangerous",
    Why.ABUSE: "Abuse",
    Why.ADVERTISING: "Advertising",
    Why.NOT_CLINICAL: "Not clinical",
    Why.OTHER: "Something else",
}
MOD_HELP: Final = (
    ("mod reports", "List what members have reported and no moderator has decided about."),
    ("mod dismiss 123", "Find nothing wrong with what was reported, and show it again if it is hidden."),
)


@dataclass(frozen=True, slots=True)
class Reported:
    """What moderators see of a posting's reports: reasons and how often, never whose."""

    target: Target
    whys: tuple[Why, ...]
    hidden: bool


def report_button(number: int) -> Button:
    """Offer to report a case or a poll."""
    return Button("Report", f"report {number}")


def report_form(target: Target) -> Form:
    """Ask what is wrong with something."""
    return Form(
        command=f"report {target.name}",
        title=f"Report #{target.name}",
        submit="Report",
        lead=(
            Paragraph(line("Moderators are told what you report and why. Nobody is told that it was you.")),
        ),
        fields=(
            ChoiceField(
                "why",
                "What is wrong with it",
                tuple(Option(why.value, label) for why, label in _LABELS.items()),
                "What may identify somebody is hidden at once",
            ),
        ),
    )


def thanks_card(target: Target, *, hidden: bool) -> Card:
    """Say what comes of a report."""
    then = "It is hidden from everybody until a moderator has looked." if hidden else "A moderator will look."
    return note(Strong(f"Reported: #{target.name}."), f" {then} Nobody is told that it was you.")


def reported_card(reported: Reported) -> Card:
    """Tell moderators that something was reported, and what they can do."""
    target = reported.target
    state = "It is hidden until one of you decides." if reported.hidden else "Everybody can still read it."
    return Card(
        notice="Something was reported",
        title=f"#{target.name} was reported",
        blocks=(
            Items(
                tuple(line(f"{_LABELS[why]} – {counted(times, 'report')}") for why, times in _tally(reported))
            ),
            Paragraph(
                line(f"{state} To read it, write in your own chat: ", Word(f"show {target.case}"), ".")
            ),
        ),
        buttons=_decisions(reported),
    )


def reports_card(reports: Sequence[Reported]) -> Card:
    """List what was reported and not decided about."""
    if not reports:
        return note("Nothing that was reported waits for a decision.")
    return Card(
        notice="What was reported",
        title="What was reported",
        blocks=(Items(tuple(map(_row, reports))), _ways()),
        buttons=_decisions(reports[0]),
    )


def _row(reported: Reported) -> Line:
    whys = ", ".join(f"{_LABELS[why].lower()} ({times})" for why, times in _tally(reported))
    hidden = ", hidden" if reported.hidden else ""
    return line(Strong(f"#{reported.target.name}"), f" – {whys}{hidden}")


def _ways() -> Block:
    return Paragraph(
        line("Decide with ", Word("mod hide 123"), " or ", Word("mod dismiss 123"), ", with its own number.")
    )


def _tally(reported: Reported) -> Sequence[tuple[Why, int]]:
    return Counter(reported.whys).most_common()


def _decisions(reported: Reported) -> tuple[Button, ...]:
    name = reported.target.name
    hide = f"Keep #{name} hidden" if reported.hidden else f"Hide #{name}"
    return (
        Button(hide, f"mod hide {name}", "danger"),
        Button(f"Nothing wrong with #{name}", f"mod dismiss {name}"),
    )


def dismissed_card(target: Target) -> Card:
    """Tell a moderator that reports are settled without consequences."""
    return note(
        Strong(f"Nothing wrong with #{target.name}."),
        " It stays as it is. The members who reported it cannot do so again.",
        buttons=(Button("Reports", "mod reports"),),
    )


def kept_hidden_card(target: Target) -> Card:
    """Tell a moderator that what was hidden stays so by their decision."""
    return note(
        Strong(f"#{target.name} stays hidden."),
        " Its writer is told.",
        buttons=(Button("Reports", "mod reports"),),
    )


def reports_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "mod reports", "main"),))


def appealed_card(target: Target) -> Card:
    """Answer whoever asks for another look."""
    return note(
        Strong(f"Another moderator will look at #{target.name} again."),
        " I write to you when it is decided.",
    )


def appeal_card(target: Target, *, alone: bool) -> Card:
    """Tell moderators that the writer of something hidden asks for another look."""
    who = (
        "There is one moderator so far; another one is needed to keep it hidden."
        if alone
        else "Whoever hid it can show it again, but another moderator has to decide to keep it hidden."
    )
    return Card(
        notice="Somebody asks for another look",
        title=f"The writer of #{target.name} asks for another look",
        blocks=(Paragraph(line(who)),),
        buttons=(
            Button("Keep hidden", f"mod hide {target.name}", "danger"),
            Button("Show again", f"mod restore {target.name}"),
        ),
    )
