"""Hiding and locking: moderators take what was posted out of sight, and show it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import House
from bot.commands.hiding_reasons import drop_reason, keep_reason, kept_reason
from bot.commands.resaying import poll_sayings, said_by, said_under, sayings_of
from bot.commands.summaries import summary_renewed
from bot.domain.cases import Case, CaseState
from bot.domain.comments import Comment
from bot.domain.hiding import Reason, Target, hidden_already, not_hidden
from bot.domain.members import MemberId
from bot.domain.opinions import Opinion
from bot.domain.polls import Poll
from bot.domain.refusal import Refused, not_found
from bot.ports.work import Work
from bot.views.case import case_card, news_card
from bot.views.hiding import hidden_card, hidden_poll_card, told_card

WORDS: Final = ("hide", "restore", "lock", "unlock")
"""What a moderator may do, by the word behind ``mod``."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a moderator named: a case, or something said on it."""

    target: Target
    case: Case
    item: Opinion | Comment | None = None

    @property
    def writer(self) -> MemberId:
        """Whose words they are."""
        return self.item.member if self.item is not None else self.case.author

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return self.item.subject if self.item is not None else self.case.subject

    @property
    def is_hidden(self) -> bool:
        """Whether it is out of sight."""
        return self.item.hidden if self.item is not None else self.case.hidden

    def require(self, word: str, now: datetime) -> None:
        """Refuse what cannot be done as things are: to hide twice, to restore what is not hidden."""
        if self.item is None:
            _CHANGED[word](self.case, now)
        elif word == "hide" and self.item.hidden:
            raise hidden_already(self.target.name)
        elif word == "restore" and not self.item.hidden:
            raise not_hidden(self.target.name)


_CHANGED: Final[Mapping[str, Callable[[Case, datetime], Case]]] = {
    "hide": Case.hide,
    "restore": Case.restore,
    "lock": lambda case, _: case.lock(),
    "unlock": lambda case, _: case.unlock(),
}


@dataclass(frozen=True, slots=True)
class NamedPoll:
    """A poll that a moderator named."""

    target: Target
    poll: Poll

    @property
    def writer(self) -> MemberId:
        """Whose words they are."""
        return self.poll.author

    @property
    def subject(self) -> str:
        """The key of its postings."""
        return self.poll.subject

    @property
    def is_hidden(self) -> bool:
        """Whether it is out of sight."""
        return self.poll.hidden

    def require(self, word: str, now: datetime) -> None:
        """Refuse what cannot be done as things are: to hide twice, to restore what is not hidden, to lock."""
        del now
        if word == "hide":
            self.poll.hide()
        elif word == "restore":
            self.poll.restore()
        else:
            number = self.poll.number
            raise Refused("no_lock", f"Poll {number} cannot be locked. Hide it.", f"mod hide {number}")


It = Named | NamedPoll
"""What can be hidden."""


async def named(work: Work, target: Target, now: datetime) -> It:
    """Find what is named; raises :class:`Refused` where it does not exist, or has not gone out yet."""
    poll = await work.polls.by_number(target.case) if target.is_case or target.poll else None
    if poll is not None and poll.is_out(now):
        return _named_poll(poll)
    case = await work.cases.by_number(target.case)
    if case is None or case.released_at > now:
        raise not_found("case", f"#{target.case}")
    if target.is_case:
        return Named(target, case)
    case.require_seen()
    if case.state is CaseState.WITHDRAWN:
        case.require_open()
    return Named(target, case, await _said(work, case, target))


def _named_poll(poll: Poll) -> NamedPoll:
    return NamedPoll(Target(poll.number, poll=True), poll)


async def _said(work: Work, case: Case, target: Target) -> Opinion | Comment:
    said: Opinion | Comment | None
    if target.opinion is not None:
        opinions = await work.opinions.of_case(case.id, hidden=True)
        said = next((one for one in opinions if one.number == target.opinion), None)
    else:
        comments = await work.comments.of_case(case.id, hidden=True)
        said = next((one for one in comments if one.number == target.comment), None)
    if said is None:
        what = "opinion" if target.opinion is not None else "comment"
        raise not_found(what, f"#{target.name}")
    return said


async def named_by(work: Work, subject: str) -> It | None:
    """Find what a message is about; None where that cannot be hidden."""
    kind, _, item = subject.partition(":")
    poll = await work.polls.get(item) if kind in ("poll", "result") else None
    if poll is not None:
        return _named_poll(poll)
    opinion = await work.opinions.get(item) if kind == "opinion" else None
    comment = await work.comments.get(item) if kind == "comment" else None
    said = opinion or comment
    case = await work.cases.get(said.case if said else item) if said or kind == "case" else None
    if case is None:
        return None
    target = Target(
        case.number, opinion=opinion.number if opinion else None, comment=comment.number if comment else None
    )
    return Named(target, case, said)


async def target_about(work: Work, subject: str) -> Target | None:
    """Say what a message is about, as a moderator names it; None where that cannot be hidden."""
    it = await named_by(work, subject)
    return it.target if it is not None else None


