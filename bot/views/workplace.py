"""The first step of verification as people read it: where somebody works, and the ways to show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from bot.chat.cards import Button, Card, Link, Paragraph, line, note
from bot.chat.forms import Form, TextField
from bot.domain.verification import Applicant, Outcome, Recorded, Stage, Step
from bot.views.verification import QUICK_STOP

_WAYS: Final = {
    "email": "Code by e-mail",
    "oidc": "Hospital sign-on",
    "vouch": "Two colleagues",
}
_WORKPLACE: Final = {
    "guest": "This account is a guest's, a bot's or another hospital's, so it does not show where you work.",
    "gone": "This account is switched off.",
    "domain": "The e-mail address of this account is not one of your hospital's.",
    "code_wrong": "That code was wrong for the fifth time, so it does not count any more.",
    "code_expired": "That code does not count any more: it lives for ten minutes, and can be used once.",
    "sign_on": "The sign-on of your hospital did not let you in.",
    "sign_on_expired": "That sign-on is over: it lives for ten minutes, and can be used once.",
    "vouch_expired": "Your code for colleagues is a week old, and not two of them have vouched.",
    "email_unverified": "The sign-on of your hospital does not say that it has checked your e-mail address.",
}
_NOTHING: Final = "That did not show where you work."
_NOT_SHOWN: Final = {
    ("workspace", "silent"): "I could not look up this account right now.",
    ("email", "silent"): "The mail could not be sent right now.",
    ("oidc", "silent"): "The sign-on of your hospital does not answer right now.",
    ("oidc", "domain"): "The e-mail address of that sign-on is not one of your hospital's.",
}
"""What reasons mean that several checks give."""
_ASKED_BEFORE: Final = {
    "email": "I wait for the code of eight digits that went to your hospital's e-mail address. Type it here.",
    "oidc": "I wait for your sign-on. Its page shows a code of eight digits at the end: type it here.",
}
_ANEW: Final = {
    "email": Button("Send a new code", "verify email"),
    "oidc": Button("New link", "verify oidc"),
}
_GO_ON: Final = Button("Go on", "verify number")


def ways_card(applicant: Applicant, ways: Sequence[str]) -> Card:
    """Offer ways to show the workplace where the account alone does not, or to prove a name."""
    if applicant.works_here:
        return _to_prove_a_name(applicant, ways)
    last = _last(applicant)
    tried = last is not None and last.check != "workspace"
    why = why_not(applicant)
    untried = "Choose another way to show it." if why else "Choose a way to show it."
    go_on = "Try again, or choose another way." if tried else untried
    if applicant.shows_work:
        go_on = f"{go_on} Or go on, and a moderator will look."
    return note(
        " ".join(("Step 1 of 3: where you work.", *((why,) if why else ()), go_on)),
        buttons=(*_way_buttons(ways), *_past_the_ways(applicant, tried=tried), QUICK_STOP),
    )


def _to_prove_a_name(applicant: Applicant, ways: Sequence[str]) -> Card:
    """Offer what proves a name, where only that is missing."""
    last = _last(applicant)
    failed = "" if last is None or last.finding.outcome is Outcome.PASS else f"{why_not(applicant)} "
    return note(
        f"Step 1 of 3 is done: you work here. {failed}Nothing proves your name yet. Sign on at your hospital"
        " to prove it, or go on, and a moderator will compare it.",
        buttons=(*_way_buttons(ways, "main"), _GO_ON, QUICK_STOP),
    )


def _way_buttons(ways: Sequence[str], style: Literal["plain", "main"] = "plain") -> Iterator[Button]:
    return (Button(_WAYS.get(way, way), f"verify {way}", style) for way in ways)


def _past_the_ways(applicant: Applicant, *, tried: bool) -> tuple[Button, ...]:
    """Offer a moderator to whom the ways have led nowhere."""
    if applicant.shows_work:
        return (_GO_ON,)
    return (Button("Ask a moderator", "verify appeal"),) if tried else ()


def _last(applicant: Applicant) -> Recorded | None:
    """Give what was found last about the workplace."""
    of_step = [one for one in applicant.findings if one.step is Step.WORKPLACE]
    return of_step[-1] if of_step else None


def why_not(applicant: Applicant) -> str:
    """Say what was found last about the workplace; empty before anything was looked at."""
    last = _last(applicant)
    if last is None:
        return ""
    return _NOT_SHOWN.get((last.check, last.finding.reason)) or _WORKPLACE.get(last.finding.reason, _NOTHING)


def no_way_card(applicant: Applicant) -> Card:
    """Say that the workplace could not be shown and that there is no other way here."""
    return note(
        f"{why_not(applicant)} Write from your own account at your hospital, or ask its medical staff office "
        "for help.",
        buttons=(Button("Try again", "verify again"), Button("Ask a moderator", "verify appeal")),
    )


def email_form(why: str = "") -> Form:
    """Ask for the address that a code goes to; ``why`` says why the account alone is not enough."""
    told = ("Step 1 of 3: where you work.", why, "A code by e-mail shows it.")
    return Form(
        command="verify email",
        title="Where you work",
        fields=(TextField("email", "Your hospital e-mail address", max_length=120),),
        submit="Send the code",
        lead=(Paragraph(line(" ".join(filter(None, told)))),),
    )


def asked_card(check: str, asks: str, url: str) -> Card:
    """Say what a check wants now, and where to go for it."""
    where = (Paragraph(line(Link("Sign on here", url))),) if url else ()
    return Card(
        notice="Your verification goes on",
        blocks=(Paragraph(line(asks)), *where),
        buttons=_waiting_buttons(check),
    )


def asked_before_card(check: str) -> Card:
    """Remind of what a check waits for."""
    return note(
        _ASKED_BEFORE.get(check, "I wait for your part of the verification."), buttons=_waiting_buttons(check)
    )


def not_it_card(check: str, left: int) -> Card:
    """Say that a code was wrong, and how many tries are left."""
    tries = "1 more try is" if left == 1 else f"{left} more tries are"
    return note(
        f"That is not the code. Look again, and type it once more; {tries} yours.",
        buttons=_waiting_buttons(check),
    )


def _waiting_buttons(check: str) -> tuple[Button, ...]:
    anew = _ANEW.get(check)
    typed = (Button("Type the code", "verify code", "main"), anew) if anew else ()
    return (*typed, Button("Start again", "verify again"), QUICK_STOP)


def not_begun_card(sentence: str, applicant: Applicant, way: str, ways: Sequence[str]) -> Card:
    """Say why a way could not be begun, and offer the others."""
    others = tuple(one for one in ways if one != way)
    past = _past_the_ways(applicant, tried=True) if applicant.stage is Stage.WORKPLACE else ()
    again = Button("Try again", f"verify {way}", "main")
    return note(sentence, buttons=(again, *_way_buttons(others), *past, QUICK_STOP))


def code_form() -> Form:
    """Ask for a code."""
    return Form(
        command="verify code",
        title="Your code",
        fields=(TextField("code", "The code of eight digits", max_length=20),),
        submit="Check",
    )
