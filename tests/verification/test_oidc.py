"""Single sign-on: whom the provider let in, and whom no token of its own, of others or of nobody lets in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.verification import Finding, HardKey, KeyKind, Outcome
from bot.ports.verification import NotIt
from bot.verification.email import TRIES
from bot.verification.oidc import LIVES
from bot.verification.sign_on import Client
from tests.stories.clock import StoryClock
from tests.verification.provider import BACK, CLIENT, NEMO, SECRET, serving
from tests.verification.sign_on_house import NORA_HERE, House, failed


@pytest.fixture
async def house() -> AsyncIterator[House]:
    clock = StoryClock()
    async with serving(clock) as provider:
        yield House(provider, clock)


async def test_a_sign_on_shows_the_workplace_the_name_and_the_subject(house: House) -> None:
    started = await house.begin()
    assert await house.type(started) is None
    assert await house.type(started, "12345678") is None, "nobody has signed on yet"
    code = await house.back(started)

    assert len(code) == 8
    assert await house.type(started) is None
    finding = await house.type(started, code)
    assert isinstance(finding, Finding)
    assert (finding.outcome, finding.reason, finding.name) == (Outcome.PASS, "signed_on", NEMO["name"])
    assert finding.keys == (HardKey(KeyKind.SUBJECT, f"{house.provider.issuer} {NEMO['sub']}"),)
    assert house.cabinet.values == {}
    assert await house.type(started, code) == failed("sign_on_expired"), "once"


async def test_without_domains_of_the_site_a_verified_address_is_enough(house: House) -> None:
    house.provider.says = {"email": "nemo@elsewhere.example"}
    started = await house.begin("matrix")
    finding = await house.type(started, await house.back(started))
    assert isinstance(finding, Finding)
    assert finding.outcome is Outcome.PASS


async def test_a_code_typed_five_times_wrong_ends_the_sign_on(house: House) -> None:
    started = await house.begin()
    code = await house.back(started)
    wrong = f"{(int(code) + 1) % 10**8:08d}"

    answers = [await house.type(started, wrong) for _ in range(TRIES)]
    assert answers == [NotIt(left) for left in range(TRIES - 1, 0, -1)] + [failed("code_wrong")]
    assert await house.type(started, code) == failed("sign_on_expired")


async def test_a_sign_on_lives_ten_minutes(house: House) -> None:
    started, late = await house.begin(), await house.begin(account=NORA_HERE)
    code = await house.back(started)
    house.clock.pass_(LIVES.total_seconds())

    assert await house.type(started, code) == failed("sign_on_expired")
    assert await house.back(late) == ""


async def test_the_way_back_counts_once_and_only_with_its_own_state(house: House) -> None:
    started = await house.begin()
    state, code = house.provider.sign_on(started.url)
    check = house.check()

    assert await check.returned("0" * 32, code) == ""
    shown = await check.returned(state, code)
    assert shown
    assert await check.returned(state, code) == ""
    assert await check.returned(*house.provider.sign_on(started.url)) == "", "not with a fresh code either"
    finding = await house.type(started, shown)
    assert isinstance(finding, Finding)
    assert finding.outcome is Outcome.PASS


async def test_a_code_of_another_sign_on_cannot_be_slipped_in(house: House) -> None:
    """The proof key and the nonce tie a code to the sign-on that asked for it."""
    mine, others = await house.begin(), await house.begin(account=NORA_HERE)
    state, _ = house.provider.sign_on(mine.url)
    _, stolen = house.provider.sign_on(others.url)

    assert await house.check().returned(state, stolen) == ""
    assert await house.type(mine) == failed("sign_on")


async def test_the_page_of_one_sign_on_is_worth_nothing_for_another(house: House) -> None:
    mine, others = await house.begin(), await house.begin(account=NORA_HERE)
    code = await house.back(others)
    await house.back(mine)

    assert await house.type(mine, code) == NotIt(TRIES - 1)


async def test_a_provider_that_lets_nobody_in_is_told_so(house: House) -> None:
    started = await house.begin()
    state, _ = house.provider.sign_on(started.url)

    assert await house.check().returned(state, "") == ""
    assert await house.type(started) == failed("sign_on")


async def test_an_account_has_one_sign_on_and_a_new_one_ends_it(house: House) -> None:
    first = await house.begin()
    second = await house.begin()

    assert await house.back(first) == ""
    assert await house.type(first, "12345678") == failed("sign_on_expired")
    assert isinstance(await house.type(second, await house.back(second)), Finding)


async def test_a_sign_on_that_is_ended_on_its_way_back_does_not_end_the_new_one(house: House) -> None:
    first = await house.begin()
    state, code = house.provider.sign_on(first.url)
    held = asyncio.Event()
    house.provider.holds = held
    coming_back = asyncio.create_task(house.check().returned(state, code))
    await house.provider.asked.wait()
    second = await house.begin()
    held.set()
    await coming_back

    assert await house.type(first, "12345678") == failed("sign_on_expired")
    finding = await house.type(second, await house.back(second))
    assert isinstance(finding, Finding)
    assert finding.outcome is Outcome.PASS


async def test_sign_ons_that_nobody_finished_are_tidied(house: House) -> None:
    await house.begin()
    await house.check().tidy()
    assert house.cabinet.values
    house.clock.pass_(LIVES.total_seconds())
    await house.check().tidy()
    assert house.cabinet.values == {}


async def test_what_is_kept_and_shown_tells_on_nobody(house: House) -> None:
    started = await house.begin()
    code = await house.back(started)
    shown = repr(started) + repr(await house.type(started, code)) + repr(house.check())

    for planted in (*map(str, NEMO.values()), code, SECRET):
        if planted != "True":
            assert planted not in shown
    assert SECRET not in repr(Client("", CLIENT, BACK, SECRET))


async def test_a_sign_on_that_is_forgotten_leaves_nothing(house: House) -> None:
    started = await house.begin()
    await house.back(started)
    await house.check().forget(started.ref)

    assert house.cabinet.values == {}
    assert await house.type(started, "12345678") == failed("sign_on_expired")
