"""The workplace by e-mail: who gets a code, what a code is worth, and what is kept of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.chat.events import Account
from bot.domain.verification import Finding, Outcome
from bot.ports.verification import Claims, NotIt, Started
from bot.verification.email import CODES_A_DAY, LIVES, TRIES
from bot.verification.postman import MailServer, SmtpPostman
from tests.verification.applicant import NEMO_HERE
from tests.verification.code_desk import NEMO_MAIL, Desk
from tests.verification.mailroom import HERE, Tray, serving

NORA_HERE = Account("slack", "T01", "U0NORA")
RIGHT = Finding(Outcome.PASS, "code_agrees")
WRONG = Finding(Outcome.FAIL, "code_wrong")
EXPIRED = Finding(Outcome.FAIL, "code_expired")


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_code_of_the_mail_shows_the_workplace_once_and_no_name(desk: Desk) -> None:
    started = await desk.ask()

    assert await desk.type(started, "") is None
    assert await desk.type(started, "I have no mail yet") is None
    assert await desk.type(started, desk.pouch.code) == RIGHT
    assert await desk.type(started, desk.pouch.code) == EXPIRED


async def test_a_code_may_be_typed_as_people_write_numbers(desk: Desk) -> None:
    started = await desk.ask()
    code = desk.pouch.code

    assert await desk.type(started, f" {code[:4]}-{code[4:]} ") == RIGHT


async def test_the_mail_goes_through_a_real_server_and_names_nobody(desk: Desk) -> None:
    tray = Tray()
    async with serving(tray) as port:
        server = MailServer(HERE, port, "curbside@st-anna.example")
        check = desk.check(SmtpPostman(server, clock=desk.clock, chance=desk.chance))
        started = await check.start(Claims(NEMO_HERE, "st-anna", {"email": NEMO_MAIL}))
    (mail,) = tray.mails
    text = mail.get_content()
    code = next(word for word in text.replace(".", " ").split() if word.isdecimal())

    assert await check.poll(started.ref, code) == RIGHT
    assert len(code) == 8
    assert len(text) < 250
    whole = mail.as_string().replace(NEMO_MAIL, "").casefold()
    assert not any(word in whole for word in ("nemo", "vantongeren", "slack", "u0nemo", "patient", "consult"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "st-anna.example",
        "@st-anna.example",
        "nemo@evil.example",
        "nemo@st-anna.example.evil.example",
        "nemo@evil-st-anna.example",
        "nemo@sub.st-anna.example",
        "nemo@evil.example@st-anna.example",
        "nemo@evil.example, nora@st-anna.example",
        "Nemo <nemo@st-anna.example>",
        "nemo@st-anna.example\r\nBcc: x@evil.example",
        "nemo@st-anna.example\n",
        ".nemo@st-anna.example",
        "ne..mo@st-anna.example",
        '"nemo evil"@st-anna.example',
        "nemo%evil.example@st-anna.example",
        "némo@st-anna.example",
        "nemo@st-anna.exampl\u0435",
        f"{'n' * 250}@st-anna.example",
    ],
)
async def test_only_one_whole_address_of_the_hospital_is_written_to(desk: Desk, address: str) -> None:
    started = await desk.ask(address)

    assert bool(started.refused) is (address.strip() != "nemo@st-anna.example")
    assert [to for to, _, _ in desk.pouch.mails] == ([] if started.refused else ["nemo@st-anna.example"])


@pytest.mark.parametrize("address", ["NEMO@ST-ANNA.EXAMPLE", "n.o'hara+x@kids.st-anna.example"])
async def test_an_address_is_taken_as_it_is_written(desk: Desk, address: str) -> None:
    await desk.ask(address)

    assert desk.pouch.mails[0][0] == address


@pytest.mark.parametrize("site", ["open", "nowhere"])
async def test_a_site_without_domains_takes_no_address(desk: Desk, site: str) -> None:
    started = await desk.ask(site=site)

    assert started == Started(refused=started.refused)
    assert started.refused
    assert desk.pouch.mails == []


async def test_a_code_typed_five_times_wrong_is_gone(desk: Desk) -> None:
    started = await desk.ask()
    answers = [await desk.type(started, desk.wrong_code) for _ in range(TRIES)]

    assert answers == [NotIt(left) for left in range(TRIES - 1, 0, -1)] + [WRONG]
    assert await desk.type(started, desk.pouch.code) == EXPIRED


async def test_the_fifth_try_may_be_the_right_one(desk: Desk) -> None:
    started = await desk.ask()
    for _ in range(TRIES - 1):
        assert isinstance(await desk.type(started, desk.wrong_code), NotIt)

    assert await desk.type(started, desk.pouch.code) == RIGHT


async def test_t22_tries_at_the_same_moment_are_counted_one_by_one(desk: Desk) -> None:
    started = await desk.ask()
    check = desk.check()
    answers = await asyncio.gather(*(check.poll(started.ref, desk.wrong_code) for _ in range(20)))

    ends = [answer for answer in answers if not isinstance(answer, NotIt)]
    assert ends == [WRONG] + [EXPIRED] * (20 - TRIES)


@pytest.mark.parametrize(("seconds", "finding"), [(-1, RIGHT), (0, EXPIRED), (1, EXPIRED)])
async def test_a_code_lives_ten_minutes(desk: Desk, seconds: int, finding: Finding) -> None:
    started = await desk.ask()
    desk.clock.pass_(LIVES.total_seconds() + seconds)

    assert await desk.type(started, desk.pouch.code) == finding


async def test_an_expired_code_is_told_before_anything_is_typed(desk: Desk) -> None:
    started = await desk.ask()
    desk.clock.pass_(LIVES.total_seconds())

    assert await desk.type(started, "") == EXPIRED


@pytest.mark.parametrize("typed", ["1234567", "123456789", "1"])
async def test_what_has_not_eight_digits_costs_no_try(desk: Desk, typed: str) -> None:
    started = await desk.ask()

    assert [await desk.type(started, typed) for _ in range(TRIES + 1)] == [NotIt(TRIES)] * (TRIES + 1)
    assert await desk.type(started, desk.pouch.code) == RIGHT


async def test_after_a_day_nothing_of_an_account_is_left(desk: Desk) -> None:
    await desk.ask()
    desk.clock.pass_(timedelta(hours=23).total_seconds())
    await desk.ask("nora@st-anna.example", NORA_HERE)
    await desk.check().tidy()
    assert len(desk.cabinet.values) == 3, "two accounts, and the list of them"

    desk.clock.pass_(timedelta(hours=1).total_seconds())
    await desk.check().tidy()
    assert len(desk.cabinet.values) == 2
    desk.clock.pass_(timedelta(hours=23).total_seconds())
    await desk.check().tidy()
    assert desk.cabinet.values == {}


async def test_a_code_that_is_forgotten_does_not_count_but_is_counted(desk: Desk) -> None:
    earlier, _, started = [await desk.ask() for _ in range(CODES_A_DAY)]
    await desk.check().forget(earlier.ref)
    assert isinstance(await desk.type(started, desk.wrong_code), NotIt), "of an earlier one nothing was left"
    await desk.check().forget(started.ref)

    assert await desk.type(started, desk.pouch.code) == EXPIRED
    assert "tomorrow" in (await desk.ask()).refused


def test_only_sites_with_domains_are_served(desk: Desk) -> None:
    assert [desk.check().serves(site) for site in ("st-anna", "open", "nowhere")] == [True, False, False]


async def test_a_new_code_takes_the_place_of_the_old_one(desk: Desk) -> None:
    first = await desk.ask()
    code = desk.pouch.code
    second = await desk.ask()

    assert await desk.type(first, code) == EXPIRED
    assert await desk.type(second, code) == NotIt(TRIES - 1)
    assert await desk.type(second, desk.pouch.code) == RIGHT


async def test_a_fourth_code_within_a_day_is_refused_whatever_became_of_the_others(desk: Desk) -> None:
    for hour in range(CODES_A_DAY):
        started = await desk.ask(f"nemo{hour}@st-anna.example")
        assert await desk.type(started, desk.pouch.code) == RIGHT
        desk.clock.pass_(3600)
    refused = await desk.ask()

    assert "tomorrow" in refused.refused
    assert refused.ref == ""
    assert len(desk.pouch.mails) == CODES_A_DAY
    assert (await desk.ask(account=NORA_HERE)).refused == "", "another account has its own three"
    desk.clock.pass_(timedelta(hours=21).total_seconds())
    assert (await desk.ask()).refused == ""
    assert (await desk.ask()).refused, "only the first of the three is a day old"


async def test_a_fourth_request_leaves_the_third_code_as_it_is(desk: Desk) -> None:
    started = [await desk.ask() for _ in range(CODES_A_DAY)]
    assert (await desk.ask()).refused

    assert await desk.type(started[-1], desk.pouch.code) == RIGHT


async def test_what_could_not_be_sent_counts_for_nothing(desk: Desk) -> None:
    before = await desk.ask()
    desk.pouch.fault = True
    for _ in range(CODES_A_DAY + 1):
        started = await desk.ask()
        assert started == Started(
            refused="The mail could not be sent right now. Try again in a while.", silent=True
        )
    desk.pouch.fault = False

    assert await desk.type(before, desk.pouch.code) == RIGHT
    assert (await desk.ask()).refused == ""


async def test_t22_known_and_unknown_addresses_get_the_same_sentence(desk: Desk) -> None:
    tray = Tray(unknown=("nobody@st-anna.example",))
    async with serving(tray) as port:
        server = MailServer(HERE, port, "curbside@st-anna.example")
        check = desk.check(SmtpPostman(server, clock=desk.clock, chance=desk.chance))
        answers = [
            await check.start(Claims(NEMO_HERE, "st-anna", {"email": address}))
            for address in (NEMO_MAIL, "nobody@st-anna.example")
        ]

    assert len(tray.mails) == 1
    assert answers[0].asks == answers[1].asks != ""
    assert answers[0].refused == answers[1].refused == ""
    assert len(answers[0].ref) == len(answers[1].ref)
    assert await check.poll(answers[1].ref, "12345678") == NotIt(TRIES - 1)


async def test_nothing_that_is_kept_holds_the_code_the_address_or_the_account(desk: Desk) -> None:
    started = await desk.ask()
    kept = started.ref + "".join(f"{name} {value!r}" for name, value in desk.cabinet.values.items())

    assert desk.cabinet.values
    for planted in (desk.pouch.code, NEMO_MAIL, "vantongeren", "U0NEMO"):
        assert planted not in kept


async def test_a_code_of_one_account_is_worth_nothing_for_another(desk: Desk) -> None:
    await desk.ask()
    code = desk.pouch.code
    others = await desk.ask("nora@st-anna.example", NORA_HERE)

    assert await desk.type(others, code) == NotIt(TRIES - 1)
