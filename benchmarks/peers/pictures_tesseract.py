"""Tesseract alone: {id, path} in, {id, lines} out, each line with its text and the box around it.

Runs in the environment of pictures.txt; needs the program `tesseract`.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import defaultdict
from importlib.metadata import version
from typing import Any

import pytesseract
from PIL import Image

SPARSE = "--psm 11"


def main() -> None:
    """Answer every line."""
    if shutil.which("tesseract") is None:
        print(json.dumps({"missing": "the program tesseract is not installed"}), flush=True)
        return
    versions = {
        "tesseract": str(pytesseract.get_tesseract_version()),
        "pytesseract": version("pytesseract"),
    }
    print(json.dumps({"versions": versions}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        with Image.open(job["path"]) as picture:
            lines = read(picture.convert("RGB"))
        print(json.dumps({"id": job["id"], "lines": lines}), flush=True)


def read(picture: Image.Image) -> list[dict[str, Any]]:
    """Return the lines that tesseract reads in a picture."""
    data = pytesseract.image_to_data(picture, config=SPARSE, output_type=pytesseract.Output.DICT)
    words: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for number, text in enumerate(data["text"]):
        if text.strip():
            words[data["block_num"][number], data["par_num"][number], data["line_num"][number]].append(number)
    return [_line(data, numbers) for numbers in words.values()]


def _line(data: dict[str, list[Any]], numbers: list[int]) -> dict[str, Any]:
    left, top = (min(data[side][number] for number in numbers) for side in ("left", "top"))
    right = max(data["left"][number] + data["width"][number] for number in numbers)
    bottom = max(data["top"][number] + data["height"][number] for number in numbers)
    text = " ".join(data["text"][number] for number in numbers)
    return {"text": text, "left": left, "top": top, "width": right - left, "height": bottom - top}


if __name__ == "__main__":
    main()
