"""The name by an identity document: what a session comes to, and what is asked of Stripe."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.chat.events import Account
from bot.domain.verification import Finding, Outcome
from bot.ports.verification import Started
from bot.verification.stripe_identity import LIVES, SESSIONS_A_DAY
from tests.verification.applicant import NEMO_HERE, claims
from tests.verification.stripe_server import PAGE, SECRET, SESSION, Office, serving

VERIFIED = Finding(Outcome.PASS, "identity_verified", name="NEMO VANTONGEREN")
SILENT = Finding(Outcome.UNAVAILABLE, "silent")


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with serving() as stripe:
        yield Office(stripe)


async def begun(office: Office) -> Started:
    started = await office.check().start(claims(""))
    assert started.refused == ""
    return started


async def test_a_verified_session_proves_the_name_of_the_document(office: Office) -> None:
    started = await begun(office)
    assert started.url.startswith(PAGE)
    assert await office.check().poll(started.ref) is None
    office.stripe.verify()
    assert await office.check().poll(started.ref) == VERIFIED


async def test_a_session_that_is_being_looked_at_has_no_answer_yet(office: Office) -> None:
    started = await begun(office)
    office.stripe.last.update(status="processing", url=None)
    assert await office.check().poll(started.ref) is None
    told = await office.check().again(started.ref)
    assert "takes a minute or two" in told.asks
    assert told.url == ""


async def test_the_link_is_a_fresh_one_each_time_and_kept_nowhere(office: Office) -> None:
    started = await begun(office)
    told = [await office.check().again(started.ref) for _ in range(2)]
    assert len({started.url, *(one.url for one in told)}) == 3
    assert all("I wait for your document" in one.asks for one in told)
    assert PAGE not in started.ref
    assert not any(PAGE.encode() in value for value in office.cabinet.values.values())


async def test_a_document_that_could_not_be_read_may_be_shown_again(office: Office) -> None:
    started = await begun(office)
    office.stripe.reject("document_unverified_other")
    assert await office.check().poll(started.ref) is None
    told = await office.check().again(started.ref)
    assert "show it once more" in told.asks
    assert told.url.startswith(PAGE)
    office.stripe.verify()
    assert await office.check().poll(started.ref) == VERIFIED


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("consent_declined", "identity_declined"),
        ("under_supported_age", "identity_unsupported"),
        ("country_not_supported", "identity_unsupported"),
    ],
)
async def test_what_another_try_does_not_mend_fails(office: Office, code: str, reason: str) -> None:
    started = await begun(office)
    office.stripe.reject(code)
    assert await office.check().poll(started.ref) == Finding(Outcome.FAIL, reason)


async def test_a_canceled_session_fails(office: Office) -> None:
    started = await begun(office)
    office.stripe.last["status"] = "canceled"
    assert await office.check().poll(started.ref) == Finding(Outcome.FAIL, "identity_canceled")


@pytest.mark.parametrize(("seconds", "finding"), [(-1, None), (0, Finding(Outcome.FAIL, "identity_expired"))])
async def test_a_session_lives_a_day(office: Office, seconds: int, finding: Finding | None) -> None:
    started = await begun(office)
    office.clock.pass_(LIVES.total_seconds() + seconds)
    assert await office.check().poll(started.ref) == finding


async def test_t21_a_session_of_the_test_mode_proves_nothing(office: Office) -> None:
    office.stripe.live = False
    started = await begun(office)
    office.stripe.verify()
    assert await office.check().poll(started.ref) == Finding(Outcome.REVIEW, "identity_test_mode")


@pytest.mark.parametrize(
    "outputs", [None, {}, {"first_name": "NEMO", "last_name": None}, {"last_name": "X"}, []]
)
async def test_a_verified_session_without_a_whole_name_is_no_pass(office: Office, outputs: Any) -> None:
    started = await begun(office)
    office.stripe.verify()
    office.stripe.last["verified_outputs"] = outputs
    assert await office.check().poll(started.ref) == Finding(Outcome.REVIEW, "identity_no_name")


NO_SESSIONS = [
    301,
    400,
    401,
    404,
    429,
    500,
    503,
    b"<html>",
    b"",
    b"[]",
    b'{"pad": "' + b"x" * 300_000 + b'"}',
    {},
    {**SESSION, "object": "charge"},
    {**SESSION, "id": "vs_1/../../accounts"},
    {**SESSION, "id": 7},
    {**SESSION, "status": "approved"},
    {**SESSION, "livemode": "true"},
    {**SESSION, "url": "http://listening.example/start"},
]


@pytest.mark.parametrize("says", NO_SESSIONS, ids=lambda says: repr(says)[:60])
async def test_what_is_no_session_is_never_a_pass(office: Office, says: Any) -> None:
    started = await begun(office)
    office.stripe.says = says
    assert await office.check().poll(started.ref) == SILENT
    told = await office.check().again(started.ref)
    assert "does not answer right now" in told.asks
    refused = await office.check().start(claims("", "st-anna"))
    assert refused == Started(
        refused="The check of documents does not answer right now. Try again in a while."
    )


async def test_the_answer_about_another_session_is_none(office: Office) -> None:
    started = await begun(office)
    office.stripe.says = {**SESSION, "id": "vs_another"}
    assert await office.check().poll(started.ref) == SILENT


async def test_a_wrong_secret_is_silence(office: Office) -> None:
    other = Office(office.stripe, secret="another invented key")
    assert "does not answer right now" in (await other.check().start(claims(""))).refused


async def test_a_slow_answer_is_silence(office: Office) -> None:
    started = await begun(office)
    office.stripe.loses_answers = True
    assert await office.check(patience=0.05).poll(started.ref) == SILENT


async def test_a_lost_answer_costs_no_second_session(office: Office) -> None:
    office.stripe.loses_answers = True
    assert (await office.check(patience=0.05).start(claims(""))).refused
    assert len(office.stripe.sessions) == 1
    office.stripe.loses_answers = False
    started = await begun(office)
    assert len(office.stripe.sessions) == 1
    office.stripe.verify()
    assert await office.check().poll(started.ref) == VERIFIED


async def test_after_a_refusal_another_key_is_used(office: Office) -> None:
    """Stripe answers a key that it refused with the same refusal for a day."""
    office.stripe.says = 500
    assert (await office.check().start(claims(""))).refused
    office.stripe.says = None
    await begun(office)
    assert len(office.stripe.by_key) == 1


async def test_three_sessions_a_day_are_the_limit_for_one_account(office: Office) -> None:
    for _ in range(SESSIONS_A_DAY):
        await begun(office)
    assert "that is the limit" in (await office.check().start(claims(""))).refused
    other = claims("")
    nora = type(other)(Account("slack", "T01", "U0NORA"), other.site, other.values)
    assert (await office.check().start(nora)).refused == ""
    office.clock.pass_(LIVES.total_seconds())
    await begun(office)


async def test_starts_at_the_same_moment_make_a_session_each_and_keep_count(office: Office) -> None:
    check = office.check()
    started = await asyncio.gather(*(check.start(claims("")) for _ in range(5)))
    assert sum(not one.refused for one in started) == SESSIONS_A_DAY


async def test_nothing_of_the_applicant_is_sent_or_kept(office: Office) -> None:
    started = await office.check().start(claims("Nemo Vantongeren", number="1", licence="MA 1"))
    office.stripe.verify()
    kept = started.ref + repr(office.cabinet.values) + repr(office.check()) + repr(started)
    for planted in (NEMO_HERE.user, "Vantongeren", "VANTONGEREN", SECRET, "_secret"):
        assert planted not in kept
    await office.check().poll(started.ref)
    assert office.cabinet.values == {}
