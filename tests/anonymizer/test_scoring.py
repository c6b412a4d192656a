"""The scorer: what counts as found, needless and clean."""

import pytest

from bot.anonymizer.scoring import Labelled, Score

POST = Labelled.of(
    {
        "id": 1,
        "text": "pt jane roe, 45, seen 3/4",
        "spans": [{"start": 3, "end": 11, "type": "NAME"}, {"start": 22, "end": 25, "type": "DATE"}],
        "optional": [{"start": 13, "end": 15}],
    }
)


def test_a_span_counts_as_found_only_when_all_of_it_is_covered() -> None:
    score = Score()
    missed = score.add(POST, [(3, 7), (22, 25)])
    assert missed == [(3, 11, "NAME")]
    assert score.recall == 0.5
    assert score.letter_recall == pytest.approx(6 / 9)
    assert score.precision == 1.0
    assert score.clean == 0


def test_two_pieces_may_cover_one_span_and_the_space_between_needs_no_cover() -> None:
    score = Score()
    assert score.add(POST, [(3, 7), (8, 11), (22, 25)]) == []
    assert score.to_json()["clean_documents"] == 1.0


def test_optional_stretches_count_neither_way_and_needless_ones_lower_precision() -> None:
    score = Score()
    score.add(POST, [(3, 11), (22, 25), (13, 15), (0, 2)])
    assert score.precision == pytest.approx(2 / 3)
    assert score.to_json()["documents_touched_without_need"] == 1.0


def test_nothing_predicted_has_no_recall() -> None:
    score = Score()
    score.add(POST, [])
    assert score.recall == 0.0
    assert score.f2 == 0.0
    assert score.to_json()["kinds"]["NAME"] == {"spans": 1, "recall": 0.0}