async def act(house: House, work: Work, it: It, word: str, reason: Reason) -> None:
    """Do what a word says, and tell whose words they are; raises :class:`Refused`.

    What is hidden or restored for good is decided, and so are the reports about it.
    """
    it.require(word, house.clock.now())
    if isinstance(it, NamedPoll):
        await _act_on_poll(house, work, it.poll, word)
    else:
        await _ACTS[word](house, work, it)
    if word == "hide":
        await keep_reason(work, it.subject, reason)
    elif word == "restore":
        await drop_reason(work, it.subject)
    if word in ("hide", "restore") and not reason.waits:
        await work.reports.settle(it.subject)
    await _tell(house, work, it, told_card(word, it.target, reason))


async def uphold(house: House, work: Work, it: It, reason: Reason) -> None:
    """Keep hidden what waited for a decision: reports hid it, or its writer asked for another look."""
    reason = (await kept_reason(work, it.subject)).upheld(reason)
    await keep_reason(work, it.subject, reason)
    await work.reports.settle(it.subject)
    await _tell(house, work, it, told_card("hide", it.target, reason))


async def _tell(house: House, work: Work, it: It, card: Card) -> None:
    """Tell the writer, who may have left."""
    if it.writer in await work.members.among({it.writer}):
        await work.outbox.tell(
            it.writer,
            card,
            quiet=news_card(it.target.case),
            key=f"moderated:{house.chance.id()}",
            release_at=house.clock.now(),
        )


async def _hide(house: House, work: Work, it: Named) -> None:
    now, thread = house.clock.now(), it.case.subject
    if it.item is not None:
        await _mark(work, replace(it.item, hidden=True))
        await work.outbox.replace(it.subject, hidden_card(it.case), thread=thread, hides=True)
        await _recount(work, it, now, by=-1)
        return
    hidden = it.case.hide(now)
    await work.cases.replace(hidden)
    # The case goes first: where a platform says it anew, that is the root of what comes beneath it.
    await work.outbox.replace(hidden.subject, hidden_card(hidden, whole=True), hides=True)
    for subject in await said_under(work, hidden):
        await work.outbox.replace(subject, hidden_card(hidden), thread=thread, hides=True)


async def _restore(house: House, work: Work, it: Named) -> None:
    now = house.clock.now()
    if it.item is not None:
        await _mark(work, replace(it.item, hidden=False))
        await _recount(work, it, now, by=1)
        sayings = [one for one in await sayings_of(house, work, it.case) if one.subject == it.subject]
    else:
        restored = it.case.restore(now)
        await work.cases.replace(restored)
        sayings = list(await sayings_of(house, work, restored))
    for one in sayings:
        thread = "" if one.subject == it.case.subject else it.case.subject
        release_at = max(now, one.release_at)
        await work.outbox.restore(one.subject, one.card, release_at=release_at, thread=thread)


async def _act_on_poll(house: House, work: Work, poll: Poll, word: str) -> None:
    """Hide a poll with its result, or show both again as they stood."""
    thread = await _thread_of(work, poll)
    if word == "hide":
        hidden = poll.hide()
        await work.polls.replace(hidden)
        for subject in said_by(hidden):
            await work.outbox.replace(subject, hidden_poll_card(hidden), thread=thread, hides=True)
        return
    restored = poll.restore()
    await work.polls.replace(restored)
    for one in await poll_sayings(house, work, restored):
        await work.outbox.restore(one.subject, one.card, release_at=one.release_at, thread=thread)


async def _thread_of(work: Work, poll: Poll) -> str:
    case = await work.cases.get(poll.case) if poll.case else None
    return case.subject if case else ""


async def _mark(work: Work, item: Opinion | Comment) -> None:
    if isinstance(item, Opinion):
        await work.opinions.mark(item)
    else:
        await work.comments.replace(item)


async def _recount(work: Work, it: Named, now: datetime, *, by: int) -> None:
    """Count an opinion, or count it no more: on its case, and in a summary that is out already."""
    if not isinstance(it.item, Opinion):
        return
    case = it.case.answered() if by > 0 else it.case.unanswered()
    await work.cases.replace(case.looked_at(now) if case.state is CaseState.OPEN else case)
    await summary_renewed(work, case)


async def _lock(_: House, work: Work, it: Named) -> None:
    await _show_changed(work, it.case.lock())


async def _unlock(_: House, work: Work, it: Named) -> None:
    await _show_changed(work, it.case.unlock())


async def _show_changed(work: Work, case: Case) -> None:
    await work.cases.replace(case)
    author = await author_of(work, case.author)
    await work.outbox.edit(case.subject, case_card(case, author), revision=case.revision)


_ACTS: Final[Mapping[str, Callable[[House, Work, Named], Awaitable[None]]]] = {
    "hide": _hide,
    "restore": _restore,
    "lock": _lock,
    "unlock": _unlock,
}
