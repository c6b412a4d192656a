"""What the house asks of a chat platform: take cards, hand in events, fetch files, whisper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal, Protocol

from bot.chat.cards import Card
from bot.chat.events import Account, Event, FileRef
from bot.chat.forms import Form
from bot.domain.pauses import Flaw
from bot.ports.intake import Intake

Reply = Card | Form
"""A private answer to the person who acted: shown at most once, never in a room."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, as a table instead of ``if platform == ...``."""

    forms: bool
    """Shows a :class:`Form` by itself; otherwise the front door asks question by question."""
    numbered_buttons: bool
    """Buttons are shown as numbers and words, so that a bare number answers the newest prompt."""
    prefix: str
    """What stands before a command word, with its blank: ``"/consult "`` or ``"!consult "``."""
    private_home: bool
    """The home chat is end-to-end encrypted, so it may name screen names and show opinions."""
    sole: bool = False
    """Only one bot at a time may be logged in: of several on one database, the one with the seat."""
    uploads: str = ""
    """One sentence for authors: what becomes of a picture that they sent to the bot in their own chat."""


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of a cleaned picture."""

    data: bytes
    mime: str

    def __repr__(self) -> str:
        """Show size and type only."""
        return f"Image({self.mime}, {len(self.data)} bytes)"


SHOWN = "shown"
"""The kind of a part that says: the picture of this media id (in ``remote``) is before its reader's eyes."""


GONE = "gone"
"""The kind of a part that says: what had this remote is not there any more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a delivery made at the platform, recorded as soon as it exists.

    ``kind`` is ``message`` (the card itself), ``picture`` (a message or part of the card that carries a
    picture), ``file`` (an uploaded file that must be deleted apart) or ``upload`` (a file that was begun
    and may be there); ``remote`` is made and read by the adapter only.
    """

    kind: str
    remote: str


@dataclass(frozen=True, slots=True)
class Post:
    """Say something new; ``thread`` is the remote of the message whose thread it belongs to, or empty."""

    card: Card
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """Change what was said: ``parts`` are those of the posting."""

    card: Card
    parts: tuple[Part, ...]
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Delete:
    """Take back everything that a posting made, or what a person said in the home chat.

    Something already gone counts as taken back. Where one part may not be taken back, the others are first.
    """

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Replace:
    """Say a card in place of ``parts``, of which nothing stays readable: no picture, no earlier wording.

    Each part that goes is recorded as :data:`GONE`. A message whose earlier wordings nobody can read any more
    may be changed in place; any other is taken back once the card is said anew.
    """

    card: Card
    parts: tuple[Part, ...]
    thread: str = ""


Action = Post | Edit | Delete | Replace


class Room(StrEnum):
    """The two rooms that a site can have."""

    CONSULT = "consult"
    MODERATORS = "moderators"
    """The moderators' private room, which one site of all has, or none."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One outbox row on its way out.

    ``id`` is the idempotency id (Matrix transaction id, Slack metadata). ``account`` is the home chat to
    reach, or None for a room of the adapter's site, and ``room`` says which one. ``tried`` says that an
    earlier try may have got through, another bot's perhaps: look before posting again.
    ``done`` holds the parts that earlier tries recorded: do not make them again. ``images`` maps
    ``Picture.media`` to its bytes.
    """

    id: str
    account: Account | None
    action: Action
    tried: bool = False
    done: tuple[Part, ...] = ()
    images: Mapping[str, Image] = field(default_factory=dict)
    room: Room = Room.CONSULT


Unused = Callable[[], None]
"""Gives a turn back that nothing came of, so that the next in the queue has it."""

Record = Callable[[Part], Awaitable[None]]
"""Keeps a part durably; awaited by the adapter right after each part came into being."""


class Later(Exception):
    """Not now: try this delivery again after ``seconds`` (429 with Retry-After, 5xx, connection lost).

    ``unsure`` says that it may have got through all the same. ``scope`` is ``destination`` or ``site``:
    what has to pause. ``limited`` says that the platform refused because there was too much of it.
    """

    def __init__(
        self,
        seconds: float | None,
        *,
        unsure: bool = False,
        scope: str = "destination",
        limited: bool = False,
    ) -> None:
        """Remember how long to wait; None leaves the back-off to the relay."""
        super().__init__("try again later")
        self.seconds = seconds
        self.unsure = unsure
        self.scope = scope
        self.limited = limited


class Undeliverable(Exception):
    """Never: this delivery cannot succeed as it is. ``code`` is a fixed word (``channel_not_found``)."""

    def __init__(self, code: str) -> None:
        """Remember the platform's reason; no text of the delivery goes into it."""
        super().__init__(code)
        self.code = code


class Unfit(Undeliverable):
    """A room is fit no more; ``flaw`` says why (as :class:`Flaw` has it), ``code`` is the platform's word."""

    def __init__(self, code: str, flaw: Literal["absent", "archived", "open"]) -> None:
        """Remember both."""
        super().__init__(code)
        self.flaw = Flaw(flaw)


