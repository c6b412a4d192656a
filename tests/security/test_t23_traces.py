"""T-23: traces hold steps, codes, counts and durations; no text, person, room or site."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.bootstrap.spans import NUMBERS, STEPS, WORDS, Spans, Undeclared
from bot.bootstrap.tracing import Tracing, tracing_of
from bot.config.sections import Tracing as TracingSettings
from bot.ports.adapter import ConfigurationRefused, Later
from bot.ports.tracing import QUIET
from tests.stories.world import PEOPLE, UNDO, World, enrol_everybody, open_world

CASE = {"story": "58-year-old Jane Canary with an itching plaque.", "question": "Biopsy, canary?"}


class Kept:
    """The spans of one provider, in memory."""

    def __init__(self, *, strict: bool = True) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(resource=Resource({"service.name": "curbside"}), shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = Spans(provider, strict=strict)

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._exporter.get_finished_spans()

    @property
    def text(self) -> str:
        return " ".join(span.to_json() for span in self.spans).casefold()

    def named(self, *names: str) -> Iterator[ReadableSpan]:
        return (span for span in self.spans if span.name in names)

    def parents(self, name: str) -> set[str]:
        """Name the steps in which this one stands; empty for none."""
        by_id = {span.context.span_id: span.name for span in self.spans if span.context}
        return {by_id.get(span.parent.span_id, "?") if span.parent else "" for span in self.named(name)}


async def test_t23_a_story_in_traces_names_nobody_and_nothing(tmp_path: Path) -> None:
    kept = Kept()
    async with open_world(tmp_path, tracing=Tracing(kept.tracer)) as world:
        await enrol_everybody(world)
        names = [await world.name_of(person) for person in PEOPLE["forms"]]
        await play(world)
        ids = [span.attributes["delivery"] for span in kept.named("deliver") if span.attributes]

    for canary in ("canary", "planted", "plaque", "biops", "forms", "words", *names, *accounts()):
        assert canary.casefold() not in kept.text, canary
    assert {span.name for span in kept.spans} == STEPS
    assert {key for span in kept.spans for key in span.attributes or ()} <= WORDS | NUMBERS | {
        "delivery",
        "error",
    }
    assert all(not span.events for span in kept.spans)
    assert len(ids) > len(set(ids)) > 0, "a delivery that is tried again is the same one"


async def play(world: World) -> None:
    world.words.faults.append(Later(1.0))
    await world.command("ada", "case")
    await world.submit("ada", CASE)
    await world.post("ada")
    await world.say("ravi", "help")
    await world.command("ada", "show 999")
    await world.wait(UNDO + 5)
    await world.wait(5)


def accounts() -> list[str]:
    return [f'"{person}' for people in PEOPLE.values() for person in people]


async def test_t23_nothing_that_leaves_stands_in_a_trace_with_who_acted(tmp_path: Path) -> None:
    kept = Kept()
    async with open_world(tmp_path, tracing=Tracing(kept.tracer)) as world:
        await enrol_everybody(world)
        await play(world)

    assert kept.parents("accept") == kept.parents("serve") == {""}
    assert kept.parents("handle") == {"accept"}
    assert kept.parents("claim") == {"serve"}
    assert kept.parents("deliver") == {"serve"}
    coming = {span.context.trace_id for span in kept.named("accept", "handle") if span.context}
    going = {span.context.trace_id for span in kept.named("serve", "claim", "deliver") if span.context}
    assert coming
    assert going
    assert coming.isdisjoint(going)


def test_t23_an_exception_leaves_its_class_only() -> None:
    kept = Kept()

    with pytest.raises(ValueError, match="Canary"), kept.tracer.span("handle"):
        raise ValueError("Jane Canary")

    [span] = kept.spans
    assert json.loads(span.to_json())["attributes"] == {"error": "ValueError"}
    assert "canary" not in kept.text


@pytest.mark.parametrize(
    "told",
    [
        {"person": "ada"},
        {"platform": "Jane Canary"},
        {"kind": "canary"},
        {"delivery": "Jane Canary"},
        {"count": "canary"},
    ],
)
def test_t23_what_is_not_declared_raises_in_tests_and_is_left_out_otherwise(told: dict[str, str]) -> None:
    with pytest.raises(Undeclared), Kept().tracer.span("handle", **told):
        pass

    kept = Kept(strict=False)
    with kept.tracer.span("handle", **told):
        kept.tracer.note(**told)
    with kept.tracer.span("Jane Canary"):
        pass

    assert [dict(span.attributes or {}) for span in kept.spans] == [{}]
    assert "canary" not in kept.text


async def test_traces_are_off_by_default_and_cost_nothing() -> None:
    tracing = tracing_of(TracingSettings())

    assert tracing.tracer is QUIET
    assert tracing.tracer.span("handle", kind="form") is tracing.tracer.span("accept")
    await tracing.close()


def test_without_the_extra_an_endpoint_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.bootstrap.spans", None)

    with pytest.raises(ConfigurationRefused) as caught:
        tracing_of(TracingSettings(endpoint="http://127.0.0.1:9/v1/traces"))

    assert (caught.value.key, "the extra `tracing`" in caught.value.sentence) == ("[tracing] endpoint", True)


async def test_an_endpoint_switches_them_on(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def export(_: object, spans: Sequence[ReadableSpan]) -> None:
        sent.extend(span.name for span in spans)

    monkeypatch.setattr("bot.bootstrap.spans.OTLPSpanExporter.export", export)
    tracing = tracing_of(TracingSettings(endpoint="http://127.0.0.1:9/v1/traces"))
    with tracing.tracer.span("accept", count=1):
        pass
    await tracing.close()

    assert sent == ["accept"]
