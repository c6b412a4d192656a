"""Spans of OpenTelemetry: steps, codes, counts and durations, and nothing else. Needs the extra `tracing`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Status, StatusCode, get_current_span

from bot.metrics import LABELS

STEPS: Final = frozenset({"accept", "handle", "commit", "serve", "claim", "deliver"})
_BEGINNINGS: Final = frozenset({"accept", "serve"})
"""Steps that begin a trace of their own, so that nothing that leaves stands in one with who acted."""
WORDS: Final = frozenset({"platform", "kind", "to", "what", "ending"})
NUMBERS: Final = frozenset({"count", "tries"})
_DELIVERY: Final = re.compile(r"[0-9a-f]{32}")
_SEND_SECONDS: Final = 2
"""So that a collector that is away does not hold up the stop."""


class Undeclared(Exception):
    """A step or something told of it is not declared here; raised in tests only."""


class Spans:
    """Fills :class:`bot.ports.tracing.Tracer`. What was never declared is left out; tests let it raise."""

    def __init__(self, provider: TracerProvider, *, strict: bool = False) -> None:
        """Take the provider, whose processors take the spans away."""
        self._tracer = provider.get_tracer("curbside")
        self._strict = strict

    @contextmanager
    def span(self, step: str, **told: str | float) -> Iterator[None]:
        """Watch one step; of an exception it keeps the class, and none of its words."""
        if step not in STEPS:
            self._refuse(step)
            yield
            return
        with self._tracer.start_as_current_span(
            step,
            context=Context() if step in _BEGINNINGS else None,
            attributes=self._declared(told),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def note(self, **told: str | float) -> None:
        """Add to the step that this task is in."""
        get_current_span().set_attributes(self._declared(told))

    def _declared(self, told: Mapping[str, str | float]) -> dict[str, str | float]:
        kept = {name: value for name, value in told.items() if _is_declared(name, value)}
        if kept.keys() != told.keys():
            self._refuse(min(told.keys() - kept.keys()))
        return kept

    def _refuse(self, name: str) -> None:
        if self._strict:
            raise Undeclared(f"{name}: not declared in bot/bootstrap/spans.py, or not with this value")


def _is_declared(name: str, value: str | float) -> bool:
    if name in WORDS:
        return value in LABELS[name]
    if name == "delivery":
        return isinstance(value, str) and _DELIVERY.fullmatch(value) is not None
    return name in NUMBERS and isinstance(value, int | float)


def provider_for(endpoint: str, share: float) -> TracerProvider:
    """Make a provider that sends this share of all traces to a collector."""
    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource({"service.name": "curbside"}),  # By itself it would add what the environment says.
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_SEND_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
