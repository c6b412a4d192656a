"""Standing: moderators and checks stop members and let them act again; noted, told, and never half done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.chat.cards import Card
from bot.domain.members import Member, MemberId, Role
from bot.domain.standing import (
    Acted,
    Cause,
    Done,
    Standing,
    Stop,
    appealed,
    banned,
    restored,
    suspended,
)
from bot.identity.audit import Audit
from bot.identity.personae import Personae
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.outbox import JOINING, MODERATING
from bot.ports.work import Content, Work
from bot.views.moderators import moderating_card, moderating_quiet_card
from bot.views.standing import (
    changed_quiet_card,
    eased_card,
    lifted_card,
    look_card,
    look_quiet_card,
    told_card,
)

_BY_CHECKS = "checks"
_BY_CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class News:
    """What a member is told of a change, and the key that keeps it from being told twice."""

    card: Card
    key: str


async def change_standing(
    work: Work, member: MemberId, standing: Standing, news: News, now: datetime
) -> None:
    """Keep a new standing and tell the member of it. Standings change here and nowhere else.

    A member who is stopped gets no other news from now on; one whom nothing stops any more is let into the
    consult room again, and a moderator into theirs.
    """
    await work.standings.put(member, standing)
    if standing.stops:
        await work.outbox.hush(member)
        await work.outbox.show_out(member, key=news.key)
    await work.outbox.tell(
        member,
        news.card,
        quiet=changed_quiet_card(),
        key=news.key,
        release_at=now,
        subject="" if standing.stops else JOINING,
        though_stopped=True,
    )
    if not standing.stops:
        await _let_back(work, member, news, now)


async def _let_back(work: Work, member: MemberId, news: News, now: datetime) -> None:
    """Let a moderator whom nothing stops any more into the moderators' room again."""
    found = await work.members.get(member)
    if found is not None and found.role is Role.MODERATOR:
        await work.outbox.tell(
            member,
            moderating_card(),
            quiet=moderating_quiet_card(),
            key=f"{news.key}:{MODERATING}",
            release_at=now,
            subject=MODERATING,
        )


