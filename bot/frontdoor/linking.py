"""Linking: `link`, `unlink` and the parts of `me` that are about accounts, which commands may not know."""

from __future__ import annotations

from bot.commands.context import Ask
from bot.domain.linking import Chats, Linked
from bot.domain.permissions import NOBODY, Action, allowed
from bot.frontdoor.visit import Visit
from bot.identity.linking import Linking, Mine
from bot.identity.review import Review
from bot.ports.adapter import Reply
from bot.views import linking as view
from bot.views.home import unverified_card
from bot.views.old_account import objected_card


class OwnAccounts:
    """Answers what somebody asks about the own accounts."""

    def __init__(self, linking: Linking, review: Review) -> None:
        """Take the one who joins accounts, and the one who hears objections."""
        self._linking = linking
        self._review = review

    async def link(self, visit: Visit, ask: Ask) -> Reply:
        """Show a code, take one, or hear yes and no."""
        account, words = visit.event.account, ask.argument.strip().casefold()
        if words == "yes":
            return view.stands_card((await self._linking.yes(account)).stands)
        if words in ("no", "stop"):
            return view.stands_card((await self._linking.no(account)).stands)
        if words == "code":
            return await self._typed(visit, ask.values.get("code", "")) if ask.submitted else view.link_form()
        if words:
            return await self._typed(visit, words.removeprefix("code").strip())
        told = await self._linking.stand(account)
        return view.code_card(told.code) if told.stands is Linked.SHOWN else view.stands_card(told.stands)

    async def unlink(self, visit: Visit, ask: Ask) -> Reply:
        """List the own accounts, or take one off that is not the one that asks."""
        role = visit.member.role if visit.member is not None else NOBODY
        if not allowed(Action.UNLINK, role, owns=True):
            return unverified_card()
        mine = await self._linking.accounts(visit.event.account)
        number, _, really = ask.argument.strip().partition(" ")
        chosen = next((one for one in mine if str(one.number) == number), None)
        if chosen is None:
            return view.accounts_card([_place(one) for one in mine])
        if chosen.here:
            return view.not_this_one_card()
        if really.casefold() != "yes":
            return view.really_card(_place(chosen))
        await self._linking.take_off(visit.event.account, chosen.account)
        return view.taken_off_card(chosen.number)

    async def me(self, visit: Visit, ask: Ask) -> Reply | None:
        """Do what `me` can do about accounts; None where it asks for something else."""
        word, _, rest = ask.argument.strip().partition(" ")
        if visit.known is None or word not in ("link", "unlink", "home", "object"):
            return None
        if word in ("link", "unlink"):
            asked = Ask(argument=rest)
            return await (self.link(visit, asked) if word == "link" else self.unlink(visit, asked))
        if word == "home":
            await self._linking.be_home(visit.event.account)
            return view.home_card()
        return objected_card(had_one=await self._review.object(visit.known.member))

    async def chats(self, visit: Visit) -> Chats:
        """Say how many accounts the member has, and whether this one's chat gets the notices."""
        mine = await self._linking.accounts(visit.event.account)
        return Chats(len(mine), here=any(one.here and one.home for one in mine))

    async def _typed(self, visit: Visit, words: str) -> Reply:
        return view.stands_card((await self._linking.typed(visit.event.account, words)).stands)


def _place(mine: Mine) -> view.Place:
    return view.Place(mine.number, mine.account.platform, here=mine.here, home=mine.home)
