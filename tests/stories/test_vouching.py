"""Two colleagues vouch: the code that is handed on outside, what counts, and what nobody learns from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.cards import Card
from bot.chat.codec import card_to_bytes
from bot.chat.forms import Form
from bot.domain.members import Role
from bot.domain.verification import Stage
from bot.domain.vouches import A_DAY, LIVES, read
from bot.ports.adapter import Reply
from tests.stories.applying import moderator
from tests.stories.register import NEMO, licence
from tests.stories.vouching import (
    DAY,
    NOTED,
    UNKNOWN,
    application_of,
    asks_for_a_code,
    given,
    opened,
    vouches,
)
from tests.stories.world import World, enrol_everybody, open_world

BOTH = [("nemo", ("ada", "ben")), ("norma", ("ravi", "sana"))]
"""An applicant and two colleagues, on either kind of platform."""
MONTH_OVER = "You have vouched for three colleagues this month, and that is the limit."
DAY_OVER = "You typed five codes today, and that is the limit."
NONE_YET, ONE_YET = "Neither of the two colleagues has vouched", "One of the two colleagues has vouched"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as one:
        yield one


@pytest.mark.parametrize(("applicant", "colleagues"), BOTH)
async def test_two_colleagues_show_where_somebody_works(
    world: World, applicant: str, colleagues: tuple[str, str]
) -> None:
    code = await asks_for_a_code(world, applicant)
    assert NONE_YET in await world.command(applicant, "verify")

    meaning = await world.say(colleagues[0], f"vouch {code}")
    assert "This person works at my hospital" in meaning
    assert await given(world, applicant) == 0
    assert await world.press(colleagues[0], "I vouch") == NOTED
    assert ONE_YET in await world.command(applicant, "verify")
    assert await world.command(colleagues[1], f"vouch {code[:3]} {code[3:6]}-{code[6:]} yes") == NOTED

    told = world.home(applicant)[-1]
    quiet = "Your verification has moved"
    assert (quiet if applicant == "nemo" else "Two colleagues have vouched for you") in told
    assert (await application_of(world, applicant)).stage is Stage.CREDENTIAL
    await world.command(applicant, "verify")
    reply = world.site_of(applicant).answers[applicant][-1]
    assert "Your number" in (reply.title if isinstance(reply, Form) else card_to_bytes(reply).decode())


async def test_a_code_may_be_typed_into_the_form(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    assert await world.command("ada", "vouch") == "[form] Vouch for a colleague"
    assert "You say:" in await world.submit("ada", {"code": code})
    assert await world.press("ada", "I vouch") == NOTED
    norma = await asks_for_a_code(world, "norma")
    assert "The code that your colleague gave you" in await world.say("ravi", "vouch")
    assert "You say:" in await world.say("ravi", norma)
    assert await world.say("ravi", "1") == NOTED
    assert [await given(world, person) for person in ("nemo", "norma")] == [1, 1]


async def test_t21_with_vouching_alone_a_moderator_looks(world: World) -> None:
    """Colleagues prove no name, so public data that all agree lead to a moderator."""
    await moderator(world)
    code = await asks_for_a_code(world, "nemo")
    for colleague in ("ada", "ben"):
        await vouches(world, colleague, code)
    await world.command("nemo", "verify")
    told = await world.submit("nemo", {"number": NEMO, "licence": licence(NEMO), "name": "Nemo Vantongeren"})

    assert "A moderator will look" in told
    (waiting,) = await world.bot.review.queue()
    assert waiting.proved_name == ""
    seen = await world.command("mod", f"mod show {waiting.reference}")
    assert "vouch: pass, vouched" in seen
    assert await world.bot.wall.who(world.forms.account("nemo")) is None


def all_cards(world: World, person: str) -> str:
    site = world.site_of(person)
    shown: list[Reply] = [*site.answers[person], *(one.card for one in site.homes[person])]
    return "\n".join(card_to_bytes(one).decode() for one in shown if isinstance(one, Card))


@pytest.mark.parametrize(("applicant", "colleagues"), BOTH)
async def test_nobody_learns_who_anybody_is(
    world: World, applicant: str, colleagues: tuple[str, str]
) -> None:
    """Neither screen names nor accounts nor names reach the other one's chat, nor ids the content side."""
    before = {one: all_cards(world, one) for one in colleagues}
    code = await asks_for_a_code(world, applicant)
    for colleague in colleagues:
        await vouches(world, colleague, code)
    member = (await application_of(world, applicant)).member

    seen = all_cards(world, applicant)
    for colleague in colleagues:
        known = await world.bot.wall.who(world.site_of(colleague).account(colleague))
        assert known is not None
        for secret in (
            await world.name_of(colleague),
            colleague,
            known.member,
            f"{colleague.capitalize()} Planted",
        ):
            assert secret not in seen
        assert applicant not in all_cards(world, colleague).removeprefix(before[colleague])
        assert member not in all_cards(world, colleague)


