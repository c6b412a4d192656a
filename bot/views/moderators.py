"""What moderators are told: cards of their room, the daily list, the first of them. Nobody is named here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Button, Card, Fine, Items, Paragraph, Strong, Word, line, note
from bot.chat.forms import Form, TextField
from bot.chat.text import Line, counted
from bot.domain.verification import Applicant, Stage


def apart_words(count: int) -> str:
    """Say how many deliveries are set apart, and who can do something about it."""
    stands = "stands" if count == 1 else "stand"
    return (
        f"{counted(count, 'message')} could not be delivered and {stands} in quarantine. "
        "The operator sees why with curbside outbox list."
    )


def waited(applicant: Applicant) -> str:
    """Say for how long an application has waited."""
    if applicant.waiting_days:
        return f"Waits {counted(applicant.waiting_days, 'day')}"
    return "Came today"


def found_lines(applicant: Applicant) -> tuple[Line, ...]:
    """Say what each check found, in its own fixed words."""
    return tuple(
        line(Strong(one.check), f": {one.finding.outcome.value}, {one.finding.reason.replace('_', ' ')}")
        for one in applicant.findings
    )


def second_wanted(needed: int, *, alone: bool) -> tuple[Fine, ...]:
    """Say who else may approve, where two moderators are needed and there is ``alone`` one."""
    told = "There is one moderator so far: a second one, or the operator at the shell, has to approve it too."
    return (Fine(line(told)),) if alone and needed else ()


def _needed(applicant: Applicant, *, alone: bool) -> tuple[Fine, ...]:
    """Say how many approvals are needed, or that none can be given."""
    if applicant.held:
        told = "A member has this number already, so it cannot be approved."
        return (Fine(line(f"{told} {waited(applicant)}.")),)
    told = f"{counted(applicant.needed - applicant.approvals, 'approval')} needed."
    return (Fine(line(f"{told} {waited(applicant)}.")), *second_wanted(applicant.needed - 1, alone=alone))


def room_card(applicant: Applicant, *, alone: bool) -> Card:
    """Show in the moderators' room that an application waits: what matched, and nothing that names anybody.

    ``alone`` says that there is one moderator only.
    """
    ref = applicant.reference
    approve = () if applicant.held else (Button("Approve", f"mod approve {ref}"),)
    return Card(
        notice=f"An application waits: {ref}",
        title=f"Application {ref}",
        blocks=(
            Items(found_lines(applicant)),
            *_needed(applicant, alone=alone),
        ),
        buttons=(
            Button("Look", f"mod show {ref}", "main"),
            *approve,
            Button("Ask for more", f"mod ask {ref}"),
            Button("Reject", f"mod reject {ref}"),
        ),
    )


def spell_approval_card(command: str) -> Card:
    """Say that a number lets nobody in."""
    return note("A number never lets anybody in. Approve by the word: ", Word(command), ".")


def settled_in_room_card(applicant: Applicant) -> Card:
    """Say in the moderators' room what came of an application, so that nobody does it twice."""
    ref = applicant.reference
    if applicant.stage is Stage.MORE:
        return note(
            "A moderator asked for more: ",
            Strong(ref),
            ". It waits for the applicant now.",
            buttons=(Button("Look", f"mod show {ref}"),),
        )
    done = "Approved" if applicant.stage is Stage.NAMING else "Rejected"
    return note(f"{done} by a moderator: ", Strong(ref), ". Nothing is left to do.")


def left_card(reference: str) -> Card:
    """Say in the moderators' room that an application waits no longer, without anybody's decision."""
    return note(
        "The applicant stopped or went on alone: ", Strong(reference), ". Nothing is left to do here."
    )


def answered_card(reference: str) -> Card:
    """Say in the moderators' room that an applicant answered, and that another card stands for it now."""
    return note("The applicant answered: ", Strong(reference), ". A newer card shows it.")


