"""Loads a network for the processor. What it is given and what it answers are arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # It ships without annotations.


class Network:
    """A loaded network that gives memory back after each run and does not spin while it waits."""

    def __init__(self, model: Path | bytes, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        source = model if isinstance(model, bytes) else str(model)
        self._session: Any = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def run(self, values: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Return the outputs, in the network's own order."""
        outputs: list[npt.NDArray[np.float32]] = self._session.run(None, {self._input: values})
        return outputs

    def note(self, name: str) -> str:
        """Return a note that the makers left in the file."""
        return str(self._session.get_modelmeta().custom_metadata_map[name])
