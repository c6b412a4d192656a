"""The front door: accounts become members here, wishes become commands, and refusals become cards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from bot.chat.cards import Card
from bot.chat.events import FileRef, Kind, Place
from bot.chat.forms import Form
from bot.chat.wizard import Wizard, begin, cancelled_card, lead_card, question_card, unseen_card
from bot.commands.context import Ask, Context, House
from bot.commands.help import answer_anybody
from bot.commands.registry import BY_WORD, FOR_ANYBODY, WORDS, nearest
from bot.domain.drafts import Sent
from bot.domain.members import Member
from bot.domain.refusal import Refused
from bot.frontdoor.answering import Answering
from bot.frontdoor.doorkeeping import Doorkeeper
from bot.frontdoor.doorway import Doorway
from bot.frontdoor.greeting import Greeting
from bot.frontdoor.hiding import Hiding
from bot.frontdoor.in_hand import InHand
from bot.frontdoor.linking import OwnAccounts
from bot.frontdoor.moderating import Moderating, asides_of, placed
from bot.frontdoor.oneself import Oneself
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.reading import Go, Say, Stop, Tell, Wish, read
from bot.frontdoor.receipt import VisitReceipt
from bot.frontdoor.rewording import Rewording
from bot.frontdoor.standing import answer_stopped
from bot.frontdoor.talk import Talk, keep_talk, load_talk, prompt_of
from bot.frontdoor.verifying import Verifying
from bot.frontdoor.visit import Stopped, Visit
from bot.frontdoor.vouching import Vouching
from bot.identity.people import People
from bot.identity.wall import Known, Wall
from bot.metrics import Metrics
from bot.ports.adapter import (
    Adapter,
    FileUnavailable,
    Later,
    Reply,
)
from bot.ports.inbox import Inbox, Received
from bot.ports.intake import Intake
from bot.ports.tracing import QUIET, Tracer
from bot.views import home
from bot.views.standing import stopped_card

_log = structlog.get_logger(__name__)

Beside = Callable[[Visit, Ask], Awaitable[Reply | None]]
"""Answers a word that is about accounts; None leaves it to the command of that name."""


class FrontDoor(InHand):
    """Handles each event once, one person's events in their order, different people's side by side."""

    def __init__(
        self,
        wall: Wall,
        house: House,
        inbox: Inbox,
        adapters: Mapping[str, Adapter],
        metrics: Metrics,
        people: People,
        moderators: str = "",
        tracer: Tracer = QUIET,
    ) -> None:
        """Take the wall, the house, the inbox, the adapters by site, what counts, and who knows accounts.

        ``moderators`` names the moderators' room, empty where there is none.
        """
        super().__init__(inbox, house.clock)
        self.wall = wall
        self.house = house
        self.adapters = adapters
        self._metrics = metrics
        self._tracer = tracer
        self.pausing = Pausing(
            house.content,
            wall.audit,
            tuple(adapters),
            clock=house.clock,
            chance=house.chance,
            moderators=moderators,
        )
        self._answering = Answering(house, wall, self.pausing)
        self.doorkeeper = Doorkeeper(wall, house, adapters, self.pausing)
        self._greeting = Greeting(house, self.doorkeeper)
        self._stopping = people.stopping
        self._own = OwnAccounts(people.linking, people.review)
        oneself = Oneself(wall, house)
        self._beside: Mapping[str, Beside] = {
            "verify": Verifying(people.proofing).reply,
            "mod": Moderating(people, self.pausing, Hiding(house, wall.audit)).reply,
            "vouch": Vouching(people.vouches).reply,
            "link": self._own.link,
            "unlink": self._own.unlink,
            "me": self._own.me,
            "me data": oneself.data,
            "me delete": oneself.delete,
        }
        self._rewording = Rewording(wall, house)

    def doorway(self, site: str) -> Intake:
        """Give the intake for an adapter."""
        return Doorway(site, self, self._tracer)

    async def _handle(self, received: Received) -> None:
        adapter = self.adapters.get(received.site)
        if adapter is None:
            _log.warning("event_of_unknown_site", row=received.row)
            return
        began = self.house.clock.monotonic()
        platform, kind = adapter.platform, received.event.kind
        self._metrics.count("curbside_events", platform=platform, kind=kind)
        with self._tracer.span("handle", platform=platform, kind=kind):
            visit = await self._visit(received, adapter)
            reply = await self._reply_or_fault(visit)
            await self._answering.answer(visit, reply)
        for begin_now in visit.afterwards:
            begin_now()
        seconds = self.house.clock.monotonic() - began
        self._metrics.took("curbside_handling_seconds", seconds, platform=platform)

    async def _visit(self, received: Received, adapter: Adapter) -> Visit:
        account = received.event.account
        known = await self.wall.who(account)
        member, stopped = await self._standing(known) if known is not None else (None, None)
        received = replace(received, event=placed(received.event, member))
        return Visit(received, adapter, known, member, self.wall.talk_key(account), stopped)

    async def _standing(self, known: Known) -> tuple[Member | None, Stopped | None]:
        """Find the member, or what stops whoever is one."""
        at_a_glance = self.house.content.glance()
        # In this order: whoever leaves in between, and whose stops are gone with it, is no member by then.
        standing = (await at_a_glance.standings.get(known.member)).at(self.house.clock.now())
        member = await at_a_glance.members.get(known.member)
        if member is not None and standing.stops:
            return None, Stopped(member, standing)
        return member, None

    async def _reply_or_fault(self, visit: Visit) -> Reply | None:
        try:
            return await self._reply(visit)
        except Exception as fault:  # noqa: BLE001 - one broken request must not stop the others
            reference = self.house.chance.id()[:4].upper()
            _log.error("request_failed", reference=reference, exc_info=fault)
            self._metrics.count("curbside_faults", platform=visit.adapter.platform)
            written = await self._written_or_done(visit, self._mark_handled(visit))
            return home.fault_card(reference) if written else home.cut_off_card(reference)

    async def _written_or_done(self, visit: Visit, writing: Awaitable[None]) -> bool:
        """Do the last writing for a visit; False where that cannot be, and its request was committed before.

        Then nobody handles it again, so an answer is due now. Otherwise what the database raises is raised.
        """
        try:
            await writing
        except self.inbox.away as away:
            if await self.inbox.waits(visit.received.row):
                raise
            _log.error("inbox_unavailable", error=type(away).__name__)
            return False
        return True

    async def _mark_handled(self, visit: Visit) -> None:
        async with self.house.content.work() as work:
            await work.handled(visit.received.row)

    async def _reply(self, visit: Visit) -> Reply | None:
        greeting = await self._greeting.reply(visit)
        if greeting is not None or visit.event.kind in (Kind.HELLO, Kind.ENTERED):
            await self._mark_handled(visit)
            return greeting
        dialogs = self.house.content.glance().dialogs
        talk = await load_talk(dialogs, visit.key)
        newest = await self._rewording.newest(visit, dialogs)
        if visit.event.kind in (Kind.EDITED, Kind.DELETED):
            reply, talk = await self._afterwards(visit, talk)
            await self._written_or_done(visit, self._keep(visit, talk, reply))
            return reply
        if newest is None:
            await self._mark_handled(visit)
            return None
        about = await self._answering.about(visit)
        prefix = visit.adapter.capabilities.prefix
        number = await self._answering.case_number(about)
        wish = read(newest.event, talk, about, prefix, asides_of(visit.member), number)
        reply, talk = await self._fulfil(visit, wish, talk)
        await self._written_or_done(visit, self._keep(visit, talk, reply))
        return reply

    async def _afterwards(self, visit: Visit, talk: Talk) -> tuple[Reply | None, Talk]:
        """Answer an edit or a deletion of something that a member said; of what others said, nothing."""
        if visit.member is None or visit.known is None:
            return None, talk
        context = self._context(visit, visit.member, visit.known, talk)
        try:
            return await self._ask_in_turn(visit, *await self._rewording.reply(visit, context, talk))
        except Refused as refused:
            return self._refusal(visit, refused), talk

    async def _fulfil(self, visit: Visit, wish: Wish, talk: Talk) -> tuple[Reply | None, Talk]:
        """Do what is wished; gives the reply and what stays unfinished."""
        if isinstance(wish, Stop):
            await self._take_back(visit, wish.wizard)
            return cancelled_card(wish.wizard.form.title, wish.wizard.form.command), Talk()
        if isinstance(wish, Tell):
            return wish.card, talk
        if isinstance(wish, Go):
            if visit.member is None and not _open_form(wish.wizard):
                return _turned_away(visit, talk)
            if not wish.wizard.finished:
                return question_card(wish.wizard), Talk(wizard=wish.wizard)
            if wish.wizard.files:
                await self._answering.answer(visit, home.checking_card(len(wish.wizard.files)))
            wish = _submitted(wish.wizard, _sent(visit, wish.wizard.sent))
            reply = await self._run(visit, wish, Talk())
            return await self._ask_in_turn(visit, reply, Talk())
        said = replace(wish.ask, sent=_sent(visit, _own(visit)))
        reply = await self._run(visit, Say(wish.word, said), talk)
        return await self._ask_in_turn(visit, reply, talk)

    async def _take_back(self, visit: Visit, wizard: Wizard) -> None:
        """Take back the messages that hold the answers of a wizard that was stopped."""
        if visit.known is not None and wizard.sent:
            async with self.house.content.work() as work:
                key = f"stopped:{visit.received.row}"
                await work.outbox.erase(visit.known.member, _sent(visit, wizard.sent), key=key)

    async def _ask_in_turn(self, visit: Visit, reply: Reply | None, talk: Talk) -> tuple[Reply | None, Talk]:
        """Turn a form into its first question, where there are no forms; what belongs above it goes first."""
        if not isinstance(reply, Form) or visit.adapter.capabilities.forms:
            return reply, talk
        wizard = replace(begin(reply), sent=_own(visit))
        question = question_card(wizard)
        lead = lead_card(reply)
        if lead is not None and not await self._answering.answer(visit, lead):
            question = unseen_card(question)
        return question, Talk(wizard=wizard)

    async def _run(self, visit: Visit, wish: Say, after: Talk) -> Reply | None:
        """Run a command; ``after`` is what stays unfinished once it has changed something."""
        word = wish.word or ("home" if visit.member is not None else "")
        if (answer := await self._aside(visit, word, wish.ask)) is not None:
            return answer
        if not word:
            return home.hello_card()
        if visit.member is None or visit.known is None:
            return home.unverified_card() if word in WORDS else home.unknown_card(word, _open_to_all(word))
        command = BY_WORD.get(word)
        if command is None:
            return home.unknown_card(word, nearest(word))
        context = self._context(visit, visit.member, visit.known, after)
        try:
            return await command.run(context, wish.ask)
        except Refused as refused:
            return self._refusal(visit, refused)

    def _refusal(self, visit: Visit, refused: Refused) -> Card:
        self._metrics.count("curbside_refusals", platform=visit.adapter.platform)
        return home.refusal_card(refused)

    async def _aside(self, visit: Visit, word: str, ask: Ask) -> Reply | None:
        """Answer whoever is stopped, and what needs no member; None for a member's commands."""
        if visit.stopped is not None:
            card = await answer_stopped(self._stopping, visit.stopped, word, ask.argument)
            if card is not None:
                return card
        beside = self._beside.get(_two_words(word, ask.argument)) or self._beside.get(word)
        if beside is not None and (reply := await beside(visit, ask)) is not None:
            return reply
        return answer_anybody(word, ask.argument, visit.member.role if visit.member else None)

    def _context(self, visit: Visit, member: Member, known: Known, after: Talk) -> Context:
        async def fetch(file: FileRef) -> bytes:
            try:
                return await visit.adapter.fetch(file, self.house.rules.most_bytes)
            except Later as later:
                raise FileUnavailable("I could not fetch it right now. Send it again.") from later

        def voter(urn_key: bytes, poll: str) -> str:
            return self.wall.voter(known.person, urn_key, poll)

        return Context(
            member,
            self.house,
            receipt=VisitReceipt(visit, after, self.house.clock),
            fetch=fetch,
            voter=voter,
            chats=partial(self._own.chats, visit),
            tagged=partial(self._rewording.tag, visit),
            uploads=visit.adapter.capabilities.uploads,
            personae=known.held.ids,
            names=self.wall.naming(known),
            audited=partial(self._audited, member),
        )

    async def _audited(self, member: Member, what: str, reference: str) -> None:
        await self.wall.audit.append(what, by=str(member.id), reference=reference)

    async def _keep(self, visit: Visit, talk: Talk, reply: Reply | None) -> None:
        """Keep what is unfinished and mark the event as handled, unless the request's own commit did."""
        numbered = visit.adapter.capabilities.numbered_buttons and visit.event.place is not Place.MODERATORS
        if numbered and isinstance(reply, Card) and reply.buttons:
            talk = Talk(talk.wizard, prompt_of(reply.buttons))
        if visit.settled and visit.settled[-1] == talk:
            return
        async with self.house.content.work() as work:
            await keep_talk(work.dialogs, visit.key, talk, self.house.clock.now())
            await work.handled(visit.received.row)


