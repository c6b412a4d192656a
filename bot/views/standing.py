"""Standing as people read it: why somebody is stopped, until when, what next; and moderators' words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.chat.cards import Block, Button, Card, Items, Paragraph, Quote, Strong, Word, line, note
from bot.chat.text import Line
from bot.domain.members import Member
from bot.domain.standing import BY_MODERATORS, Acted, Cause, Done, Standing, Stop
from bot.views.home import OWN_DATA, me_card
from bot.views.verification import why_of

_KEPT: Final = "What you posted stays, and your drafts are kept."
_APPEAL: Final = Button("Ask another moderator", "verify appeal", "main")
_AGAIN: Final = Button("Verify again", "verify", "main")
_RULES: Final = Button("Rules", "rules")


def stopped_card(stop: Stop, notice: str = "You cannot do that right now") -> Card:
    """Say why somebody cannot act, until when, and what is next; only its reader may see it."""
    told = (Quote(stop.said, label="Why"),) if stop.said else ()
    return Card(
        notice=notice,
        blocks=(Paragraph(line(_stopped(stop))), *told, Paragraph(line(_next(stop)))),
        buttons=_ways_on(stop),
        reopen=Button("Why", "me"),
    )


def told_card(stop: Stop) -> Card:
    """Tell a member that something stops them now."""
    return stopped_card(stop, "Your membership has changed")


def stopped_me_card(member: Member, stop: Stop) -> Card:
    """Show a member who is stopped how others see them, and why they are stopped."""
    shown, stopped = me_card(member), stopped_card(stop)
    return Card(
        notice=shown.notice,
        blocks=(*shown.blocks[:1], *stopped.blocks),
        buttons=(*stopped.buttons, *OWN_DATA),
        reopen=stopped.reopen,
    )


def _stopped(stop: Stop) -> str:
    if stop.cause is Cause.NUMBER:
        return "The register has your number as deactivated. Until it is active again you are suspended."
    if stop.cause is Cause.RECHECK:
        return "Your yearly check did not pass, and the 30 days are over. You are suspended."
    if stop.cause is Cause.BAN and stop.whole:
        return "Two moderators have banned you from the consult rooms of all hospitals."
    if stop.cause is Cause.BAN:
        return "A moderator has suspended you until a second one has looked."
    return f"A moderator has suspended you until {_until(stop.until)}."


def _next(stop: Stop) -> str:
    if stop.cause is Cause.NUMBER:
        return f"{_KEPT} This ends by itself once the register has it right. Or give another number."
    if stop.cause is Cause.RECHECK:
        return f"{_KEPT} Verify again to go on."
    if stop.appealed:
        return f"{_KEPT} You have asked for another look; that usually takes 2 working days."
    return f"{_KEPT} If you think this is wrong, another moderator can look at it."


def _ways_on(stop: Stop) -> tuple[Button, ...]:
    if stop.cause not in BY_MODERATORS:
        return (_AGAIN, _RULES)
    return (_RULES,) if stop.appealed else (_APPEAL, _RULES)


def lifted_card() -> Card:
    """Tell a member that nothing stops them any more."""
    return note(
        "You are no longer suspended, and everything is as it was. ",
        Word("open"),
        " lists open cases.",
    )


def eased_card(stop: Stop) -> Card:
    """Tell a member that one thing has ended, and what still stops them."""
    shown = told_card(stop)
    told = Paragraph(line("One thing that stopped you has ended. This one is left:"))
    return Card(shown.notice, blocks=(told, *shown.blocks), buttons=shown.buttons, reopen=shown.reopen)


def changed_quiet_card() -> Card:
    """Tell it where others may read along: neither a role nor a screen name, nor what has changed."""
    return note("Something about your membership has changed. ", buttons=(Button("Open", "me", "main"),))


# The yearly check.


def warning_card(reason: str, ends: date) -> Card:
    """Tell a member that the yearly check did not pass, and until when it can be put right."""
    return note(
        f"Your yearly check did not pass. {why_of(reason)} Verify again by {_day(ends)}. "
        "Until then nothing changes; after that you would be suspended.",
        buttons=(_AGAIN,),
    )


def reminder_card(ends: date) -> Card:
    """Remind a member before the end of the warning."""
    return note(
        f"Your yearly check is still open. Verify again by {_day(ends)}; after that you would be suspended.",
        buttons=(_AGAIN,),
    )


def check_quiet_card() -> Card:
    """Tell it where others may read along."""
    return note("Your verification needs a look. ", buttons=(Button("Open", "verify", "main"),))


def settled_card() -> Card:
    """Tell a member who was warned that it is settled."""
    return note("Your yearly check has passed now. Nothing else is needed.")


def renewed_card() -> Card:
    """Confirm that somebody was verified again."""
    return note(
        "You are verified again. Your screen name and all that you posted are as they were. ",
        Word("open"),
        " lists open cases.",
    )


# Appeals.


def appealed_card() -> Card:
    """Confirm that other moderators were asked to look."""
    return note("Another moderator was asked to look, usually within 2 working days. You will be told.")


_LOOKS: Final = {
    "appeal": " asks another moderator to look. ",
    "ban_asked": " is suspended, and a moderator asks for a ban. Do you agree?",
    "lift_asked": " is banned, and a moderator wants that lifted. Do you agree?",
}


def look_card(member: Member, stop: Stop, what: str) -> Card:
    """Ask a moderator to look at what another one did: an ``appeal``, ``ban_asked`` or ``lift_asked``."""
    name = member.screen_name
    restore = Button("Restore", f'mod restore "{name}"', "main")
    ban = Button("Ban", f'mod ban "{name}"', "main")
    return Card(
        notice="A moderator's look is needed",
        blocks=(
            Paragraph(line(Strong(name), _LOOKS[what], state_words(stop) if what == "appeal" else "")),
            Quote(stop.said, label="Why"),
        ),
        buttons=(ban if what == "ban_asked" else restore, Button("All stopped", "mod stopped")),
        reopen=Button("Look", "mod stopped"),
    )


def look_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "mod stopped", "main"),))


# Moderators' words.

HELP: Final = (
    ('mod suspend "Quiet Heron" 7 your reason', "Suspend somebody, for days or until further notice."),
    ('mod ban "Quiet Heron" your reason', "Ban the person; a second moderator has to agree."),
    ('mod restore "Quiet Heron"', "Lift what moderators did."),
    ("mod stopped", "Whom moderators have stopped."),
)


def acted_card(acted: Acted) -> Card:
    """Tell a moderator what came of a word."""
    return note(*acted_words(acted))


def acted_words(acted: Acted) -> Line:
    """Say what came of a moderator's word."""
    name = Strong(acted.screen_name)
    if acted.done is Done.UNKNOWN:
        return line("I know no member called ", name, ". Write the screen name as cards show it.")
    return line(name, _ACTED[acted.done].format(until=_until(acted.until)))


