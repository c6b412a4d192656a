"""Duplicates: looks by keyed hashes for what an applicant shares with members and other applicants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.domain.duplicates import CLOSE, SHARED_BY, Signal, score
from bot.domain.members import MemberId
from bot.identity.applications import Application, Applications
from bot.identity.records import joined
from bot.ports.sealing import Sealer
from bot.ports.vault import Vault

_EMAIL: Final = "email"
"""The field of an address, and the check that shows whose it is."""
_SAME: Final = ("number", "licence", _EMAIL, "name")
_STATE: Final = re.compile(r"\s*([A-Za-z]{2})\b")


class Duplicates:
    """Finds soft signals. They are kept as long as the membership is, as its hard keys are."""

    def __init__(
        self,
        vault: Vault,
        sealer: Sealer,
        applications: Applications,
        *,
        review_from: int = 75,
    ) -> None:
        """Take where hashes lie, where other applicants are, and from which sum on somebody looks."""
        self._vault = vault
        self._sealer = sealer
        self._applications = applications
        self._review_from = review_from

    async def look(self, application: Application) -> tuple[Signal, ...]:
        """Say which signals an application shows."""
        hashes = self._hashes(application)
        owner = self._owner(application.member_id)
        shared = await self._vault.signals(list(hashes), owner) if hashes else {}
        found = [signal for index, signal in hashes.items() if _counts(signal, shared.get(index, 0))]
        if await self._begun_together(application):
            found.append(Signal.TOGETHER)
        return tuple(found)

    def ask_for_a_look(self, application: Application) -> bool:
        """Say whether the signals of an application are so many that a moderator has to look."""
        return score(application.signals) >= self._review_from

    async def keep(self, application: Application) -> None:
        """Keep the hashes of somebody who comes in."""
        await self._vault.keep_signals(self._owner(application.member_id), list(self._hashes(application)))

    async def forget(self, member: MemberId) -> None:
        """Forget the hashes of a member, or of an applicant who came to nothing."""
        await self._vault.keep_signals(self._owner(member), ())

    def _hashes(self, application: Application) -> dict[bytes, Signal]:
        return {
            self._sealer.index("signal", joined(signal.value, *parts)): signal
            for signal, parts in _values(application)
        }

    async def _begun_together(self, application: Application) -> bool:
        mine = _answers(application)
        others = [one for one in await self._applications.all() if one.account != application.account]
        return any(
            one.site == application.site and _close(one, application) and mine & _answers(one)
            for one in others
        )

    def _owner(self, member: MemberId) -> bytes:
        return signals_owner(self._sealer, member)


def signals_owner(sealer: Sealer, member: MemberId) -> bytes:
    """Give the blind index of whose signals they are."""
    return sealer.index("route", joined("signals", member))


def _counts(signal: Signal, others: int) -> bool:
    return 0 < others < SHARED_BY if signal is Signal.PICTURE else others > 0


def _values(application: Application) -> Iterator[tuple[Signal, tuple[str, ...]]]:
    email = application.values.get(_EMAIL, "").strip().casefold()
    if email and application.has_passed(_EMAIL):
        yield Signal.EMAIL, (email,)
    name, state = _folded(application.real_name), _STATE.match(application.values.get("licence", ""))
    if name and state:
        yield Signal.NAME_AND_STATE, (name, state[1].upper())
    for picture in {one.finding.picture for one in application.findings} - {""}:
        yield Signal.PICTURE, (application.account.platform, picture)


def _answers(application: Application) -> set[tuple[str, str]]:
    folded = ((name, _folded(application.values.get(name, ""))) for name in _SAME)
    return {(name, value) for name, value in folded if value}


def _close(one: Application, other: Application) -> bool:
    if not one.began or not other.began:
        return False
    apart = datetime.fromisoformat(one.began) - datetime.fromisoformat(other.began)
    return abs(apart) < CLOSE


def _folded(written: str) -> str:
    """Write a value so that case, accents and punctuation make no difference."""
    plain = unicodedata.normalize("NFKD", written.casefold())
    kept = "".join(
        " " if unicodedata.category(one)[0] in "PZ" else one
        for one in plain
        if not unicodedata.combining(one)
    )
    return " ".join(kept.split())
