"""What of the roster goes into a backup: the registry and the sealed list, not a list that lies open."""

from __future__ import annotations

from typing import Final

from storage.backup import Part
from storage.copying import WHOLE
from storage.roster.roster import HISTORY
from storage.roster.tables import listed, metadata

BACKUP: Final = Part(
    HISTORY,
    {table: WHOLE for table in metadata.sorted_tables if table is not listed},
    left_out=frozenset({listed.name}),
)
