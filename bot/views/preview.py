"""The preview: what is about to leave, what was taken out, and what the author must look at."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Picture, Quote, Strong, Word, line
from bot.chat.text import Line
from bot.domain.drafts import Draft, DraftKind, DraftPicture, Fate, Removal

_MOST_KEEP = 6
_NAMES = {
    DraftKind.CASE: "case",
    DraftKind.OPINION: "opinion",
    DraftKind.COMMENT: "comment",
    DraftKind.POLL: "poll",
}
_LABELS = {
    "story": "Story",
    "question": "Question",
    "next": "Next step",
    "remark": "Remark",
    "text": "Comment",
}
_LAST_LOOK = (
    "One last look: a tattoo, jewellery, a room? In the news? Job or family? A rare disease and a place? "
    "By posting you say: I know of nothing else that identifies the patient."
)


def preview_card(draft: Draft) -> Card:
    """Show a draft to its author only; *Post* is there only when every check ran."""
    obstacles = draft.obstacles()
    return Card(
        notice="Your draft is ready",
        title=f"Preview of your {_NAMES[draft.kind]}",
        blocks=(
            *(_quote(name, text) for name, text in draft.marked.items() if text),
            *_removed(draft),
            *_pictures(draft),
            *_verdict(draft, obstacles),
        ),
        pictures=tuple(Picture(picture.media, picture.alt) for picture in draft.pictures if picture.media),
        buttons=_buttons(draft, postable=not obstacles),
    )


def _quote(name: str, text: str) -> Quote:
    return Quote(text, label=_label(name))


def _label(field: str) -> str:
    return f"Diagnosis {field}" if field.isdigit() else _LABELS.get(field, field.capitalize())


def _removed(draft: Draft) -> tuple[Block, ...]:
    if not draft.removals:
        return (
            Paragraph(
                line("Nothing in the text looked like it identifies somebody. Please look yourself too.")
            ),
        )
    return (
        Paragraph(line(Strong(f"Taken out of the text: {len(draft.removals)}"))),
        Items(tuple(_removal_line(removal) for removal in draft.removals)),
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


def _removal_line(removal: Removal) -> Line:
    lead = Strong(f"{removal.number} {removal.category}")
    if removal.fate is Fate.KEPT:
        return line(lead, f" ({removal.hint}): put back by you.")
    if removal.fate is Fate.OPEN:
        return line(lead, f" ({removal.hint}): private or not? {removal.reason} You decide.")
    return line(lead, f" ({removal.hint}): shown as {removal.shown_as}. {removal.reason}")


def _pictures(draft: Draft) -> tuple[Block, ...]:
    return tuple(
        Paragraph(_picture_line(number, picture)) for number, picture in enumerate(draft.pictures, start=1)
    )


def _picture_line(number: int, picture: DraftPicture) -> Line:
    if picture.problem:
        return line(Strong(f"Picture {number}: "), f"not usable. {picture.problem}")
    removed = (
        f"Removed: {', '.join(picture.removed)}. " if picture.removed else "No hidden details were in it. "
    )
    look = (
        f"Not looked for: {' and '.join(picture.not_looked_for)}; look yourself."
        if picture.not_looked_for
        else ""
    )
    return line(Strong(f"Picture {number}: "), f"built anew from its pixels. {removed}{look}")


def _verdict(draft: Draft, obstacles: tuple[str, ...]) -> tuple[Block, ...]:
    if obstacles:
        return (Paragraph(line(Strong("I can't post this yet. "), " ".join(obstacles))),)
    if draft.kind is DraftKind.CASE:
        return (Paragraph(line(_LAST_LOOK)), Fine(line("Type ", Word("post"), " or ", Word("discard"), ".")))
    return (Fine(line("Type ", Word("post"), " or ", Word("discard"), ".")),)


def _buttons(draft: Draft, *, postable: bool) -> tuple[Button, ...]:
    drop = tuple(
        Button(f"Remove picture {number}", f"picture {number} remove")
        for number, _ in enumerate(draft.pictures, start=1)
    )
    throw = Button("Throw away", f"discard {draft.code}", "danger", confirm="Throw this draft away for good?")
    post = (Button("Post", f"post {draft.code}", "main"),) if postable else ()
    return (*post, *_decisions(draft), *drop, throw)


def _decisions(draft: Draft) -> tuple[Button, ...]:
    """Offer *Keep* for the first few undecided pieces, and *Hide* for all that is left."""
    if not draft.undecided:
        return ()
    keep = tuple(Button(f"Keep {number}", f"keep {number}") for number in draft.undecided[:_MOST_KEEP])
    return (*keep, Button("Hide the rest", "hide all"))


def really_keep_card(pieces: Sequence[Removal], argument: str) -> Card:
    """Ask again before something that looked private for sure is put back."""
    rows = tuple(
        line(Strong(f"{one.number} {one.category}"), f" ({one.hint}): {one.reason}") for one in pieces
    )
    return Card(
        notice="Put it back?",
        blocks=(Paragraph(line("Put it back? It looked like it identifies somebody:")), Items(rows)),
        buttons=(Button("Put it back", f"keep {argument} yes"), Button("Leave it out", "preview")),
    )
