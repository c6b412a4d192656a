"""Members, drafts, pictures, cases, opinions, comments and dialogs come back as they were kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.chat.cards import note
from bot.domain.buckets import BucketChange, ChangeKind, Labelled
from bot.domain.cases import Case, CasePicture
from bot.domain.comments import Comment
from bot.domain.draft_pictures import Cover, DraftPicture, StoredPicture
from bot.domain.drafts import Draft, DraftKind, Sent, Source
from bot.domain.members import Member, MemberId, Role
from bot.domain.opinions import Opinion
from bot.domain.removals import Fate, Removal
from storage.content.store import ContentStore
from tests.storage.handed_in import START

ADA, BEN, EVE = MemberId("a" * 32), MemberId("b" * 32), MemberId("e" * 32)
CASE = Case(
    id="c1",
    number=101,
    author=ADA,
    title="Rash after travel",
    story="A traveller with a rash.",
    question="What next?",
    urgency="today",
    posted_at=START,
    released_at=START + timedelta(seconds=61),
    pictures=(CasePicture("m1", "a forearm", "Left"), CasePicture("m2", "a hand")),
    statement="I know of nothing else.",
)
DRAFT = Draft(
    id="d1",
    member=ADA,
    kind=DraftKind.CASE,
    templates={"story": "⟦1⟧ has a rash", "question": ""},
    created_at=START,
    about=7,
    removals=(Removal(1, "story", "NAME", "auto", "[name]", "a name", "A…a", "Adaada", Fate.KEPT),),
    pictures=(
        DraftPicture(
            "p1",
            "m1",
            (640, 480),
            (
                Cover(1, 2, 3, 4, 5, "text", ((2, 3), (6, 3), (6, 8))),
                Cover(2, 0, 0, 9, 9, "by hand", by_hand=True),
            ),
            ("exif",),
            ("first frame only",),
            ("faces",),
            seen=True,
            clean=True,
            grid="g1",
        ),
        DraftPicture("p2", "", problem="broken"),
    ),
    failed=("names",),
    settings={"urgency": "today"},
    text_read=True,
    asked_last=True,
)
SOURCE = Source(
    {"story": "Adaada has a rash"},
    (Sent("north", "!room $event"),),
    {"p1": {"url": "mxc://north/1", "k": "key"}},
)
OPINION = Opinion("o1", "c1", 1, BEN, ("cellulitis", "erysipelas"), "ultrasound", "", START)


async def test_a_member_is_found_again(content: ContentStore) -> None:
    ada = Member(ADA, "Quiet Heron", Role.PHYSICIAN, "Dermatology")
    async with content.work() as work:
        assert await work.members.get(ADA) is None
        assert await work.members.add(ada)
    async with content.work() as work:
        assert await work.members.get(ADA) == ada
        assert await work.members.everybody() == (ada,)


@pytest.mark.parametrize(
    "name", ["Quiet Heron", "quiet heron", "Quiet  Her0n", "Qu\u0456et Heron", "QuietHeron"]
)
async def test_a_name_that_looks_like_another_is_not_kept(content: ContentStore, name: str) -> None:
    async with content.work() as work:
        assert await work.members.add(Member(ADA, "Quiet Heron", Role.PHYSICIAN, "Dermatology"))
        assert not await work.members.add(Member(BEN, name, Role.TRAINEE, "Surgery"))
        assert await work.members.get(BEN) is None


async def test_a_draft_is_kept_whole_changed_and_forgotten(content: ContentStore) -> None:
    changed = replace(DRAFT, pictures=DRAFT.pictures[:1], failed=(), about=None)
    async with content.work() as work:
        await work.drafts.add(DRAFT)
        assert await work.drafts.get("d1") == DRAFT
        await work.drafts.replace(changed)
        assert await work.drafts.get("d1") == changed
        await work.drafts.remove(changed)
        assert await work.drafts.get("d1") is None


async def test_what_an_author_sent_is_kept_with_the_draft_and_destroyed_with_its_key(
    content: ContentStore,
) -> None:
    hidden = Removal(2, "story", "DATE", "auto", "[day 0]", "a date", "3…6", "3 March 2026")
    draft = replace(DRAFT, source=SOURCE, removals=(*DRAFT.removals, hidden))
    async with content.work() as work:
        await work.drafts.add(draft)
        await work.drafts.keep_uncovered(draft, "p1", b"pixels" * 200)
        assert await work.drafts.get("d1") == draft
        assert await work.drafts.uncovered(draft, "p1") == b"pixels" * 200
        more = replace(draft, source=replace(SOURCE, fields={"story": "Adaada, again"}))
        await work.drafts.replace(more)
        assert await work.drafts.get("d1") == more

        await work.drafts.replace(more.without_originals())
        left = await work.drafts.get("d1")
        assert left == more.without_originals()
        assert left is not None
        assert [piece.original for piece in left.removals] == ["Adaada", ""]
        assert await work.drafts.uncovered(draft, "p1") is None
        await work.drafts.keep_uncovered(draft, "p1", b"pixels")
        assert await work.drafts.uncovered(draft, "p1") is None


async def test_a_thing_that_has_an_end_is_forgotten_then_and_not_later(content: ContentStore) -> None:
    hour = timedelta(hours=1)
    async with content.work() as work:
        await work.dialogs.put("a", b"first words", START + hour)
        await work.dialogs.put("a", b"more words", START + 5 * hour)
        await work.dialogs.put("b", b"a prompt")
        await work.dialogs.drop_expired(START + hour - timedelta(seconds=1))
        assert await work.dialogs.get("a") == b"more words"
        await work.dialogs.drop_expired(START + hour)
        assert await work.dialogs.get("a") is None
        assert await work.dialogs.get("b") == b"a prompt"


async def test_drafts_from_before_a_moment_are_found(content: ContentStore) -> None:
    async with content.work() as work:
        await work.drafts.add(DRAFT)
        assert await work.drafts.older_than(START) == ()
        assert await work.drafts.older_than(START + timedelta(seconds=1)) == (DRAFT,)


async def test_drafts_of_a_member_are_listed_newest_first(content: ContentStore) -> None:
    async with content.work() as work:
        for number in ("d1", "d3", "d2"):
            await work.drafts.add(replace(DRAFT, id=number))
        await work.drafts.add(replace(DRAFT, id="d4", member=BEN))
        assert [draft.id for draft in await work.drafts.of_member(ADA)] == ["d2", "d3", "d1"]


async def test_a_picture_is_kept_and_dropped(content: ContentStore) -> None:
    picture = StoredPicture("m1", bytes(range(256)) * 40, "image/png")
    async with content.work() as work:
        await work.pictures.add(picture)
        assert await work.pictures.get("m1") == picture
        await work.pictures.drop("m1")
        await work.pictures.drop("m1")
        assert await work.pictures.get("m1") is None


async def test_a_case_is_found_by_id_and_number_and_changes(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        assert await work.cases.get("c1") == await work.cases.by_number(101) == CASE
        await work.cases.replace(CASE.answered().close(START))
        assert await work.cases.get("c1") == CASE.answered().close(START)
        assert await work.cases.get("c2") is None
        assert await work.cases.by_number(102) is None


async def test_cases_are_listed_newest_first_and_not_more_than_asked(content: ContentStore) -> None:
    async with content.work() as work:
        for number in (101, 103, 102, 104):
            author = BEN if number == 102 else ADA
            await work.cases.add(replace(CASE, id=f"c{number}", number=number, author=author))
        await work.cases.replace(replace(CASE, id="c104", number=104).close(START))
        assert [case.number for case in await work.cases.open_cases(9)] == [103, 102, 101]
        assert [case.number for case in await work.cases.open_cases(1)] == [103]
        assert [case.number for case in await work.cases.by_author([ADA], 2)] == [104, 103]


async def test_numbers_start_at_101_and_are_given_once(content: ContentStore) -> None:
    async with content.work() as work:
        assert [await work.cases.next_number() for _ in range(3)] == [101, 102, 103]
        await work.cases.add(replace(CASE, number=103))
        await work.cases.remove("c1")
    async with content.work() as work:
        assert await work.cases.by_number(103) is None
        assert await work.cases.next_number() == 104


async def test_opinions_are_numbered_within_their_case(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        assert await work.opinions.next_number("c1") == 1
        await work.opinions.add(OPINION)
        assert await work.opinions.next_number("c1") == 2
        second = replace(OPINION, id="o2", number=2, member=ADA)
        await work.opinions.add(second)
        changed = replace(OPINION, diagnoses=("gout",), revision=1)
        await work.opinions.replace(changed)
        assert await work.opinions.of_case("c1") == (changed, second)
        assert await work.opinions.get("o1") == await work.opinions.of_member("c1", BEN) == changed
        await work.opinions.remove("o1")
        assert await work.opinions.get("o1") is None


async def test_a_member_has_one_opinion_on_a_case(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        await work.opinions.add(OPINION)
    with pytest.raises(IntegrityError):
        async with content.work() as work:
            await work.opinions.add(replace(OPINION, id="o2", number=2))


async def test_comments_are_listed_in_the_order_they_were_said(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        said = [Comment(f"k{n}", "c1", ADA, f"word {n}", START) for n in (3, 1, 2)]
        for comment in said:
            await work.comments.add(comment)
        said = [replace(comment, number=place) for place, comment in enumerate(said, start=1)]
        assert await work.comments.of_case("c1") == tuple(said)
        await work.comments.remove("k1")
        assert await work.comments.get("k1") is None
        assert await work.comments.get("k3") == said[0]


async def test_who_asked_in_the_comments_is_listed_once_in_the_order_of_asking(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        for number, (member, question, hidden) in enumerate(
            [
                (ADA, False, False),
                (BEN, True, False),
                (ADA, True, False),
                (BEN, True, False),
                (EVE, True, True),
                (EVE, False, False),
            ]
        ):
            said = Comment(f"k{number}", "c1", member, "word", START, question=question, hidden=hidden)
            await work.comments.add(said)
        assert await work.comments.askers("c1") == (BEN, ADA)
        assert await work.comments.askers("c2") == ()


async def test_changes_of_a_list_are_kept_in_order_and_taken_back(content: ContentStore) -> None:
    gout, pain = Labelled("Gout", "Gout", "D006073"), Labelled("=pain", "pain")
    merged = BucketChange("c1", 1, ChangeKind.MERGE, pain, gout, by_moderator=True)
    parted = BucketChange("c1", 2, ChangeKind.SPLIT, gout, texts=("gout", "podagra"))
    async with content.work() as work:
        await work.cases.add(CASE)
        await work.buckets.add(merged)
        await work.buckets.add(parted)
        assert await work.buckets.of_case("c1") == (merged, parted)
        await work.buckets.take_back(merged)
        assert await work.buckets.of_case("c1") == (replace(merged, taken_back=True), parted)
        await work.cases.remove("c1")
        assert await work.buckets.of_case("c1") == ()


async def test_an_undone_case_takes_its_answers_along(content: ContentStore) -> None:
    async with content.work() as work:
        await work.cases.add(CASE)
        await work.opinions.add(OPINION)
        await work.comments.add(Comment("k1", "c1", ADA, "word", START))
        await work.cases.remove("c1")
        assert await work.opinions.get("o1") is None
        assert await work.comments.of_case("c1") == ()


async def test_unfinished_talk_is_kept_replaced_and_dropped(content: ContentStore) -> None:
    async with content.work() as work:
        await work.dialogs.put("ada", b"first")
        await work.dialogs.put("ada", b"second")
        await work.dialogs.put("ben", b"other")
        assert await work.dialogs.get("ada") == b"second"
        await work.dialogs.drop("ada")
        assert await work.dialogs.get("ada") is None
        assert await work.dialogs.get("ben") == b"other"


async def test_leaving_by_an_error_keeps_nothing(content: ContentStore) -> None:
    woken: list[str] = []
    content.changed.append(lambda: woken.append("relay"))

    async def fail() -> None:
        async with content.work() as work:
            await work.cases.add(CASE)
            await work.outbox.post("case:c1", note("posted"), release_at=START)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with content.work() as work:
        assert await work.cases.get("c1") is None
    assert woken == []


async def test_a_changed_case_wakes_whoever_keeps_the_time(content: ContentStore) -> None:
    """What its author asks instead is due in a minute, and puts nothing into the outbox until then."""
    async with content.work() as work:
        await work.cases.add(CASE)
    woken: list[str] = []
    content.changed.append(lambda: woken.append("timekeeper"))
    async with content.work() as work:
        await work.cases.replace(CASE)
    assert woken == ["timekeeper"]