async def test_one_colleague_counts_once(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    assert [await vouches(world, "ada", code) for _ in range(3)] == [NOTED] * 3
    assert await given(world, "nemo") == 1


async def test_t20_the_same_word_at_the_same_moment_counts_once(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    await asyncio.gather(*(world.forms.commands(one, f"vouch {code} yes") for one in ("ada",) * 4))
    await world.settle()
    assert await given(world, "nemo") == 1


async def test_t22_every_code_gets_the_same_answer(world: World) -> None:
    """A code that counts, one nobody has, one of another hospital's, one that is over, and one's own."""
    codes = {
        "counts": await asks_for_a_code(world, "nemo"),
        "elsewhere": await asks_for_a_code(world, "norma"),
    }
    codes["over"] = await asks_for_a_code(world, "nils")
    application = await application_of(world, "nils")
    late = replace(read(application.ref), until=world.clock.now().isoformat())
    await world.bot.proofing._applications.keep(replace(application, ref=late.written()))
    codes["unknown"] = UNKNOWN[0]

    meant: list[bytes] = []
    noted: list[bytes] = []
    for code in codes.values():
        for words, heard in ((f"vouch {code}", meant), (f"vouch {code} yes", noted)):
            await world.command("ada", words)
            spaced = f"{code[:3]} {code[3:6]} {code[6:]}"
            card = card_to_bytes(world.card("ada")).decode()
            heard.append(card.replace(code, "-").replace(spaced, "-").encode())
    assert len(set(meant)) == len(set(noted)) == 1
    assert [await given(world, one) for one in ("nemo", "norma", "nils")] == [1, 0, 0]


async def test_nobody_vouches_across_hospitals(world: World) -> None:
    code = await asks_for_a_code(world, "norma")
    assert await vouches(world, "ada", code) == NOTED
    assert await given(world, "norma") == 0


async def test_nobody_vouches_for_himself(world: World) -> None:
    """Somebody who asked for a code was enrolled by hand meanwhile."""
    code = await asks_for_a_code(world, "nemo")
    account = world.forms.account("nemo")
    await world.bot.wall.joining.enrol(account, "Nemo Planted", "Surgery", Role.PHYSICIAN, by="test")
    assert await vouches(world, "nemo", code) == NOTED
    assert await given(world, "nemo") == 0


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.MODERATOR])
async def test_only_physicians_vouch(world: World, role: Role) -> None:
    code = await asks_for_a_code(world, "nemo")
    account = world.forms.account("tess")
    await world.bot.wall.joining.enrol(account, "Tess Planted", "Surgery", role, by="test")
    for words in ("vouch", f"vouch {code}", f"vouch {code} yes"):
        assert await world.command("tess", words) == "Vouching is for physicians."
    assert await given(world, "nemo") == 0


async def test_a_stranger_does_not_vouch(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    assert "You need to be verified" in await world.command("nora", f"vouch {code} yes")
    assert await given(world, "nemo") == 0


async def test_the_fourth_vouch_of_a_month_is_refused(world: World) -> None:
    for person in ("nemo", "nils", "nora"):
        assert await vouches(world, "ada", await asks_for_a_code(world, person)) == NOTED
    code = await asks_for_a_code(world, "otto")
    assert MONTH_OVER in await world.command("ada", f"vouch {code}")
    assert MONTH_OVER in await world.command("ada", f"vouch {code} yes")
    assert await given(world, "otto") == 0
    assert await vouches(world, "ben", code) == NOTED

    world.clock.pass_(31 * DAY)
    await world.bot.vouches.tidy()
    code = await asks_for_a_code(world, "tilo")
    assert await vouches(world, "ada", code) == NOTED
    assert await given(world, "tilo") == 1


async def test_what_does_not_count_uses_up_no_vouch(world: World) -> None:
    for code in UNKNOWN[:3]:
        assert await vouches(world, "ada", code) == NOTED
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)
    assert await given(world, "nemo") == 1


async def test_t22_five_codes_a_day_are_the_limit(world: World) -> None:
    for code in UNKNOWN[:A_DAY]:
        assert await vouches(world, "ada", code) == NOTED
    code = await asks_for_a_code(world, "nemo")
    assert DAY_OVER in await world.command("ada", f"vouch {code}")
    assert DAY_OVER in await world.command("ada", f"vouch {code} yes")
    assert await given(world, "nemo") == 0
    world.clock.pass_(DAY)
    assert await vouches(world, "ada", code) == NOTED
    assert await given(world, "nemo") == 1


async def test_a_slip_in_a_code_is_told_at_once_and_uses_up_nothing(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    slip = code[:4] + str((int(code[4]) + 1) % 10) + code[5:]
    for typed in (slip, code[:8], f"{code}0", "12"):
        assert "A code has nine digits" in await world.command("ada", f"vouch {typed} yes")
    assert await vouches(world, "ada", code) == NOTED
    assert await given(world, "nemo") == 1


async def test_a_code_is_over_after_a_week(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)
    world.clock.pass_(LIVES.total_seconds())
    assert await vouches(world, "ben", code) == NOTED
    assert "another way" in await world.command("nemo", "verify")
    assert await asks_for_a_code(world, "nemo") != code


async def test_asking_again_gives_the_same_code_and_starting_anew_another(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)
    spaced = f"{code[:3]} {code[3:6]} {code[6:]}"
    told = await world.command("nemo", "verify vouch")
    assert ONE_YET in told
    assert spaced in told
    await world.press("nemo", "Start again")
    assert spaced not in await world.press("nemo", "Two colleagues")


async def test_a_stopped_application_takes_no_vouch_and_leaves_nothing(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    await world.press("nemo", "Stop")
    assert await vouches(world, "ada", code) == NOTED
    assert await world.bot.proofing.heard(world.forms.account("nemo")) is None


async def test_where_vouching_is_not_in_use_it_is_said(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        assert "Nobody needs a colleague's word here" in await world.command("ada", f"vouch {UNKNOWN[0]}")
