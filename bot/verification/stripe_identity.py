"""The name by an identity document that Stripe Identity has looked at; it shows no workplace.

Nothing of an applicant is sent there, and of what comes back only the name is read.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from weakref import WeakValueDictionary

import structlog
from yarl import URL

from bot.chat.events import Account
from bot.domain.verification import Finding, Outcome, Step
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.verification import Claims, Started
from bot.verification.asking import PATIENCE, Declined, Question, Silent, answer_to, safe
from bot.verification.email import Index
from bot.verification.references import read, written
from bot.verification.workspace import LONGEST_NAME

_log = structlog.get_logger(__name__)

VERSION: Final = "2024-09-30.acacia"
"""The form of the API that is asked for, whatever the account's own is."""
SESSIONS_A_DAY: Final = 3
DAY: Final = timedelta(days=1)
LIVES: Final = DAY
"""How long a session may take; a link of Stripe's counts as long."""

_ID: Final = re.compile(r"vs_[A-Za-z0-9_]{1,100}")
_ASKED: Final = {
    "type": "document",
    "options[document][require_live_capture]": "true",
    "options[document][require_matching_selfie]": "true",
}
_REASONS: Final = {
    "consent_declined": "identity_declined",
    "country_not_supported": "identity_unsupported",
    "under_supported_age": "identity_unsupported",
}
"""Errors of a session that another try does not mend, and what they are here."""

_SILENT: Final = "The check of documents does not answer right now. Try again in a while."
_TOO_MANY: Final = "Three checks of a document were begun within a day, and that is the limit. Try tomorrow."
_BEGINS: Final = (
    "Open this link within a day and show an identity document there. Afterwards come back and tell me that"
    " it is done."
)
_NOT_YET: Final = "I wait for your document. Open the link, and tell me when it is done."
_LOOKED_AT: Final = "Your document is being looked at, which takes a minute or two. Ask me again then."
_ONCE_MORE: Final = "Your document could not be read well enough. Open the link and show it once more."


@dataclass(frozen=True, slots=True)
class Access:
    """Where the API is, and the hospital's secret key for it."""

    url: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Begun:
    """When sessions were begun for one account, and the key of one that nobody knows the answer of."""

    sent: tuple[str, ...] = ()
    open_key: str = ""


@dataclass(frozen=True, slots=True)
class _Session:
    """What a session says of itself. ``error`` is the code of what went wrong last."""

    id: str
    status: str
    live: bool
    error: str
    url: str = field(repr=False)
    name: str = field(repr=False)


