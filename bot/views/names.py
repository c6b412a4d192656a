"""Names as people choose them: another screen name, a one-time alias, the own verified name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.chat.cards import Button, Card, Paragraph, Strong, Word, line, note
from bot.chat.text import Line
from bot.domain.drafts import Draft
from bot.domain.personae import OWN_NAME, Signing, written

_AS_SEEN: Final = "marked “verified name”"


def names_card(names: Sequence[str], days: int) -> Card:
    """Propose other screen names; only their reader may see them."""
    return _choice(
        names,
        f"Choose the name that others will see from now on. It can be changed once in {days} days. "
        "What you posted keeps the name of today; nothing leads from the one to the other.",
    )


def name_taken_card(names: Sequence[str]) -> Card:
    """Say that somebody else was faster, and propose others."""
    return _choice(names, "Somebody took that name a moment ago. Here are others.")


def _choice(names: Sequence[str], lead: str) -> Card:
    return Card(
        notice="Choose a screen name",
        blocks=(Paragraph(line(lead)),),
        buttons=(
            *(Button(name, f"name {number}", "main") for number, name in enumerate(names, start=1)),
            Button("Show others", "name others"),
            Button("Keep my name", "me"),
        ),
        reopen=Button("Choose a screen name", "name"),
    )


def renamed_card(screen_name: str, again: date) -> Card:
    """Confirm a new screen name; only its reader may see it."""
    return Card(
        notice="You have another screen name",
        blocks=(
            Paragraph(line("From now on others see you as ", Strong(screen_name), ".")),
            Paragraph(
                line(
                    "What you posted before keeps the old name, and in those cases you go on under it. "
                    f"Nobody else can take it. You can change again from {written(again)}."
                )
            ),
        ),
        buttons=(Button("My cases", "mine"),),
        reopen=Button("What others see of me", "me"),
    )


def name_overtaken_card() -> Card:
    """Say that the name was changed from elsewhere at the same moment."""
    return note("You changed your name from elsewhere at the same moment. ", Word("me"), " shows it.")


def goes_out_under(draft: Draft) -> Line:
    """Say what colleagues will see a case signed with."""
    if draft.signing is Signing.ALIAS:
        return line(
            "It goes out under a name made for this case alone, marked “one-time alias”, without your "
            "specialty. Your comments in it stand under the same name. Nothing leads from it to your "
            "screen name."
        )
    if draft.signing is Signing.OWN_NAME:
        return line("Colleagues will see: ", Strong(OWN_NAME), f", {_AS_SEEN}. So will your comments in it.")
    return line(
        "It goes out under your screen name. Otherwise: ", Word("alias"), " or ", Word("own name"), "."
    )


def signing_buttons(draft: Draft) -> tuple[Button, ...]:
    """Offer the other names that a case can be signed with."""
    if draft.signing is Signing.SCREEN_NAME:
        return (
            Button("Use a one-time alias", f"alias ~{draft.code}"),
            Button("Use my own name", f"own name ~{draft.code}"),
        )
    word = "alias" if draft.signing is Signing.ALIAS else "own name"
    return (Button("Use my screen name", f"{word} off ~{draft.code}"),)


def signing_card(draft: Draft) -> Card:
    """Confirm what a case will be signed with, while there is still something of it to look at."""
    return Card(
        notice="Noted for your draft",
        blocks=(Paragraph(goes_out_under(draft)),),
        buttons=(Button("Go on", f"preview {draft.code}", "main"), *signing_buttons(draft)),
        reopen=Button("Preview", f"preview {draft.code}"),
    )


def own_first_card(draft: Draft) -> Card:
    """Ask the first time whether a case is to show who asks."""
    return _asked(
        line(
            "This case would show your verified name, ",
            Strong(OWN_NAME),
            f", {_AS_SEEN}, to everybody in the rooms of every hospital here. Do you want that?",
        ),
        f"own name ~{draft.code}",
        Button("Yes, show my name", f"own name yes ~{draft.code}"),
        Button("No", f"own name no ~{draft.code}"),
    )


def own_sure_card(draft: Draft) -> Card:
    """Ask the second time."""
    return _asked(
        line(
            "Are you sure? Whoever has read it knows that ",
            Strong(OWN_NAME),
            " asked; taking the case back later does not change that. Your other cases stay apart from it.",
        ),
        f"own name yes ~{draft.code}",
        Button("Sure, under my own name", f"own name yes sure ~{draft.code}", "danger"),
        Button("No", f"own name no ~{draft.code}"),
    )


def always_card(*, chosen: bool) -> Card:
    """Ask the first time whether all cases are to show who asks, or say that they do."""
    if chosen:
        return _asked(
            line("Every case that you ask shows your verified name, ", Strong(OWN_NAME), "."),
            "me own name",
            Button("Use my screen name again", "me own name off"),
        )
    return _asked(
        line(
            "From now on every case that you ask would show your verified name, ",
            Strong(OWN_NAME),
            f", {_AS_SEEN}, to everybody in the rooms of every hospital here. Opinions, comments on others' "
            "cases and polls stay under your screen name. Do you want that?",
        ),
        "me own name",
        Button("Yes, on every case", "me own name yes"),
        Button("No", "me own name off"),
    )


def always_sure_card() -> Card:
    """Ask the second time."""
    return _asked(
        line(
            "Are you sure? Each preview will say it, and there you can still choose otherwise. What was once "
            "read under ",
            Strong(OWN_NAME),
            " stays known. What you posted before stays under the name that it has.",
        ),
        "me own name yes",
        Button("Sure, under my own name", "me own name yes sure", "danger"),
        Button("No", "me own name off"),
    )


def always_on_card() -> Card:
    """Confirm that all cases will show who asks."""
    return _asked(
        line(
            "Noted. Your next cases show ", Strong(OWN_NAME), f", {_AS_SEEN}. The preview says so each time."
        ),
        "me own name",
        Button("Use my screen name again", "me own name off"),
    )


def always_off_card() -> Card:
    """Confirm that cases go out under the screen name."""
    return note("Noted. Your next cases go out under your screen name.", buttons=(Button("Me", "me"),))


def _asked(words: Line, again: str, *buttons: Button) -> Card:
    """Make a card with a real name on it; ``again`` shows it once more where it may not lie in a chat."""
    return Card(
        notice="About your name",
        blocks=(Paragraph(words),),
        buttons=buttons,
        reopen=Button("Open", again),
    )
