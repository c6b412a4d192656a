"""What a provider says: tokens, keys and addresses of others, of nobody, or of no shape at all."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from joserfc.jwk import OctKey

from bot.domain.verification import Finding, Outcome
from bot.ports.verification import Started
from bot.verification.sign_on import Client, ProviderSilent, SignOn
from tests.stories.clock import StoryClock
from tests.verification.applicant import claims
from tests.verification.mailroom import silence
from tests.verification.provider import BACK, CLIENT, KEY, NEMO, OTHER_KEY, SECRET, serving
from tests.verification.sign_on_house import House, failed


@pytest.fixture
async def house() -> AsyncIterator[House]:
    clock = StoryClock()
    async with serving(clock) as provider:
        yield House(provider, clock)


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

    assert started == Started(refused=started.refused, silent=True)
    assert "Try again" in started.refused
    assert house.cabinet.values == {}


@pytest.mark.parametrize(
    "place",
    ["https://a@evil.example/token", "https:///token", "http://evil.example/token", "ftp://127.0.0.1/"],
)
async def test_a_code_goes_to_no_address_that_no_provider_has(house: House, place: str) -> None:
    started = await house.begin()
    house.provider.about = {"token_endpoint": place}

    assert await house.back(started) == ""
    assert await house.type(started) == Finding(Outcome.UNAVAILABLE, "silent")


async def test_a_provider_elsewhere_leads_to_nothing_on_this_machine(house: House) -> None:
    sign_on = SignOn(Client("https://sso.st-anna.example", CLIENT, BACK), clock=house.clock)
    with pytest.raises(ProviderSilent):
        sign_on._safe("http://127.0.0.1/token")
    assert sign_on._safe("https://keys.st-anna.example/token").host == "keys.st-anna.example"


async def test_name_and_address_may_be_told_apart_from_the_token(house: House) -> None:
    house.provider.says = {"name": None, "email": None, "email_verified": None}
    house.provider.apart = dict(NEMO)
    started = await house.begin()
    finding = await house.type(started, await house.back(started))

    assert isinstance(finding, Finding)
    assert (finding.outcome, finding.name) == (Outcome.PASS, NEMO["name"])


@pytest.mark.parametrize(
    ("says", "apart", "reason"),
    [
        ({"email": None}, {**NEMO, "sub": "somebody else"}, "sign_on"),
        ({"email": None}, {**NEMO, "sub": None}, "sign_on"),
        ({"email": None}, {**NEMO, "email_verified": False}, "email_unverified"),
        ({"email": None, "email_verified": True}, {**NEMO, "email_verified": None}, "email_unverified"),
        ({"name": None, "email_verified": None}, NEMO, "email_unverified"),
        ({"email": None}, {**NEMO, "email": "nemo@elsewhere.example"}, "domain"),
    ],
    ids=repr,
)
async def test_what_is_told_apart_counts_no_more_than_the_token(
    house: House, says: dict[str, Any], apart: dict[str, Any], reason: str
) -> None:
    house.provider.says, house.provider.apart = says, dict(apart)
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started) == failed(reason)


@pytest.mark.parametrize(
    ("says", "name"),
    [
        ({"given_name": "Nemo", "family_name": "Vantongeren", "name": "Vantongeren, N., MD"}, NEMO["name"]),
        ({"given_name": "Nemo"}, NEMO["name"]),
        ({"name": f"  {'N' * 200} "}, "N" * 120),
        ({"name": 7}, ""),
    ],
    ids=repr,
)
async def test_a_name_is_taken_from_its_parts_where_there_are_parts(
    house: House, says: dict[str, Any], name: str
) -> None:
    house.provider.says = says
    started = await house.begin()
    finding = await house.type(started, await house.back(started))

    assert isinstance(finding, Finding)
    assert finding.name == name


async def test_a_secret_goes_into_the_form_where_the_provider_wants_it_there(house: House) -> None:
    house.provider.about = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    house.provider.secret_in_form = True
    assert await house.back(await house.begin())


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b'{"id_token": 7}',
        b'{"id_token": ""}',
        b'{"id_token": "a.b.c"}',
        b'{"id_token": "eyJhbGciOiJub25lIn0.e30."}',
        b'{"id_token": "e30.e30.e30"}',
        b'{"id_token": "W10.W10.W10"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b" " * 300_000 + b"{}",
    ],
    ids=lambda answer: repr(answer[:30]),
)
async def test_whatever_a_token_endpoint_says_nobody_comes_in(house: House, answer: bytes) -> None:
    house.provider.raw = {"token": answer}
    started = await house.begin()

    assert await house.back(started) == ""
    finding = await house.type(started, "12345678")
    assert finding in (failed("sign_on"), Finding(Outcome.UNAVAILABLE, "silent"))


@pytest.mark.parametrize(
    "keys",
    [
        b"{}",
        b'{"keys": 7}',
        b'{"keys": []}',
        b'{"keys": [7]}',
        b'{"keys": [{}]}',
        b'{"keys": [{"kty": "RSA"}]}',
        b'{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}',
        b'{"keys": [{"kty": "oct", "k": "AAAA", "kid": "one"}]}',
        b'{"keys": [{"kty": 7, "kid": []}]}',
        b'{"keys": {"a": "b"}}',
    ],
    ids=repr,
)
async def test_whatever_keys_a_provider_shows_nobody_comes_in(house: House, keys: bytes) -> None:
    house.provider.raw = {"keys": keys}
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started, "12345678") == failed("sign_on")


async def test_a_packed_answer_is_not_unpacked(house: House) -> None:
    house.provider.raw = {"token": gzip.compress(b"{}" + b" " * 10_000_000)}
    house.provider.packed = True
    started = await house.begin()

    assert await house.back(started) == ""
    assert await house.type(started) == Finding(Outcome.UNAVAILABLE, "silent")


@pytest.mark.parametrize("part", ["about", "token", "keys"])
async def test_nobody_follows_a_provider_elsewhere(house: House, part: str) -> None:
    started = await house.begin()
    house.provider.answers = {part: 302}

    assert await house.back(started) == ""
    assert await house.type(started) == Finding(Outcome.UNAVAILABLE, "silent")


async def test_trying_out_asks_for_all_but_a_token(house: House) -> None:
    def sign_on() -> SignOn:
        return SignOn(Client(house.provider.issuer, CLIENT, BACK, SECRET), clock=house.clock)

    await sign_on().try_out()
    house.provider.raw = {"keys": b'{"keys": [7]}'}
    with pytest.raises(ProviderSilent):
        await sign_on().try_out()
    house.provider.raw, house.provider.about = {}, {"token_endpoint": "http://st-anna.example/"}
    with pytest.raises(ProviderSilent):
        await sign_on().try_out()


async def test_a_silent_provider_begins_nothing(house: House) -> None:
    async with silence() as port:
        started = await house.check(f"http://127.0.0.1:{port}", patience=0.1).start(claims(""))
    nobody = await house.check(f"http://127.0.0.1:{port}").start(claims(""))

    assert "Try again" in started.refused
    assert nobody == started


async def test_keys_for_other_uses_do_not_stand_in_the_way(house: House) -> None:
    others = [{"kty": "OKP", "crv": "of tomorrow"}, {"kty": "RSA", "use": "enc", "n": "?"}, {"kty": "new"}]
    house.provider.raw = {"keys": json.dumps({"keys": [*others, KEY.as_dict(private=False)]}).encode()}
    assert await house.back(await house.begin())
