"""Terms of a poll in words: on its card, and in the preview before it is posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.cards import Block, Button, Fine, Items, Paragraph, Word, line
from bot.domain.drafts import Draft, DraftKind
from bot.domain.poll_asked import asked_of
from bot.domain.poll_terms import PollKind, Shows, Terms
from bot.domain.poll_votes import scale_words
from bot.domain.polls import Poll, PollState
from bot.domain.wording import enumerated
from bot.views.wanted import spoken


def kind_line(terms: Terms, options: int) -> str:
    """Say what a vote is; ``options`` counts those beside *don't know*."""
    match terms.kind:
        case PollKind.MULTIPLE:
            most = f"up to {terms.most}" if terms.most < options else "as many as you like"
            return f"Choose {most}."
        case PollKind.LIKERT:
            return "How far do you agree?"
        case PollKind.RANKING:
            return f"Put options 1 to {options} in order, the best first."
        case PollKind.NUMBER:
            return f"Give a number from {scale_words(terms)}."
        case _:
            return "Choose one."


def audience_line(terms: Terms, drawn: int = 0) -> str:
    """Say who may vote; ``drawn`` is how many were, once they are."""
    who = enumerated(spoken((name,)) for name in terms.audience) if terms.audience else "all specialties"
    trainees = "" if terms.trainees else ", without trainees"
    if terms.sample:
        return f"For {drawn or terms.sample} physicians drawn at random from {who}{trainees}."
    return f"For {who}{' only' if terms.audience else ''}{trainees}."


def time_lines(terms: Terms) -> tuple[str, ...]:
    """Say when it opens and closes, in UTC since readers are in many places; nothing its author decides."""
    opens = (f"Opens {moment(terms.opens_at)}.",) if terms.opens_at else ()
    at = [moment(terms.closes_at)] if terms.closes_at else []
    votes = [f"soon after {terms.closes_after} votes"] if terms.closes_after else []
    closes = (f"Closes {', or '.join((*at, *votes))}.",) if at or votes else ()
    return (*opens, *closes)


def moment(at: datetime) -> str:
    """Write a moment with its day of the week, in UTC."""
    there = at.astimezone(UTC)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M} UTC"


def paid_line(terms: Terms) -> str:
    """Say who pays and what; empty where nobody does."""
    return f"Paid for by {terms.sponsor}: {terms.payment.rstrip('.')}." if terms.sponsor else ""


def reads_line(terms: Terms) -> str:
    """Say who reads the result."""
    match terms.shows:
        case Shows.SNAPSHOTS:
            return (
                "Those who voted read the result now and then while it is open, everybody after it is "
                "closed, if enough vote."
            )
        case Shows.AUTHOR:
            return "Its author alone reads the result after it is closed, if enough vote."
        case _:
            return "Everybody reads the result after it is closed, if enough vote."


def asked_lines(draft: Draft) -> tuple[Block, ...]:
    """Show in the preview of a poll what holds for it; nothing for other drafts."""
    if draft.kind is not DraftKind.POLL:
        return ()
    asked = asked_of(draft)
    terms, zone = asked.terms, draft.settings.get("zone", "")
    rows = (
        kind_line(terms, len(asked.options)),
        "The order of the options is another one for each voter." if terms.shuffled else "",
        audience_line(terms),
        *(time_lines(terms) or ("It is open until you close it.",)),
        reads_line(terms),
        paid_line(terms),
        _place(draft),
    )
    told = Fine(line("To change these: ", Word("details"), "."))
    return (Items(tuple(line(row) for row in rows if row)), *_zone(terms, zone), told)


def _zone(terms: Terms, zone: str) -> tuple[Block, ...]:
    """Say in which time zone times were read, where any were."""
    if not zone or not (terms.opens_at or terms.closes_at):
        return ()
    if zone == "UTC":
        return (
            Fine(
                line("I read your times as UTC. To tell your own: ", Word("me quiet 22-7 Europe/Berlin"), ".")
            ),
        )
    return (Fine(line(f"I read your times as those of {zone}.")),)


def _place(draft: Draft) -> str:
    if number := draft.settings.get("instead_of"):
        return f"It takes the place of poll {number}, in every room."
    return f"It stands in the thread of case #{draft.about}." if draft.about else ""


def settings_button(draft: Draft) -> tuple[Button, ...]:
    """Offer to change what holds for a poll; nothing for other drafts."""
    return (Button("Settings", f"details {draft.code}"),) if draft.kind is DraftKind.POLL else ()


def terms_blocks(poll: Poll) -> tuple[Block, ...]:
    """Show on the card of a poll who may vote, when it opens (until it has) and closes, and who pays."""
    terms = poll.terms if poll.state is PollState.WAITING else replace(poll.terms, opens_at=None)
    facts = " ".join((audience_line(terms, poll.invited), *time_lines(terms)))
    paid = paid_line(terms)
    return (Fine(line(facts)), *((Paragraph(line(paid)),) if paid else ()))