class Stopping:
    """Stops members and lifts what stops them: for moderators by screen names, for checks by members."""

    def __init__(
        self, audit: Audit, personae: Personae, content: Content, *, clock: Clock, chance: Chance
    ) -> None:
        """Take the audit chain, whose a name is, and the content side, where standings lie."""
        self._audit = audit
        self._personae = personae
        self._content = content
        self._clock = clock
        self._chance = chance
        self._acting = asyncio.Lock()

    async def standing(self, member: MemberId) -> Standing:
        """Say what stops a member right now."""
        async with self._content.work() as work:
            return await self._present(work, member)

    async def _present(self, work: Work, member: MemberId) -> Standing:
        return (await work.standings.get(member)).at(self._clock.now())

    # Moderators, who know screen names and nothing else.

    async def suspend(self, screen_name: str, days: int | None, said: str, *, by: str) -> Acted:
        """Suspend a member for so many days, or until further notice."""
        until = self._clock.now() + timedelta(days=days) if days is not None else None
        change = partial(suspended, by=by, said=said, until=until)
        acted = await self._act(screen_name, by, change, lambda _before, _after, _name: Done.SUSPENDED)
        return Acted(acted.done, acted.screen_name, until)

    async def ban(self, screen_name: str, said: str, *, by: str) -> Acted:
        """Ask for a ban, or agree to one; whoever asks first gives the reason."""

        def done(before: Standing, after: Standing, _name: str) -> Done:
            if not said and not before.barred:
                return Done.WORDLESS
            ban = after.of(Cause.BAN)
            if before == after:
                return Done.SAME
            return Done.BANNED if ban is not None and ban.whole else Done.BAN_ASKED

        return await self._act(screen_name, by, partial(banned, by=by, said=said), done)

    async def restore(self, screen_name: str, *, by: str) -> Acted:
        """Lift what moderators did; of what checks found, neither this nor its answer tells anything."""

        def done(before: Standing, after: Standing, name: str) -> Done:
            if not before.was_spoken_of(name):
                return Done.NOT_STOPPED
            if before == after:
                return Done.SAME
            return Done.LIFT_ASKED if after.barred else Done.RESTORED

        return await self._act(screen_name, by, partial(restored, by=by), done)

    async def stopped(self) -> tuple[tuple[Member, Standing], ...]:
        """List whom moderators have stopped, in the order of their screen names."""
        now, found = self._clock.now(), []
        async with self._content.look() as work:
            for member_id, kept in await work.standings.all():
                standing = kept.at(now)
                member = await work.members.get(member_id)
                if member is not None:
                    found += [(_named(member, name), standing.under(name)) for name in standing.names]
        return tuple(sorted(found, key=lambda one: one[0].screen_name))

    async def appeal(self, member: MemberId) -> None:
        """Ask other moderators to look at what one decided; asked once, it stays asked."""
        async with self._acting, self._content.work() as work:
            before = await self._present(work, member)
            stop, known = before.to_appeal, await work.members.get(member)
            if stop is None or known is None:
                return
            # One name at a time: two at the same moment would show others that they are one person's.
            after = before.besides(stop.name).together(appealed(before.under(stop.name)))
            await work.standings.put(member, after)
            await self._ask_others(work, _named(known, stop.name), stop, "appeal")
        await self._audit.append("standing_appealed", by=member, reference=member)

    async def _act(
        self,
        screen_name: str,
        by: str,
        change: Callable[[Standing], Standing],
        done_of: Callable[[Standing, Standing, str], Done],
    ) -> Acted:
        """Do what a moderator asks; it stands in the audit chain before it is done."""
        async with self._acting:
            async with self._content.look() as work:
                member = await work.members.named(screen_name)
            if member is None:
                return Acted(Done.UNKNOWN, screen_name)
            person = await self._personae.author(member.id)
            before = (await self.standing(person)).under(member.screen_name)
            after = change(before)
            done = done_of(before, after, member.screen_name) if person != by else Done.ONESELF
            if done in _NOTHING:
                return Acted(done, member.screen_name)
            await self._audit.append(f"standing_{done}", by=by, reference=person)
            async with self._content.work() as work:
                now = await self._present(work, person)
                after = change(now.under(member.screen_name)).spoken_of(member.screen_name)
                await self._carry_out(work, member, person, after, now.besides(member.screen_name), done)
        return Acted(done, member.screen_name)

    async def _carry_out(
        self, work: Work, member: Member, person: MemberId, after: Standing, rest: Standing, done: Done
    ) -> None:
        ban = after.of(Cause.BAN)
        if ban is not None and done in (Done.BAN_ASKED, Done.LIFT_ASKED):
            await self._ask_others(work, member, ban, done.value)
        if done is Done.LIFT_ASKED:
            await work.standings.put(person, rest.together(after))
            return
        await self._change(work, person, rest.together(after), eased=done is Done.RESTORED)

    async def _ask_others(self, work: Work, member: Member, stop: Stop, what: str) -> None:
        """Ask the moderators who have not spoken yet; where there are none, all of them."""
        moderators = [
            one
            for one in await work.members.everybody()
            if one.role is Role.MODERATOR and one.id != member.id
            if not (await self._present(work, one.id)).stops
        ]
        others = [one for one in moderators if one.id not in (stop.by, stop.second, stop.lifting)]
        for one in others or moderators:
            await work.outbox.tell(
                one.id,
                look_card(member, stop, what),
                quiet=look_quiet_card(),
                key=self._key(),
                release_at=self._clock.now(),
            )

    # Checks, which know members.

    async def stop(self, member: MemberId, cause: Cause) -> bool:
        """Stop a member for what a check found; False where that stops them already, or they have left."""
        async with self._acting:
            member = await self._personae.author(member)  # A check takes its time: another id by now?
            before = await self.standing(member)
            if before.of(cause) is not None or not await self._is_here(member):
                return False
            await self._audit.append(f"stopped_{cause}", by=_BY_CHECKS, reference=member)
            async with self._content.work() as work:
                # Read once more: the shell, a process of its own, may have changed it meanwhile.
                before = await self._present(work, member)
                await self._change(work, member, before.with_(Stop(cause)))
        return True

    async def _is_here(self, member: MemberId) -> bool:
        """Say whether there is such a member: of whoever left while barred, a key leads to an id alone."""
        async with self._content.look() as work:
            return await work.members.get(member) is not None

    async def lift(self, member: MemberId, *causes: Cause) -> bool:
        """Lift what a check found; False where it stops nobody."""
        async with self._acting:
            member = await self._personae.author(member)
            before = await self.standing(member)
            stop = before.of(*causes)
            if stop is None:
                return False
            await self._audit.append(f"lifted_{stop.cause}", by=_BY_CHECKS, reference=member)
            async with self._content.work() as work:
                before = await self._present(work, member)
                await self._change(work, member, before.without(*causes), eased=True)
        return True

    async def tidy(self) -> None:
        """End suspensions whose time is over; nobody has to wait for it, since they count no more by then."""
        now = self._clock.now()
        async with self._acting:
            async with self._content.look() as work:
                over = [member for member, kept in await work.standings.all() if kept.at(now) != kept]
            for member in over:
                await self._audit.append("suspension_ended", by=_BY_CLOCK, reference=member)
                async with self._content.work() as work:
                    await self._change(work, member, await self._present(work, member), eased=True)

    async def _change(self, work: Work, member: MemberId, after: Standing, *, eased: bool = False) -> None:
        if not after.stops:
            card = lifted_card()
        else:
            card = eased_card(after.stops[0]) if eased else told_card(after.stops[0])
        await change_standing(work, member, after, News(card, self._key()), self._clock.now())

    def _key(self) -> str:
        # Drawn, and the same for all: a key must not say on disk that somebody was stopped.
        return f"told:{self._chance.id()}"


def _named(member: Member, name: str) -> Member:
    """Show moderators a member under the name of which they spoke, where it was noted."""
    return replace(member, screen_name=name) if name else member


_NOTHING = frozenset({Done.SAME, Done.NOT_STOPPED, Done.ONESELF, Done.WORDLESS})
