"""One picture of a draft as its author sees it: what others would see, what was covered, what can be done."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Picture, Strong, Word, line
from bot.chat.forms import Form, TextField
from bot.chat.text import Line, counted
from bot.domain.draft_pictures import Cover, DraftPicture
from bot.domain.drafts import Draft
from bot.views.removal import removal_line

_MOST_LISTED = 12
_MOST_UNCOVER = 3
_KINDS = {
    "text": "text that is not plainly clinical",
    "unreadable text": "text that I could not read",
    "code": "a QR or bar code",
    "face": "a face",
    "by hand": "by you",
}


def reopening(draft: Draft) -> Button:
    """Give the way back to a draft, for chats where it may not lie open."""
    return Button("Preview", f"preview {draft.code}", "main")


def picture_card(draft: Draft, number: int) -> Card:
    """Show picture ``number`` as others would see it."""
    picture = draft.picture(number)
    title = f"Picture {number} of {len(draft.pictures)}"
    if picture.problem:
        return _unchecked(draft, number, title)
    return Card(
        notice="Your draft is ready",
        title=title,
        blocks=(
            Paragraph(line("This is what others would see.")),
            *_covers(picture),
            *_facts(picture),
            *_words(draft, number),
            Fine(
                line(
                    "Type ",
                    Word(f"picture {number} clean"),
                    ", ",
                    Word(f"cover {number} B3"),
                    ", ",
                    Word("uncover 2"),
                    ", or ",
                    Word(f"picture {number} alt A rash on a forearm"),
                    ".",
                )
            ),
        ),
        pictures=(
            Picture(picture.media, alt_of(draft, number), draft.fields.get(picture.caption_field, "")),
        ),
        buttons=_buttons(draft, number),
        about=draft.subject,
        reopen=reopening(draft),
    )


def alt_of(draft: Draft, number: int) -> str:
    """Give the text alternative of a picture: its author's, or a plain one."""
    picture = draft.picture(number)
    return draft.fields.get(picture.alt_field, "").strip() or picture.plain_alt(number)


def _unchecked(draft: Draft, number: int, title: str) -> Card:
    problem = draft.picture(number).problem
    return Card(
        notice="Your draft is ready",
        title=title,
        blocks=(
            Paragraph(
                line(Strong("I can't post this yet. "), f"Picture {number} could not be checked. {problem}")
            ),
        ),
        buttons=(
            Button(f"Remove picture {number}", f"picture {number} remove ~{draft.code}", "main"),
            Button("Try again", f"picture {number} again ~{draft.code}"),
        ),
        about=draft.subject,
        reopen=reopening(draft),
    )


def _covers(picture: DraftPicture) -> tuple[Block, ...]:
    if not picture.covers:
        return (Paragraph(line("Nothing was covered.")),)
    lines: list[Line] = [_cover_line(cover) for cover in picture.covers[:_MOST_LISTED]]
    if more := len(picture.covers) - _MOST_LISTED:
        lines += [line(f"and {more} more")] if more > 0 else []
    return (Paragraph(line(Strong(f"Covered: {counted(len(picture.covers), 'place')}"))), Items(tuple(lines)))


def _cover_line(cover: Cover) -> Line:
    stays = " (stays covered)" if cover.for_good else ""
    return line(Strong(f"Box {cover.number}"), f": {_KINDS[cover.kind]}{stays}")


def _facts(picture: DraftPicture) -> tuple[Block, ...]:
    removed = ", ".join(picture.removed)
    rows = [line(f"Removed from the file: {removed}." if removed else "No hidden details were in the file.")]
    rows += [line(f"Note: {note}.") for note in picture.notes]
    if picture.not_looked_for:
        unseen = " and ".join(picture.not_looked_for)
        rows.append(line(Strong("Not looked for: "), f"{unseen}. Cover it by hand before you post."))
    return (Paragraph(rows[0]), *(Paragraph(row) for row in rows[1:]))


def _words(draft: Draft, number: int) -> tuple[Block, ...]:
    picture = draft.picture(number)
    caption = draft.marked.get(picture.caption_field, "")
    alt = draft.marked.get(picture.alt_field, "") or picture.plain_alt(number)
    found = tuple(removal_line(piece) for piece in draft.removals_of(picture))
    return (
        Fields((("Caption", caption or "none"), ("Text alternative", alt))),
        *((Items(found),) if found else ()),
    )


def _buttons(draft: Draft, number: int) -> tuple[Button, ...]:
    picture, mark = draft.picture(number), f"~{draft.code}"
    uncover = [one for one in picture.covers if not one.for_good][-_MOST_UNCOVER:]
    return (
        Button("Looks clean", f"picture {number} clean {mark}", "main"),
        Button("Cover more", f"cover {number} {mark}"),
        *(Button(f"Uncover box {one.number}", f"uncover {one.number} {mark}") for one in uncover),
        Button("Describe it", f"picture {number} words {mark}"),
        Button(
            "Remove picture", f"picture {number} remove {mark}", "danger", confirm="Take this picture out?"
        ),
    )


def cover_form(draft: Draft, number: int, picture: DraftPicture) -> Form:
    """Ask which cells of the grid are to be covered, with the grid to look at."""
    return Form(
        command=f"cover {number} ~{draft.code}",
        title=f"Cover more of picture {number}",
        submit="Cover",
        lead=(Paragraph(line("Columns are A to H, rows 1 to 8. The grid is on your copy only.")),),
        pictures=(
            Picture(picture.grid, f"Picture {number} with a grid from A1 to H8 and the boxes' numbers"),
        ),
        fields=(TextField("cells", "Cells to cover", "For example B3, or C4-D5, or both.", max_length=100),),
    )


def words_form(draft: Draft, number: int, picture: DraftPicture) -> Form:
    """Ask for caption and text alternative; both are cleaned like the story."""
    told = draft.source.fields if draft.source else draft.fields
    return Form(
        command=f"picture {number} words ~{draft.code}",
        title=f"Describe picture {number}",
        submit="Keep",
        fields=(
            TextField(
                "alt",
                "What it shows, for those who cannot see it",
                "Photo of a forearm rash, one region covered",
                max_length=300,
                optional=True,
                initial=told.get(picture.alt_field, ""),
            ),
            TextField(
                "caption",
                "Caption",
                "Left forearm, day 3",
                max_length=200,
                optional=True,
                initial=told.get(picture.caption_field, ""),
            ),
        ),
    )


def really_uncover_card(draft: Draft, number: int, cover: Cover) -> Card:
    """Ask again before a place is shown that looked like it identifies somebody."""
    return Card(
        notice="Uncover it?",
        title="Uncover it?",
        blocks=(
            Paragraph(
                line(
                    f"Box {cover.number} on picture {number} covers {_KINDS[cover.kind]}. "
                    "Uncover it only if it identifies nobody."
                )
            ),
        ),
        buttons=(
            Button("Uncover it", f"uncover {cover.number} yes ~{draft.code}"),
            Button("Leave it covered", f"picture {number} ~{draft.code}"),
        ),
        reopen=reopening(draft),
    )
