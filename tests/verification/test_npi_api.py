"""The credential by the registry's API: the same judgement as the imported file's, and silence is no pass."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.credentials import NameBars
from bot.domain.verification import Finding, HardKey, KeyKind, Outcome
from bot.verification.npi_api import NpiApi
from bot.verification.roster import RosterCheck
from tests.stories.register import CLINIC, NEMO, NORA, NURSE, OFF, invented_register, licence
from tests.verification.applicant import claims, found
from tests.verification.npi_registry import Registry, cardiologist, registry, taxonomy

SILENT = Finding(Outcome.UNAVAILABLE, "silent", keys=(HardKey(KeyKind.NPI, NEMO),))


@pytest.fixture
async def live() -> AsyncIterator[Registry]:
    async with registry() as one:
        yield one


async def asked(live: Registry, number: str = NEMO, name: str = "Nemo Vantongeren", **says: str) -> Finding:
    said = {"licence": licence(number), **says}
    return await found(live.check(), claims(name, number=number, **said))


@pytest.mark.parametrize(
    ("number", "licence_text", "name"),
    [
        (NEMO, licence(NEMO), "Nemo Vantongeren"),
        (NEMO, f"ma l{NEMO[-4:]}", "Nemo Vantongeren"),
        (NEMO, "", "Nemo Vantongeren"),
        (NEMO, "MA 1", "Nemo Vantongeren"),
        (NEMO, licence(NEMO), ""),
        (NEMO, licence(NEMO), "Olga Somebody"),
        (CLINIC, "", "Nemo Vantongeren"),
        (NORA, licence(NORA), "Nora Quillfeather"),
    ],
)
async def test_it_judges_as_the_imported_registry_does(
    live: Registry, number: str, licence_text: str, name: str
) -> None:
    """The same rows in both; that of Nora, whom this registry does not have, is taken out of the other."""
    register = invented_register()
    register.rows.pop(NORA)
    said = claims(name, number=number, licence=licence_text)
    imported = await found(RosterCheck(register, NameBars()), said)
    assert await found(live.check(), said) == imported


async def test_a_nurse_is_no_physician(live: Registry) -> None:
    finding = await asked(live, NURSE, "Nina Oxenholt")
    assert (finding.outcome, finding.reason) == (Outcome.FAIL, "no_physician")


async def test_only_the_number_is_sent(live: Registry) -> None:
    finding = await asked(live)
    assert finding.outcome is Outcome.PASS
    assert finding.specialty == "Cardiology"
    assert live.asked == [{"version": "2.1", "number": NEMO}]


async def test_a_deactivated_number_lets_nobody_in(live: Registry) -> None:
    live.results[NEMO] = cardiologist(status="D")
    assert (await asked(live)).reason == "deactivated"
    off = await asked(live, OFF)
    assert (off.outcome, off.reason) == (Outcome.FAIL, "deactivated")


async def test_a_deactivated_organisation_is_deactivated(live: Registry) -> None:
    live.results[CLINIC]["basic"]["status"] = "D"
    assert (await asked(live, CLINIC)).outcome is Outcome.FAIL


async def test_a_former_name_counts(live: Registry) -> None:
    former = {"type": "Former Name", "code": "1", "first_name": "NEMO", "last_name": "OLDERNAME"}
    live.results[NEMO]["other_names"] = [former]
    assert (await asked(live, name="Nemo Oldername")).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("basic", "reason"), [({"credential": None}, "taxonomy_only"), ({"credential": "--"}, "taxonomy_only")]
)
async def test_a_missing_degree_is_a_question(live: Registry, basic: dict[str, Any], reason: str) -> None:
    live.results[NEMO] = cardiologist(**basic)
    finding = await asked(live)
    assert (finding.outcome, finding.reason) == (Outcome.REVIEW, reason)


async def test_without_taxonomies_and_licences_nobody_passes(live: Registry) -> None:
    live.results[NEMO]["taxonomies"] = []
    assert (await asked(live)).outcome is Outcome.REVIEW
    live.results[NEMO]["taxonomies"] = [{"code": "207RC0000X", "primary": True}]
    finding = await asked(live)
    assert (finding.outcome, finding.reason) == (Outcome.REVIEW, "licence_missing")


def without(*path: str) -> dict[str, Any]:
    """Give Nemo's answer without the field at this path."""
    one = cardiologist()
    inner = one
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return {"result_count": 1, "results": [one]}


def of(one: object, count: int = 1) -> dict[str, Any]:
    return {"result_count": count, "results": [one] * count}


@pytest.mark.parametrize(
    "says",
    [
        301,
        403,
        404,
        429,
        500,
        503,
        b"<html>busy</html>",
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"result_count": 1, "results": [{}]}',
        b'{"pad": "' + b"x" * 300_000 + b'"}',
        b"\xff\xfe",
        {},
        {"results": []},
        {"result_count": 1, "results": []},
        {"result_count": 0},
        {"result_count": 1, "results": "none"},
        {"result_count": 1, "results": [None]},
        of(cardiologist(), 2),
        of(cardiologist(NORA)),
        of({**cardiologist(), "number": int(NEMO)}),
        of({**cardiologist(), "enumeration_type": "NPI-3"}),
        of({**cardiologist(), "basic": []}),
        of({**cardiologist(), "taxonomies": {}}),
        of({**cardiologist(), "taxonomies": [{"state": "MA"}]}),
        of({**cardiologist(), "taxonomies": [{**taxonomy("207RC0000X"), "license": 5}]}),
        of({**cardiologist(), "other_names": [7]}),
        of(cardiologist(status="")),
        of(cardiologist(first_name=["NEMO"])),
        *(without(name) for name in ("number", "enumeration_type", "basic", "taxonomies")),
        *(without("basic", name) for name in ("first_name", "last_name", "status")),
        {"Errors": []},
        {"Errors": "busy"},
        {"Errors": [{"description": "Something else.", "field": "number", "number": "10"}]},
    ],
    ids=lambda says: repr(says)[:60],
)
async def test_what_no_registry_says_is_never_a_pass(live: Registry, says: Any) -> None:
    live.says = says
    assert await asked(live) == SILENT
    assert len(live.asked) == 1, "nothing is followed, nothing is asked twice"


async def test_a_registry_that_does_not_answer_is_silent(live: Registry) -> None:
    live.says = "nothing"
    said = claims(number=NEMO, licence=licence(NEMO))
    assert await found(live.check(patience=0.05), said) == SILENT


async def test_a_registry_that_is_away_is_silent(live: Registry) -> None:
    away = NpiApi("http://127.0.0.1:1/api/", NameBars())
    assert await found(away, claims(number=NEMO)) == SILENT


@pytest.mark.parametrize("url", ["http://registry.example/api/", "ftp://registry.example", "registry", ""])
async def test_a_line_that_others_can_listen_to_is_not_used(url: str) -> None:
    assert await found(NpiApi(url, NameBars()), claims(number=NEMO)) == SILENT


async def test_a_number_that_cannot_exist_is_not_asked_for(live: Registry) -> None:
    started = await live.check().start(claims(number=f"{NEMO[:-1]}{(int(NEMO[-1]) + 1) % 10}"))
    assert "One digit" in started.refused
    assert live.asked == []
