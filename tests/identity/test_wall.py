"""The wall: accounts become members and back, and stopping half-way anywhere leaves nothing half done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from bot.chat.events import Account
from bot.domain.members import Member, MemberId, Role
from bot.identity.joining import Enrolled, EnrolmentRefused
from bot.identity.names import NamesExhausted
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.adapter import Part
from bot.ports.sealing import SealBroken
from storage.content.store import ContentStore
from storage.vault.vault import VaultStore
from tests.storage.handed_in import SeededChance, StillClock

ADA = Account("slack", "T0EXAMPLE", "U0ADA")
BEN = Account("matrix", "north.example", "@ben:north.example")


async def enrol(wall: Wall, account: Account = ADA, name: str = "Ada Example") -> Enrolled:
    return await wall.joining.enrol(account, name, "Dermatology", Role.PHYSICIAN, by="shell")


async def member_of(wall: Wall, account: Account = ADA) -> MemberId:
    known = await wall.who(account)
    assert known is not None
    return known.member


async def everybody(content: ContentStore) -> tuple[Member, ...]:
    async with content.work() as work:
        return await work.members.everybody()


async def test_a_stranger_is_nobody(wall: Wall) -> None:
    assert await wall.who(ADA) is None
    assert await wall.mailbox(MemberId("f" * 32)) is None


async def test_an_enrolled_account_leads_to_its_member_and_back(wall: Wall, content: ContentStore) -> None:
    await enrol(wall)
    await enrol(wall, BEN, "Ben Example")
    ada, ben = await member_of(wall), await member_of(wall, BEN)
    assert ada != ben
    assert (await wall.mailbox(ada), await wall.mailbox(ben)) == (ADA, BEN)
    members = {member.id: member for member in await everybody(content)}
    assert (members[ada].role, members[ada].specialty) == (Role.PHYSICIAN, "Dermatology")
    assert len(members[ada].screen_name.split()) == 2


async def test_accounts_differ_in_every_part(wall: Wall) -> None:
    await enrol(wall)
    for other in (
        Account("matrix", ADA.realm, ADA.user),
        Account(ADA.platform, "T0OTHER", ADA.user),
        Account(ADA.platform, ADA.realm, "U0OTHER"),
        Account(ADA.platform, ADA.realm + ADA.user, ""),
        Account(ADA.platform, "", ADA.realm + ADA.user),
    ):
        assert await wall.who(other) is None


async def test_enrolling_twice_changes_nothing(wall: Wall, content: ContentStore) -> None:
    first = await enrol(wall)
    before = await everybody(content)
    second = await wall.joining.enrol(ADA, "Somebody Else", "Surgery", Role.MODERATOR, by="shell")
    assert (first.already, second.already) == (False, True)
    assert first.reference == second.reference
    assert await everybody(content) == before
    assert len(await wall.audit.entries()) == 1


async def test_of_many_enrolments_at_once_one_counts(wall: Wall, content: ContentStore) -> None:
    enrolled = await asyncio.gather(*(enrol(wall) for _ in range(16)))
    assert sorted(one.already for one in enrolled) == [False] + [True] * 15
    assert len({one.reference for one in enrolled}) == 1
    assert len(await everybody(content)) == 1


async def test_two_processes_enrol_one_account_once(
    wall: Wall, vault: VaultStore, content: ContentStore, sealer: AesSealer, clock: StillClock
) -> None:
    shell = Wall(vault, content, sealer, chance=SeededChance(99), clock=clock)
    enrolled = await asyncio.gather(*(enrol(one) for one in (wall, shell) * 4))
    assert len({one.reference for one in enrolled}) == 1
    assert len(await everybody(content)) == 1
    assert await wall.mailbox(await member_of(shell)) == ADA
    assert (await wall.audit.verify()).problem == ""


async def test_the_reference_says_nothing(wall: Wall, content: ContentStore) -> None:
    reference = (await enrol(wall)).reference
    (member,) = await everybody(content)
    assert member.screen_name not in reference
    assert member.id[:8].upper() not in reference


@pytest.mark.parametrize(
    ("name", "specialty"),
    [
        ("", "Dermatology"),
        ("  ", "Dermatology"),
        ("Ada", " "),
        ("x" * 121, "y"),
        ("x", "y" * 121),
        ("\U0001f469" * 120, "\U0001f469" * 120),
    ],
)
async def test_a_name_that_does_not_fit_is_refused(wall: Wall, name: str, specialty: str) -> None:
    with pytest.raises(EnrolmentRefused):
        await wall.joining.enrol(ADA, name, specialty, Role.PHYSICIAN, by="shell")
    assert await wall.who(ADA) is None


async def test_a_taken_screen_name_is_drawn_again(
    vault: VaultStore, content: ContentStore, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> None:
    names = Drawn(["Quiet Heron", "quiet her0n", "Quiet Heron", "Loud Heron"])
    wall = Wall(vault, content, sealer, chance=chance, clock=clock, names=names)  # type: ignore[arg-type]
    await enrol(wall)
    await enrol(wall, BEN)
    assert {member.screen_name for member in await everybody(content)} == {"Quiet Heron", "Loud Heron"}


async def test_when_all_names_are_taken_nothing_is_half_done(
    vault: VaultStore, content: ContentStore, sealer: AesSealer, clock: StillClock, chance: SeededChance
) -> None:
    names = Drawn(["Quiet Heron"] * 2000)
    wall = Wall(vault, content, sealer, chance=chance, clock=clock, names=names)  # type: ignore[arg-type]
    await enrol(wall)
    with pytest.raises(NamesExhausted):
        await enrol(wall, BEN)
    assert await wall.who(BEN) is None
    assert (await enrol(Wall(vault, content, sealer, chance=chance, clock=clock), ADA)).already is not False
    assert (await enrol(Wall(vault, content, sealer, chance=chance, clock=clock), BEN)).already
    assert await wall.who(BEN) is not None


class Drawn:
    """Screen names in a fixed order."""

    def __init__(self, names: list[str]) -> None:
        self._names: Iterator[str] = iter(names)

    def generate(self) -> str:
        return next(self._names)


class Died(Exception):
    """The process stops here."""


def die_in(thing: Any, name: str, *, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one call stop the process, before or after it did its work."""
    real: Callable[..., Any] = getattr(thing, name)

    async def call(*args: Any, **kwargs: Any) -> Any:
        if after:
            await real(*args, **kwargs)
        raise Died

    monkeypatch.setattr(thing, name, call)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["add_account", "append_audit", "keep_secret", "replace_account"])
