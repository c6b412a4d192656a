"""Curbside's picture engine as a peer: {id, path} in, {id, boxes, output} out, or {id, refused}."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from PIL import Image

from bot.anonymizer import Anonymizer, PictureRefused


async def main() -> None:
    """Answer every line; the cleaned picture lies beside the one that was given."""
    anonymizer = Anonymizer()
    try:
        looked = await anonymizer.clean_picture(_white())
        if looked.not_looked_for:
            missing = f"nobody would look for {', '.join(looked.not_looked_for)}; install curbside[pictures]"
            print(json.dumps({"missing": missing}), flush=True)
            return
        print(json.dumps({"versions": {"curbside": version("curbside")}}), flush=True)
        for line in sys.stdin:
            print(json.dumps(await _answer(anonymizer, json.loads(line))), flush=True)
    finally:
        await anonymizer.close()


async def _answer(anonymizer: Anonymizer, job: dict[str, Any]) -> dict[str, Any]:
    path = Path(job["path"])
    try:
        cleaned = await anonymizer.clean_picture(await asyncio.to_thread(path.read_bytes))
    except PictureRefused as refused:
        return {"id": job["id"], "refused": refused.code}
    if cleaned.failed:
        return {"id": job["id"], "refused": "not_checked"}
    output = path.with_suffix(".cleaned")
    await asyncio.to_thread(output.write_bytes, cleaned.data)
    return {"id": job["id"], "boxes": cleaned.report()["covered"], "output": str(output)}


def _white() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "white").save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    asyncio.run(main())
