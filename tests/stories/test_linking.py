"""One person with several accounts: one member, one screen name, one home chat for notices."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.members import MemberId, Role
from tests.stories.applying import NAMED, asked
from tests.stories.linked import code_of, link
from tests.stories.register import NEMO, licence
from tests.stories.world import World, bytes_below, enrol_everybody, open_world

FORMS_FIRST = ("ada", "norma")
WORDS_FIRST = ("ravi", "nemo")
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


@pytest.mark.parametrize(("member", "stranger"), [FORMS_FIRST, WORDS_FIRST])
@pytest.mark.parametrize("shown_by", ["member", "stranger"])
async def test_two_accounts_become_one_member(
    world: World, member: str, stranger: str, shown_by: str
) -> None:
    before = await world.name_of(member)
    shows, types = (member, stranger) if shown_by == "member" else (stranger, member)

    assert "Both accounts are one member now" in await link(world, shows, types)

    assert await world.name_of(stranger) == await world.name_of(member) == before
    assert stranger in world.site_of(stranger).admitted
    told = " ".join(world.home(stranger))
    assert ("your other one" in told) is world.site_of(stranger).capabilities.private_home
    assert f"Others see you as {before}" in await world.command(stranger, "me")
    known = [await world.bot.wall.who(world.site_of(one).account(one)) for one in (member, stranger)]
    assert known[0] == known[1]


async def test_a_case_of_the_one_account_is_the_others_own(world: World) -> None:
    await link(world, "ada", "norma")
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    await world.post("ada")
    await world.wait(90)

    assert "your own case" in await world.say("norma", "opinion 101 1) psoriasis")
    assert "#101" in await world.say("norma", "mine")
    assert "closed" in await world.say("norma", "close 101")


async def test_a_code_is_good_once_and_for_ten_minutes(world: World) -> None:
    late = await code_of(world, "ada")
    await world.wait(11 * MINUTE)
    told_late = await world.say("norma", f"link {late}")
    fresh = await code_of(world, "ada")
    assert "Are both accounts yours?" in await world.say("norma", f"link {fresh}")
    used = await world.command("nemo", f"link {fresh}")
    unknown = await world.command("nils", "link 0000 0000")
    own = await world.command("ada", f"link {fresh}")

    assert "leads nowhere" in told_late
    assert used == unknown == own == told_late


async def test_t_22_every_code_that_leads_nowhere_has_one_answer_down_to_the_byte(world: World) -> None:
    """A code of a member, a stranger's, one that is no code, and one after too many tries."""
    members, strangers = await code_of(world, "ada"), await code_of(world, "nemo")
    await world.wait(11 * MINUTE)
    for words in (members, strangers, "12345678", "1234", "my account"):
        await world.command("nils", f"link {words}")
    answers = world.forms.answers["nils"][-5:]
    assert len({repr(one) for one in answers}) == 1

    right = await code_of(world, "ada")
    assert "that is the limit" in await world.command("nils", f"link {right}")
    assert world.forms.answers["nils"][-1] == await _answer(world, "nils", "link 99999999")
    await world.wait(DAY)
    fresh = await code_of(world, "ada")
    assert "Are both accounts yours?" in await world.command("nils", f"link {fresh}")


async def _answer(world: World, person: str, text: str) -> object:
    await world.command(person, text)
    return world.site_of(person).answers[person][-1]


async def test_three_codes_a_day_are_the_limit(world: World) -> None:
    for _ in range(3):
        await code_of(world, "ada")
    assert "Three codes" in await world.command("ada", "link")
    await world.wait(DAY)
    await code_of(world, "ada")


async def test_either_side_can_say_no(world: World) -> None:
    code = await code_of(world, "ada")
    await world.say("norma", f"link {code}")
    assert "Stopped" in await world.press("norma", "Stop")
    assert "nothing to agree to" in await world.command("ada", "link yes")

    code = await code_of(world, "ada")
    await world.say("norma", f"link {code}")
    await world.press("norma", "Both are mine")
    assert "Stopped" in await world.press("ada", "Stop")
    assert "nothing to agree to" in await world.say("norma", "link yes")
    assert await world.bot.wall.who(world.words.account("norma")) is None


