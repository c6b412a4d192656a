"""Loading modules fast: nothing of what they make is garbage, so nobody looks for any meanwhile."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Load what is imported inside without the garbage collector, and never let it look there again.

    Otherwise it walks over everything that is loaded already again and again, also later on, while
    somebody waits for an answer.
    """
    enabled, before = gc.isenabled(), len(sys.modules)
    gc.disable()
    try:
        yield
    finally:
        if len(sys.modules) > before:
            gc.freeze()
        if enabled:
            gc.enable()
