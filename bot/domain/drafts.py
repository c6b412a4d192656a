"""Drafts: cleaned words and pictures that wait for their author's decision. Originals are never in here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.draft_pictures import DraftPicture
from bot.domain.members import MemberId
from bot.domain.personae import Signing
from bot.domain.refusal import Refused
from bot.domain.removals import BY_AUTHOR, PLACE, Fate, Removal, common_fate, taken_out


class DraftKind(StrEnum):
    """What the draft becomes when it is posted."""

    CASE = "case"
    OPINION = "opinion"
    COMMENT = "comment"
    POLL = "poll"
    OUTCOME = "outcome"
    UPDATE = "update"
    QUESTION = "question"


class Step(StrEnum):
    """What the author of a draft has to look at next."""

    TEXT = "text"
    PICTURE = "picture"
    LAST = "last"
    """Everything was looked at; one last question before it leaves."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message by which an author sent something: the site where it was said, and the adapter's remote.

    It is a place in the author's own chat, hence identity: it lies sealed with what was sent.
    """

    site: str
    remote: str


@dataclass(frozen=True, slots=True)
class Source:
    """What an author sent, before anything was taken out: kept under a key of its own for a day at most.

    ``fields`` are the words, ``sent`` the messages that hold them, ``files`` by picture how its adapter finds
    the upload again.
    """

    fields: Mapping[str, str] = made(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    files: Mapping[str, Mapping[str, str]] = made(default_factory=dict)

    def __repr__(self) -> str:
        """Show nothing: these are the original words."""
        return "Source()"


STATEMENT: Final = "I know of nothing else that identifies the patient."
"""What the author of a case says by posting it (45 CFR 164.514(b)(2)(ii))."""


NO_CONSENT: Final = "not obtained"
"""The setting of a draft which says that the patient did not agree."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something a member is about to post. ``failed`` names checks that did not run.

    ``templates`` are the cleaned fields, with ``⟦3⟧`` where piece 3 was taken out. ``settings`` are choices
    that hold no free text (urgency). ``about`` is the case's number where the draft belongs to one.
    ``text_read`` says that the author went on from the text, ``asked_last`` that the last question was put;
    both are true of the draft as it is now only.
    """

    id: str
    member: MemberId
    kind: DraftKind
    templates: Mapping[str, str]
    created_at: datetime
    about: int | None = None
    removals: tuple[Removal, ...] = ()
    pictures: tuple[DraftPicture, ...] = ()
    failed: tuple[str, ...] = ()
    settings: Mapping[str, str] = made(default_factory=dict)
    source: Source | None = None
    text_read: bool = False
    asked_last: bool = False

    @property
    def code(self) -> str:
        """Four characters that tell this draft from an older one in a button or a command."""
        return self.id[:4]

    @property
    def subject(self) -> str:
        """What an answer that shows this draft is about."""
        return f"draft:{self.id}"

    @property
    def signing(self) -> Signing:
        """What its author wants it to be signed with."""
        return Signing(self.settings.get("signing", Signing.SCREEN_NAME.value))

    def signed_with(self, signing: Signing) -> Draft:
        """Let it be signed with something else."""
        return replace(self, settings={**self.settings, "signing": signing.value}, asked_last=False)

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields as they would be posted."""
        return {name: self._filled(text, lambda piece: piece.shown) for name, text in self.templates.items()}

    @property
    def marked(self) -> Mapping[str, str]:
        """The fields as the preview shows them: ``⟦1 DATE⟧`` for what is hidden."""
        return {name: self._filled(text, lambda piece: piece.marked) for name, text in self.templates.items()}

    @property
    def picture_fields(self) -> frozenset[str]:
        """The names of the fields that belong to pictures."""
        return frozenset(
            name for picture in self.pictures for name in (picture.caption_field, picture.alt_field)
        )

    @property
    def undecided(self) -> tuple[int, ...]:
        """Numbers of the pieces that wait for their author's decision."""
        return tuple(piece.number for piece in self.removals if piece.fate is Fate.OPEN)

    def removals_of(self, picture: DraftPicture | None) -> tuple[Removal, ...]:
        """List what was found in a picture's words, or without one in all other fields."""
        words = self.picture_fields
        if picture is None:
            return tuple(piece for piece in self.removals if piece.field not in words)
        own = (picture.caption_field, picture.alt_field)
        return tuple(piece for piece in self.removals if piece.field in own)

    @property
    def step(self) -> tuple[Step, int]:
        """What the author has to look at next: the step, and the number of the picture or 0."""
        open_text = any(piece.fate is Fate.OPEN for piece in self.removals_of(None))
        if self.kind is not DraftKind.CASE or self.failed or open_text or not self.text_read:
            return Step.TEXT, 0
        for number, picture in enumerate(self.pictures, start=1):
            if not picture.clean or any(piece.fate is Fate.OPEN for piece in self.removals_of(picture)):
                return Step.PICTURE, number
        return Step.LAST, 0

    def looked_on(self) -> Draft:
        """Note that its next step is before its author's eyes: the last question counts as put by that."""
        return replace(self, asked_last=self.step[0] is Step.LAST)

    def _filled(self, text: str, show: Callable[[Removal], str]) -> str:
        pieces = {piece.number: piece for piece in self.removals}
        return PLACE.sub(lambda place: show(pieces[int(place[1])]), text)

    def decide(self, numbers: Sequence[int], change: Callable[[Removal], Removal]) -> Draft:
        """Keep or hide pieces by their numbers; raises :class:`Refused` for a number that is none."""
        known = {piece.number for piece in self.removals}
        if wrong := [number for number in numbers if number not in known]:
            raise Refused("no_such_piece", f"There is no piece {wrong[0]} in this draft.", "preview")
        pieces = tuple(change(piece) if piece.number in numbers else piece for piece in self.removals)
        return replace(self, removals=pieces, asked_last=False)

    def hide_words(self, words: str) -> Draft:
        """Take out words that the anonymizer did not find, wherever they stand, in any case."""
        changed = _without_words(self, words)
        if changed is self:
            raise Refused("no_such_words", "I don't find these words in your draft.", "preview")
        return changed

    def carried_over(self, earlier: Draft) -> Draft:
        """Keep for a draft that was cleaned anew what its author decided about the same words before."""
        decided: dict[tuple[str, str, str], set[Fate]] = {}
        for piece in earlier.removals:
            decided.setdefault((piece.field, piece.category, piece.original), set()).add(piece.fate)
        draft = replace(
            self,
            removals=tuple(
                replace(
                    piece,
                    fate=common_fate(decided.get((piece.field, piece.category, piece.original)), piece.fate),
                )
                for piece in self.removals
            ),
        )
        for piece in earlier.removals:
            if piece.category == BY_AUTHOR and piece.fate is not Fate.KEPT:
                draft = _without_words(draft, piece.original)
        return draft

    def also_sent(self, sent: Sequence[Sent]) -> Draft:
        """Remember further messages that hold its words, while what was sent is kept at all."""
        if self.source is None or not sent:
            return self
        return replace(self, source=replace(self.source, sent=(*self.source.sent, *sent)))

    def without_originals(self) -> Draft:
        """Forget what was taken out and not put back; the cleaned draft stays."""
        pieces = tuple(
            piece if piece.fate is Fate.KEPT else replace(piece, original="") for piece in self.removals
        )
        return replace(self, removals=pieces, source=None)

    def picture(self, number: int) -> DraftPicture:
        """Give picture ``number`` (from 1); raises :class:`Refused`."""
        if not 1 <= number <= len(self.pictures):
            raise Refused("no_such_picture", f"This draft has {_pictures(len(self.pictures))}.", "preview")
        return self.pictures[number - 1]

    def with_picture(self, number: int, picture: DraftPicture) -> Draft:
        """Put a changed picture in the place of picture ``number``."""
        pictures = (*self.pictures[: number - 1], picture, *self.pictures[number:])
        return replace(self, pictures=pictures, asked_last=False)

    def without_picture(self, number: int) -> Draft:
        """Take out picture ``number`` (from 1) with its words."""
        gone = self.picture(number)
        words = (gone.caption_field, gone.alt_field)
        return replace(
            self,
            pictures=self.pictures[: number - 1] + self.pictures[number:],
            templates={name: text for name, text in self.templates.items() if name not in words},
            removals=tuple(piece for piece in self.removals if piece.field not in words),
            asked_last=False,
        )

    def covered(self, box: int) -> tuple[int, DraftPicture]:
        """Find the picture that has cover ``box``; raises :class:`Refused`."""
        for number, picture in enumerate(self.pictures, start=1):
            if any(cover.number == box for cover in picture.covers):
                return number, picture
        raise Refused("no_such_box", f"There is no box {box} on a picture of this draft.", "preview")

    @property
    def next_box(self) -> int:
        """A number that no cover of this draft has yet."""
        return max((cover.number for picture in self.pictures for cover in picture.covers), default=0) + 1

    def obstacles(self) -> tuple[str, ...]:
        """Say in sentences why this cannot be posted yet; empty when it can."""
        open_ = self.undecided
        undecided = (f"Decide first: keep or hide {_listed(open_)}.",) if open_ else ()
        checks = tuple(f"The check “{name}” did not run on the text." for name in self.failed)
        pictures = tuple(
            f"Picture {number} could not be checked. {picture.problem}"
            for number, picture in enumerate(self.pictures, start=1)
            if picture.problem
        )
        return checks + pictures + self._without_consent() + undecided

    def _without_consent(self) -> tuple[str, ...]:
        if self.pictures and self.settings.get("consent") == NO_CONSENT:
            return ("Without the patient's consent no picture can be posted: take the pictures out.",)
        return ()

    def require_postable(self) -> None:
        """Refuse to post while any check did not run (fail closed)."""
        if obstacles := self.obstacles():
            raise Refused("not_checked", f"I can't post this yet. {' '.join(obstacles)}", *self._ways_out())

    def _ways_out(self) -> tuple[str, ...]:
        refused = bool(self._without_consent())
        broken = [
            f"picture {n} remove" for n, picture in enumerate(self.pictures, 1) if picture.problem or refused
        ]
        hide = ("hide all",) if self.undecided else ()
        return (*broken, *hide, "discard")


