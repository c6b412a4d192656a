"""Verification as people read it: the steps, the answers of the checks, and the moderators' queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.chat.cards import (
    Block,
    Button,
    Card,
    Fields,
    Fine,
    Items,
    Paragraph,
    Quote,
    Strong,
    Word,
    line,
    note,
)
from bot.chat.forms import Form, TextField
from bot.chat.text import counted
from bot.domain.members import Role
from bot.domain.verification import Applicant, Outcome, Stage, Step, settled
from bot.views.moderators import apart_words, found_lines, second_wanted, waited
from bot.views.old_account import (
    doubles,
    gone_review_card,
    member_already_card,
    moving_card,
)

_FAILED: Final = {
    "not_found": "I do not find that number in the register.",
    "organisation": "That number belongs to an organisation, not to a person.",
    "deactivated": "The register has that number as deactivated.",
    "name_differs": "The register has that number under another name than yours.",
    "no_physician": "By the register this number is not a physician's.",
}
_REVIEWED: Final = {
    "name_near": "Your name here and in the register differ a little.",
    "name_unknown": "Nothing here proves your name, so somebody has to look.",
    "taxonomy_only": "The register does not name your degree as MD or DO.",
    "degree_only": "The register does not list you under a physician's specialty.",
    "licence_missing": "You gave no licence, or the register has none for you.",
    "licence_differs": "The licence that you gave is not the one in the register.",
    "no_roster": "No register is at hand here.",
    "silent": "The register did not answer.",
}
_UNDECIDED: Final = "I could not decide it."
QUICK_STOP: Final = Button("Stop", "verify stop")


def why_of(reason: str) -> str:
    """Say in a sentence what a check found against somebody."""
    return _FAILED.get(reason) or _REVIEWED.get(reason, "It could not be decided.")


def number_form(*, name_wanted: bool, said: str = "", works_here: bool = True) -> Form:
    """Ask for the number and what belongs to it; the name only where no check has proved it."""
    name = TextField(
        "name", "Your full name", hint="As the register has it. Only a moderator sees it.", max_length=120
    )
    first = "is done: you work here" if works_here else "is left to a moderator"
    lead: tuple[Block, ...] = (Paragraph(line(f"Step 1 of 3 {first}. Step 2: that you are a physician.")),)
    if said:
        lead = (Quote(said, label="A moderator asks"),)
    return Form(
        command="verify number",
        title="Your number",
        fields=(
            TextField(
                "number",
                "NPI, or your number at the medical staff office",
                hint="An NPI has ten digits.",
                max_length=40,
            ),
            TextField(
                "licence",
                "State and licence number",
                hint="For example MA 12345. Without it a moderator has to look.",
                optional=True,
                max_length=60,
            ),
            *((name,) if name_wanted else ()),
        ),
        submit="Check",
        lead=lead,
    )


def names_card(names: Sequence[str]) -> Card:
    """Propose screen names; only their reader may see them."""
    return Card(
        notice="You are verified. Choose a screen name",
        blocks=(
            Paragraph(line("You are verified. Choose the name that others will see with your specialty.")),
        ),
        buttons=(
            *(Button(name, f"verify name {number}", "main") for number, name in enumerate(names, start=1)),
            Button("Show others", "verify others"),
        ),
        reopen=Button("Choose a screen name", "verify"),
    )


def in_card(screen_name: str, applicant: Applicant) -> Card:
    """Say that all is done; only its reader may see it."""
    found = settled(applicant.findings, Step.CREDENTIAL)
    trainee = found is not None and found.role is Role.TRAINEE
    ask = () if trainee else ("Try ", Word("case"), " to ask colleagues, or look at open cases.")
    return Card(
        notice="You're in",
        blocks=(
            Paragraph(line("You're in, as ", Strong(screen_name), ". Others see that and your specialty.")),
            Paragraph(line(*(ask or ("Look at open cases; you can give opinions and comment.",)))),
        ),
        buttons=(Button("Open cases", "open"), Button("Rules", "rules")),
        reopen=Button("What others see of me", "me"),
    )


def name_gone_card(names: Sequence[str]) -> Card:
    """Say that somebody else was faster, and propose others."""
    proposed = names_card(names)
    told = Paragraph(line("Somebody took that name a moment ago. Here are others."))
    return Card(proposed.notice, blocks=(told,), buttons=proposed.buttons, reopen=proposed.reopen)


def failed_card(applicant: Applicant) -> Card:
    """Say what a check found against the applicant, and what can be done."""
    if applicant.held and applicant.is_bound:
        return member_already_card()
    found = settled(applicant.findings, Step.CREDENTIAL)
    why = _FAILED.get(found.reason, _FAILED["not_found"]) if found else ""
    return note(
        f"{why} Look at what you typed, or let a moderator look.",
        buttons=(
            Button("Try again", "verify number", "main"),
            Button("Ask a moderator", "verify appeal"),
            QUICK_STOP,
        ),
    )


def review_card(applicant: Applicant, days: int) -> Card:
    """Say that a moderator will look, why, and within how many working days."""
    if applicant.gone:
        return gone_review_card(applicant)
    looks = f" A moderator will look, usually within {counted(days, 'working day')}. Nothing else is needed."
    return note(_in_doubt(applicant) + looks, buttons=(Button("Where it stands", "verify"), QUICK_STOP))


def _in_doubt(applicant: Applicant) -> str:
    """Say what a moderator has to look at first: the workplace, then the credential."""
    if not applicant.works_here:
        return "Where you work could not be shown."
    found = settled(applicant.findings, Step.CREDENTIAL)
    if found is None or found.outcome is Outcome.PASS:
        return _UNDECIDED
    return _REVIEWED.get(found.reason) or _FAILED.get(found.reason, _UNDECIDED)


def rejected_card(applicant: Applicant) -> Card:
    """Say that a moderator rejected the application, and why."""
    return Card(
        notice="Your application was rejected",
        blocks=(
            Paragraph(line("A moderator looked, and you cannot be let in as it is.")),
            Quote(applicant.said, label="Why"),
        ),
        buttons=(Button("Start again", "verify again"),),
    )


def stopped_card(*, had_one: bool) -> Card:
    """Confirm that an application is forgotten."""
    told = "Stopped, and forgotten: nothing that you said for it is kept." if had_one else "Nothing was open."
    return note(told, buttons=(Button("Verify me", "verify"),))


def refused_card(sentence: str, command: str) -> Card:
    """Say what is wrong with an answer; ``command`` asks for it again."""
    return note(sentence, buttons=(Button("Try again", command, "main"), QUICK_STOP))


def moment_card() -> Card:
    """Say that two things happened at once."""
    return note(
        "Something else changed your application at the same moment. Look where it stands.",
        buttons=(Button("Where it stands", "verify"),),
    )


def decided_card(applicant: Applicant, days: int = 2) -> Card:
    """Tell the applicant what a moderator decided."""
    if applicant.stage is Stage.NAMING:
        return approved_quiet_card()
    if applicant.stage is Stage.REJECTED:
        return rejected_card(applicant)
    if applicant.stage is Stage.MOVING:
        return moving_card(applicant)
    if applicant.stage is Stage.REVIEW:
        return review_card(applicant, days)
    return Card(
        notice="A moderator asks for more",
        blocks=(Quote(applicant.said, label="A moderator asks"),),
        buttons=(Button("Answer", "verify number", "main"), QUICK_STOP),
    )


def approved_quiet_card() -> Card:
    """Tell, where others may read along, that the name can be chosen."""
    return note("You are verified. ", buttons=(Button("Choose a screen name", "verify", "main"),))


def decided_quiet_card() -> Card:
    """Tell, where others may read along, that there is something to look at."""
    return note("Your verification has moved. ", buttons=(Button("Open", "verify", "main"),))


# What moderators see.


def waiting_quiet_card(reference: str) -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", f"mod show {reference}", "main"),))


def queue_card(applicants: Sequence[Applicant], apart: int = 0) -> Card:
    """List what waits, the longest waiting first, and how many deliveries are set apart."""
    more = (Fine(line(apart_words(apart))),) if apart else ()
    if not applicants:
        return Card(notice="Nobody waits.", blocks=(Paragraph(line("Nobody waits.")), *more))
    rows = tuple(
        line(
            Word(f"mod show {one.reference}"),
            f" – {waited(one).lower()}" + (", asked for more" if one.stage is Stage.MORE else ""),
        )
        for one in applicants
    )
    return Card(
        notice=f"{counted(len(applicants), 'application')} waiting",
        title="Applications",
        blocks=(Items(rows), *more),
        buttons=(Button("Oldest", f"mod show {applicants[0].reference}", "main"),),
    )


def applicant_card(applicant: Applicant, *, alone: bool = False) -> Card:
    """Show a moderator what matched and what did not; never the screen name.

    ``alone`` says that there is one moderator only.
    """
    typed = [("Number", "number"), ("Licence", "licence"), ("Name as typed", "name")]
    if any(one.check == "email" and one.finding.outcome is Outcome.PASS for one in applicant.findings):
        typed.append(("E-mail as confirmed", "email"))
    rows = tuple(
        (label, applicant.values[key]) for label, key in typed if applicant.values.get(key, "").strip()
    )
    proved = (("Name as proved", applicant.proved_name),) if applicant.proved_name else ()
    may = not applicant.objected and (applicant.gone or not applicant.held)
    needs = f"{counted(applicant.needed - applicant.approvals, 'approval')} needed. " if may else ""
    also = (
        "The number, the licence or the address belongs to somebody who is banned. "
        if applicant.barred
        else ""
    )
    if applicant.renews:
        also += "A member is verified again; approving keeps the membership. "
    ref = applicant.reference
    return Card(
        notice=f"Application {ref}",
        title=f"Application {ref}",
        blocks=(
            Fields((*proved, *rows)),
            Items(found_lines(applicant)),
            *doubles(applicant),
            Fine(line(f"{also}{needs}{waited(applicant)}.")),
            *second_wanted((applicant.needed - 1) * may, alone=alone),
            Fine(line("Or in words: ", Word(f"mod ask {ref} …"), ", ", Word(f"mod reject {ref} …"), ".")),
        ),
        buttons=(
            *((Button("Approve", f"mod approve {ref}", "main"),) if may else ()),
            Button("Ask for more", f"mod ask {ref}"),
            Button("Reject", f"mod reject {ref}"),
        ),
        reopen=Button("Look", f"mod show {ref}"),
    )


def approved_card(applicant: Applicant, *, alone: bool = False) -> Card:
    """Confirm an approval to the moderator who gave it."""
    ref, left = applicant.reference, applicant.needed - applicant.approvals
    done = {
        Stage.NAMING: f"Approved: {ref}. The applicant chooses a screen name now.",
        Stage.MOVING: f"Approved: {ref}. The old account may object now before anything moves.",
        Stage.RENEWED: f"Approved: {ref}. The member goes on as before, and was told.",
    }
    if told := done.get(applicant.stage):
        return note(told)
    if applicant.held and not applicant.gone:
        return note(f"{ref} cannot be approved: a member has that number already.")
    if left < 1:
        return note(f"{ref} cannot be approved: look at it once more.")
    told = f"Noted. {ref} {why_two(applicant)}, so {counted(left, 'more moderator')} must approve it."
    return Card(told, blocks=(Paragraph(line(told)), *second_wanted(left, alone=alone)))


def why_two(applicant: Applicant) -> str:
    """Say why one moderator is not enough for an application."""
    if applicant.barred:
        return "belongs to somebody who is banned"
    return "moves an old account" if applicant.gone else "overrides a failed check"


def said_card(applicant: Applicant) -> Card:
    """Confirm a rejection or a question to the moderator who wrote it."""
    done = "rejected" if applicant.stage is Stage.REJECTED else "asked for more"
    return note(f"{applicant.reference}: {done}. The applicant reads your words.")


def unknown_reference_card(reference: str) -> Card:
    """Say that nothing of this reference waits."""
    return note(f"No application {reference} waits.", buttons=(Button("Queue", "mod queue", "main"),))


def words_missing_card(word: str, reference: str) -> Card:
    """Ask a moderator for the words that the applicant will read."""
    return note("The applicant reads your words, so write some: ", Word(f"mod {word} {reference} …"), ".")


def moderators_only_card() -> Card:
    """Refuse somebody who is no moderator."""
    return note("That is for moderators.", buttons=(Button("Help", "help"),))


def mod_help_card(more: Sequence[tuple[str, str]] = ()) -> Card:
    """List a moderator's words; ``more`` are those of other views."""
    words = (
        ("mod queue", "Who waits."),
        ("mod show V-…", "What matched and what did not."),
        ("mod approve V-…", "Let somebody in."),
        ("mod ask V-… your question", "Ask for more."),
        ("mod reject V-… your reason", "Turn somebody away, with a reason."),
        ("mod rooms", "Which consult rooms are open, and why any is paused."),
        ("mod pause SITE", "Let nothing leave for a room until you write resume in place of pause."),
        *more,
    )
    rows = tuple(line(Word(usage), f" – {does}") for usage, does in words)
    return Card(notice="A moderator's words", title="A moderator's words", blocks=(Items(rows),))
