"""The arrays that the checks of the pixels pass to each other."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
"""A colour picture: height, width, red-green-blue; or a mask: height, width."""
Floats: TypeAlias = npt.NDArray[np.float32]
"""Likelihoods between 0 and 1, or coordinates in pixels."""
