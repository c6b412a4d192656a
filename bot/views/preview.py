"""The preview: what is about to leave and what was taken out, in steps, to its author only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Quote, Strong, Word, line
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.chat.text import counted
from bot.domain.details import details_of
from bot.domain.drafts import STATEMENT, Draft, DraftKind, Step
from bot.domain.removals import Fate, Removal
from bot.domain.wanted import listed
from bot.views.details import beside, consent_words
from bot.views.draft_picture import picture_card, reopening
from bot.views.names import goes_out_under, signing_buttons
from bot.views.outcome import chosen
from bot.views.poll_terms import asked_lines, settings_button
from bot.views.prompts import prompt_blocks
from bot.views.question import asks_now
from bot.views.removal import removal_line
from bot.views.rewording import stands_until
from bot.views.wanted import wanted_buttons, wanted_lines

_MOST_KEEP = 4
_ASKS = ("?", "\N{FULLWIDTH QUESTION MARK}", "\N{ARABIC QUESTION MARK}", "\N{GREEK QUESTION MARK}")
_NAMES = {
    DraftKind.CASE: "case",
    DraftKind.OPINION: "opinion",
    DraftKind.COMMENT: "comment",
    DraftKind.POLL: "poll",
    DraftKind.OUTCOME: "outcome",
    DraftKind.UPDATE: "update",
    DraftKind.QUESTION: "question",
}
_LABELS = {
    "story": "Story",
    "question": "Question",
    "next": "Next step",
    "remark": "Remark",
    "text": "Comment",
    "title": "Title",
    "working": "Working diagnosis, hidden until others have answered",
    "interest": "Conflict of interest",
    "how": "How it is known",
}
_LAST_LOOK = (
    "A tattoo, jewellery, a room in the picture? Was it in the news? A job, a family that people know? "
    "A rare disease and a place?"
)


def preview_card(draft: Draft) -> Card:
    """Show the next step of a draft to its author only; *Post* is there only on the last one."""
    step, number = draft.step
    if step is Step.PICTURE:
        return picture_card(draft, number)
    return last_card(draft) if step is Step.LAST else text_card(draft)


def text_card(draft: Draft) -> Card:
    """Show the words as they would leave, and every piece that was taken out of them."""
    words = draft.picture_fields
    return Card(
        notice="Your draft is ready",
        title=f"Preview of your {_NAMES[draft.kind]}",
        blocks=(
            *chosen(draft),
            *asks_now(draft),
            *(_quote(name, text) for name, text in draft.marked.items() if text and name not in words),
            *_nudge(draft),
            *_details(draft),
            *asked_lines(draft),
            *_removed(draft.removals_of(None)),
            *wanted_lines(draft),
            *_verdict(draft),
        ),
        buttons=_buttons(draft),
        about=draft.subject,
        reopen=reopening(draft),
    )


def _nudge(draft: Draft) -> tuple[Block, ...]:
    """Say it once where a question asks nothing that can be seen; it may be posted all the same."""
    question = draft.fields.get("question", "").rstrip()
    if draft.kind not in (DraftKind.CASE, DraftKind.QUESTION) or not question or question.endswith(_ASKS):
        return ()
    return (
        Fine(
            line("Your question has no question mark at its end. ", Word("edit"), " if it should ask more.")
        ),
    )


def _details(draft: Draft) -> tuple[Block, ...]:
    """Say what will stand beside the story of a case."""
    if draft.kind is not DraftKind.CASE:
        return ()
    said = " · ".join(beside(details_of(draft))) or "nothing"
    return (Fine(line(f"Beside the story: {said}. Title, age and more: ", Word("details"), ".")),)


def _quote(name: str, text: str) -> Quote:
    return Quote(text, label=_label(name))


def _label(field: str) -> str:
    return f"Diagnosis {field}" if field.isdigit() else _LABELS.get(field, field.capitalize())


def _removed(removals: Sequence[Removal]) -> tuple[Block, ...]:
    if not removals:
        return (
            Paragraph(
                line("Nothing in the text looked like it identifies somebody. Please look yourself too.")
            ),
        )
    return (
        Paragraph(line(Strong(f"Taken out of the text: {len(removals)}"))),
        Items(tuple(removal_line(removal) for removal in removals)),
        Fine(
            line(
                "Not private? ",
                Word("keep 3"),
                ". Leave it out: ",
                Word("hide 3"),
                ". More to leave out: ",
                Word("hide these words"),
                ".",
            )
        ),
    )


def _verdict(draft: Draft) -> tuple[Block, ...]:
    obstacles = draft.obstacles()
    if obstacles:
        return (Paragraph(line(Strong("I can't post this yet. "), " ".join(obstacles))),)
    if draft.kind is not DraftKind.CASE:
        return (*stands_until(draft), Fine(line("Type ", Word("post"), " or ", Word("discard"), ".")))
    following = (
        f"Next: {counted(len(draft.pictures), 'picture')}, then one last look. " if draft.pictures else ""
    )
    return (Fine(line(following, "Type ", Word("post"), " to go on, or ", Word("discard"), ".")),)


def _buttons(draft: Draft) -> tuple[Button, ...]:
    changes = (*_changes(draft), *wanted_buttons(draft))
    return (*_onward(draft), *_decisions(draft), *changes, _throw_away(draft))


def _onward(draft: Draft) -> tuple[Button, ...]:
    """Offer the way on, where the text lets one go on; *Post* where there is nothing else to look at."""
    if draft.kind is not DraftKind.CASE:
        postable = not draft.obstacles()
        return (Button("Post", f"post {draft.code}", "main"),) if postable else ()
    waits = any(piece.fate is Fate.OPEN for piece in draft.removals_of(None))
    broken = tuple(
        Button(f"Remove picture {number}", f"picture {number} remove ~{draft.code}")
        for number, picture in enumerate(draft.pictures, start=1)
        if picture.problem
    )
    if waits or draft.failed:
        return broken
    return (Button("Continue", f"preview {draft.code} on", "main"), *broken)


def _decisions(draft: Draft) -> tuple[Button, ...]:
    """Offer *Keep* for the first few undecided pieces, and *Hide* for all that is left."""
    if not draft.undecided:
        return ()
    keep = tuple(
        Button(f"Keep {number}", f"keep {number} ~{draft.code}") for number in draft.undecided[:_MOST_KEEP]
    )
    return (*keep, Button("Hide the rest", f"hide all ~{draft.code}"))


def _changes(draft: Draft) -> tuple[Button, ...]:
    returning = any(piece.can_return and piece.fate is Fate.HIDDEN for piece in draft.removals)
    back = (Button("This is not private", f"keep ~{draft.code}"),) if returning else ()
    more = (Button("Details", f"details {draft.code}"),) if draft.kind is DraftKind.CASE else ()
    edit = Button("Edit", f"edit {draft.code}")
    return (Button("Hide more", f"hide ~{draft.code}"), *back, edit, *more, *settings_button(draft))


def _throw_away(draft: Draft) -> Button:
    return Button("Throw away", f"discard {draft.code}", "danger", confirm="Throw this draft away for good?")


def last_card(draft: Draft) -> Card:
    """Ask the last question; by posting its author answers it."""
    hidden = sum(piece.fate is Fate.HIDDEN for piece in draft.removals)
    taken_out = counted(hidden, "piece")
    shown = (
        f"{counted(len(draft.pictures), 'picture')} that you found clean" if draft.pictures else "no pictures"
    )
    return Card(
        notice="Your draft is ready",
        title="One last look",
        blocks=(
            Paragraph(line(f"Ready to post: your case, {taken_out} taken out of the text, {shown}.")),
            Paragraph(goes_out_under(draft)),
            Fine(line(consent_words(details_of(draft)), " Otherwise: ", Word("details"), ".")),
            Paragraph(line(_LAST_LOOK)),
            Paragraph(line("By posting you say: ", Strong(STATEMENT))),
            Fine(line("Type ", Word("post"), ", or ", Word("preview text"), " to look again.")),
        ),
        buttons=(
            Button("Post", f"post {draft.code}", "main"),
            *signing_buttons(draft),
            Button("Look at the text again", f"preview {draft.code} text"),
            _throw_away(draft),
        ),
        about=draft.subject,
        reopen=reopening(draft),
    )


def really_keep_card(draft: Draft, pieces: Sequence[Removal], argument: str) -> Card:
    """Ask again before something that looked private for sure is put back."""
    rows = tuple(
        line(Strong(f"{one.number} {one.category}"), f" ({one.hint}): {one.reason}") for one in pieces
    )
    return Card(
        notice="Put it back?",
        title="Put it back?",
        blocks=(Paragraph(line("It looked like it identifies somebody:")), Items(rows)),
        buttons=(
            Button("Put it back", f"keep {argument} yes ~{draft.code}"),
            Button("Leave it out", f"preview {draft.code}"),
        ),
        reopen=reopening(draft),
    )


def hide_form(draft: Draft) -> Form:
    """Ask which further words are to be left out."""
    return Form(
        command=f"hide ~{draft.code}",
        title="Hide more",
        submit="Leave out",
        fields=(
            TextField("words", "Words to leave out", "Exactly as they stand in the text.", max_length=200),
        ),
    )


def keep_form(draft: Draft) -> Form:
    """Ask which piece is not private; names and record numbers are not offered."""
    options = tuple(
        Option(str(piece.number), f"{piece.number} {piece.category} ({piece.hint})")
        for piece in draft.removals
        if piece.can_return and piece.fate is not Fate.KEPT
    )
    return Form(
        command=f"keep ~{draft.code}",
        title="This is not private",
        submit="Put it back",
        fields=(ChoiceField("piece", "Which piece", options),),
    )


def edit_form(draft: Draft, fields: tuple[Field, ...]) -> Form:
    """Ask for the words of a draft anew, beginning with those that were written."""
    return Form(
        command=f"edit {draft.code}",
        title=f"Edit your {_NAMES[draft.kind]}",
        submit="Preview",
        lead=prompt_blocks(listed(draft.settings.get("specialties", ""))),
        fields=fields,
    )
