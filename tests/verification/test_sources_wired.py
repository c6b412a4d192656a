"""The operator's lists decide which checks there are, and in which order they are tried."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.bootstrap.checks import Means, checks_of
from bot.config import MatrixSite, Settings
from bot.config.sections import NpiApi, Stripe, Verification
from bot.ports.verification import Check, Claims
from tests.matrix.fakes import MemoryCabinet
from tests.stories.clock import StoryChance, StoryClock
from tests.stories.register import NEMO, invented_register, licence
from tests.verification.applicant import NEMO_HERE, claims, found
from tests.verification.code_desk import keyed
from tests.verification.npi_registry import registry
from tests.verification.stripe_server import SECRET, serving

CITY = MatrixSite(
    name="city",
    homeserver="https://matrix.city.example",
    user="@curbside:city.example",
    password=SecretStr("an invented one"),
)


def wired(**sections: object) -> dict[str, Check]:
    settings = Settings.model_validate({"matrix": (CITY,), **sections})
    made = checks_of(
        settings,
        (),
        invented_register(),
        Means(lambda _name: MemoryCabinet(), keyed, StoryClock(), StoryChance()),
    )
    return {one.name: one for one in made}


def test_by_default_nobody_vouches_and_nothing_outside_is_asked() -> None:
    assert not {"vouch", "stripe", "npi_api"} & set(wired())


def test_what_is_listed_is_made_in_its_order() -> None:
    asked = Verification(workplace=("vouch", "workspace"), person=("stripe",), credential=("list", "npi_api"))
    made = wired(verification=asked, stripe=Stripe(secret_key=SecretStr(SECRET)))
    assert list(made) == ["vouch", "workspace", "stripe", "list", "npi_api"]


async def test_the_addresses_and_the_secret_of_the_settings_are_used() -> None:
    async with serving() as stripe, registry() as live:
        made = wired(
            verification=Verification(person=("stripe",), credential=("npi_api",)),
            stripe=Stripe(secret_key=SecretStr(SECRET), api_url=stripe.url),
            npi_api=NpiApi(url=live.url),
        )
        assert (await made["stripe"].start(Claims(NEMO_HERE, "city"))).refused == ""
        said = claims(number=NEMO, licence=licence(NEMO))
        assert (await found(made["npi_api"], said)).reason == "agrees"
    assert len(stripe.sessions) == len(live.asked) == 1


@pytest.mark.parametrize("word", ["stripe", "npi_api"])
def test_a_check_of_one_step_is_no_check_of_another(word: str) -> None:
    with pytest.raises(ValueError, match="workplace"):
        Verification.model_validate({"workplace": [word]})
