"""Words of the demo: what stands above the page, names of rooms, and the commands that the boxes suggest."""

from __future__ import annotations

from dataclasses import dataclass

PRODUCT = "Curbside"
PITCH = "Physicians ask each other across hospitals, each in the chat they already use, under a screen name."
COMMAND_HINTS = (
    ("case", "Ask colleagues"),
    ("open", "Open cases"),
    ("mine", "My cases"),
    ("show 101", "One case and what was said"),
    ("opinion 101", "Give an opinion"),
    ("comment 101", "Comment on a case"),
    ("poll", "Ask a poll"),
    ("vote 102", "Vote"),
    ("withdraw 101", "Take a case back"),
    ("me", "What others see of you"),
    ("rules", "Rules of the room"),
    ("help", "What you can do here"),
)


@dataclass(frozen=True, slots=True)
class RoomNames:
    """How the demo's rooms are called, and what they are for."""

    consult: str = "consult-room"
    consult_topic: str = "Cases and opinions under screen names"
    ward: str = "ward-7"
    ward_topic: str = "A ward's own channel"


NAMES = RoomNames()


def chips(undo: float, delay: tuple[float, float]) -> list[dict[str, str]]:
    """Say beside the product's name what is real and what the demo changed."""
    return [
        {
            "tone": "ok",
            "label": "Matrix: real Synapse, encrypted",
            "detail": "A real homeserver on this machine; every room is end-to-end encrypted.",
        },
        {
            "tone": "note",
            "label": "Slack: local stand-in",
            "detail": "Not Slack itself but a program on this machine that speaks and refuses as Slack does.",
        },
        {
            "tone": "warn",
            "label": f"Undo shortened to {undo:g} s",
            "detail": (
                f"In a hospital a posting can be undone for 60 s and then waits 5 to 60 s; "
                f"this demo uses {undo:g} s and {delay[0]:g} to {delay[1]:g} s."
            ),
        },
    ]