def _turned_away(visit: Visit, talk: Talk) -> tuple[Reply, Talk]:
    """Stop a talk that only a member may go on with; for one who is stopped it waits."""
    if visit.stopped is not None:
        return stopped_card(visit.stopped.standing.stops[0]), talk
    return home.unverified_card(), Talk()


def _submitted(wizard: Wizard, sent: tuple[Sent, ...]) -> Say:
    word, _, argument = wizard.form.command.partition(" ")
    return Say(word, Ask(argument, wizard.values, wizard.files, submitted=True, sent=sent))


def _open_form(wizard: Wizard) -> bool:
    """Say whether a stranger may answer this form: it belongs to a word that is open to all."""
    return wizard.form.command.partition(" ")[0] in {name for name, _ in FOR_ANYBODY}


def _two_words(word: str, argument: str) -> str:
    return f"{word} {argument.partition(' ')[0].casefold()}"


def _own(visit: Visit) -> tuple[str, ...]:
    return (visit.event.remote,) if visit.event.remote else ()


def _sent(visit: Visit, remotes: Sequence[str]) -> tuple[Sent, ...]:
    return tuple(Sent(visit.received.site, remote) for remote in remotes)


def _open_to_all(word: str) -> str:
    close = nearest(word)
    return close if close in {name for name, _ in FOR_ANYBODY} else ""
