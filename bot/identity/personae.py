"""Personae in the vault: to whom an id belongs that is not the member's own, and which ones somebody has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from bot.chat.shapes import TEXT, TEXTS, TRUTH, Shape, one_of, record, unpack
from bot.domain.members import MemberId, Persona
from bot.identity.records import joined, sized
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

PENDING: Final = "pending"
"""The kind of a link to a new screen name that the content side may not know yet."""
_MOST: Final = 40
"""Personae in one row; with these its size stays that of every other row."""


@dataclass(frozen=True, slots=True)
class Link:
    """To whom a persona belongs: the member, or the id that a later change of name made of it."""

    owner: str
    kind: str
    real_name: str = ""
    """The verified name, for a posting that is signed with it."""

    def __repr__(self) -> str:
        """Show the kind only."""
        return f"Link({self.kind})"


@dataclass(frozen=True, slots=True)
class Folder:
    """Personae of one id. The first folder of an id also says what it was before, and what it chose."""

    ids: tuple[str, ...] = ()
    before: str = ""
    changed_on: str = ""
    always_own: bool = False

    def __repr__(self) -> str:
        """Show nothing."""
        return "Folder()"


@dataclass(frozen=True, slots=True)
class Held:
    """What the vault knows of a member's names: all other personae, and the first folder."""

    ids: tuple[MemberId, ...] = field(default=(), repr=False)
    folder: Folder = Folder()

    @property
    def changed_on(self) -> date | None:
        """The day of the last change of the screen name."""
        return date.fromisoformat(self.folder.changed_on) if self.folder.changed_on else None


_LINK: Final = record(
    Link, owner=TEXT, kind=one_of(PENDING, *(kind.value for kind in Persona)), real_name=TEXT
)
_FOLDER: Final = record(Folder, ids=TEXTS, before=TEXT, changed_on=TEXT, always_own=TRUTH)


class Personae:
    """Keeps both directions of the link, in rows that all look the same."""

    def __init__(self, vault: Vault, sealer: Sealer) -> None:
        """Take the vault they lie in."""
        self._vault = vault
        self._sealer = sealer
        # Held for rows of the vault only, never while anything waits for the content database.
        self._turn = asyncio.Lock()

    async def author(self, ident: MemberId) -> MemberId:
        """Give the member behind an id: the id itself unless it is a persona or a past name."""
        link = await self.link(ident)
        while link is not None and link.kind != PENDING:
            ident = MemberId(link.owner)
            link = await self.link(ident)
        return ident

    async def held(self, member: MemberId) -> Held:
        """Give all other personae of a member, those of past names included."""
        first, ids = Folder(), list[MemberId]()
        ident: str = member
        while ident:
            folders = await self._folders(MemberId(ident))
            first = folders[0] if ident == member and folders else first
            ids += [MemberId(one) for folder in folders for one in folder.ids]
            ident = folders[0].before if folders else ""
            ids += [MemberId(ident)] if ident else []
        return Held(tuple(ids), first)

    async def link(self, ident: MemberId) -> Link | None:
        """Open what is kept about an id; None for a member's own of today."""
        sealed = await self._vault.persona(self._of_id(ident))
        return None if sealed is None else unpack("link", _LINK, self._open(self._of_id(ident), sealed), Link)

    async def add(self, persona: MemberId, owner: MemberId, kind: Persona, real_name: str = "") -> None:
        """Keep a new persona for one case, both ways in one transaction."""
        async with self._turn:
            folders = await self._folders(owner)
            number = next((at for at, one in enumerate(folders) if len(one.ids) < _MOST), len(folders))
            folder = folders[number] if number < len(folders) else Folder()
            grown = replace(folder, ids=(*folder.ids, persona))
            rows = (
                self.link_row(persona, Link(owner, kind.value, real_name)),
                self.folder_row(owner, grown, number),
            )
            await self._vault.keep_personae(dict(rows))

    async def drop(self, persona: MemberId) -> None:
        """Forget a persona under which nothing stands anywhere."""
        async with self._turn:
            link = await self.link(persona)
            folders = await self._folders(MemberId(link.owner)) if link else ()
            rows = dict(
                self.folder_row(MemberId(link.owner), _without(folder, persona), number)
                for number, folder in enumerate(folders)
                if link and persona in folder.ids
            )
            await self._vault.drop_persona(self._of_id(persona), rows)

    async def sign_always(self, member: MemberId, *, own: bool) -> None:
        """Remember whether a member signs every case with the own name."""
        async with self._turn:
            folders = await self._folders(member)
            folder = replace(folders[0] if folders else Folder(), always_own=own)
            await self._vault.keep_personae(dict([self.folder_row(member, folder)]))

    async def begin(self, member: MemberId, fresh: MemberId) -> None:
        """Note that a member is about to get another id, with another name."""
        await self._vault.keep_personae(dict([self.link_row(member, Link(fresh, PENDING))]))

    def link_row(self, ident: MemberId, link: Link) -> tuple[bytes, bytes]:
        """Seal a link for its place; gives index and row."""
        return self._row(self._of_id(ident), "link", _LINK, link)

    def folder_row(self, ident: MemberId, folder: Folder, number: int = 0) -> tuple[bytes, bytes]:
        """Seal a folder for its place; gives index and row."""
        return self._row(self._of_folder(ident, number), "folder", _FOLDER, folder)

    async def indexes_of(self, member: MemberId) -> tuple[bytes, ...]:
        """List the indexes of every row about a member's personae, to erase them."""
        ids = (member, *(await self.held(member)).ids)
        folders = [(one, len(await self._folders(one))) for one in ids]
        return (
            *(self._of_id(one) for one in ids),
            *(self._of_folder(one, number) for one, count in folders for number in range(count)),
        )

    async def _folders(self, ident: MemberId) -> Sequence[Folder]:
        folders: list[Folder] = []
        while True:
            index = self._of_folder(ident, len(folders))
            sealed = await self._vault.persona(index)
            if sealed is None:
                return folders
            folders.append(unpack("folder", _FOLDER, self._open(index, sealed), Folder))

    def _row(self, index: bytes, name: str, shape: Shape, value: object) -> tuple[bytes, bytes]:
        return index, self._sealer.seal(sized(name, shape, value), _place(index))

    def _open(self, index: bytes, sealed: bytes) -> bytes:
        return self._sealer.open(sealed, _place(index))

    def _of_id(self, ident: MemberId) -> bytes:
        return self._sealer.index("alias", joined("link", ident))

    def _of_folder(self, ident: MemberId, number: int) -> bytes:
        return self._sealer.index("alias", joined("folder", ident, str(number)))


def _without(folder: Folder, persona: MemberId) -> Folder:
    return replace(folder, ids=tuple(one for one in folder.ids if one != persona))


def _place(index: bytes) -> str:
    return f"personae|sealed|{index.hex()}"