async def test_one_yes_is_not_enough_and_waits_an_hour_at_most(world: World) -> None:
    code = await code_of(world, "ada")
    await world.say("norma", f"link {code}")
    assert "your other account's turn" in await world.command("ada", "link yes")
    await world.press("norma", "Both are mine")
    assert "your other account's turn" in await world.say("norma", "link yes")
    assert await world.bot.wall.who(world.words.account("norma")) is None
    await world.wait(HOUR + 1)
    assert "nothing to agree to" in await world.command("ada", "link yes")


async def test_a_form_takes_the_code_too(world: World) -> None:
    code = await code_of(world, "ravi")
    await world.command("nemo", "link code")
    assert "Are both accounts yours?" in await world.submit("nemo", {"code": code})

    code = await code_of(world, "ada")
    await world.say("norma", "link code")
    assert "Are both accounts yours?" in await world.say("norma", code)


async def test_a_code_that_is_pasted_without_its_word_finds_its_way(world: World) -> None:
    code = await code_of(world, "ada")
    for person in ("norma", "ravi"):
        assert "No check waits for a code" in await world.say(person, code)
    assert "Are both accounts yours?" in await world.say("norma", "1")


async def test_two_strangers_are_told_to_verify_first(world: World) -> None:
    code = await code_of(world, "nemo")
    assert "Neither account is a member yet" in await world.say("norma", f"link {code}")


async def test_two_members_stay_two(world: World) -> None:
    names = [await world.name_of(person) for person in ("ada", "ravi")]
    code = await code_of(world, "ada")
    told = await world.say("ravi", f"link {code}")
    assert "I cannot make one of two" in told
    assert [await world.name_of(person) for person in ("ada", "ravi")] == names


async def test_notices_go_to_the_one_home_chat_and_answers_to_the_chat_that_asks(world: World) -> None:
    await link(world, "ada", "norma")
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    await world.post("ada")
    await world.wait(90)
    before = len(world.home("norma"))

    await world.command("ben", "opinion 101 1) psoriasis")
    await world.wait(90)
    assert "Something new in #101" in world.home("ada")[-1]
    assert len(world.home("norma")) == before

    assert "Notices go to the chat of another one" in await world.say("norma", "me")
    assert "Notices come to this chat now" in await world.press("norma", "Notices to this chat")
    await world.command("cleo", "opinion 101 1) tinea")
    await world.wait(90)
    assert "tinea" in world.home("norma")[-1]
    assert "tinea" not in " ".join(world.home("ada"))
    assert "Notices come to this chat" in await world.say("norma", "me")
    assert "#101" in await world.command("ada", "mine")


async def test_two_accounts_of_one_member_act_one_after_the_other(world: World) -> None:
    await link(world, "ada", "norma")
    await world.command("ben", "case")
    await world.submit("ben", {"story": "A plaque.", "question": "Biopsy?"})
    await world.post("ben")
    await world.wait(90)
    await asyncio.gather(
        world.forms.commands("ada", "opinion 101 1) psoriasis"),
        world.words.says("norma", "opinion 101 1) tinea"),
    )
    await world.settle()
    assert not any("broke" in world.answer(person) for person in ("ada", "norma"))
    await world.wait(90)
    await world.command("ben", "reveal 101")
    assert sum("101" in words for words in world.room(world.forms)) >= 1
    assert len({words for words in world.room(world.forms) if "psoriasis" in words or "tinea" in words}) == 1


async def test_an_account_is_taken_off_by_its_owner_from_another_one(world: World) -> None:
    await link(world, "ada", "norma")
    await world.say("norma", "me home")
    listed = await world.command("ada", "unlink")
    assert "Number 1: a Memory account, this one" in listed
    assert "Number 2: a Memory account, notices go there" in listed

    assert "Notices will come here" in await world.press("ada", "Take off number 2")
    assert "Number 2 is taken off" in await world.press("ada", "Take it off")

    assert await world.bot.wall.who(world.words.account("norma")) is None
    assert "belongs to no member now" in world.home("norma")[-1]
    assert await world.bot.wall.mailbox(await _member(world, "ada")) == world.forms.account("ada")
    assert "You need to be verified" in await world.say("norma", "mine")
    assert "one account here" in await world.command("ada", "unlink")


