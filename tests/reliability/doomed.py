"""`curbside` that kills itself at a boundary: `python -m tests.reliability.doomed BOUNDARY TIME run …`."""

from __future__ import annotations

import os
import signal
import sys

from bot.cli.main import perform
from tests.reliability.boundaries import BOUNDARIES, ending_at


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    boundary, time, *words = sys.argv[1:]
    with ending_at(BOUNDARIES[boundary], _die, time=int(time)):
        sys.exit(perform(words))
