"""The log of every call the app made, so that tests can look for leaks and type-check each one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from .wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``method`` is Slack's name, or ``response_url``, ``ack.<kind>``, ``upload``, ``download``."""

    method: str
    team: str
    args: Json
    ok: bool
    error: str
    at: float
    token_kind: str = ""
    fault: str = ""

    def wire(self) -> Json:
        """The call as JSON."""
        return asdict(self)


@dataclass(slots=True)
class CallLog:
    """All calls, oldest first."""

    calls: list[Call] = field(default_factory=list)

    def of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.calls if call.method == method]

    def refused(self) -> list[Call]:
        """The calls that were answered with an error, faults made on purpose left out."""
        return [call for call in self.calls if not call.ok and not call.fault]