def _without_words(draft: Draft, words: str) -> Draft:
    """Take words out wherever they stand; the very same draft where they stand nowhere."""
    pattern = re.compile(re.escape(words), re.IGNORECASE)
    number = max((piece.number for piece in draft.removals), default=0) + 1
    templates = {name: taken_out(pattern, number, text) for name, text in draft.templates.items()}
    where = next((name for name, text in templates.items() if text != draft.templates[name]), "")
    if not words or not where:
        return draft
    hint = f"{words[0]}…{words[-1]}"
    piece = Removal(number, where, BY_AUTHOR, "ask", "[removed]", "You took it out.", hint, words)
    return replace(draft, templates=templates, removals=(*draft.removals, piece), asked_last=False)


def _pictures(count: int) -> str:
    return f"{count or 'no'} picture{'' if count == 1 else 's'}"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


class Drafts(Protocol):
    """Drafts by author."""

    async def add(self, draft: Draft) -> None:
        """Keep a new draft."""
        ...

    async def get(self, draft: str) -> Draft | None:
        """Find one by id, whoever's it is."""
        ...

    async def of_member(self, *members: MemberId) -> tuple[Draft, ...]:
        """List the drafts of a member (by one or several of the member's ids), newest first."""
        ...

    async def replace(self, draft: Draft) -> None:
        """Keep a changed draft; one without its source has it destroyed, key first."""
        ...

    async def older_than(self, moment: datetime) -> tuple[Draft, ...]:
        """List everybody's drafts from before a moment."""
        ...

    async def remove(self, draft: Draft) -> None:
        """Forget a draft with its source; its pictures stay until :class:`Pictures` drops them."""
        ...

    async def keep_uncovered(self, draft: Draft, picture: str, data: bytes) -> None:
        """Keep a picture before anything was covered, with the source of its draft."""
        ...

    async def uncovered(self, draft: Draft, picture: str) -> bytes | None:
        """Open it; None once the source is gone."""
        ...
