"""Curbside's text engine as a peer: JSON lines {id, text} in, {id, spans} out."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

from bot.anonymizer import Anonymizer


def main() -> None:
    """Answer every line."""
    anonymizer = Anonymizer()
    anonymizer.clean({"text": "warm up: seen by Dr. Quill"})
    print(json.dumps({"versions": {"curbside": version("curbside")}}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        found = anonymizer.clean({"text": job["text"]}).findings
        spans = [{"start": f.start, "end": f.end, "type": f.category, "tier": f.tier} for f in found]
        print(json.dumps({"id": job["id"], "spans": spans}), flush=True)


if __name__ == "__main__":
    main()