def overdue_card(applicants: Sequence[Applicant], days: int, apart: int) -> Card:
    """List once a day what waits for longer than was promised, and how much could not be delivered."""
    rows = tuple(line(Word(f"mod show {one.reference}"), f" – {waited(one).lower()}") for one in applicants)
    waits = (
        Paragraph(line(f"For more than {counted(days, 'working day')} {_wait(len(applicants))}:")),
        Items(rows),
    )
    more = (Paragraph(line(apart_words(apart))),)
    return Card(
        notice="What waits for moderators",
        title="What waits for moderators",
        blocks=(*(waits if rows else ()), *(more if apart else ())),
        buttons=(Button("Queue", "mod queue", "main"),),
    )


def _wait(count: int) -> str:
    return "this application waits" if count == 1 else f"these {count} applications wait"


def something_waits_card() -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "mod queue", "main"),))


def apart_card(code: str, *, to_room: bool) -> Card:
    """Say that something could not be delivered; ``code`` is the platform's fixed word for why."""
    where = "a consult room" if to_room else "somebody's direct chat"
    return note(
        f"A message to {where} could not be delivered (",
        Strong(code),
        ") and stands in quarantine. The operator settles it with curbside outbox list.",
    )


def apart_quiet_card() -> Card:
    """Say, where others may read along, that the operator should look."""
    return note("A message could not be delivered. The operator sees it with curbside outbox list.")


def room_lost_card(code: str) -> Card:
    """Tell each moderator at home that their room cannot be reached."""
    return note(
        "I cannot write into the moderators' room (",
        Strong(code),
        "). The operator finds out why with curbside doctor. Until then, look at the queue here.",
        buttons=(Button("Queue", "mod queue", "main"),),
    )


def words_form(word: str, reference: str) -> Form:
    """Ask a moderator for the words that the applicant will read."""
    asks = word == "ask"
    return Form(
        command=f"mod {word} {reference}",
        title="Ask for more" if asks else "Reject",
        fields=(
            TextField(
                "words",
                f"What should {reference} tell you?" if asks else f"Why is {reference} rejected?",
                hint="The applicant reads your words. Do not name yourself.",
                multiline=True,
                max_length=480,
            ),
        ),
        submit="Send",
    )


# Becoming a moderator.


def moderating_card() -> Card:
    """Tell a new moderator what there is to do."""
    return note(
        "You are a moderator. ",
        Word("mod queue"),
        " shows who wants in, ",
        Word("mod words"),
        " lists what else you can do. You see what matched, and never a screen name.",
        buttons=(Button("Queue", "mod queue", "main"), Button("A moderator's words", "mod words")),
    )


def moderating_quiet_card() -> Card:
    """Tell it where others may read along."""
    return note(
        "There is something new for you to look after. ", buttons=(Button("Open", "mod words", "main"),)
    )


def gathered_card() -> Card:
    """Tell a moderator that there is a room now."""
    return note(
        "There is a moderators' room now, and I have invited you. What waits stands there from now on; "
        "here you can go on with ",
        Word("mod queue"),
        " as before.",
    )


def first_card() -> Card:
    """Greet the first moderator of all."""
    return Card(
        notice="You are the first moderator",
        blocks=(
            Paragraph(line("You are the first moderator. The code is used up.")),
            Paragraph(
                line(
                    "Next: let the operator make a second one at the shell, since a failed check is "
                    "overridden by two only. Then tell your physicians to write ",
                    Word("verify"),
                    " to me. Whom the checks leave open, you find in ",
                    Word("mod queue"),
                    ".",
                )
            ),
        ),
        buttons=(Button("Queue", "mod queue", "main"), Button("A moderator's words", "mod words")),
        reopen=Button("Open", "mod words"),
    )


def first_too_late_card() -> Card:
    """Refuse the holder of a code, since somebody else is a moderator meanwhile."""
    return note(
        "There is a moderator already. The operator makes others at the shell, with curbside mod enrol."
    )


def first_is_member_card() -> Card:
    """Refuse the holder of a code whose account has another role."""
    return note(
        "This account is a member already, and an account has one role. Use the code with another account."
    )


def first_is_guest_card() -> Card:
    """Refuse the holder of a code whose account is a guest's or belongs elsewhere."""
    return note("A guest's account cannot be a moderator's. Use the code with a full member's account.")


def first_later_card() -> Card:
    """Say that the account could not be looked up."""
    return note("I could not look up your account right now. The code is still good; try again in a minute.")
