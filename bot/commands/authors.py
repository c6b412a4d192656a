"""Authors: whoever wrote what is kept, a member or a former one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.domain.members import Member, MemberId
from bot.ports.work import Work


async def author_of(work: Work, member: MemberId) -> Member:
    """Find who wrote something that is kept; raises LookupError for an id that is nobody's."""
    found = await work.members.get(member) or await work.former.get(member)
    if found is None:
        raise LookupError("something that nobody wrote")
    return found


async def authors_of(work: Work, ids: Collection[MemberId]) -> Mapping[MemberId, Member]:
    """Find several at once."""
    found = dict(await work.members.among(ids))
    return {one: found[one] if one in found else await author_of(work, one) for one in ids}
