"""Home chats: what a message of the bot in somebody's home chat is about, so that replies find their way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.identity.personae import Personae
from bot.identity.records import HomePosting, joined, posting_from_bytes, posting_to_bytes, route_of
from bot.ports.adapter import GONE, Part
from bot.ports.sealing import SealBroken, Sealer
from bot.ports.vault import Vault
from bot.ports.work import TAGGED

_HOME_PLACE: Final = "home_postings|sealed"
_AT_ONCE: Final = 200
_OWN: Final = "own"
"""The kind of a part that is a member's own message."""


class HomeChats:
    """The map of postings in home chats, on the vault's side."""

    def __init__(self, vault: Vault, sealer: Sealer, personae: Personae) -> None:
        """Take the vault they lie in, and who knows to whom a persona's home chat belongs."""
        self._vault = vault
        self._sealer = sealer
        self._personae = personae

    async def keep_part(self, member: MemberId, account: Account, subject: str, part: Part) -> None:
        """Keep what a message in a home chat is about, so that a reply to it finds its way.

        Nothing is kept for somebody who has no home chat any more: a delivery may outlive its reader. A part
        that is gone is forgotten.
        """
        if part.kind == GONE:
            await self._vault.drop_home_posting(self._message(account, part.remote))
            return
        message, listed = self._message(account, part.remote), self._listed(member, subject)
        posting = HomePosting(message.hex(), listed.hex(), subject, part.kind, part.remote)
        sealed = self._sealer.seal(posting_to_bytes(posting), _HOME_PLACE)
        home = route_of(self._sealer, await self._personae.author(member))
        await self._vault.keep_home_posting(message, sealed, listed, home)

    async def tag(self, member: MemberId, account: Account, remote: str, drawn: str) -> str:
        """Tag a member's own message, so that what becomes of its words can be kept under the tag.

        ``drawn`` is a fresh id. A message has one tag: tagging it again gives the first one. Empty for
        somebody who has no home chat any more.
        """
        tagged = await self.subject(account, remote)
        if not tagged:
            await self.keep_part(member, account, f"{TAGGED}{drawn}", Part(_OWN, remote))
            tagged = await self.subject(account, remote)
        return tagged if tagged.startswith(TAGGED) else ""

    async def parts(self, member: MemberId, subject: str) -> tuple[Part, ...]:
        """List what stands in a member's home chat under a subject, in the order in which it was made."""
        listed = self._listed(member, subject)
        postings = [self._open_posting(sealed) for sealed in await self._vault.home_postings(listed)]
        if any(posting.listed != listed.hex() for posting in postings):
            raise SealBroken("a home posting lies under another subject than its own")
        return tuple(Part(posting.kind, posting.remote) for posting in postings)

    async def subject(self, account: Account, remote: str) -> str:
        """Find what a message in an account's home chat is about; empty when it is none of ours."""
        message = self._message(account, remote)
        sealed = await self._vault.home_posting(message)
        if sealed is None:
            return ""
        posting = self._open_posting(sealed)
        if posting.message != message.hex():
            raise SealBroken("a home posting lies under another message than its own")
        return posting.subject

    async def all_of(self, ids: Collection[MemberId]) -> tuple[bytes, ...]:
        """List the indexes of everything that stands in home chats for one of these ids.

        Opens every row, a few hundred at a time: no index of the table says whose a row is, so that none
        tells how much anybody was told.
        """
        mine, last = list[bytes](), b""
        while rows := await self._vault.home_postings_after(last, _AT_ONCE):
            last = rows[-1][0]
            mine += [message for message, sealed in rows if self._is_of(ids, sealed)]
        return tuple(mine)

    def _is_of(self, ids: Collection[MemberId], sealed: bytes) -> bool:
        posting = self._open_posting(sealed)
        return any(self._listed(one, posting.subject).hex() == posting.listed for one in ids)

    def _open_posting(self, sealed: bytes) -> HomePosting:
        return posting_from_bytes(self._sealer.open(sealed, _HOME_PLACE))

    def _message(self, account: Account, remote: str) -> bytes:
        parts = ("message", account.platform, account.realm, account.user, remote)
        return self._sealer.index("route", joined(*parts))

    def _listed(self, member: MemberId, subject: str) -> bytes:
        return self._sealer.index("route", joined("subject", member, subject))
