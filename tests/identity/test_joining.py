"""Joining by verification: all of a member or nothing of them, whatever was taken meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.events import Account
from bot.domain.members import Member, MemberId, Role
from bot.domain.verification import HardKey, KeyKind
from bot.identity.accounts import Accounts
from bot.identity.joining import MOST_CHARACTERS, Admission, Admitted, EnrolmentRefused
from bot.identity.names import NamesExhausted, ScreenNames
from bot.identity.wall import Wall
from storage.content.store import ContentStore
from storage.vault.vault import VaultStore

ADA, BEN = Account("slack", "T0EXAMPLE", "U0ADA"), Account("matrix", "north.example", "@ben:north.example")
NPI = HardKey(KeyKind.NPI, "1234567893")
ADMISSION = Admission(
    member=MemberId("a" * 32),
    screen_name="Quiet Heron",
    real_name="Ada Example",
    specialty="Dermatology",
    role=Role.TRAINEE,
    keys=(NPI, HardKey(KeyKind.LICENCE, "MA L1")),
    by="checks",
)
OF_BEN = replace(ADMISSION, member=MemberId("b" * 32), screen_name="Amber Otter", keys=())


async def members(content: ContentStore) -> tuple[Member, ...]:
    async with content.work() as work:
        return await work.members.everybody()


async def test_an_admitted_applicant_is_a_member_as_the_application_said(
    wall: Wall, content: ContentStore
) -> None:
    assert await wall.joining.admit(ADA, ADMISSION) is Admitted.IN
    assert await members(content) == (Member(ADMISSION.member, "Quiet Heron", Role.TRAINEE, "Dermatology"),)
    found = await wall.accounts.of(ADA)
    assert found is not None
    assert (found.state, found.member, found.real_name, found.by, found.chosen) == (
        "active",
        ADMISSION.member,
        "Ada Example",
        "checks",
        "",
    )
    assert found.reference.startswith("E-")
    assert await wall.mailbox(ADMISSION.member) == ADA
    assert [await wall.hard_keys.owner(key) for key in ADMISSION.keys] == [ADMISSION.member] * 2
    (entry,) = await wall.audit.entries()
    assert (entry.what, entry.by, entry.reference) == ("enrolled", "checks", found.reference)


async def test_the_welcome_waits_for_a_new_member(wall: Wall, content: ContentStore) -> None:
    await wall.joining.admit(ADA, ADMISSION)
    claimed = await content.queue.claim(f"home:{ADMISSION.member}", wall.joining._clock.now())
    assert claimed is not None
    assert claimed.subject == "joining"
    assert "Quiet Heron" in repr(claimed.card)
    assert "Quiet Heron" not in repr(claimed.quiet)


async def test_an_account_that_is_in_stays_as_it_is(wall: Wall, content: ContentStore) -> None:
    await wall.joining.admit(ADA, ADMISSION)
    again = replace(ADMISSION, member=MemberId("c" * 32), screen_name="Brisk Wren", keys=())
    assert await wall.joining.admit(ADA, again) is Admitted.ALREADY
    assert [member.id for member in await members(content)] == [ADMISSION.member]
    assert await wall.mailbox(again.member) is None


async def test_of_a_number_that_is_taken_nothing_stays(wall: Wall, content: ContentStore) -> None:
    await wall.joining.admit(ADA, ADMISSION)
    free = HardKey(KeyKind.SUBJECT, "idp|ben")
    assert await wall.joining.admit(BEN, replace(OF_BEN, keys=(free, NPI))) is Admitted.KEY_TAKEN
    assert await wall.accounts.of(BEN) is None
    assert await wall.mailbox(OF_BEN.member) is None
    assert await wall.hard_keys.owner(free) is None
    assert len(await members(content)) == 1


async def test_of_a_name_that_is_taken_nothing_stays_and_another_name_leads_in(
    wall: Wall, content: ContentStore
) -> None:
    await wall.joining.admit(ADA, ADMISSION)
    subject = HardKey(KeyKind.SUBJECT, "idp|ben")
    wanted = replace(OF_BEN, screen_name="Quiet Heron", keys=(subject,))
    assert await wall.joining.admit(BEN, wanted) is Admitted.NAME_TAKEN
    assert await wall.accounts.of(BEN) is None
    assert await wall.mailbox(OF_BEN.member) is None
    assert await wall.hard_keys.owner(subject) is None
    assert await wall.joining.admit(BEN, replace(wanted, screen_name="Amber Otter")) is Admitted.IN
    assert len(await members(content)) == 2


async def test_an_admission_that_stopped_half_way_gets_its_chosen_name_at_the_next_start(
    wall: Wall, content: ContentStore, vault: VaultStore
) -> None:
    accounts: Accounts = wall.accounts
    index = accounts.index(ADA)
    fresh = replace(
        wall.joining._fresh("Ada Example", "Dermatology", Role.PHYSICIAN, "checks"), chosen="Quiet Heron"
    )
    await wall.joining._begin(index, ADA, fresh)
    assert await wall.who(ADA) is None
    assert await wall.joining.repair() == 1
    assert [member.screen_name for member in await members(content)] == ["Quiet Heron"]
    assert await wall.who(ADA) is not None
    assert await wall.joining.repair() == 0


async def test_whose_chosen_name_went_meanwhile_gets_another_at_the_next_start(
    wall: Wall, content: ContentStore
) -> None:
    await wall.joining.admit(BEN, replace(OF_BEN, screen_name="Quiet Heron"))
    fresh = replace(
        wall.joining._fresh("Ada Example", "Dermatology", Role.PHYSICIAN, "checks"), chosen="Quiet Heron"
    )
    await wall.joining._begin(wall.accounts.index(ADA), ADA, fresh)
    assert await wall.joining.repair() == 1
    assert len({member.screen_name for member in await members(content)}) == 2


async def test_free_names_are_as_many_as_asked_for_and_all_free(wall: Wall, content: ContentStore) -> None:
    names = await wall.joining.free_names(3)
    assert len(set(names)) == 3
    async with content.work() as work:
        assert [await work.members.is_free(name) for name in names] == [True] * 3


@pytest.mark.parametrize(
    ("name", "specialty", "sentence"),
    [
        ("", "Surgery", f"A name of 1 to {MOST_CHARACTERS} characters is needed."),
        ("Ada", "x" * (MOST_CHARACTERS + 1), f"A specialty of 1 to {MOST_CHARACTERS} characters is needed."),
        (
            "\U0001f469" * 120,
            "\U0001f469" * 120,
            "Name and specialty together are too long for the vault; shorten one of them.",
        ),
    ],
)
async def test_what_does_not_fit_is_told(wall: Wall, name: str, specialty: str, sentence: str) -> None:
    with pytest.raises(EnrolmentRefused) as refused:
        await wall.joining.enrol(ADA, name, specialty, Role.PHYSICIAN, by="shell")
    assert refused.value.sentence == sentence
    assert str(refused.value) == sentence


async def test_names_are_kept_without_the_blanks_around_them(wall: Wall, content: ContentStore) -> None:
    await wall.joining.enrol(ADA, " Ada Example ", " Surgery ", Role.PHYSICIAN, by="shell")
    found = await wall.accounts.of(ADA)
    assert found is not None
    assert (found.real_name, found.specialty, found.role, found.by) == (
        "Ada Example",
        "Surgery",
        "physician",
        "shell",
    )
    assert (await members(content))[0].specialty == "Surgery"


async def test_the_longest_name_and_specialty_fit(wall: Wall) -> None:
    enrolled = await wall.joining.enrol(
        ADA, "x" * MOST_CHARACTERS, "y" * MOST_CHARACTERS, Role.PHYSICIAN, by="shell"
    )
    assert not enrolled.already


async def test_where_no_name_is_free_it_is_said(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScreenNames, "generate", lambda _: "Quiet Heron")
    assert await wall.joining.free_names(1) == ("Quiet Heron",)
    with pytest.raises(NamesExhausted, match=r"^too few screen names are free$"):
        await wall.joining.free_names(2)
    await wall.joining.admit(ADA, ADMISSION)
    with pytest.raises(NamesExhausted, match=r"^every screen name that was drawn is taken$"):
        await wall.joining.enrol(BEN, "Ben Example", "Surgery", Role.PHYSICIAN, by="shell")


async def test_an_account_that_goes_while_it_is_looked_for_is_a_fault(wall: Wall) -> None:
    with pytest.raises(LookupError, match=r"^an account that was taken is gone again$"):
        await wall.joining._existing(b"nobody")


async def test_a_mailbox_can_move_to_another_account_and_leads_there(wall: Wall) -> None:
    await wall.joining.admit(ADA, ADMISSION)
    await wall.accounts.keep_mailbox(ADMISSION.member, BEN)
    assert await wall.mailbox(ADMISSION.member) == BEN
    assert await wall.mailbox(MemberId("f" * 32)) is None