async def test_the_account_that_asks_cannot_take_itself_off(world: World) -> None:
    await link(world, "ada", "norma")
    assert "the account you are writing from" in await world.command("ada", "unlink 1")
    assert "the account you are writing from" in await world.command("ada", "unlink 1 yes")
    assert "one account here" in await world.command("ben", "unlink 2 yes")
    assert await world.name_of("norma") == await world.name_of("ada")
    assert "You need to be verified" in await world.command("nemo", "unlink")


async def test_an_account_that_was_taken_off_can_come_again(world: World) -> None:
    await link(world, "ada", "norma")
    await world.command("ada", "unlink 2 yes")
    world.words.admitted.clear()
    await link(world, "norma", "ada")
    assert await world.name_of("norma") == await world.name_of("ada")
    assert "norma" in world.words.admitted


async def test_three_accounts_are_one_member_and_the_home_chat_hears_of_each(world: World) -> None:
    await link(world, "ada", "norma")
    await link(world, "norma", "nemo")
    assert "Something about your membership has changed" in world.home("ada")[-1]
    assert "Number 3" in await world.press("ada", "Look")
    assert len({await world.name_of(person) for person in ("ada", "norma", "nemo")}) == 1
    await world.command("ada", "unlink 3 yes")
    assert await world.bot.wall.who(world.forms.account("nemo")) is None
    assert await world.name_of("norma") == await world.name_of("ada")


async def test_an_applicant_whose_number_is_the_members_is_shown_both_ways_on(world: World) -> None:
    world.forms.profiles["nemo"] = world.words.profiles["norma"] = NAMED
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
    await world.press("nemo", world.card("nemo").buttons[0].label)

    told = await asked(world, "norma", NEMO, licence_text=licence(NEMO))
    assert "A member has that number already" in told
    assert [button.label for button in world.card("norma").buttons] == [
        "I have a code",
        "My old account is gone",
        "Stop",
    ]
    await link(world, "nemo", "norma")
    assert await world.name_of("norma") == await world.name_of("nemo")
    assert await world.bot.proofing.heard(world.words.account("norma")) is None


async def test_linked_accounts_survive_a_restart_and_stand_nowhere_in_clear(tmp_path: Path) -> None:
    async with open_world(tmp_path) as first:
        await enrol_everybody(first)
        code = await code_of(first, "ada")
        await first.say("norma", f"link {code}")
        await first.press("norma", "Both are mine")
    async with open_world(tmp_path, life=2) as second:
        assert "Are both accounts yours?" in await second.command("ada", "link")
        await second.press("ada", "Both are mine")
        name = await second.name_of("norma")
        on_disk = bytes_below(tmp_path)
    assert name
    for planted in (code, code.replace(" ", ""), '"norma"'):
        assert planted.encode() not in on_disk
        assert planted.encode() not in bytes_below(tmp_path)


async def test_codes_and_addresses_of_strangers_are_forgotten(world: World) -> None:
    await link(world, "ada", "norma")
    await world.command("ada", "unlink 2 yes")
    await code_of(world, "nemo")
    norma = world.words.account("norma")
    accounts = world.bot.wall.accounts
    courier = accounts.courier(accounts.index(norma))
    assert await accounts.mailbox(courier) == norma

    world.clock.pass_(3 * DAY)
    await world.settle()
    await world.bot.linking.tidy()

    assert await accounts.mailbox(courier) is None
    assert await world.bot.linking._codes._vault.links() == []


async def _member(world: World, person: str) -> MemberId:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.member


async def test_a_trainee_keeps_the_role_in_every_account(world: World) -> None:
    account = world.forms.account("tina")
    await world.bot.wall.joining.enrol(account, "Tina Planted", "Surgery", Role.TRAINEE, by="test")
    await link(world, "tina", "norma")
    assert "trainee" in await world.say("norma", "me")
