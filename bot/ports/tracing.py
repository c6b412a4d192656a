"""What the house tells of its steps to whoever traces them; nobody does unless the operator wants it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol


class Tracer(Protocol):
    """Takes note of steps and how long they took; never of texts, people or rooms.

    Steps: ``accept``, ``handle`` and ``commit`` of what somebody did; ``serve``, ``claim`` and ``deliver`` of
    what goes out. The two never stand in one trace: what left when must not lead to who acted when.
    """

    def span(self, step: str, **told: str | float) -> AbstractContextManager[None]:
        """Watch one step, inside of the step that this task is in."""
        ...

    def note(self, **told: str | float) -> None:
        """Add to the step that this task is in."""
        ...


_NOTHING: Final = nullcontext()


class _Quiet:
    """Notes nothing."""

    def span(self, step: str, **told: str | float) -> AbstractContextManager[None]:
        return _NOTHING

    def note(self, **told: str | float) -> None:
        return


QUIET: Final = _Quiet()
