"""The collective list by hand: names that are one diagnosis are put together, or taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.collective import Bucket, GroupAnswer, Ranked
from bot.commands.context import Ask, Context
from bot.commands.counting import answer_of, bucket_of
from bot.commands.finding import require_case, split_number
from bot.commands.summaries import summary_changed
from bot.domain.buckets import BucketChange, ChangeKind, Labelled
from bot.domain.cases import Case, CaseState
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import buckets as views
from bot.views.summary import spoken


@dataclass(frozen=True, slots=True)
class _List:
    """The list of a case as it is, and everything that was ever done to it."""

    case: Case
    answer: GroupAnswer
    made: tuple[BucketChange, ...]

    @property
    def live(self) -> list[BucketChange]:
        """What was not taken back, the latest first."""
        return [change for change in reversed(self.made) if not change.taken_back]


async def merge(ctx: Context, request: Ask) -> Card | Form:
    """Put names together: ``merge 123 2 3``; the first number gives the name, the others count as it."""
    chosen = [request.values.get(name, "") for name in ("into", "source")] if request.submitted else None
    async with ctx.work() as work:
        listed = await _require_list(ctx, work, request, Action.MERGE)
        numbers = _numbers(request.argument, chosen)
        if not numbers:
            return views.merge_form(listed.case, listed.answer.ranking)
        into, *sources = _rows(listed, numbers, "merge")
        if not sources:
            raise _which_two(listed.case)
        card = await _merge(ctx, work, listed, sources, into)
    await _note(ctx, "names_merged", listed.case)
    return card


async def split(ctx: Context, request: Ask) -> Card | Form:
    """Take a name apart: ``split 123 2``; what was put together first, else the names as typed."""
    chosen = [request.values.get("bucket", "")] if request.submitted else None
    async with ctx.work() as work:
        listed = await _require_list(ctx, work, request, Action.SPLIT)
        numbers = _numbers(request.argument, chosen)
        if not numbers:
            return _which_one(listed)
        row = _rows(listed, numbers[:1], "split")[0]
        merged = _last_merge(listed, row)
        card = await (
            _part(ctx, work, listed, row) if merged is None else _unmerge(ctx, work, listed, merged)
        )
    await _note(ctx, "names_split", listed.case)
    return card


async def _require_list(ctx: Context, work: Work, request: Ask, action: Action) -> _List:
    """Find a list that everybody can read already; raises :class:`Refused`."""
    case = await require_case(ctx, work, request, action)
    if case.state is CaseState.WITHDRAWN:
        case.require_open()
    case.require_unlocked()
    if case.covered:
        raise Refused(
            "covered",
            f"The opinions on #{case.number} are not revealed yet. Names can be put together after that.",
            f"show {case.number}",
        )
    answer = await answer_of(work, case)
    if answer.too_few:
        raise Refused(
            "too_few",
            f"There is no list of #{case.number} yet: it takes three opinions.",
            f"show {case.number}",
        )
    return _List(case, answer, await work.buckets.of_case(case.id))


def _numbers(argument: str, chosen: Sequence[str] | None) -> list[int]:
    words = chosen if chosen is not None else split_number(argument)[1].replace(",", " ").split()
    if not all(word.isdecimal() and len(word) < 4 for word in words):
        raise Refused(
            "no_numbers", "Name them by their numbers in the list, for example: merge 123 2 3.", "help merge"
        )
    return list(dict.fromkeys(int(word) for word in words))


def _rows(listed: _List, numbers: Sequence[int], word: str) -> list[Ranked]:
    count = len(listed.answer.ranking)
    if wrong := [number for number in numbers if not 1 <= number <= count]:
        raise Refused(
            "no_such_name",
            f"There is no number {wrong[0]} in the list of #{listed.case.number}; it has {count}.",
            f"{word} {listed.case.number}",
        )
    return [listed.answer.ranking[number - 1] for number in numbers]


def _which_two(case: Case) -> Refused:
    return Refused(
        "one_number",
        f"Putting together takes two numbers, for example: merge {case.number} 2 3.",
        f"merge {case.number}",
    )


def _which_one(listed: _List) -> Form:
    rows = [
        (rank, row)
        for rank, row in enumerate(listed.answer.ranking, start=1)
        if len(row.texts) > 1 or _last_merge(listed, row) is not None
    ]
    if not rows:
        raise Refused(
            "nothing_to_split",
            f"Every name in the list of #{listed.case.number} was typed in one way only.",
            f"show {listed.case.number}",
        )
    return views.split_form(listed.case, rows)


def _last_merge(listed: _List, row: Ranked) -> BucketChange | None:
    """Find what was put into a bucket last, where that was not taken back."""
    return next((one for one in listed.live if one.into and one.into.key == row.bucket.key), None)


async def _merge(ctx: Context, work: Work, listed: _List, sources: Sequence[Ranked], into: Ranked) -> Card:
    keys = {row.bucket.key for row in (into, *sources)}
    for change in listed.live:
        if change.texts and keys == {Bucket.apart(text).key for text in change.texts}:
            await work.buckets.take_back(change)
            return await _show(
                work, listed.case, views.rejoined_words(spoken(bucket_of(change.source))), None
            )
    for count, row in enumerate(sources, start=1):
        await work.buckets.add(
            BucketChange(
                listed.case.id,
                len(listed.made) + count,
                ChangeKind.MERGE,
                _label(row),
                _label(into),
                by_moderator=not ctx.is_mine(listed.case.author),
            )
        )
    return await _show(work, listed.case, views.merged_words(sources, into), (into.bucket,))


async def _unmerge(_: Context, work: Work, listed: _List, merged: BucketChange) -> Card:
    await work.buckets.take_back(merged)
    source, into = (bucket_of(one) for one in (merged.source, merged.into or merged.source))
    return await _show(work, listed.case, views.undone_words(spoken(source), spoken(into)), (into, source))


async def _part(ctx: Context, work: Work, listed: _List, row: Ranked) -> Card:
    if len(row.texts) < 2:
        raise Refused(
            "one_name",
            f"{spoken(row.bucket)} was typed in one way only, so there is nothing to take apart.",
            f"show {listed.case.number}",
        )
    change = BucketChange(
        listed.case.id,
        len(listed.made) + 1,
        ChangeKind.SPLIT,
        _label(row),
        texts=row.texts,
        by_moderator=not ctx.is_mine(listed.case.author),
    )
    await work.buckets.add(change)
    pieces = tuple(Bucket.apart(text) for text in row.texts)
    return await _show(work, listed.case, views.parted_words(spoken(row.bucket), row.texts), pieces)


async def _show(work: Work, case: Case, done: str, parts: Sequence[Bucket] | None) -> Card:
    """Change the summary in the rooms, and show the list as it is now.

    ``parts`` are the buckets that a change left: one that can be split, or several that can be merged.
    """
    answer = await answer_of(work, case)
    if case.state is CaseState.CLOSED:
        await summary_changed(work, case, answer)
    return views.changed_card(case, done, answer, _back(case, answer, parts or ()))


def _back(case: Case, answer: GroupAnswer, parts: Sequence[Bucket]) -> str:
    places = {row.bucket.key: rank for rank, row in enumerate(answer.ranking, start=1)}
    numbers = [str(places[part.key]) for part in parts if part.key in places]
    if not numbers or len(numbers) < len(parts):
        return ""
    word = "split" if len(numbers) == 1 else "merge"
    return f"{word} {case.number} {' '.join(numbers)}"


def _label(row: Ranked) -> Labelled:
    return Labelled(row.bucket.key, row.bucket.name, row.bucket.mesh or "")


async def _note(ctx: Context, what: str, case: Case) -> None:
    """Write a moderator's change into the audit chain; an author's own case is the author's."""
    if not ctx.is_mine(case.author):
        await ctx.audited(what, f"#{case.number}")