_ACTED: Final = {
    Done.SUSPENDED: " is suspended until {until}, and reads your words.",
    Done.BAN_ASKED: " is suspended, and reads your words. A second moderator has to agree to the ban.",
    Done.BANNED: " is banned. The same person is not let in again without two moderators.",
    Done.RESTORED: " is no longer stopped by moderators, and was told.",
    Done.LIFT_ASKED: " stays banned until a second moderator restores as well.",
    Done.SAME: ": nothing has changed. It is so already, or another moderator has to agree.",
    Done.NOT_STOPPED: " was not stopped by a moderator.",
    Done.WORDLESS: " reads your reason, so write one.",
    Done.ONESELF: " is you. Another moderator has to do that.",
}


def stopped_list_card(stopped: Sequence[tuple[Member, Standing]]) -> Card:
    """List whom moderators have stopped."""
    if not stopped:
        return note("Nobody is stopped by a moderator.")
    blocks: list[Block] = []
    for member, standing in stopped:
        stop = standing.of(*BY_MODERATORS)
        if stop is not None:
            blocks += [Items((_entry(member, stop),)), Quote(stop.said, label="Why")]
    return Card(
        notice="Stopped by moderators",
        title="Stopped by moderators",
        blocks=(*blocks, Paragraph(line(Word('mod restore "Quiet Heron"'), " lifts it."))),
        reopen=Button("Look", "mod stopped"),
    )


def _entry(member: Member, stop: Stop) -> Line:
    asked = " Asks for another look." if stop.appealed else ""
    lifting = " One moderator wants it lifted." if stop.lifting else ""
    return line(Strong(member.screen_name), f" – {state_words(stop)}{asked}{lifting}")


def state_words(stop: Stop) -> str:
    """Say what a moderator's stop is, in a few words."""
    if stop.cause is Cause.BAN:
        return "Banned." if stop.whole else "Suspended; one moderator asks for a ban."
    return f"Suspended until {_until(stop.until)}."


def wanting_words_card(word: str) -> Card:
    """Say how a word is written."""
    days = " 7" if word == "suspend" else ""
    why = "" if word == "restore" else " your reason"
    told = "" if word == "restore" else " The member reads the reason."
    return note("Write it like this: ", Word(f'mod {word} "Quiet Heron"{days}{why}'), f".{told}")


def too_long_card(most: int) -> Card:
    """Refuse a number of days."""
    return note(f"Give 1 to {most} days, or none for a suspension until further notice.")


def _until(moment: datetime | None) -> str:
    return f"{_day(moment)}, {moment:%H:%M} UTC" if moment is not None else "further notice"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
