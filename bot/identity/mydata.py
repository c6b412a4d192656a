"""My data, the identity side: what the vault holds about a member, and nothing of rooms."""

from __future__ import annotations

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.domain.mydata import Held
from bot.identity.accounts import Accounts
from bot.identity.audit import Audit
from bot.identity.hard_keys import HardKeys
from bot.identity.home_chats import HomeChats
from bot.identity.personae import Personae
from bot.identity.routing import Routing


class OwnSide:
    """Opens everything of one member for that member."""

    def __init__(
        self,
        accounts: Accounts,
        hard_keys: HardKeys,
        home: HomeChats,
        personae: Personae,
        audit: Audit,
        routing: Routing,
    ) -> None:
        """Take what opens the vault's rows."""
        self._accounts = accounts
        self._hard_keys = hard_keys
        self._home = home
        self._personae = personae
        self._audit = audit
        self._routing = routing

    async def of(self, account: Account) -> Held | None:
        """Gather it; None for an account without a member."""
        found = await self._accounts.of(account)
        if found is None:
            return None
        member = MemberId(found.member)
        known = await self._accounts.of_member(member) or (account,)
        ids = (member, *(await self._personae.held(member)).ids)
        entries = await self._audit.entries()
        return Held(
            accounts=tuple(f"{one.platform} {one.realm} {one.user}" for one in known),
            real_name=found.real_name,
            reference=found.reference,
            let_in_by=found.by if found.by in ("checks", "shell") else "",
            keys=len(await self._hard_keys.all_of(ids)),
            messages=len(await self._home.all_of(ids)),
            acts=tuple((one.what, one.at[:10]) for one in entries if one.reference == found.reference),
            pages=await self._routing.held(member),
        )
