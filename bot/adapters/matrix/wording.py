"""What the Matrix adapter itself says, in few and plain sentences."""

from __future__ import annotations

PREFIX = "!consult "
"""What stands before a word to type."""

CONTINUED = "Part {number} of {total}"
WHERE_TO_ANSWER = "To answer, write to me in our direct chat:"
WHAT_TO_TYPE = "Type one of these:"
CONFIRM = "asks first"
ELSEWHERE = "I answer that in our direct chat."
ROOM_NAME = "Consult room"
ROOM_TOPIC = (
    "Read here; answer in your direct chat with the bot. Anything typed here would carry your real account."
)
THIRD_PERSON = "Somebody else joined this chat, so I leave it. Invite me again, or wait for my invitation."
NO_FILE = "That file could not be fetched. Please send it again."
FILE_TOO_LARGE = "That file is too large. Please send a smaller one."
FILE_DAMAGED = "That file arrived damaged. Please send it again."
UPLOADS = "I am deleting from this chat what you sent me for it."
