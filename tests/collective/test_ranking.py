"""The collective list: scores, ties, agreement; no order shows, repeating the leader never hurts."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.collective import CollectiveList, collective_list
from bot.collective.ranking import agreement

TYPED = st.sampled_from(
    [
        "PE", "pulmonary embolsim", "r/o pulmonary embolism", "ACS", "MI?", "gout", "MS", "AD",
        "multiple sclerosis", "mitral stenosis", "Alzheimer's", "aortic dissection", "atopic dermatitis",
        "zorblat fever", "fever, Zorblat", "Zorblat fevers", "quibbly tumour", "quibbly tumors",
        "hypeglycemia", "hyperglycemia", "hypoglycemia", "", "?", "PE vs gout", "\u80ba\u708e", "gout, PE",
    ]
)  # fmt: skip
OPINIONS = st.lists(st.lists(TYPED, max_size=6), max_size=9)


def rows(found: CollectiveList) -> list[tuple[str, float, int, int]]:
    """What a list says, without identifiers."""
    return [(row.name, row.score, row.voters, row.first) for row in found.ranking]


def test_a_rank_counts_one_over_itself() -> None:
    found = collective_list([["gout", "PE", "MI"], ["PE", "gout"], ["MI"]])
    assert rows(found) == [
        ("Gout", 1.5, 2, 1),
        ("Pulmonary Embolism", 1.5, 2, 1),
        ("Myocardial Infarction", 1.333333, 2, 1),
    ]


def test_two_names_of_one_disease_count_once_where_the_first_stands() -> None:
    found = collective_list([["PE", "lung embolism", "gout"]])
    assert rows(found) == [("Pulmonary Embolism", 1.0, 1, 1), ("Gout", 0.333333, 1, 0)]


def test_ties_go_by_voters_then_best_rank_then_name() -> None:
    found = collective_list([["gout", "asthma"], ["measles", "asthma"], ["croup"]])
    assert [row.name for row in found.ranking] == ["Asthma", "Croup", "Gout", "Measles"]
    found = collective_list([["asthma", "gout", "x1", "croup"], ["gout", "y1", "croup"]])
    assert [row.name for row in found.ranking][:3] == ["Gout", "Asthma", "Croup"]


def test_thirds_add_up_exactly() -> None:
    found = collective_list([["x1", "y1", "gout"]] * 3 + [["asthma"]])
    scores = {row.name: row.score for row in found.ranking}
    assert scores["Gout"] == scores["Asthma"] == 1.0
    order = [row.name for row in found.ranking]
    assert order.index("Gout") < order.index("Asthma")


def test_an_empty_entry_takes_no_rank_and_an_empty_opinion_is_no_responder() -> None:
    found = collective_list([["", "?", "gout"], [], ["\N{SHRUG}"]])
    assert rows(found) == [("Gout", 1.0, 1, 1)]
    assert found.responders == 1
    assert found.agreement is None


def test_own_words_have_no_identifier() -> None:
    found = collective_list([["Zorblat fever"], ["measles"]])
    assert {row.name: row.bucket.mesh for row in found.ranking} == {
        "Measles": "D008457",
        "zorblat fever": None,
    }


def test_what_is_ambiguous_follows_those_who_name_it_plainly() -> None:
    found = collective_list([["MS"], ["multiple sclerosis"], ["MS"]])
    assert rows(found) == [("Multiple Sclerosis", 3.0, 3, 3)]
    found = collective_list([["MS"], ["mitral stenosis"]])
    assert rows(found) == [("Mitral Valve Stenosis", 2.0, 2, 2)]


@pytest.mark.parametrize("others", [[], [["gout"]], [["multiple sclerosis"], ["mitral stenosis"]]])
def test_what_stays_ambiguous_keeps_a_bucket_of_its_own(others: list[list[str]]) -> None:
    found = collective_list([["MS"], *others])
    assert "ms" in {row.name for row in found.ranking}


@pytest.mark.parametrize(
    ("firsts", "figure"),
    [
        ([], None),
        ([1], None),
        ([2], 1.0),
        ([1, 1], 0.0),
        ([9], 1.0),
        ([1] * 9, 0.0),
        ([3, 1], round(1 - (0.75 * math.log(4 / 3) + 0.25 * math.log(4)) / math.log(4), 6)),
    ],
)
def test_agreement_is_one_less_entropy_of_first_ranks(firsts: list[int], figure: float | None) -> None:
    assert agreement(firsts) == figure


@given(OPINIONS, st.randoms(use_true_random=False))
def test_no_order_of_arrival_shows(opinions: list[list[str]], chance: object) -> None:
    shuffled = list(opinions)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert repr(collective_list(shuffled)) == repr(collective_list(opinions))


@example([["ACS"], ["PE", "PE", "PE", "PE", "PE vs gout", "ACS"]])
@given(OPINIONS)
def test_repeating_the_leader_never_lowers_it(opinions: list[list[str]]) -> None:
    before = collective_list(opinions)
    if before.ranking:
        leader = before.ranking[0]
        after = collective_list([*opinions, [leader.name]]).ranking[0]
        assert after.bucket == leader.bucket
        # Scores have six digits after the point; the sum of two floats may miss the last bit.
        assert round(after.score - leader.score, 6) >= 1
        assert after.voters > leader.voters


@given(OPINIONS)
def test_the_figures_of_a_list_fit_together(opinions: list[list[str]]) -> None:
    found = collective_list(opinions)
    assert sum(row.first for row in found.ranking) == found.responders
    assert all(row.first <= row.voters <= found.responders for row in found.ranking)
    assert len({row.bucket.key for row in found.ranking}) == len(found.ranking)
    assert found.agreement is None or 0 <= found.agreement <= 1
