"""Views people have open: modal stacks, Home tabs, trigger ids that open them, links to answer through."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from .wire import Json, SlackError

TRIGGER_SECONDS = 3.0
STACK_LIMIT = 3
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(slots=True)
class Trigger:
    """What a person's act lets the app do once within three seconds: open a modal for that person."""

    id: str
    person: str
    expires: float
    from_view: str = ""
    used: bool = False

    def spend(self, now: float) -> None:
        """Use it up; SlackError ``exchanged_trigger_id`` or ``expired_trigger_id`` when too late."""
        if self.used:
            raise SlackError("exchanged_trigger_id")
        if now > self.expires:
            raise SlackError("expired_trigger_id")
        self.used = True


@dataclass(slots=True)
class ResponseLink:
    """A ``response_url``: where the app may answer an act up to five times in thirty minutes."""

    key: str
    person: str
    channel: str
    expires: float
    message_ts: str = ""
    thread_ts: str = ""
    uses: int = 0

    def spend(self, now: float) -> None:
        """Count one use; SlackError ``used_url`` or ``expired_url`` when there is none left."""
        if now > self.expires:
            raise SlackError("expired_url")
        if self.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        self.uses += 1


@dataclass(slots=True)
class OpenView:
    """A modal or Home tab as it stands for one person, with what was filled in so far."""

    id: str
    team: str
    person: str
    body: Json
    hash: str
    app_id: str
    bot_id: str
    root_id: str
    previous_id: str = ""
    values: dict[str, Json] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """Its blocks."""
        blocks: list[Json] = self.body.get("blocks", [])
        return blocks

    def wire(self) -> Json:
        """The ``view`` object of answers and payloads."""
        body = copy.deepcopy(self.body)
        return {
            "id": self.id,
            "team_id": self.team,
            "type": body["type"],
            "blocks": body.get("blocks", []),
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "external_id": body.get("external_id", ""),
            "state": {"values": copy.deepcopy(self.values)},
            "hash": self.hash,
            "title": body.get("title"),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "clear_on_close": bool(body.get("clear_on_close", False)),
            "notify_on_close": bool(body.get("notify_on_close", False)),
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id or None,
            "app_id": self.app_id,
            "app_installed_team_id": self.team,
            "bot_id": self.bot_id,
        }


@dataclass(slots=True)
class ViewDesk:
    """All open views of a workspace."""

    stacks: dict[str, list[OpenView]] = field(default_factory=dict)
    homes: dict[str, OpenView] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    links: dict[str, ResponseLink] = field(default_factory=dict)

    def top(self, person: str) -> OpenView | None:
        """The modal a person sees now."""
        stack = self.stacks.get(person)
        return stack[-1] if stack else None

    def every(self) -> list[OpenView]:
        """All modals and Home tabs."""
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())

    def by_id(self, view_id: str) -> OpenView | None:
        """The open view with this id."""
        return next((view for view in self.every() if view.id == view_id), None)

    def by_external_id(self, external_id: str) -> OpenView | None:
        """The open view with this id of the app's own."""
        return next((view for view in self.every() if view.body.get("external_id") == external_id), None)

    def drop(self, view: OpenView) -> None:
        """Close one modal."""
        stack = self.stacks.get(view.person, [])
        if view in stack:
            stack.remove(view)

    def clear(self, person: str) -> None:
        """Close all modals of a person."""
        self.stacks.pop(person, None)

    def redeem(self, trigger_id: str, now: float) -> Trigger:
        """Spend a trigger id; SlackError ``invalid_trigger_id`` when it never existed."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        trigger.spend(now)
        return trigger
