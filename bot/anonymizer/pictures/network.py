"""Runs networks on the processor. What they are given and what they answer are arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # It ships without annotations.

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Hands:
    """So many pieces of work at once; a piece may not wait for another one.

    Networks compute with one thread each: two pictures side by side take less than one after the other with
    two threads, which wait for each other at every layer.
    """

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count)

    def begin(self, work: Callable[[_In], _Out], on: _In) -> Future[_Out]:
        """Begin one piece of work."""
        return self._threads.submit(work, on)

    def each(self, work: Callable[[_In], _Out], on: Iterable[_In]) -> list[_Out]:
        """Return the results of one work on many things, in their order."""
        return list(self._threads.map(work, on))


class Network:
    """A loaded network that gives its memory back after each run."""

    def __init__(self, model: Path | bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False
        options.log_severity_level = 4
        source = model if isinstance(model, bytes) else str(model)
        self._session: Any = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        self._input: str = self._session.get_inputs()[0].name

    def run(self, values: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float32]]:
        """Return the outputs, in the network's own order; may be called from several threads at once."""
        outputs: list[npt.NDArray[np.float32]] = self._session.run(None, {self._input: values}, _GIVE_BACK)
        return outputs

    def note(self, name: str) -> str:
        """Return a note that the makers left in the file."""
        return str(self._session.get_modelmeta().custom_metadata_map[name])


def _give_back() -> Any:  # noqa: ANN401 (the library has no annotations)
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


_GIVE_BACK: Final = _give_back()
