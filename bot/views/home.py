"""The bot's own words to one person: hello, help, rules, standing, refusals, faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Strong, Word, line, note
from bot.chat.text import counted
from bot.domain.linking import Chats
from bot.domain.members import Member, Role
from bot.domain.refusal import Refused
from bot.views.linking import account_buttons, where_told

_LABELS = {
    "help": "Help",
    "open": "Open cases",
    "mine": "My cases",
    "preview": "Preview",
    "discard": "Throw away",
    "verify": "Verify me",
    "case": "Ask colleagues",
    "poll": "Ask a poll",
}


def hello_card() -> Card:
    """Greet somebody who has not been here."""
    return note(
        "Hello. This is a consult room for verified physicians. Others see only your screen name "
        "and specialty. I keep your identity apart from what you post.",
        buttons=(Button("Verify me", "verify", "main"), Button("How privacy works", "help privacy")),
    )


def welcome_card(member: Member) -> Card:
    """Greet a member; only for chats where a screen name may be named."""
    ask = ("Ask with ", Word("case"), " or look with ") if member.role is Role.PHYSICIAN else ("Look with ",)
    return note("You are in, as ", Strong(member.screen_name), ". ", *ask, Word("open"), ".")


def let_in_card() -> Card:
    """Tell a new member, in a home chat that others can export, that the door is open."""
    return note(
        "You are in. ", Word("me"), " shows what others see of you, ", Word("open"), " lists open cases."
    )


def standing_card() -> Card:
    """Answer a member who asks to be verified."""
    return note("You are verified. ", Word("me"), " shows how others see you.")


OWN_DATA: Final = (Button("My data", "me data"), Button("Delete my account", "me delete"))
"""What every member may do about the own data, also one who is stopped."""


def me_card(member: Member, chats: Chats | None = None, *, always_own: bool = False) -> Card:
    """Tell a member how others see them, and with several accounts where notices go.

    ``always_own`` says that their cases show the own name.
    """
    role = {Role.PHYSICIAN: "physician", Role.TRAINEE: "trainee", Role.MODERATOR: "moderator"}[member.role]
    return Card(
        notice="What others see of you",
        blocks=(
            Paragraph(
                line("Others see you as ", Strong(member.screen_name), f", {role}, {member.specialty}.")
            ),
            Paragraph(line(_WHO_SEES if not always_own else _NAMED_ON_CASES)),
            *where_told(chats or Chats()),
            *_name_words(member),
        ),
        buttons=(
            Button("My cases", "mine"),
            *((Button("Change my name", "name"),) if member.role is not Role.MODERATOR else ()),
            *account_buttons(chats or Chats()),
            *_told_buttons(member.role),
            *OWN_DATA,
            Button("How privacy works", "help privacy"),
        ),
    )


def _told_buttons(role: Role) -> tuple[Button, ...]:
    """Lead to what decides when somebody is told of cases; nobody pages a trainee."""
    return {
        Role.PHYSICIAN: (Button("When pages reach you", "me quiet"),),
        Role.TRAINEE: (Button("Digest", "digest"),),
        Role.MODERATOR: (),
    }[role]


_WHO_SEES: Final = "Nobody in the rooms, and no other hospital, can see your name or your account."
_NAMED_ON_CASES: Final = (
    "Your cases show your verified name, as you chose. Nothing else that you post does, and nobody can see "
    "your account."
)


def _name_words(member: Member) -> tuple[Block, ...]:
    """Tell those who can ask cases what else they can be called there."""
    if member.role is not Role.PHYSICIAN:
        return ()
    return (
        Fine(
            line(
                "While you look at a case before posting: ",
                Word("alias"),
                " signs it with a name for that case alone, ",
                Word("own name"),
                " with yours. For all your cases: ",
                Word("me own name"),
                ".",
            )
        ),
    )


def unverified_card() -> Card:
    """Refuse somebody who is not a member."""
    return note(
        "You need to be verified for that. ",
        buttons=(Button("Verify me", "verify", "main"), Button("Help", "help")),
    )


def refusal_card(refused: Refused) -> Card:
    """Say what cannot be done, and what can be done next."""
    buttons = tuple(Button(_label(command), command) for command in refused.suggestions)
    return note(refused.sentence, buttons=buttons)


def _label(command: str) -> str:
    return _LABELS.get(command, command.replace(" remove", ": remove").capitalize())


def checking_card(pictures: int) -> Card:
    """Say at once that slow work has begun."""
    return note(f"Checking the text and {counted(pictures, 'picture')}. The preview comes in a moment.")


def fault_card(reference: str) -> Card:
    """Admit a fault of ours; ``reference`` finds it in the log."""
    return note(f"Something broke on my side. Nothing was posted. Reference {reference}.")


def cut_off_card(reference: str) -> Card:
    """Admit that something stopped half-way, and may be done; ``reference`` finds it in the log."""
    return note(
        "I was cut off in the middle of this, because I could not write anything down any more. "
        f"It may be done already: look before you ask again. Reference {reference}."
    )


def draft_reply_card() -> Card:
    """Say what can be said to the preview of a draft, to somebody who replied to it in other words."""
    return note(
        "I changed nothing in your draft. ",
        Word("edit"),
        " changes its words, ",
        Word("hide 3"),
        " leaves a piece out, ",
        Word("post"),
        " posts it.",
        buttons=(Button("Preview", "preview"),),
    )


def unknown_card(word: str, nearest: str) -> Card:
    """Answer a word that is no command."""
    if nearest:
        return note(
            "I don't know ",
            Strong(word),
            ". Did you mean ",
            Word(nearest),
            "?",
            buttons=(Button("Help", "help"),),
        )
    return note(
        "I don't know ",
        Strong(word),
        ". ",
        Word("help"),
        " lists what I know.",
        buttons=(Button("Help", "help"),),
    )


def help_card(rows: Sequence[tuple[str, str]], more: Sequence[str], *, example: str) -> Card:
    """List what can be done: (command, what it does) pairs, then ``more`` words.

    ``example`` is a word that the help explains further.
    """
    return Card(
        notice="What you can do here",
        title="What you can do here",
        blocks=(
            Items(tuple(line(Word(command), f" – {does}") for command, does in rows)),
            *((Fine(line("Also: ", *_listed(more), ".")),) if more else ()),
            Fine(
                line(
                    "More on one word: ",
                    Word(f"help {example}"),
                    ". About privacy: ",
                    Word("help privacy"),
                    ".",
                )
            ),
        ),
    )


def _listed(words: Sequence[str]) -> tuple[str | Word, ...]:
    return tuple(piece for word in words for piece in (", ", Word(word)))[1:]


REPLIES: Final = (
    "A reply to a case, or to what was said about it, is a comment too. It is a command only as a word alone "
    "or with a number, such as show 123. With the prefix everything is a command."
)
"""What `help comment` adds."""


def word_card(usage: str, does: str, further: str = "") -> Card:
    """Explain one word; ``further`` is a paragraph more."""
    more = (Fine(line(further)),) if further else ()
    said = note(Word(usage), f" – {does}")
    return replace(said, blocks=(*said.blocks, *more))


def privacy_card() -> Card:
    """Say plainly what is kept apart, and what nobody can promise."""
    return Card(
        notice="How privacy works",
        title="How privacy works",
        blocks=(
            Items(
                (
                    line("Rooms and other hospitals see a screen name and a specialty, never who you are."),
                    line(
                        "Who you are and what you post lie in two separate databases; the link is encrypted."
                    ),
                    line(
                        "Texts and pictures are cleaned before you see the preview; you decide what goes out."
                    ),
                    line(
                        "A case can go out under a one-time alias that leads to no other name of yours, or, "
                        "if you say so twice, under your own verified name."
                    ),
                    line("After a poll is closed its ballots are destroyed; nobody can tell who voted what."),
                    line(
                        "Your own workspace's admin sees that you talk to me, and may export direct messages."
                    ),
                    line("With few active physicians somebody near you may still guess from time and style."),
                    line("A picture that you upload stays in your own chat until you delete it there."),
                    line(
                        Word("me data"),
                        " shows everything that I hold about you, ",
                        Word("me delete"),
                        " deletes your account.",
                    ),
                )
            ),
        ),
        buttons=(Button("Rules", "rules"), Button("Help", "help")),
    )


def rules_card() -> Card:
    """State the rules of the rooms."""
    return Card(
        notice="Rules of the consult room",
        title="Rules of the consult room",
        blocks=(
            Items(
                (
                    line("Patients only as cases: no names, dates, numbers, faces or places."),
                    line("No emergencies: call your local team."),
                    line("Not your own illness or your family's."),
                    line("No selling, no seeking of patients."),
                    line("Do not name colleagues or hospitals."),
                    line("Never try to find out who somebody is."),
                    line("Write here with me, never in the consult room itself."),
                    line("Opinions are collegial advice; the treating physician decides."),
                    line("Disagree with the idea, never with the person."),
                    line("Who identifies a patient or a member loses the room."),
                ),
                numbered=True,
            ),
        ),
    )


def native_card() -> Card:
    """Warn somebody who typed in the consult room under the own account."""
    return note(
        "You just wrote in the consult room under your own name. I passed nothing on. Please delete it "
        "there, and write to me instead: ",
        Word("help"),
        ".",
    )


_UNREADABLE = {
    "key": "I could not read your last message: its key never arrived. Please send it again here.",
    "plain": "Your last message came without encryption, so I did not read it. Please send it encrypted.",
    "kind": "I cannot read that kind of message. Please write it as text, or send a picture.",
}


def unreadable_card(why: str) -> Card:
    """Tell somebody that a message could not be read; ``why`` is a key of a fixed list."""
    return note(_UNREADABLE.get(why, _UNREADABLE["key"]))


def expired_card(command: str) -> Card:
    """Say that a number or a button is no longer good."""
    return note("That is not open any more. Try again: ", Word(command), ".")


def spell_card(command: str) -> Card:
    """Say that a number posts nothing."""
    return note("A number never posts anything. Post it by its word: ", Word(command), ".")
