"""Search: whatever is typed finds cases by their words, and what was erased leaves no term behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.cases import Case
from bot.domain.outcomes import Certainty, Outcome
from bot.domain.search import MOST_WORDS, begins_words, search_words
from storage.content.store import ContentStore
from storage.content.words import WordRows
from tests.storage.handed_in import START, disk
from tests.storage.test_rows import CASE

LATER = START + timedelta(days=1)
QUESTIONS = (
    "Ulcers of the left shin, would you biopsy?",
    "Fever after travel: malaria or dengue?",
    "Shin pain in a runner, and what then?",
    "Behçet's disease with AND without uveitis?",
)


def asked(number: int, question: str) -> Case:
    return replace(CASE, id=f"c{number}", number=number, title=question[:30], question=question)


async def found(content: ContentStore, typed: str, most: int = 10) -> list[int]:
    async with content.work() as work:
        return [case.number for case in await work.search.cases(search_words(typed), LATER, most)]


@pytest.fixture
async def library(content: ContentStore) -> ContentStore:
    async with content.work() as work:
        for number, question in enumerate(QUESTIONS, start=101):
            await work.cases.add(asked(number, question))
    return content


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("ulcer shin", [101]),
        ("SHIN", [103, 101]),
        ("behcet", [104]),
        ("uveit", [104]),
        ("and", [104, 103]),
        ("NOT biopsy OR", [102, 101]),
        ('"malaria" NEAR(dengue', [102]),
        ("title:malaria*", [102]),
        ("malaria ulcers", [102, 101]),
        ("🙂 - * \" ' ( )", []),
        ("unicorn", []),
        ("o'r", []),
        ("mal\x00aria", [102]),
        ("x" * 5000, []),
    ],
)
async def test_whatever_is_typed_is_a_search(library: ContentStore, typed: str, numbers: list[int]) -> None:
    assert await found(library, typed) == numbers


@given(st.text(max_size=200))
def test_what_was_typed_becomes_at_most_so_many_plain_words(typed: str) -> None:
    words = search_words(typed)
    assert len(words) == len(set(words)) <= MOST_WORDS
    assert all(word.isalnum() for word in words)
    assert begins_words(words, typed)


async def test_only_what_stands_in_the_rooms_is_found(library: ContentStore) -> None:
    async with library.work() as work:
        await work.cases.add(replace(asked(105, "Malaria again?"), released_at=LATER + timedelta(seconds=1)))
        await work.cases.replace(asked(102, QUESTIONS[1]).withdraw())
        await work.cases.replace(asked(101, QUESTIONS[0]).close(START))
    assert await found(library, "malaria") == []
    assert await found(library, "ulcers") == [101]


async def test_the_newest_come_first_among_equals_and_no_more_than_asked_for(content: ContentStore) -> None:
    async with content.work() as work:
        for number in range(101, 121):
            await work.cases.add(asked(number, "Malaria?"))
    assert await found(content, "malaria", most=3) == [120, 119, 118]


async def test_changed_words_are_found_by_the_new_ones(library: ContentStore) -> None:
    async with library.work() as work:
        await work.cases.replace(replace(asked(102, QUESTIONS[1]), title="Fever", question="Typhoid?"))
    assert await found(library, "dengue") == []
    assert await found(library, "typhoid") == [102]


def traces(folder: Path) -> set[str]:
    """Say where a word still is: the index folds it, and leaves out what it begins with as others do."""
    places = {"index": b"braquil", "case": b"ZEBRAQUILL"}
    return {place for place, word in places.items() if word in disk(folder)}


@pytest.mark.parametrize("way", ["removed", "withdrawn"])
async def test_what_is_erased_leaves_no_term_in_the_index(
    library: ContentStore, tmp_path: Path, way: str
) -> None:
    case = asked(1, "ZEBRAQUILL?")
    async with library.work() as work:
        await work.cases.add(case)
    assert traces(tmp_path) == {"index", "case"}

    async with library.work() as work:
        if way == "removed":
            await work.cases.remove(case.id)
        else:
            await work.cases.replace(case.withdraw())

    assert traces(tmp_path) == set()
    assert await found(library, "zebraquill") == []
    assert await found(library, "malaria") == [102]


@pytest.mark.sqlite
async def test_an_index_that_only_deletes_keeps_the_term(library: ContentStore, tmp_path: Path) -> None:
    """The planted weakness: the index's own way of deleting leaves the word on the disk."""
    case = asked(1, "ZEBRAQUILL?")
    async with library.work() as work:
        await work.cases.add(case)
    async with library._database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO case_words(case_words, rowid, title, question, diagnosis)"
                " SELECT 'delete', * FROM case_texts WHERE number = 1"
            )
        )
        await connection.execute(text("DELETE FROM cases WHERE number = 1"))
    await library._database.truncate()
    assert traces(tmp_path) == {"index"}


def told(case: Case, diagnosis: str, **more: Any) -> Outcome:
    return Outcome("o1", case.id, Certainty.CONFIRMED, diagnosis, "", "", START, **more)


async def test_an_outcome_comes_to_the_index_and_is_found_beside_the_words_of_its_case(
    library: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: WordRows) -> None:
        pytest.fail("the index is built again")

    monkeypatch.setattr(WordRows, "outdate", never)
    case = asked(102, QUESTIONS[1])
    async with library.work() as work:
        await work.outcomes.put(told(case, "leptospirosis", look_at=LATER))
    assert await found(library, "leptospirosis") == []
    async with library.work() as work:
        await work.outcomes.put(told(case, "leptospirosis"))
        await work.outcomes.put(told(case, "leptospirosis", group_rank=2))
    assert await found(library, "leptospirosis") == [102]
    assert await found(library, "leptospirosis travel") == [102]
    assert await found(library, "malaria") == [102]


async def test_a_corrected_outcome_leaves_no_term_in_the_index(library: ContentStore, tmp_path: Path) -> None:
    case = asked(102, QUESTIONS[1])
    async with library.work() as work:
        await work.outcomes.put(told(case, "ZEBRAQUILL"))
    assert await found(library, "zebraquill malaria") == [102]
    assert traces(tmp_path) == {"index", "case"}
    for diagnosis, look_at in (("gout", LATER), ("gout", None)):
        async with library.work() as work:
            await work.outcomes.put(told(case, diagnosis, look_at=look_at))
    assert traces(tmp_path) == set()
    assert await found(library, "malaria gout") == [102]
    async with library.work() as work:
        await work.outcomes.remove(case.id)
    assert await found(library, "gout") == []
    assert await found(library, "malaria") == [102]
