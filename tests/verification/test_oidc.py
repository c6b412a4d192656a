"""Single sign-on: whom the provider let in, and whom no token of its own, of others or of nobody lets in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from joserfc.jwk import OctKey

from bot.domain.verification import Finding, HardKey, KeyKind, Outcome
from bot.ports.verification import Started
from bot.verification.email import TRIES
from bot.verification.oidc import LIVES, Oidc
from bot.verification.sign_on import Client, SignOn
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.verification.applicant import DOMAINS, claims
from tests.verification.code_desk import keyed
from tests.verification.mailroom import silence
from tests.verification.provider import BACK, CLIENT, NEMO, OTHER_KEY, SECRET, Provider, serving


@dataclass
class House:
    """A check and its provider; `check` is made anew each time, as by a restart."""

    provider: Provider
    clock: StoryClock
    cabinet: MemoryCabinet = field(default_factory=MemoryCabinet)
    chance: StoryChance = field(default_factory=StoryChance)

    def check(self, issuer: str = "", patience: float = 8.0) -> Oidc:
        client = Client(issuer or self.provider.issuer, CLIENT, BACK, SECRET)
        sign_on = SignOn(client, clock=self.clock, patience=patience)
        return Oidc(sign_on, self.cabinet, DOMAINS, index=keyed, clock=self.clock, chance=self.chance)

    async def begin(self, site: str = "st-anna") -> Started:
        return await self.check().start(claims("", site))

    async def back(self, started: Started) -> str:
        """Sign on and come back; the code that the page shows."""
        return await self.check().returned(*self.provider.sign_on(started.url))

    async def type(self, started: Started, typed: str = "") -> Finding | None:
        return await self.check().poll(started.ref, typed)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    clock = StoryClock()
    async with serving(clock) as provider:
        yield House(provider, clock)


def failed(reason: str) -> Finding:
    return Finding(Outcome.FAIL, reason)


async def test_a_sign_on_shows_the_workplace_the_name_and_the_subject(house: House) -> None:
    started = await house.begin()
    assert await house.type(started) is None
    assert await house.type(started, "12345678") is None, "nobody has signed on yet"
    code = await house.back(started)

    assert len(code) == 8
    assert await house.type(started) is None
    finding = await house.type(started, code)
    assert finding is not None
    assert (finding.outcome, finding.reason, finding.name) == (Outcome.PASS, "signed_on", NEMO["name"])
    assert finding.keys == (HardKey(KeyKind.SUBJECT, f"{house.provider.issuer} {NEMO['sub']}"),)
    assert house.cabinet.values == {}
    assert await house.type(started, code) == failed("sign_on_expired"), "once"


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        ({"iss": "https://evil.example"}, "sign_on"),
        ({"iss": None}, "sign_on"),
        ({"aud": "another client"}, "sign_on"),
        ({"aud": None}, "sign_on"),
        ({"aud": [CLIENT, "another client"]}, "sign_on"),
        ({"aud": [CLIENT, "another client"], "azp": "another client"}, "sign_on"),
        ({"azp": "another client"}, "sign_on"),
        ({"nonce": "of another sign-on"}, "sign_on"),
        ({"nonce": None}, "sign_on"),
        ({"exp": 1}, "sign_on"),
        ({"exp": None}, "sign_on"),
        ({"iat": 4102444800}, "sign_on"),
        ({"sub": None}, "sign_on"),
        ({"sub": 7}, "sign_on"),
        ({"email_verified": False}, "email_unverified"),
        ({"email_verified": "true"}, "email_unverified"),
        ({"email_verified": None}, "email_unverified"),
        ({"email": None}, "email_unverified"),
        ({"email": "nemo@elsewhere.example"}, "domain"),
        ({"email": "nemo@sub.st-anna.example"}, "domain"),
    ],
    ids=repr,
)
async def test_a_token_that_says_something_else_lets_nobody_in(
    house: House, says: dict[str, Any], reason: str
) -> None:
    house.provider.says = says
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started, "12345678") == failed(reason)


@pytest.mark.parametrize("says", [{"aud": [CLIENT]}, {"aud": [CLIENT, "other"], "azp": CLIENT}], ids=repr)
async def test_a_token_for_us_may_say_so_in_several_ways(house: House, says: dict[str, Any]) -> None:
    house.provider.says = says
    assert await house.back(await house.begin())


async def test_a_token_signed_by_somebody_else_lets_nobody_in(house: House) -> None:
    house.provider.key = OTHER_KEY
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started) == failed("sign_on")


async def test_a_token_signed_with_a_shared_secret_lets_nobody_in(house: House) -> None:
    house.provider.key = OctKey.import_key("an invented shared secret of some length")
    house.provider.header = {"alg": "HS256", "kid": "one"}
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started) == failed("sign_on")


async def test_without_domains_of_the_site_a_verified_address_is_enough(house: House) -> None:
    house.provider.says = {"email": "nemo@elsewhere.example"}
    started = await house.begin("matrix")
    finding = await house.type(started, await house.back(started))
    assert finding is not None
    assert finding.outcome is Outcome.PASS


async def test_a_code_typed_five_times_wrong_ends_the_sign_on(house: House) -> None:
    started = await house.begin()
    code = await house.back(started)
    wrong = f"{(int(code) + 1) % 10**8:08d}"

    assert [await house.type(started, wrong) for _ in range(TRIES)] == [None] * (TRIES - 1) + [
        failed("code_wrong")
    ]
    assert await house.type(started, code) == failed("sign_on_expired")


async def test_a_sign_on_lives_ten_minutes(house: House) -> None:
    started, late = await house.begin(), await house.begin()
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
    assert finding is not None
    assert finding.outcome is Outcome.PASS


async def test_a_code_of_another_sign_on_cannot_be_slipped_in(house: House) -> None:
    """The proof key and the nonce tie a code to the sign-on that asked for it."""
    mine, others = await house.begin(), await house.begin()
    state, _ = house.provider.sign_on(mine.url)
    _, stolen = house.provider.sign_on(others.url)

    assert await house.check().returned(state, stolen) == ""
    assert await house.type(mine) == failed("sign_on")


async def test_the_page_of_one_sign_on_is_worth_nothing_for_another(house: House) -> None:
    mine, others = await house.begin(), await house.begin()
    code = await house.back(others)
    await house.back(mine)

    assert await house.type(mine, code) is None


async def test_a_provider_that_lets_nobody_in_is_told_so(house: House) -> None:
    started = await house.begin()
    state, _ = house.provider.sign_on(started.url)

    assert await house.check().returned(state, "") == ""
    assert await house.type(started) == failed("sign_on")


@pytest.mark.parametrize("part", ["about", "token", "keys"])
async def test_a_provider_with_a_fault_is_never_a_pass(house: House, part: str) -> None:
    started = await house.begin()
    house.provider.answers = {part: 503}

    assert await house.back(started) == ""
    assert await house.type(started, "12345678") == Finding(Outcome.UNAVAILABLE, "silent")


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://st-anna.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": 7},
        {"authorization_endpoint": None},
    ],
    ids=repr,
)
async def test_a_provider_that_is_not_itself_begins_nothing(house: House, about: dict[str, Any]) -> None:
    house.provider.about = about
    started = await house.begin()

    assert started == Started(refused=started.refused)
    assert "Try again" in started.refused
    assert house.cabinet.values == {}


async def test_a_silent_provider_begins_nothing(house: House) -> None:
    async with silence() as port:
        started = await house.check(f"http://127.0.0.1:{port}", patience=0.1).start(claims(""))
    nobody = await house.check(f"http://127.0.0.1:{port}").start(claims(""))

    assert "Try again" in started.refused
    assert nobody == started


async def test_what_is_kept_and_shown_tells_on_nobody(house: House) -> None:
    started = await house.begin()
    code = await house.back(started)
    shown = repr(started) + repr(await house.type(started, code)) + repr(house.check())

    for planted in (*map(str, NEMO.values()), code, SECRET):
        if planted != "True":
            assert planted not in shown
    assert SECRET not in repr(Client("", CLIENT, BACK, SECRET))
