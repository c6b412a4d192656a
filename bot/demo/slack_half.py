"""Slack half: what one person's Slack shows, as JSON for the page, and what the page's player does there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.demo.cast import SLACK_HOSPITAL, of
from bot.demo.stage import CannotAct, Json, Media, Upload
from bot.demo.words import COMMAND_HINTS, NAMES
from bot.standin.slack import Channel, NotAllowed, NotOffered, Outcome, Person, SlackStandin, Workspace

_REFUSALS = {
    "operation_timeout": "The app did not answer in time.",
    "dispatch_failed": "The app could not be reached.",
    "invalid_response": "Slack could not use what the app answered.",
    "invalid_input": "Please look at the fields marked below.",
}
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


@dataclass(frozen=True, slots=True)
class SlackHalf:
    """One workspace of the stand-in with its consult room and a ward's own channel."""

    standin: SlackStandin
    workspace: Workspace
    consult: Channel
    ward: Channel

    def about(self) -> Json:
        """Say who works here and what the app offers."""
        return {
            "name": SLACK_HOSPITAL.name,
            "workspace": self.workspace.team.name,
            "people": [self._about(person) for person in self.workspace.people],
            "shortcuts": self._shortcuts(),
            "commands": [{"text": f"/consult {word}", "detail": does} for word, does in COMMAND_HINTS],
        }

    def has(self, person: str) -> bool:
        """Say whether this is one of the workspace's people."""
        return any(one.id == person for one in self.workspace.people)

    def view(self, person: str) -> Json:
        """Give everything that this person's Slack shows now."""
        player = self.workspace.person(person)
        return {
            "platform": "slack",
            "person": self._about(player),
            "accounts": self._accounts(),
            "rooms": [self._room(player, *place) for place in self._places(player)],
            "modal": player.modal,
            "home": player.home,
            "has_home": self.workspace.app.manifest.has_home(),
            "notices": [_REFUSALS.get(code, code) for code in player.errors],
        }

    async def act(self, person: str, act: Json, uploads: Sequence[Upload]) -> Json:
        """Do one thing; raises :class:`CannotAct` for what Slack would not offer."""
        player = self.workspace.person(person)
        do = _ACTS.get(str(act.get("do")))
        if do is None:
            raise CannotAct(f"The Slack half cannot do “{act.get('do')}”.")
        try:
            outcome = await do(player, act, uploads)
        except (NotAllowed, NotOffered) as refusal:
            raise CannotAct(f"Slack says: {refusal}.") from refusal
        return _told(outcome)

    async def media(self, person: str, reference: str) -> Media:
        """Open a file as this person; KeyError where this person cannot see it."""
        try:
            content = self.workspace.person(person).download(reference)
        except NotAllowed as refusal:
            raise KeyError(reference) from refusal
        return Media(_mime(content), content)

    def _about(self, player: Person) -> Json:
        one = next(person for person in of("slack") if person.handle == player.account.name)
        return {"id": player.id, "name": one.name, "specialty": one.specialty, "standing": one.standing}

    def _accounts(self) -> Json:
        app = self.workspace.app
        people = {player.id: {"name": self._about(player)["name"]} for player in self.workspace.people}
        return people | {app.bot_user_id: {"name": app.name, "app": True}}

    def _shortcuts(self) -> list[Json]:
        given = self.workspace.app.manifest.given or {}
        declared = given.get("features", {}).get("shortcuts", [])
        return [
            {"id": each["callback_id"], "label": each["name"]}
            for each in declared
            if each["type"] == "message"
        ]

    def _places(self, player: Person) -> list[tuple[Channel, str, str]]:
        """List where this person is a member: channel, kind, topic."""
        channels = [
            (self.consult, "room", NAMES.consult_topic),
            (self.ward, "ward", NAMES.ward_topic),
        ]
        joined = [place for place in channels if player.id in place[0].members]
        return [*joined, (player.dm_channel, "home", "")]

    def _room(self, player: Person, channel: Channel, kind: str, topic: str) -> Json:
        messages = player.channel(channel)
        noted = {note.get("thread_ts") for note in player.ephemerals(channel)}
        roots = [each for each in messages if each.get("reply_count") or each["ts"] in noted]
        return {
            "id": channel.id,
            "kind": kind,
            "name": self.workspace.app.name if kind == "home" else channel.name,
            "private": channel.kind == "private",
            "topic": topic,
            "messages": messages,
            "threads": {root["ts"]: player.thread(channel, root["ts"]) for root in roots},
        }


def _told(outcome: Outcome) -> Json:
    words = _REFUSALS.get(outcome.error, outcome.error)
    return {"ok": outcome.ok, "error": words, "errors": outcome.errors}


def _mime(content: bytes) -> str:
    for start, mime in _PICTURES.items():
        if content.startswith(start):
            return mime
    return "application/octet-stream"


def _place(player: Person, act: Json) -> Json | None:
    """Find what was clicked: a message of the person's, the open modal or the Home tab."""
    place = act["place"]
    if "message" in place:
        return dict(place["message"])
    views = [view for view in (*player.modals, player.home) if view is not None]
    return next((view for view in views if view["id"] == place["view"]), None)


async def _slash(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    command, _, text = str(act["text"]).partition(" ")
    return await player.slash(command, text.strip(), channel=act["room"])


async def _say(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    files = [(upload.name, upload.content) for upload in uploads]
    await player.say(act["room"], act["text"], thread=act.get("thread"), files=files)
    return Outcome(ok=True)


async def _click(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    return await player.click(_place(player, act), act["action"], act.get("value"))


async def _choose(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    return await player.choose(_place(player, act), act["action"], act["value"])


async def _submit(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    entries = dict(act["values"])
    waiting = list(uploads)
    for field in act.get("files", ()):
        taken, waiting = waiting[: field["count"]], waiting[field["count"] :]
        entries[field["block"]] = [(upload.name, upload.content) for upload in taken]
    return await player.submit(entries)


async def _close(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    return await player.close_modal()


async def _open_home(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    await player.open_home("messages" if act["tab"] == "messages" else "home")
    return Outcome(ok=True)


async def _shortcut(player: Person, act: Json, uploads: Sequence[Upload]) -> Outcome:
    return await player.message_shortcut(act["callback"], act["message"])


_Act = Callable[[Person, Json, Sequence[Upload]], Awaitable[Outcome]]
_ACTS: dict[str, _Act] = {
    "slash": _slash,
    "say": _say,
    "click": _click,
    "choose": _choose,
    "submit": _submit,
    "close_modal": _close,
    "message_shortcut": _shortcut,
    "open_home": _open_home,
}