class StripeIdentity:
    """Begins a session, sends the applicant to its page, and reads what came of it."""

    name: Final = "stripe"
    step: Final = Step.PERSON
    interactive: Final = True

    def __init__(
        self,
        access: Access,
        cabinet: Cabinet,
        *,
        index: Index,
        clock: Clock,
        chance: Chance,
        patience: float = PATIENCE,
    ) -> None:
        """Take the way there, and where it is kept how often somebody began. ``patience`` is in seconds."""
        self._access = access
        self._cabinet = cabinet
        self._index = index
        self._clock = clock
        self._chance = chance
        self._patience = patience
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self, claims: Claims) -> Started:
        """Begin a session; asked again after a lost answer, it is the same one."""
        place = self._place(claims.account)
        async with self._turns.setdefault(place, asyncio.Lock()):
            now = self._clock.now()
            begun = await self._begun(place)
            recent = tuple(when for when in begun.sent if now - datetime.fromisoformat(when) < DAY)
            if len(recent) >= SESSIONS_A_DAY and not begun.open_key:
                return Started(refused=_TOO_MANY)
            session = await self._created(place, replace(begun, sent=recent))
        if session is None:
            return Started(refused=_SILENT)
        told = {"session": session.id, "until": (now + LIVES).isoformat(), "place": place}
        return Started(ref=written(told), asks=_BEGINS, url=session.url)

    async def again(self, ref: str) -> Started:
        """Say what the session waits for, with a fresh link; nobody keeps the old one."""
        try:
            session = await self._session(read(ref)["session"])
        except Silent:
            return Started(asks=_SILENT)
        if session.status == "processing":
            return Started(asks=_LOOKED_AT)
        return Started(asks=_ONCE_MORE if session.error else _NOT_YET, url=session.url)

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Read how the session stands; the name of a verified one is proved."""
        told = read(ref)
        try:
            session = await self._session(told["session"])
        except Silent:
            return Finding(Outcome.UNAVAILABLE, "silent")
        over = self._clock.now() >= datetime.fromisoformat(told["until"])
        finding = _found(session, over=over)
        if finding is not None and finding.outcome is Outcome.PASS:
            await self._cabinet.drop(told["place"])
        return finding

    async def _created(self, place: str, begun: _Begun) -> _Session | None:
        """Begin a session under a key that is kept before, so that a lost answer costs no second one."""
        if not begun.open_key:
            sent = (*begun.sent, self._clock.now().isoformat())
            begun = _Begun(sent, self._chance.id())
            await self._keep(place, begun)
        try:
            answer = await self._asked("POST", self._sessions(), begun.open_key)
            session = _read(answer)
        except Silent as fault:
            _log.warning("identity_silent")
            if isinstance(fault, Declined):
                # The key answers with the same refusal for a day.
                await self._keep(place, replace(begun, open_key=""))
            return None
        await self._keep(place, replace(begun, open_key=""))
        return session

    async def _session(self, number: str) -> _Session:
        place = (self._sessions() / number).update_query({"expand[]": "verified_outputs"})
        session = _read(await self._asked("GET", place))
        if session.id != number:
            raise Silent
        return session

    def _sessions(self) -> URL:
        return safe(self._access.url) / "v1/identity/verification_sessions"

    async def _asked(self, method: str, place: URL, key: str = "") -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {self._access.key}", "Stripe-Version": VERSION}
        if method == "GET":
            return await answer_to(Question(method, place, headers=headers), self._patience)
        headers["Idempotency-Key"] = key
        return await answer_to(Question(method, place, _ASKED, headers), self._patience)

    def _place(self, account: Account) -> str:
        whole = json.dumps((account.platform, account.realm, account.user))
        return self._index("identity account", whole).hex()

    async def _begun(self, place: str) -> _Begun:
        kept = await self._cabinet.get(place)
        if kept is None:
            return _Begun()
        values = json.loads(kept)
        return _Begun(tuple(values["sent"]), values["open_key"])

    async def _keep(self, place: str, begun: _Begun) -> None:
        await self._cabinet.put(place, json.dumps(asdict(begun)).encode())


def _found(session: _Session, *, over: bool) -> Finding | None:
    """Say what a session comes to; None while the applicant or Stripe has something to do."""
    if session.status == "verified":
        if not session.live:
            return Finding(Outcome.REVIEW, "identity_test_mode")
        if not session.name:
            return Finding(Outcome.REVIEW, "identity_no_name")
        return Finding(Outcome.PASS, "identity_verified", name=session.name)
    if session.status == "canceled":
        return Finding(Outcome.FAIL, "identity_canceled")
    if session.status == "requires_input" and session.error in _REASONS:
        return Finding(Outcome.FAIL, _REASONS[session.error])
    return Finding(Outcome.FAIL, "identity_expired") if over else None


def _read(answer: Mapping[str, Any]) -> _Session:
    """Read a session; raises :class:`Silent` for what is none."""
    number, status, live = answer.get("id"), answer.get("status"), answer.get("livemode")
    right = isinstance(number, str) and _ID.fullmatch(number) and isinstance(live, bool)
    if answer.get("object") != "identity.verification_session" or not right:
        raise Silent
    if status not in ("requires_input", "processing", "verified", "canceled"):
        raise Silent
    outputs, error = _part(answer, "verified_outputs"), _part(answer, "last_error")
    names = (_text(outputs, "first_name"), _text(outputs, "last_name"))
    url = _text(answer, "url")
    return _Session(
        id=str(number),
        status=str(status),
        live=live is True,
        error=_text(error, "code"),
        url=str(safe(url)) if url else "",
        name=" ".join(names)[:LONGEST_NAME] if all(names) else "",
    )


def _part(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = values.get(name)
    return part if isinstance(part, dict) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""