class FileUnavailable(Exception):
    """A file that a person attached cannot be fetched; ``sentence`` is for that person."""

    def __init__(self, sentence: str) -> None:
        """Remember what to tell."""
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the connection stands; ``problem`` is one sentence for the operator, or empty.

    ``waiting`` says that it does not because the site has still to do something, such as install the app:
    that is no fault of the bot's. ``elsewhere`` says that another bot on the same database serves the site;
    ``problem`` is then why this one could not take over as it should.
    ``refused`` says that the platform does not take the bot's login any more, which only people can mend.
    ``heard_seconds`` have passed since the site's last sync, where there are syncs; ``renewals`` counts lines
    that were opened anew since the start.
    """

    connected: bool
    problem: str = ""
    waiting: bool = False
    refused: bool = False
    elsewhere: bool = False
    heard_seconds: float | None = field(default=None, compare=False)
    renewals: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of ``curbside doctor``: ``state`` is ``ok``, ``warn`` or ``fail``; ``remedy`` helps."""

    name: str
    state: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform says of one of its accounts. Identity: its ``repr`` shows nothing of the person.

    ``name`` and ``email`` are empty where the platform does not tell; ``email`` is one that the platform has
    confirmed. ``member`` is false for guests, bots and accounts of other workspaces or servers. ``picture``
    is the platform's own mark of a picture that was chosen for the account, empty for one that the platform
    draws by itself; equal marks are the same upload.
    """

    member: bool
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    picture: str = field(default="", repr=False)


class Adapter(Protocol):
    """One site on one platform: a Slack workspace or a Matrix homeserver, with one consult room.

    One site of all may have the moderators' room beside it, which its adapter is told when it is made.
    """

    @property
    def site(self) -> str:
        """The operator's label of the site; never shown in rooms."""
        ...

    @property
    def platform(self) -> str:
        """``slack``, ``matrix`` or ``memory``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this platform can do."""
        ...

    @property
    def own(self) -> Account | None:
        """The bot's own account at the site; None until it is known."""
        ...

    def serves(self, account: Account) -> bool:
        """Say whether this account's home chat is reached through this adapter."""
        ...

    async def start(self, intake: Intake, *, proven: bool = False) -> None:
        """Connect and begin to hand in events; returns once connected. Raises ``ConfigurationRefused``.

        ``proven`` says that the site worked before with these very settings. Then a login that is taken no
        more, or a room that is fit no more, is nothing to refuse: the adapter does what can be done without,
        goes on trying, and says it by :meth:`health` and :meth:`occupants`.
        """
        ...

    async def stand_by(self) -> None:
        """Get ready to be started in a while, where that takes something (:attr:`Capabilities.sole`).

        What keeps it from that is told by :meth:`health`, and tried again. Ended by :meth:`start` and
        :meth:`stop`.
        """
        ...

    async def stop(self) -> None:
        """Stop taking in, finish sends in flight, disconnect."""
        ...

    async def turn(self, account: Account | None, room: Room = Room.CONSULT) -> Unused:
        """Wait until a delivery to this place keeps within what the platform takes; asks nobody.

        ``account`` is the home chat, or None for a room. The relay calls it before it claims the delivery, so
        that whatever waits can still be changed or taken back.
        """
        ...

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do the action and record each part it makes; raise :class:`Later` or :class:`Undeliverable`."""
        ...

    async def answer(self, event: Event, reply: Reply, images: Mapping[str, Image], record: Record) -> str:
        """Answer the person who acted, privately and at most once; raises what :meth:`deliver` raises.

        What was asked in the moderators' room may be answered there, where the platform has nothing more
        private in a room.

        ``images`` maps the reply's pictures to their bytes; ``record`` hears of uploaded files, so that
        they can be deleted once the reply is no longer needed, and of each picture that was really shown.

        Gives the remote of the home-chat message that shows the reply, so that answers to it are understood;
        empty where there is no such message (a modal, an ephemeral message).

        A handle that has expired is no error: the adapter falls back to the home chat with one sentence.
        """
        ...

    async def fetch(self, file: FileRef, most: int) -> bytes:
        """Fetch an attached file of at most ``most`` bytes; raises :class:`FileUnavailable`."""
        ...

    async def admit(self, account: Account, room: Room = Room.CONSULT) -> None:
        """Let an enrolled account into a room (invite) and open its home chat; raises as :meth:`deliver`.

        Somebody who is in already is fine; a room that this site does not have is ``Undeliverable``.
        """
        ...

    async def occupants(self, room: Room = Room.CONSULT) -> tuple[Account, ...]:
        """List who is in a room or invited to it, the bot itself included.

        Raises :class:`Later` while that cannot be said, :class:`Unfit` where the room is not fit any more:
        it is public, shared or archived, or the bot is not in it; and :class:`Undeliverable` where the bot
        may not look, or this site does not have it.
        """
        ...

    async def show_out(self, account: Account, room: Room = Room.CONSULT) -> bool:
        """Put an account out of a room, or take back its invitation; False where it is not in it.

        Raises :class:`Later`, and :class:`Undeliverable` where the platform does not let the bot. Nobody is
        banned: whoever is invited again can come in again.
        """
        ...

    async def profile(self, account: Account) -> Profile | None:
        """Say what the platform knows of an account; None for one that is gone. Raises :class:`Later`."""
        ...

    def health(self) -> Health:
        """Say whether the connection stands right now, without a network call."""
        ...

    async def checks(self) -> tuple[Check, ...]:
        """Try everything that an operator can get wrong, for ``curbside doctor``."""
        ...


MODERATORS_ROOM: Final = "[moderators] room"
"""The setting that names the moderators' room, for what is wrong with it."""


class ConfigurationRefused(Exception):
    """The platform refuses this configuration; ``key`` names the setting, ``sentence`` what to do."""

    def __init__(self, key: str, sentence: str) -> None:
        """Remember which setting it is and what to tell the operator."""
        super().__init__(f"{key}: {sentence}")
        self.key = key
        self.sentence = sentence