async def test_t_41_an_enrolment_that_stopped_anywhere_is_finished(
    wall: Wall,
    vault: VaultStore,
    content: ContentStore,
    sealer: AesSealer,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
) -> None:
    with monkeypatch.context() as dying:
        die_in(vault, step, after=after, monkeypatch=dying)
        with pytest.raises(Died):
            await enrol(wall)
    again = Wall(vault, content, sealer, chance=SeededChance(5), clock=clock)
    begun = (step, after) != ("add_account", False)
    assert await again.joining.repair() == int(begun and (step, after) != ("replace_account", True))
    assert await again.joining.repair() == 0
    assert (await again.who(ADA) is not None) is begun
    assert (await enrol(again)).already is begun
    assert len(await everybody(content)) == 1
    assert await again.mailbox(await member_of(again)) == ADA
    assert (await again.audit.verify()).problem == ""


async def test_a_half_enrolled_account_is_still_a_stranger(
    wall: Wall, vault: VaultStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        die_in(vault, "replace_account", after=False, monkeypatch=dying)
        with pytest.raises(Died):
            await enrol(wall)
    assert await wall.who(ADA) is None


async def test_a_new_member_is_told_once(wall: Wall, content: ContentStore, clock: StillClock) -> None:
    await enrol(wall)
    await enrol(wall)
    destination = f"home:{await member_of(wall)}"
    told = await content.queue.claim(destination, clock.now())
    assert told is not None
    (member,) = await everybody(content)
    assert member.screen_name in repr(told.card)
    assert member.screen_name not in repr(told.quiet)
    await content.queue.sent(told)
    assert await content.queue.claim(destination, clock.now()) is None


async def test_home_messages_are_found_by_member_and_by_message(wall: Wall) -> None:
    await enrol(wall)
    ada = await member_of(wall)
    for number in range(3):
        await wall.home.keep_part(ada, ADA, "case:1#d1", Part("message", f"ts{number}"))
    await wall.home.keep_part(ada, ADA, "case:1#d1", Part("message", "ts1"))
    await wall.home.keep_part(ada, ADA, "case:2#d2", Part("file", "F1"))
    assert await wall.home.parts(ada, "case:1#d1") == tuple(Part("message", f"ts{n}") for n in range(3))
    assert await wall.home.parts(ada, "case:2#d2") == (Part("file", "F1"),)
    assert await wall.home.parts(ada, "case:3") == ()
    assert await wall.home.subject(ADA, "ts2") == "case:1#d1"
    assert await wall.home.subject(ADA, "ts9") == ""
    assert await wall.home.subject(BEN, "ts2") == ""


async def test_long_remotes_and_subjects_fit(wall: Wall) -> None:
    remote, subject = "!" + "r" * 900, "case:" + "c" * 600
    await enrol(wall)
    await wall.home.keep_part(await member_of(wall), ADA, subject, Part("message", remote))
    assert await wall.home.subject(ADA, remote) == subject


async def test_a_home_message_of_somebody_who_has_no_mailbox_is_not_kept(wall: Wall) -> None:
    await wall.home.keep_part(MemberId("a" * 32), ADA, "case:1", Part("message", "ts1"))
    assert await wall.home.subject(ADA, "ts1") == ""


@pytest.mark.parametrize("column", ["message", "subject"])
async def test_t_04_a_home_message_moved_to_another_place_is_not_served(
    wall: Wall, vault: VaultStore, column: str
) -> None:
    await enrol(wall)
    ada = await member_of(wall)
    await wall.home.keep_part(ada, ADA, "case:1", Part("message", "ts1"))
    await wall.home.keep_part(ada, ADA, "case:2", Part("message", "ts2"))
    async with vault._database.transaction() as connection:
        blobs = (await connection.execute(text("SELECT message, sealed FROM home_postings"))).all()
        for (message, _), (_, sealed) in zip(blobs, reversed(blobs), strict=True):
            await connection.execute(
                text("UPDATE home_postings SET sealed = :sealed WHERE message = :message"),
                {"sealed": sealed, "message": message},
            )
    with pytest.raises(SealBroken):
        await (wall.home.subject(ADA, "ts1") if column == "message" else wall.home.parts(ada, "case:1"))


async def test_t_04_swapped_accounts_and_mailboxes_are_not_served(wall: Wall, vault: VaultStore) -> None:
    await enrol(wall)
    await enrol(wall, BEN)
    ada = await member_of(wall)
    async with vault._database.transaction() as connection:
        for table, key in (("accounts", '"index"'), ("mailboxes", "route")):
            rows = (await connection.execute(text(f"SELECT {key}, sealed FROM {table}"))).all()  # noqa: S608
            for (place, _), (_, sealed) in zip(rows, reversed(rows), strict=True):
                swap = text(f"UPDATE {table} SET sealed = :sealed WHERE {key} = :place")  # noqa: S608
                await connection.execute(swap, {"sealed": sealed, "place": place})
    with pytest.raises(SealBroken):
        await wall.who(ADA)
    with pytest.raises(SealBroken):
        await wall.mailbox(ada)


async def test_a_voter_has_another_name_in_every_urn(wall: Wall) -> None:
    await enrol(wall)
    await enrol(wall, BEN)
    ada, ben = await wall.who(ADA), await wall.who(BEN)
    assert ada is not None
    assert ben is not None
    assert len(ada.person) == 32
    assert wall.voter(ada.person, b"k" * 32, "p1") == wall.voter(ada.person, b"k" * 32, "p1")
    names = {
        wall.voter(ada.person, b"k" * 32, "p1"),
        wall.voter(ben.person, b"k" * 32, "p1"),
        wall.voter(ada.person, b"k" * 32, "p2"),
        wall.voter(ada.person, b"j" * 32, "p1"),
    }
    assert len(names) == 4


async def test_nothing_of_identity_shows_in_a_repr(wall: Wall) -> None:
    await enrol(wall)
    known = await wall.who(ADA)
    assert known is not None
    assert known.person.hex() not in repr(known)
    assert repr(known.person) not in repr(known)
    assert "ADA" not in repr(await wall.mailbox(known.member))


async def test_talk_is_kept_under_a_hash_of_the_account(wall: Wall) -> None:
    assert wall.talk_key(ADA) == wall.talk_key(Account(ADA.platform, ADA.realm, ADA.user))
    assert wall.talk_key(ADA) != wall.talk_key(BEN)
    assert "ADA" not in wall.talk_key(ADA)


async def test_cabinets_keep_sealed_secrets_apart(wall: Wall, vault: VaultStore) -> None:
    slack, matrix = wall.cabinet("slack:north"), wall.cabinet("matrix:north")
    await slack.put("token", b"first")
    await slack.put("token", b"second")
    await matrix.put("token", b"other")
    assert await slack.get("token") == b"second"
    assert await wall.cabinet("slack:north").get("token") == b"second"
    await slack.drop("token")
    await slack.drop("token")
    assert await slack.get("token") is None
    assert await matrix.get("token") == b"other"
    await matrix.put("keys", bytes(range(256)) * 50)
    assert await matrix.get("keys") == bytes(range(256)) * 50


async def test_a_prefix_and_a_name_cannot_be_shifted_into_each_other(wall: Wall) -> None:
    await wall.cabinet("slack").put("north|token", b"secret")
    assert await wall.cabinet("slack|north").get("token") is None
