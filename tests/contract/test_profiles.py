"""What a platform says of an account: whether it is a full member, and nothing by its ``repr``."""

from __future__ import annotations

from tests.contract.rig import Rig


async def test_people_of_the_site_are_members_in_the_room_or_not(rig: Rig) -> None:
    for account in (rig.account, rig.stranger):
        profile = await rig.adapter.profile(account)
        assert profile is not None
        assert profile.member
        assert repr(profile) == "Profile(member=True)"


async def test_a_picture_counts_once_somebody_has_chosen_one(rig: Rig) -> None:
    before = await rig.adapter.profile(rig.account)
    mark = await rig.picture()
    after = await rig.adapter.profile(rig.account)
    assert before is not None
    assert after is not None
    assert (before.picture, after.picture) == ("", mark)
    assert repr(after) == "Profile(member=True)"
