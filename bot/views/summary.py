"""The collective list as people read it: in the rooms, and told to those who took part."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Picture, Strong, line
from bot.chat.text import Line, counted
from bot.collective import (
    TOO_FEW,
    Bucket,
    Changes,
    GroupAnswer,
    Merge,
    MinorityView,
    Shown,
    Split,
    agreement_word,
)
from bot.domain.cases import Case
from bot.views.question import change_sentences

FOOTER = (
    "Peer opinions for the treating physician. Not a consultation, no physician–patient relationship, not "
    "checked by this service. The treating physician decides."
)


def summary_card(case: Case, answer: GroupAnswer, chart: str = "", *, redrawn: bool = False) -> Card:
    """Show what the independent opinions of a case say together; ``chart`` is the media of its picture.

    ``redrawn`` says that the picture stands in place of an earlier one.
    """
    return Card(
        notice=f"Summary of #{case.number}",
        title=f"Summary of #{case.number}",
        blocks=(*summary_blocks(answer), *change_sentences(case), Fine(line(FOOTER))),
        pictures=(Picture(chart, chart_words(case, answer), redrawn=redrawn),) if chart else (),
        buttons=(Button("Show the case", f"show {case.number}"),),
    )


def summary_news(case: Case, answer: GroupAnswer) -> Card:
    """Tell somebody who took part that a case has ended, in a private home chat."""
    lead = Paragraph(line(f"Case #{case.number} has ended: ", Strong(case.title)))
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(lead, *summary_blocks(answer), *change_sentences(case), Fine(line(FOOTER))),
        buttons=(Button("Show the case", f"show {case.number}"),),
    )


def summary_blocks(answer: GroupAnswer) -> tuple[Block, ...]:
    """Say a group answer: the list, what stands against it, next steps, and who answered."""
    base = counted(answer.responders, "independent opinion").capitalize()
    if answer.too_few:
        return (Paragraph(line(f"{base}. {TOO_FEW}")),)
    word = agreement_word(answer.agreement)
    agree = f" Agreement: {word} ({answer.agreement:.2f})." if word and answer.agreement is not None else ""
    also = _minority(answer)
    rows = _rows(answer)
    return (
        Paragraph(line(Strong(f"{base}."), agree)),
        Items(tuple(_place(one, answer.responders) for one in answer.top), numbered=True),
        *((Items(also),) if also else ()),
        *((Fields(rows),) if rows else ()),
        *(Fine(line(sentence)) for sentence in changes_said(answer.changes)),
    )


def changes_said(changes: Changes) -> tuple[str, ...]:
    """Say what was put together and taken apart, each once, in the order in which it was done."""
    return tuple(dict.fromkeys(_change_said(change) for change in changes.made))


def _change_said(change: Merge | Split) -> str:
    by = change.by[:1].upper() + change.by[1:]
    if isinstance(change, Split):
        return f"{by} took {_upper(change.out_of)} apart."
    return f"{by} put {spoken(change.source)} and {spoken(change.into)} together."


def _upper(name: str) -> str:
    return name[:1].upper() + name[1:]


def chart_words(case: Case, answer: GroupAnswer) -> str:
    """Say the picture of a group answer in words, with the same numbers."""
    places = ". ".join(
        f"{rank}: {spoken(one.bucket)}, {_share(one)} %, first by {one.first}"
        for rank, one in enumerate(answer.top, start=1)
    )
    return f"Summary of #{case.number}, {counted(answer.responders, 'opinion')}. {places}."


def spoken(bucket: Bucket) -> str:
    """Give a diagnosis as one says it: MeSH puts the noun first ("Leukemia, Myeloid, Acute")."""
    if bucket.mesh is None or ", " not in bucket.name:
        return _upper(bucket.name)
    noun, *rest = bucket.name.split(", ")
    said = " ".join((*reversed(rest), noun if noun[1:2].isupper() else noun[0].lower() + noun[1:]))
    return said[0].upper() + said[1:]


def _place(one: Shown, responders: int) -> Line:
    named = round(one.share * responders)
    return line(
        Strong(spoken(one.bucket)),
        f": named by {named} of {responders} ({_share(one)} %), first by {one.first}",
    )


def _share(one: Shown) -> int:
    return round(100 * one.share)


def _minority(answer: GroupAnswer) -> tuple[Line, ...]:
    return tuple(line(Strong(spoken(view.bucket)), f": {_why(view)}") for view in answer.minority)


def _why(view: MinorityView) -> str:
    by = counted(view.must_not_miss, "physician")
    alone = "one physician's first choice" if view.alone else ""
    marked = f"must not be missed, by {by}" if view.must_not_miss else ""
    return "; ".join(part for part in (alone, marked) if part)


def _rows(answer: GroupAnswer) -> tuple[tuple[str, str], ...]:
    steps = ", ".join(f"{step} {count}" for step, count in answer.next_steps)
    cells = ", ".join(f"{name} {count}" for name, count in answer.specialties)
    return tuple((name, text) for name, text in (("Next steps", steps), ("Answered by", cells)) if text)
