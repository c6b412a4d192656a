"""What every act of a person needs: the workspace, the way to the app, triggers and links to answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..channels import Channel, Message
from ..envelopes import Envelope, NotTaken, Postman
from ..modals import RESPONSE_SECONDS, TRIGGER_SECONDS, ResponseLink, Trigger
from ..team import Team
from ..wire import Json


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an act ended: the app's answer, or what the person was told went wrong."""

    ok: bool
    error: str = ""
    reply: Json = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def wire(self) -> Json:
        """The outcome as JSON."""
        return {"ok": self.ok, "error": self.error, "reply": self.reply, "errors": self.errors}


class NotAllowed(Exception):
    """The person tried what Slack would not let them do; the text says what."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One workspace with its way to the app."""

    team: Team
    postman: Postman

    def trigger(self, person: str, from_view: str = "") -> str:
        """A fresh trigger id, good for three seconds."""
        mint = self.team.world.mint
        trigger_id = f"{mint.digits(13)}.{mint.digits(12)}.{mint.hex(32)}"
        expires = self.team.world.now() + TRIGGER_SECONDS
        self.team.desk.triggers[trigger_id] = Trigger(trigger_id, person, expires, from_view)
        return trigger_id

    def link(self, kind: str, person: str, channel: Channel, message: Message | None = None) -> ResponseLink:
        """A fresh ``response_url``, good for five uses in thirty minutes."""
        key = f"{kind}/{self.team.id}/{self.team.world.mint.digits(13)}/{self.team.world.mint.hex(24)}"
        link = ResponseLink(key, person, channel.id, self.team.world.now() + RESPONSE_SECONDS)
        if message is not None:
            link.message_ts, link.thread_ts = message.ts, message.thread_ts
        self.team.desk.links[key] = link
        return link

    def address(self, link: ResponseLink) -> str:
        """The link as an address."""
        return f"{self.team.world.base_url}/{link.key}"

    def action_ts(self) -> str:
        """When it was clicked."""
        return f"{self.team.world.now():.6f}"

    async def deliver(self, person: str, kind: str, payload: Json) -> Outcome:
        """Take a payload to the app; a failure is shown to the person."""
        try:
            return Outcome(ok=True, reply=await self.postman.deliver(self.team, Envelope(kind, payload)))
        except NotTaken as failure:
            return self.failed(person, failure.reason)

    def failed(self, person: str, reason: str) -> Outcome:
        """Show a person that something went wrong."""
        self.team.troubles.setdefault(person, []).append(reason)
        self.team.ring("trouble", person=person)
        return Outcome(ok=False, error=reason)
