"""Verifying: `verify` from the first word to the last. Here, because a stranger is an account, no member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.commands.context import Ask
from bot.domain.verification import Stage
from bot.frontdoor.visit import Visit
from bot.identity.applications import Overtaken
from bot.identity.joining import Admitted
from bot.identity.proofing import Heard, Proofing
from bot.ports.adapter import Reply
from bot.views import verification as view
from bot.views.home import standing_card


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
            "name": self._name,
            "number": self._number,
            "others": self._others,
            "stop": self._stop,
        }

    async def reply(self, visit: Visit, ask: Ask) -> Reply:
        """Do what is asked, or say where the applicant stands."""
        if visit.member is not None:
            return standing_card()
        word, _, rest = ask.argument.strip().partition(" ")
        step = self._words.get(word.casefold(), self._way)
        try:
            if step is not self._stand and await self._proofing.heard(visit.event.account) is None:
                return await self._stand(visit, ask, "")
            return await step(visit, ask, rest.strip())
        except Overtaken:
            return view.moment_card()

    async def _stand(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        heard = await self._proofing.begin(visit.event.account, visit.received.site)
        return self._shown(heard)

    async def _again(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.again(visit.event.account, visit.received.site))

    async def _appeal(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        return self._shown(await self._proofing.appeal(visit.event.account))

    async def _way(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        """Begin another way to show the workplace: by e-mail, by sign-on."""
        way = ask.argument.split()[0].casefold()
        if way == "email" and not ask.submitted and "@" not in rest:
            return view.email_form()
        values = dict(ask.values) if ask.submitted else {"email": rest} if way == "email" else {}
        return self._shown(await self._proofing.choose(visit.event.account, way, values), f"verify {way}")

    async def _code(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        typed = ask.values.get("code", "") if ask.submitted else rest
        if not any(map(str.isdigit, typed)):
            return view.code_form()
        digits = "".join(filter(str.isdigit, typed))
        return self._shown(await self._proofing.typed(visit.event.account, digits), "verify code")

    async def _number(self, visit: Visit, ask: Ask, rest: str) -> Reply:
        account = visit.event.account
        if ask.submitted:
            return self._shown(await self._proofing.answer(account, ask.values), "verify number")
        heard = await self._proofing.heard(account)
        if heard is None or not heard.number_wanted:
            return await self._stand(visit, ask, "")
        said = heard.applicant.said if heard.applicant.stage is Stage.MORE else ""
        return view.number_form(name_wanted=heard.names_wanted, said=said)

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


def _failed(heard: Heard) -> Reply:
    applicant = heard.applicant
    return view.failed_card(applicant) if applicant.shows_work else view.no_way_card(applicant)


_BY_STAGE: Mapping[Stage, Callable[[Heard], Reply]] = {
    Stage.WORKPLACE: lambda heard: view.ways_card(heard.applicant, heard.ways),
    Stage.WAITING: lambda heard: view.asked_card(heard.asks or "I wait for your code.", heard.url),
    Stage.CREDENTIAL: lambda heard: view.number_form(name_wanted=heard.names_wanted),
    Stage.FAILED: _failed,
    Stage.REVIEW: lambda heard: view.review_card(heard.applicant, heard.days),
    Stage.MORE: lambda heard: view.decided_card(heard.applicant),
    Stage.REJECTED: lambda heard: view.decided_card(heard.applicant),
    Stage.NAMING: lambda heard: view.names_card(heard.names),
}
