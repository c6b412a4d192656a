"""Merging and splitting: an overlay over the buckets, listed, and taken back one by one."""

from __future__ import annotations

from bot.collective import NO_CHANGES, Bucket, Changes, Merge, Split, collective_list

OPINIONS = [["zorblat fever", "gout"], ["fever of Zorblat type", "PE"], ["lung embolism"], ["PE"]]


def buckets(changes: Changes) -> dict[str, Bucket]:
    """The buckets of the case by name."""
    return {row.name: row.bucket for row in collective_list(OPINIONS, changes=changes).ranking}


def names(changes: Changes) -> list[str]:
    """The names of the list, best first."""
    return list(buckets(changes))


def test_two_buckets_become_one_under_the_second_name() -> None:
    before = buckets(NO_CHANGES)
    assert list(before) == ["Pulmonary Embolism", "fever of zorblat type", "zorblat fever", "Gout"]
    changes = NO_CHANGES.merge(before["fever of zorblat type"], before["zorblat fever"])
    found = collective_list(OPINIONS, changes=changes)
    assert [(row.name, row.voters) for row in found.ranking] == [
        ("Pulmonary Embolism", 3),
        ("zorblat fever", 2),
        ("Gout", 1),
    ]
    assert found.ranking[1].texts == ("fever of zorblat type", "zorblat fever")
    assert found.agreement == 0.5


def test_a_text_leaves_its_bucket() -> None:
    changes = NO_CHANGES.split("lung embolism")
    found = collective_list(OPINIONS, changes=changes)
    assert [(row.name, row.bucket.mesh, row.voters) for row in found.ranking][:2] == [
        ("Pulmonary Embolism", "D011655", 2),
        ("fever of zorblat type", None, 1),
    ]
    assert "lung embolism" in names(changes)


def test_changes_follow_one_another_and_are_listed_and_taken_back() -> None:
    before = buckets(NO_CHANGES)
    split = NO_CHANGES.split("lung embolism")
    both = split.merge(buckets(split)["lung embolism"], before["Gout"])
    assert "lung embolism" not in names(both)
    assert both.made == (
        Split("lung embolism"),
        Merge(buckets(split)["lung embolism"], before["Gout"]),
    )
    assert names(both.without(both.made[1])) == names(split)
    assert names(both.without(both.made[1]).without(both.made[0])) == list(before)


def test_merging_back_and_forth_loses_nobody() -> None:
    before = buckets(NO_CHANGES)
    there = NO_CHANGES.merge(before["Gout"], before["zorblat fever"])
    back = there.merge(before["zorblat fever"], before["Gout"])
    found = collective_list(OPINIONS, changes=back)
    assert {row.name for row in found.ranking} == {"Pulmonary Embolism", "fever of zorblat type", "Gout"}


def test_a_bucket_keeps_its_key_when_a_later_opinion_changes_its_name() -> None:
    first = collective_list([["zorblat tumors"], ["gout"]])
    own = next(row.bucket for row in first.ranking if row.bucket.mesh is None)
    gout = next(row.bucket for row in first.ranking if row.bucket.mesh)
    found = collective_list(
        [["zorblat tumors"], ["gout"], ["tumour, zorblat"]], changes=NO_CHANGES.merge(gout, own)
    )
    assert [(row.voters, row.first) for row in found.ranking] == [(3, 3)]
