"""Counting: what the first opinions of a case's physicians say together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot import collective
from bot.collective import NO_CHANGES, Bucket, Changes, GroupAnswer, group_answer
from bot.commands.authors import authors_of
from bot.domain.buckets import BucketChange, Labelled
from bot.domain.cases import Case
from bot.domain.members import Member, MemberId, Role
from bot.domain.opinions import Opinion
from bot.ports.work import Work


async def answer_of(work: Work, case: Case) -> GroupAnswer:
    """Count a case's opinions; names are read in a thread of their own, since that takes a while."""
    opinions = await work.opinions.first_versions(case.id)
    members = await authors_of(work, {one.member for one in opinions})
    changes = changes_of(await work.buckets.of_case(case.id))
    return await asyncio.to_thread(group_answer, _counted(opinions, members), changes=changes)


def changes_of(made: Sequence[BucketChange]) -> Changes:
    """Give what was merged and split, without what was taken back, as the collective list takes it."""
    changes = NO_CHANGES
    for change in made:
        by = "a moderator" if change.by_moderator else "the author"
        if change.taken_back:
            continue
        if change.into is not None:
            changes = changes.merge(bucket_of(change.source), bucket_of(change.into), by)
        for text in change.texts:
            changes = changes.split(text, change.source.name, by)
    return changes


def bucket_of(label: Labelled) -> Bucket:
    """Give a diagnosis as the collective list knows it."""
    return Bucket(label.key, label.name, label.mesh or None)


def _counted(opinions: Sequence[Opinion], members: Mapping[MemberId, Member]) -> list[collective.Opinion]:
    """Give what counts: first versions of physicians."""
    return [
        _counts(opinion, member)
        for opinion in opinions
        if (member := members[opinion.member]).role is Role.PHYSICIAN
    ]


def independent_lists(
    opinions: Sequence[Opinion], members: Mapping[MemberId, Member]
) -> list[tuple[str, ...]]:
    """Give the lists that the group answer ranks: of what counts, those that had seen no other."""
    return [one.diagnoses for one in _counted(opinions, members) if one.independent]


def _counts(opinion: Opinion, member: Member) -> collective.Opinion:
    return collective.Opinion(
        diagnoses=opinion.diagnoses,
        confidence=opinion.confidence.value if opinion.confidence else None,
        must_not_miss=opinion.must_not_miss,
        next_step=opinion.move.value if opinion.move else None,
        specialty=member.specialty,
        independent=opinion.independent,
    )
