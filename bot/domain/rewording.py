"""Rewording: what follows when somebody edits, or deletes, the own message that a comment came from."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

SAID: Final = "said"
"""The setting of a draft that holds the tag of the message it was said in."""
CHANGES: Final = "changes"
"""The setting of a draft that holds the id of the comment whose words it is to replace."""
REWORDED: Final = "reworded"
"""How subjects begin, for ``undo``, of a comment that was reworded last."""
ANSWERED: Final = "answered"
"""How the subject of an opinion's message begins; it names the case, as an opinion may be given anew."""
KNOWN_FOR: Final = timedelta(days=365)
"""How long a message is known: as long as what it says is kept."""
PUT_BACK_FOR: Final = timedelta(days=1)
"""How long the words before are kept, so that they can be put back."""
EARLY_FOR: Final = timedelta(hours=1)
"""How long an edit waits that came before the message which it changes."""
