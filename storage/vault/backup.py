"""What of the vault goes into a backup: all of it; the keyring in it opens with the key file alone."""

from __future__ import annotations

from typing import Final

from storage.backup import Part
from storage.copying import WHOLE
from storage.vault.tables import metadata
from storage.vault.vault import HISTORY

BACKUP: Final = Part(HISTORY, dict.fromkeys(metadata.sorted_tables, WHOLE))
