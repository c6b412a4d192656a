"""Consult rooms as people read of them: who was put out and why, what is paused, what goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.chat.cards import Button, Card, Items, Strong, Word, line, note
from bot.domain.pauses import Cause, Flaw

_VERIFY: Final = Button("Verify me", "verify", "main")
_ROOMS: Final = Button("Rooms", "mod rooms")
_WHY: Final[Mapping[Cause, str]] = {
    Cause.STRANGER: "somebody is in it who may not be",
    Cause.UNFIT: "it may not be a consult room any more",
    Cause.LOGIN: "its platform does not take my login any more",
    Cause.MODERATOR: "a moderator paused it",
}


_FLAWED: Final[Mapping[Flaw, str]] = {
    Flaw.ABSENT: "I am not in it any more, or it was deleted",
    Flaw.ARCHIVED: "it is archived",
    Flaw.OPEN: "it is open to more people than the invited",
}
_MEANWHILE: Final = "until then what is for it waits in its order, and all else goes on."
_UNFIT: Final[Mapping[Flaw | None, tuple[str, str]]] = {
    Flaw.ABSENT: (
        "I am not in the consult room of ",
        (
            " any more: I was taken out of it, or it was deleted. Invite me again, or ask the operator for "
            "another room"
        ),
    ),
    Flaw.ARCHIVED: (
        "The consult room of ",
        " is archived. Restore it, and see that I am still in it",
    ),
    Flaw.OPEN: (
        "The consult room of ",
        " is open to more people than the invited: it is public, shared, or lets guests in. Close it",
    ),
    None: (
        "I may not look into the consult room of ",
        " any more, so nothing goes there. The operator finds out why with curbside doctor",
    ),
}


def shown_out_card(*, suspended: bool) -> Card:
    """Tell a stranger, or a member who may not act right now, why they are out of the consult room again."""
    if suspended:
        return note("I took you out of the consult room, because your membership is suspended right now.")
    return note(
        "I took you out of the consult room, because it holds verified members only.", buttons=(_VERIFY,)
    )


def please_leave_card(*, suspended: bool) -> Card:
    """Ask somebody to leave whom the platform does not let the bot put out."""
    if suspended:
        return note(
            "Your membership is suspended right now, and I may not take you out of the consult room, "
            "so please leave it."
        )
    return note(
        "The consult room holds verified members only, and I may not take you out of it, so please leave it.",
        buttons=(_VERIFY,),
    )


def held_card(site: str) -> Card:
    """Tell moderators that somebody is in a room whom the bot could not put out; it names nobody."""
    return note(
        "Somebody is in the consult room of ",
        Strong(site),
        " who may not be, and I could not put them out. Nothing goes to that room until they are gone; "
        "then it goes on by itself. Let me remove people there, or ask whoever is no member to leave.",
        buttons=(_ROOMS,),
    )


def unfit_card(site: str, flaw: Flaw | None) -> Card:
    """Tell moderators that a room is fit no more and what to do; without a ``flaw`` nobody could look."""
    before, after = _UNFIT[flaw]
    return note(before, Strong(site), f"{after}; {_MEANWHILE}", buttons=(_ROOMS,))


def locked_out_card(site: str) -> Card:
    """Tell moderators that a platform does not let the bot in any more."""
    return note(
        "I am locked out of ",
        Strong(site),
        ": the platform does not take my login any more. What is for that room and for people there waits in "
        "its order; other sites go on. The operator sees with curbside doctor what to renew.",
        buttons=(_ROOMS,),
    )


def went_on_card(site: str) -> Card:
    """Tell moderators that a room goes on by itself."""
    return note("The consult room of ", Strong(site), " goes on: what kept it paused is over.")


def shown_out_of_moderators_card() -> Card:
    """Tell somebody who is no moderator why they are out of the moderators' room again."""
    return note("I took you out of the moderators' room, because it holds moderators only.")


def please_leave_moderators_card() -> Card:
    """Ask somebody to leave the moderators' room whom the platform does not let the bot put out."""
    return note(
        "The moderators' room holds moderators only, and I may not take you out of it, so please leave it."
    )


def moderators_held_card() -> Card:
    """Tell moderators at home that somebody else is in their room; it names nobody."""
    return note(
        "Somebody who is no moderator is in the moderators' room, and I could not put them out. Until they "
        "are gone I write to each moderator here and answer here; then the room goes on by itself. Let me "
        "remove people there, or ask them to leave."
    )


def moderators_unfit_card() -> Card:
    """Tell moderators at home that their room is none any more."""
    return note(
        "The moderators' room is not private any more, or I am not in it. Until that is mended I write to "
        "each moderator here and answer here; then the room goes on by itself. The operator can find out "
        "more with doctor."
    )


def moderators_locked_out_card() -> Card:
    """Tell moderators at home that the bot cannot get into their room."""
    return note(
        "I am locked out of the site with the moderators' room: the platform does not take my login any "
        "more. Until that is mended I write to each moderator here and answer here; then the room goes on "
        "by itself. The operator sees with curbside doctor what to renew."
    )


def moderators_went_on_card() -> Card:
    """Tell moderators that their room goes on by itself."""
    return note("The moderators' room goes on: what kept it paused is over.")


def news_quiet_card() -> Card:
    """Tell either where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "mod rooms", "main"),))


def rooms_card(rooms: Mapping[str, Sequence[Cause]], flaws: Mapping[str, Flaw]) -> Card:
    """List all rooms by their site, and why any is paused; ``flaws`` are those of rooms that are unfit."""
    rows = tuple(
        line(Strong(site), f" – {_state(causes, flaws.get(site))}") for site, causes in rooms.items()
    )
    buttons = tuple(
        Button(f"Resume {site}", f"mod resume {site}")
        for site, causes in rooms.items()
        if Cause.MODERATOR in causes
    )
    return Card(notice="Consult rooms", title="Consult rooms", blocks=(Items(rows),), buttons=buttons[:5])


def paused_card(site: str, *, already: bool) -> Card:
    """Say that a moderator's pause holds."""
    before = " was paused already." if already else " is paused."
    return note(
        "The consult room of ",
        Strong(site),
        f"{before} What is for it waits in its order; other rooms go on.",
        buttons=(Button("Resume", f"mod resume {site}", "main"), _ROOMS),
    )


def resumed_card(
    site: str, *, was_paused: bool, held: Sequence[Cause] = (), flaw: Flaw | None = None
) -> Card:
    """Say that a moderator's pause is lifted; ``held`` is what keeps the room paused all the same."""
    if held:
        end = f" stays paused: {_why(held, flaw)}. It goes on by itself once that is mended."
        return note("The consult room of ", Strong(site), end)
    after = " goes on; what waited leaves now." if was_paused else " was not paused."
    return note("The consult room of ", Strong(site), after)


def which_room_card(word: str, sites: Sequence[str]) -> Card:
    """Ask which room is meant."""
    rows = tuple(line(Word(f"mod {word} {site}")) for site in sites)
    return Card(notice="Which room?", title="Which room?", blocks=(Items(rows),))


def _state(causes: Sequence[Cause], flaw: Flaw | None) -> str:
    return f"paused: {_why(causes, flaw)}" if causes else "open"


def _why(causes: Sequence[Cause], flaw: Flaw | None) -> str:
    found = {**_WHY, Cause.UNFIT: _FLAWED[flaw]} if flaw else _WHY
    return " and ".join(found[cause] for cause in causes)
