"""Verifying: `verify` from the first word to the last. Here, because a stranger is an account, no member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.commands.context import Ask
from bot.domain.linking import digits_of
from bot.domain.verification import Stage
from bot.domain.vouches import NAME as VOUCH
from bot.frontdoor.visit import Visit
from bot.identity.applications import Overtaken
from bot.identity.heard import Heard
from bot.identity.joining import Admitted
from bot.identity.proofing import Proofing
from bot.ports.adapter import Reply
from bot.views import verification as view
from bot.views import workplace
from bot.views.home import standing_card
from bot.views.linking import perhaps_link_card
from bot.views.person import document_card, not_begun_card, person_card
from bot.views.standing import renewed_card
from bot.views.vouch import awaited_card


class Verifying:
    """Answers everything that begins with ``verify``."""

    def __init__(self, proofing: Proofing) -> None:
        """Take the one who proves."""
        self._proofing = proofing
        self._words: Mapping[str, Callable[[Visit, Ask, str], Awaitable[Reply]]] = {
            "": self._stand,
            "again": self._again,
            "appeal": self._appeal,
            "code": self._code,
            "done": self._stand,
            "gone": self._gone,
            "name": self._name,
            "number": self._number,
            "others": self._others,
            "skip": self._skip,
            "stop": self._stop,
        }

    async def reply(self, visit: Visit, ask: Ask) -> Reply:
        """Do what is asked, or say where the applicant stands."""
        code = digits_of(ask.argument.removeprefix("code"))
        if code and not await self._waits(visit):
            return perhaps_link_card(code)
        if visit.known is not None and not await self._proofing.renews(visit.known.member):
            return standing_card()
        word, _, rest = ask.argument.strip().partition(" ")
        step = self._words.get(word.casefold(), self._way)
        try:
            if step is not self._stand and await self._proofing.heard(visit.event.account) is None:
                return await self._stand(visit, ask, "")
            return await step(visit, ask, rest.strip())
        except Overtaken:
            return view.moment_card()

    async def _waits(self, visit: Visit) -> bool:
        """Say whether a check waits for a code; otherwise somebody else's code was pasted here."""
        heard = await self._proofing.heard(visit.event.account)
        return heard is not None and heard.applicant.stage is Stage.WAITING

    async def _stand(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        heard = await self._proofing.begin(visit.event.account, visit.received.site)
        return self._shown(heard)

    async def _again(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.again(visit.event.account, visit.received.site))

    async def _appeal(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.appeal(visit.event.account))

    async def _gone(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.gone(visit.event.account))

    async def _way(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        """Begin another way to show the workplace: by e-mail, by sign-on."""
        way = ask.argument.split()[0].casefold()
        before = await self._proofing.heard(visit.event.account)
        if before is None or way not in (*before.ways, *before.persons):
            return await self._stand(visit, ask, "")
        if way == "email" and not ask.submitted and "@" not in rest:
            return workplace.email_form()
        values = dict(ask.values) if ask.submitted else {"email": rest} if way == "email" else {}
        heard = await self._proofing.choose(visit.event.account, way, values)
        if heard.refused and way in heard.persons:
            return not_begun_card(heard.refused, way)
        if heard.refused:
            return workplace.not_begun_card(heard.refused, heard.applicant, way, heard.ways)
        return self._shown(heard)

    async def _code(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        typed = ask.values.get("code", "") if ask.submitted else rest
        digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
        heard = await self._proofing.typed(visit.event.account, digits)
        if heard.left is not None:
            return workplace.not_it_card(heard.check, heard.left)
        waits = heard.applicant.stage is Stage.WAITING
        return workplace.code_form() if waits and not ask.submitted and not digits else self._shown(heard)

    async def _number(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        account = visit.event.account
        if ask.submitted:
            return self._shown(await self._proofing.answer(account, ask.values), "verify number")
        heard = await self._proofing.heard(account)
        if heard is None or not heard.number_wanted:
            return await self._stand(visit, ask, "")
        said = heard.applicant.said if heard.applicant.stage is Stage.MORE else ""
        return _number_form(heard, said)

    async def _skip(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        heard = await self._proofing.skip(visit.event.account)
        return _number_form(heard) if heard.applicant.stage is Stage.CREDENTIAL else self._shown(heard)

    async def _others(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.redraw(visit.event.account))

    async def _name(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        number = int(rest) if rest.isdecimal() and len(rest) < 3 else 0
        before = await self._proofing.heard(visit.event.account)
        admitted, heard = await self._proofing.name(visit.event.account, number)
        if before is not None and admitted in (Admitted.IN, Admitted.ALREADY):
            return view.in_card(before.names[number - 1], before.applicant)
        if admitted is Admitted.NAME_TAKEN:
            return view.name_gone_card(heard.names)
        return self._shown(heard)

    async def _stop(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return view.stopped_card(had_one=await self._proofing.stop(visit.event.account))

    def _shown(self, heard: Heard, command: str = "verify") -> Reply:
        """Show where an application stands, and what is next."""
        if heard.refused:
            return view.refused_card(heard.refused, command)
        return _BY_STAGE[heard.applicant.stage](heard)


def _number_form(heard: Heard, said: str = "") -> Reply:
    works_here = heard.applicant.works_here
    return view.number_form(name_wanted=heard.names_wanted, said=said, works_here=works_here)


def _ways(heard: Heard) -> Reply:
    """Offer the ways, or go straight into the only one where nothing was tried yet."""
    applicant = heard.applicant
    untried = all(one.check == "workspace" for one in applicant.findings) and not applicant.shows_work
    if heard.ways == ("email",) and untried:
        return workplace.email_form(workplace.why_not(applicant))
    return workplace.ways_card(applicant, heard.ways)


def _failed(heard: Heard) -> Reply:
    applicant = heard.applicant
    return view.failed_card(applicant) if applicant.shows_work else workplace.no_way_card(applicant)


def _awaited(heard: Heard) -> Reply:
    if heard.check == VOUCH:
        return awaited_card(heard.asks)
    if heard.check in heard.persons:
        return document_card(heard.asks, heard.url)
    if heard.asks:
        return workplace.asked_card(heard.check, heard.asks, heard.url)
    return workplace.asked_before_card(heard.check)


def _credential(heard: Heard) -> Reply:
    """Ask for the number; before that, where nothing has proved the name, offer to prove it."""
    return person_card(heard.applicant, heard.persons) if heard.persons else _number_form(heard)


_BY_STAGE: Mapping[Stage, Callable[[Heard], Reply]] = {
    Stage.WORKPLACE: _ways,
    Stage.WAITING: _awaited,
    Stage.CREDENTIAL: _credential,
    Stage.FAILED: _failed,
    Stage.REVIEW: lambda heard: view.review_card(heard.applicant, heard.days),
    Stage.MOVING: lambda heard: view.decided_card(heard.applicant),
    Stage.MORE: lambda heard: view.decided_card(heard.applicant),
    Stage.REJECTED: lambda heard: view.decided_card(heard.applicant),
    Stage.NAMING: lambda heard: view.names_card(heard.names),
    Stage.RENEWED: lambda _heard: renewed_card(),
}
