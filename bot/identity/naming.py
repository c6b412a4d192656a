"""Naming: what one member may be called, for commands, which know no account and no real name."""

from __future__ import annotations

from datetime import date

from bot.domain.members import MemberId, Persona
from bot.identity.joining import Joining
from bot.identity.names import ScreenNames
from bot.identity.personae import Held, Personae
from bot.identity.renaming import Renaming
from bot.ports.chance import Chance
from bot.ports.names import Changed


class Naming:
    """Fills :class:`bot.ports.names.Names` for the member of one request."""

    def __init__(
        self,
        member: MemberId,
        held: Held,
        real_name: str,
        *,
        personae: Personae,
        renaming: Renaming,
        joining: Joining,
        names: ScreenNames,
        chance: Chance,
    ) -> None:
        """Take the member, what the vault knows of the names, and those who can do something about them."""
        self._member = member
        self._held = held
        self._real_name = real_name
        self._personae = personae
        self._renaming = renaming
        self._joining = joining
        self._names = names
        self._chance = chance

    @property
    def changed_on(self) -> date | None:
        """The day of the last change of the screen name."""
        return self._held.changed_on

    @property
    def own_name_bound(self) -> bool:
        """Whether the vault has a verified own name."""
        return bool(self._real_name.strip())

    @property
    def always_own(self) -> bool:
        """Whether the member chose to sign every case with the own name."""
        return self.own_name_bound and self._held.folder.always_own

    def draw(self) -> str:
        """Draw a screen name; it may be taken."""
        return self._names.generate()

    async def free(self, count: int) -> tuple[str, ...]:
        """Draw several that are free right now."""
        return await self._joining.free_names(count)

    async def change(self, screen_name: str) -> Changed:
        """Give the member another screen name from now on."""
        return await self._renaming.change(self._member, screen_name)

    async def persona(self, kind: Persona) -> MemberId:
        """Make the id of a persona for one case; the own name goes with it, sealed."""
        persona = MemberId(self._chance.id())
        real_name = self._real_name.strip() if kind is Persona.NAMED else ""
        await self._personae.add(persona, self._member, kind, real_name)
        return persona

    async def sign_always(self, *, own: bool) -> None:
        """Remember whether the member signs every case with the own name."""
        await self._personae.sign_always(self._member, own=own)
