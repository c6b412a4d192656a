"""One message for a great many: decided with one commit, spread in pieces, changed in the middle of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from bot.chat.cards import Card, note
from bot.domain.members import ID_BYTES, MemberId, listed, unlisted
from bot.domain.standing import Cause, Standing, Stop
from bot.identity.sealing import AesSealer
from bot.ports.backlog import Waiting
from bot.ports.outbox import Telling, What
from bot.ports.sealing import SealBroken
from storage.content.spreading import Spreader
from storage.content.store import ContentStore, open_content
from storage.content.tables import outbox
from storage.content.telling_tables import listed_members, tellings
from storage.content.work import ContentWork
from tests import server
from tests.storage.handed_in import ROOMS, START, SeededChance, StillClock, disk
from tests.storage.test_crashes import Crash
from tests.storage.test_outbox import after, claim, deliver, tell

EVERYBODY = tuple(sorted(MemberId(SeededChance(number).id()) for number in range(250)))
FIRST, LAST = EVERYBODY[0], EVERYBODY[-1]
"""One of those who are told with the commit that decides, and one of those who are on the list."""
SUBJECT = "drawn:1"
STOPPED = Standing((Stop(Cause.MODERATORS, "Words.", None, "one", "two", ""),))


@pytest.fixture
def crash(content: ContentStore, tmp_path: Path, sealer: AesSealer) -> Crash:
    return Crash(tmp_path / "var", tmp_path / "copies", sealer)


def telling(
    members: Sequence[MemberId] = EVERYBODY, *, words: str = "Come", key: str = "k", subject: str = SUBJECT
) -> Telling:
    card = Card(words, title="planted-in-many-cards")
    return Telling(listed(members), card, note("planted-quiet"), key, after(10), within=5.0, subject=subject)


async def tell_all(content: ContentStore, one: Telling) -> None:
    async with content.work() as work:
        await work.outbox.tell_all(one)


async def told(content: ContentStore) -> Counter[str]:
    """Count for each member what waits for them in the outbox."""
    async with content._database.reading() as connection:
        found = await connection.execute(select(outbox.c.member).where(outbox.c.ended == 0))
        return Counter(found.scalars().all())


async def lists(content: ContentStore) -> tuple[int, int]:
    """Count the tellings that have a list, and who is on it."""
    async with content._database.reading() as connection:
        cards = (await connection.execute(select(tellings.c.id))).all()
        rows = (await connection.execute(select(listed_members.c.members))).scalars().all()
    return len(cards), sum(len(unlisted(row)) for row in rows)


def in_pieces_of(content: ContentStore, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content.spreading._size = size
    monkeypatch.setattr(Spreader, "_learn", lambda *_: None)


@asynccontextmanager
async def before_a_piece(content: ContentStore, *, ready: bool) -> AsyncIterator[ContentWork]:
    """Change something before all is spread; ``ready``: a piece is made already, and waits for its turn."""
    async with content.work() as work:
        spreading = asyncio.create_task(content.spreading.spread()) if ready else None
        while ready and not content._database._line.waiting:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        yield work
    await (spreading or content.spreading.spread())


def test_ids_are_written_in_their_order_and_nothing_else_is() -> None:
    assert unlisted(listed(reversed(EVERYBODY))) == list(EVERYBODY)
    assert len(listed(EVERYBODY)) == ID_BYTES * len(EVERYBODY)
    for wrong in ("ab", "nobody"):
        with pytest.raises(ValueError, match=r"."):
            listed([MemberId(wrong)])


async def test_a_few_are_told_with_the_commit_that_decides(content: ContentStore) -> None:
    await tell_all(content, telling(EVERYBODY[:100]))
    assert await told(content) == Counter(EVERYBODY[:100])
    assert await lists(content) == (0, 0)


async def test_of_many_everybody_is_told_once_at_a_moment_of_their_own(
    content: ContentStore, tmp_path: Path
) -> None:
    woken: list[int] = []
    content.listed.append(lambda: woken.append(1))
    await tell_all(content, telling())
    assert woken == [1]
    assert await lists(content) == (1, 150)
    assert await content.queue.depth() == {"waiting": 250, "claimed": 0, "quarantined": 0}
    assert b"planted" not in disk(tmp_path)
    await tell_all(content, telling(words="The same key again"))
    await content.spreading.spread()
    assert await told(content) == Counter(EVERYBODY)
    assert await lists(content) == (0, 0)
    assert b"planted" not in disk(tmp_path)
    heads = await content.queue.heads()
    assert len(heads) == 250
    assert after(10) <= min(heads.values()) < max(heads.values()) < after(15)
    assert len(set(heads.values())) > 200
    said = await claim(content, f"home:{LAST}", 20)
    assert (said.what, said.card, said.quiet) == (What.POST, telling().card, note("planted-quiet"))
    assert (said.subject, said.member, said.but, said.damaged) == (SUBJECT, LAST, None, False)


async def test_ids_and_keys_look_like_those_of_any_delivery(content: ContentStore) -> None:
    await tell_all(content, telling())
    await content.spreading.spread()
    async with content._database.reading() as connection:
        columns = [column for column in outbox.c if column.key not in ("row", "payload")]
        rows = (await connection.execute(select(*columns).order_by(outbox.c.row))).mappings().all()
    assert len({row["id"] for row in rows}) == 250
    assert {len(bytes.fromhex(row["id"])) for row in rows} == {16}
    assert len({row["id"][8:] for row in rows}) == 250
    apart = ("id", "key", "destination", "member", "release_at", "position", "due_at")
    assert len({tuple(value for name, value in row.items() if name not in apart) for row in rows}) == 1
    for row in rows:
        assert row["key"] == f"tell:{row['member']}:k"
        assert row["destination"] == f"home:{row['member']}"
        assert row["release_at"] == row["position"] == row["due_at"]


async def test_what_is_put_is_told_piece_by_piece(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Mapping[str, datetime] | None] = []
    woken: list[int] = []
    content.outgoing.append(heard.append)
    content.changed.append(lambda: woken.append(len(heard)))
    in_pieces_of(content, 60, monkeypatch)
    await tell_all(content, telling())
    await content.spreading.spread()
    # At the end everything is looked at.
    assert [put and len(put) for put in heard] == [100, 60, 60, None]
    assert len(set().union(*(put for put in heard if put))) == 220
    assert woken == [0, 3]


async def test_others_write_between_two_pieces(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_pieces_of(content, 10, monkeypatch)
    await tell_all(content, telling())
    seen: list[int] = []
    async with before_a_piece(content, ready=True):
        other = asyncio.create_task(tell_all(content, telling(EVERYBODY[:1], key="other", subject="")))
        other.add_done_callback(lambda _: seen.append(1))
        content.outgoing.append(lambda put: seen.append(len(put or {})))
        while content._database._line.waiting < 2:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
    await other
    assert seen.index(1) < len(seen) / 2


@pytest.mark.parametrize("pieces", range(6))
async def test_a_crash_loses_nobody_and_tells_nobody_twice(
    content: ContentStore, crash: Crash, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    in_pieces_of(content, 40, monkeypatch)
    async with content.work() as work:
        await work.outbox.tell_all(telling())
        async with crash.reopened() as died:
            await died.spreading.spread()
            assert await told(died) == Counter()
    for _ in range(pieces):
        piece = await content.spreading._next(0)
        if piece is not None:
            await content.spreading._spread_some(piece)
    async with crash.reopened() as died:
        assert sum((await told(died)).values()) == min(100 + 40 * pieces, 250)
        await died.spreading.spread()
        assert await told(died) == Counter(EVERYBODY)
        assert await lists(died) == (0, 0)


async def test_two_that_spread_put_nothing_twice(
    content: ContentStore, data_dir: Path, sealer: AesSealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await open_content(
        server.places(data_dir), sealer, rooms=ROOMS, clock=StillClock(), chance=SeededChance(8)
    )
    for one in (content, other):
        in_pieces_of(one, 7, monkeypatch)
    await tell_all(content, telling())
    await asyncio.gather(content.spreading.spread(), other.spreading.spread())
    assert await told(content) == Counter(EVERYBODY)
    await other.close()


@pytest.mark.parametrize("how", ["untell", "delete", "hold_back", "replace"])
async def test_what_is_given_up_is_told_to_nobody_any_more(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    in_pieces_of(content, 40, monkeypatch)
    await tell_all(content, telling())
    await tell_all(content, telling(EVERYBODY[-110:], key="of another", subject="other"))
    await content.spreading.spread()
    await tell_all(content, telling(key="again"))
    async with content.work() as work:
        if how == "untell":
            await work.outbox.untell(SUBJECT, ())
        elif how == "delete":
            await work.outbox.delete(SUBJECT, group="")
        elif how == "hold_back":
            assert await work.outbox.hold_back(SUBJECT)
            assert not await work.outbox.hold_back(SUBJECT)
        else:
            await work.outbox.replace(SUBJECT, note("hidden"))
    assert await lists(content) == (0, 0)
    await content.spreading.spread()
    assert await told(content) == Counter(EVERYBODY[-110:])


async def test_a_list_by_itself_can_be_held_back_but_not_after_the_first_try(content: ContentStore) -> None:
    await tell_all(content, telling())
    for member in EVERYBODY[:100]:
        async with content.work() as work:
            await work.outbox.hush(member)
    async with content.work() as work:
        assert await work.outbox.hold_back(SUBJECT)
    assert await lists(content) == (0, 0)
    await tell_all(content, telling(key="another"))
    await claim(content, f"home:{FIRST}", 20)
    async with content.work() as work:
        assert not await work.outbox.hold_back(SUBJECT)
    assert await lists(content) == (1, 150)


async def test_what_is_given_up_while_a_piece_is_made_ready_is_told_to_nobody(content: ContentStore) -> None:
    await tell_all(content, telling())
    async with before_a_piece(content, ready=True) as work:
        await work.outbox.untell(SUBJECT, ())
    assert await told(content) == Counter()


async def test_all_are_named_who_were_told_or_are_to_be(content: ContentStore) -> None:
    await tell_all(content, telling())
    async with content.work() as work:
        assert await work.outbox.told(SUBJECT) == EVERYBODY
        assert await work.outbox.told("other") == ()
    await content.spreading.spread()
    async with content.work() as work:
        assert await work.outbox.told(SUBJECT) == EVERYBODY


async def test_what_was_read_is_taken_back_and_the_rest_given_up(content: ContentStore) -> None:
    await tell_all(content, telling())
    assert await deliver(content, f"home:{FIRST}") == ["post Come"]
    async with content.work() as work:
        await work.outbox.untell(SUBJECT, await work.outbox.told(SUBJECT))
    await content.spreading.spread()
    assert await told(content) == Counter([FIRST])
    assert await deliver(content, f"home:{FIRST}") == [f"delete {SUBJECT}"]


@pytest.mark.parametrize("ready", [False, True])
async def test_whoever_is_on_the_list_reads_the_newer_words(content: ContentStore, ready: bool) -> None:
    await tell_all(content, telling())
    async with before_a_piece(content, ready=ready) as work:
        for member in (FIRST, LAST):
            await work.outbox.retell(member, note("newer"), quiet=note("q"), subject=SUBJECT, revision=1)
    assert await told(content) == Counter(EVERYBODY)
    for member in (FIRST, LAST):
        assert await deliver(content, f"home:{member}") == ["post newer"]
    assert await deliver(content, f"home:{EVERYBODY[1]}") == ["post Come"]


async def test_news_changes_what_somebody_on_the_list_will_have_read(content: ContentStore) -> None:
    await tell_all(content, telling())
    async with content.work() as work:
        await work.outbox.tell(
            LAST, note("more"), quiet=note("q"), key="more", release_at=after(30), instead_of=("x", SUBJECT)
        )
    await content.spreading.spread()
    assert await deliver(content, f"home:{LAST}") == ["post Come", "edit more"]


async def test_whoever_is_stopped_is_told_nothing(content: ContentStore) -> None:
    stopped = (EVERYBODY[3], EVERYBODY[-3])
    async with content.work() as work:
        for member in stopped:
            await work.standings.put(member, STOPPED)
    await tell_all(content, telling())
    await content.spreading.spread()
    assert await told(content) == Counter(set(EVERYBODY) - set(stopped))


@pytest.mark.parametrize("ready", [False, True])
async def test_whoever_is_stopped_in_the_middle_is_told_nothing_more(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    in_pieces_of(content, 40, monkeypatch)
    await tell_all(content, telling())
    await tell(content, "k")
    async with before_a_piece(content, ready=ready) as work:
        for member in (FIRST, EVERYBODY[101], LAST):
            await work.standings.put(member, STOPPED)
            await work.outbox.hush(member)
    left = Counter(EVERYBODY[1:101] + EVERYBODY[102:-1])
    assert await told(content) == left + Counter([MemberId("a" * 32)])


async def test_whoever_leaves_is_on_no_list_any_more(content: ContentStore, tmp_path: Path) -> None:
    await tell_all(content, telling())
    assert bytes.fromhex(LAST) in disk(tmp_path)
    async with content.work() as work:
        await work.former.forget_deliveries(LAST, MemberId("f" * 32))
    left = disk(tmp_path)
    assert bytes.fromhex(LAST) not in left
    assert LAST.encode() not in left
    await content.spreading.spread()
    assert await told(content) == Counter(EVERYBODY[:-1])


async def test_a_list_of_which_nobody_is_left_is_gone_with_its_card(content: ContentStore) -> None:
    await tell_all(content, telling(EVERYBODY[:101]))
    assert await lists(content) == (1, 1)
    async with content.work() as work:
        await work.outbox.hush(EVERYBODY[100])
    assert await lists(content) == (0, 0)


@pytest.mark.parametrize("ready", [False, True])
async def test_a_list_goes_along_with_a_clock_that_jumps(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch, ready: bool
) -> None:
    in_pieces_of(content, 40, monkeypatch)
    await tell_all(content, telling())
    async with content.work() as work:
        newest = (await work.schedule.ahead()).newest
    await tell_all(content, telling(key="later", subject="later"))
    await content.spreading._spread_some(await content.spreading._next(0))
    async with before_a_piece(content, ready=ready) as work:
        await work.schedule.move(newest, timedelta(hours=1))
    async with content._database.reading() as connection:
        rows = (await connection.execute(select(outbox.c.subject, outbox.c.release_at))).all()
    moved = {(row.subject, (row.release_at - START) // timedelta(hours=1)) for row in rows}
    assert moved == {(SUBJECT, 1), ("later", 0)}


async def test_a_card_that_cannot_be_opened_holds_no_other_one_up(content: ContentStore) -> None:
    await tell_all(content, telling())
    async with content._database.transaction() as connection:
        await connection.execute(update(tellings).values(sealed=b"altered"))
    await tell_all(content, telling(key="sound", subject="sound"))
    with pytest.raises(SealBroken):
        await content.spreading.spread()
    assert await told(content) == Counter(EVERYBODY) + Counter(EVERYBODY[:100])
    assert await lists(content) == (1, 150)


async def test_lists_are_sealed_again_after_a_rotation(content: ContentStore) -> None:
    await tell_all(content, telling())
    # The canary, the rows of the first, and the card of the list.
    assert sum((await content.sealed.use()).values()) == 102


async def test_an_operator_sees_who_is_on_a_list_as_waiting(content: ContentStore) -> None:
    await tell_all(content, telling())
    assert await content.backlog.waiting() == (Waiting("", 250, 0.0),)
    async with content._database.transaction() as connection:
        await connection.execute(text("DELETE FROM outbox"))
    assert await content.backlog.waiting() == (Waiting("", 150, 0.0),)


async def test_pieces_become_as_large_as_the_disk_allows(content: ContentStore) -> None:
    spreading = content.spreading
    spreading._learn(100, 0.01)
    assert spreading._size == 200
    spreading._learn(200, 0.005)
    assert spreading._size == 400
    spreading._learn(400, 1.0)
    assert spreading._size == 50
    for _ in range(9):
        spreading._learn(spreading._size, 0.0)
    assert spreading._size == 1000
