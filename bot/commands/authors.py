"""Authors: whoever wrote what is kept, a member or a former one."""

from __future__ import annotations

from bot.domain.members import Member, MemberId
from bot.ports.work import Work


async def author_of(work: Work, member: MemberId) -> Member:
    """Find who wrote something that is kept; raises LookupError for an id that is nobody's."""
    found = await work.members.get(member) or await work.former.get(member)
    if found is None:
        raise LookupError("something that nobody wrote")
    return found
