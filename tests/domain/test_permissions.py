"""The one refusal: what it says to whom, and that another's thing is refused like one that is not there."""

from __future__ import annotations

import pytest

from bot.domain.members import Member, MemberId, Role
from bot.domain.permissions import TABLE, Action, Thing, allowed, require
from bot.domain.refusal import Refused, not_found

ADA, BEN = MemberId("a" * 32), MemberId("b" * 32)


def member(role: Role) -> Member:
    return Member(ADA, "Quiet Heron", role, "Dermatology")


def refused(action: Action, role: Role, owner: MemberId | None = None) -> tuple[str, str, tuple[str, ...]]:
    with pytest.raises(Refused) as refusal:
        require(action, member(role), None if owner is None else Thing("case", "#101", owner))
    return refusal.value.code, refusal.value.sentence, refusal.value.suggestions


@pytest.mark.parametrize("action", [Action.CASE, Action.OPINION, Action.COMMENT, Action.POST, Action.VOTE])
def test_a_moderator_is_told_what_moderators_do(action: Action) -> None:
    sentence = "Moderators keep order here; they do not post or answer cases."
    assert refused(action, Role.MODERATOR) == ("moderator_only", sentence, ("help",))
    assert refused(action, Role.MODERATOR, BEN) == ("moderator_only", sentence, ("help",))


@pytest.mark.parametrize("action", [Action.CASE, Action.POLL, Action.MOD])
def test_a_trainee_is_told_what_trainees_do(action: Action) -> None:
    sentence = (
        "Cases and polls are asked by physicians. As a trainee you can read, comment and give opinions."
    )
    assert refused(action, Role.TRAINEE) == ("physician_only", sentence, ("open",))


@pytest.mark.parametrize("action", [action for action in TABLE if not TABLE[action].other])
def test_anothers_thing_is_refused_like_one_that_is_not_there(action: Action) -> None:
    gone = not_found("case", "#101")
    assert refused(action, Role.PHYSICIAN, BEN) == (gone.code, gone.sentence, gone.suggestions)
    require(action, member(Role.PHYSICIAN))
    require(action, member(Role.PHYSICIAN), Thing("case", "#101", ADA))


def test_nobody_gives_an_opinion_on_a_case_of_their_own() -> None:
    sentence = "#101 is your own case. You can comment on it."
    assert refused(Action.OPINION, Role.PHYSICIAN, ADA) == ("own_case", sentence, ("comment 101",))
    require(Action.OPINION, member(Role.PHYSICIAN), Thing("case", "#101", BEN))
    require(Action.OPINION, member(Role.PHYSICIAN))


def test_the_table_is_asked_for_the_half_that_counts() -> None:
    assert allowed(Action.CLOSE, Role.PHYSICIAN, owns=True)
    assert not allowed(Action.CLOSE, Role.PHYSICIAN, owns=False)
    assert not allowed(Action.OPINION, Role.PHYSICIAN, owns=True)
    assert allowed(Action.OPINION, Role.PHYSICIAN, owns=False)
    assert allowed(Action.ME, None, owns=True), "who is stopped sees why"
    assert not allowed(Action.ME, None, owns=False)
    assert not allowed(Action.CLOSE, None, owns=True)
    assert allowed(Action.HELP, None, owns=False)
