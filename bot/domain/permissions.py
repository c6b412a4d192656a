"""Who may do what: every action, by role and by whose the thing is, in one table; and the one refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.members import Member, MemberId, Role
from bot.domain.refusal import Refused, not_found


class Action(StrEnum):
    """Everything that can be asked of the bot, by the word that asks for it."""

    CASE = "case"
    OPEN = "open"
    MINE = "mine"
    SHOW = "show"
    NEXT = "next"
    FIND = "find"
    HOME = "home"
    OPINION = "opinion"
    READ = "read"
    REVEAL = "reveal"
    MEAN = "mean"
    COMMENT = "comment"
    ADD = "add"
    QUESTION = "question"
    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    ASK = "ask"
    MERGE = "merge"
    SPLIT = "split"
    CLOSE = "close"
    OUTCOME = "outcome"
    WITHDRAW = "withdraw"
    PREVIEW = "preview"
    POST = "post"
    KEEP = "keep"
    HIDE = "hide"
    PICTURE = "picture"
    COVER = "cover"
    UNCOVER = "uncover"
    EDIT = "edit"
    DETAILS = "details"
    DISCARD = "discard"
    ALIAS = "alias"
    OWN = "own"
    FOR = "for"
    UNDO = "undo"
    POLL = "poll"
    POLL_CHANGE = "poll change"
    VOTE = "vote"
    RESULTS = "results"
    RESULTS_CSV = "results csv"
    ENDPOLL = "endpoll"
    POLLS = "polls"
    HONORARIUM = "honorarium"
    ME = "me"
    NAME = "name"
    HELP = "help"
    RULES = "rules"
    VERIFY = "verify"
    LINK = "link"
    UNLINK = "unlink"
    MOD = "mod"
    VOUCH = "vouch"
    FOLLOW = "follow"
    NOTMINE = "notmine"
    WIDER = "wider"
    DUTY = "duty"
    MUTE = "mute"
    REPORT = "report"
    APPEAL = "appeal"
    MOD_HIDE = "mod hide"
    MOD_RESTORE = "mod restore"
    MOD_LOCK = "mod lock"
    MOD_UNLOCK = "mod unlock"
    DIGEST = "digest"
    MOD_FIRST = "mod first"
    """Redeem the one code of the first moderator; who has none gets the answer of ``mod``."""


NOBODY: Final = None
"""The role of whoever is no member: not verified, or suspended."""

_ANYBODY: Final = frozenset({NOBODY, *Role})
_MEMBERS: Final = frozenset(Role)
_MEDICAL: Final = frozenset({Role.PHYSICIAN, Role.TRAINEE})
_PHYSICIANS: Final = frozenset({Role.PHYSICIAN})
_STRANGERS: Final = frozenset({NOBODY})
_MODERATORS: Final = frozenset({Role.MODERATOR})
_NONE: Final[frozenset[Role | None]] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """Which roles may do it with what is their own, and which with what is another's or nobody's."""

    own: frozenset[Role | None]
    other: frozenset[Role | None]


# What makes something new has no owner yet: both halves of its row are the same.
TABLE: Final[Mapping[Action, Row]] = {
    Action.CASE: Row(_PHYSICIANS, _PHYSICIANS),
    Action.OPEN: Row(_MEMBERS, _MEMBERS),
    Action.MINE: Row(_MEMBERS, _MEMBERS),
    Action.SHOW: Row(_MEMBERS, _MEMBERS),
    Action.NEXT: Row(_MEDICAL, _MEDICAL),
    Action.FIND: Row(_MEMBERS, _MEMBERS),
    Action.HOME: Row(_MEMBERS, _MEMBERS),
    Action.OPINION: Row(_NONE, _MEDICAL),
    Action.READ: Row(_MEMBERS, _MEMBERS),
    Action.REVEAL: Row(_MEMBERS, _NONE),
    Action.MEAN: Row(_NONE, _MEDICAL),
    Action.COMMENT: Row(_MEDICAL, _MEDICAL),
    Action.ADD: Row(_MEDICAL, _NONE),
    Action.QUESTION: Row(_MEDICAL, _NONE),
    Action.HELPFUL: Row(_MEMBERS, _MEMBERS),
    Action.UNHELPFUL: Row(_MEMBERS, _MEMBERS),
    Action.ASK: Row(_NONE, _MEDICAL),
    Action.MERGE: Row(_MEMBERS, _MODERATORS),
    Action.SPLIT: Row(_MEMBERS, _MODERATORS),
    Action.CLOSE: Row(_MEMBERS, _NONE),
    Action.OUTCOME: Row(_MEDICAL, _NONE),
    Action.WITHDRAW: Row(_MEMBERS, _NONE),
    Action.PREVIEW: Row(_MEMBERS, _NONE),
    Action.POST: Row(_MEDICAL, _NONE),
    Action.KEEP: Row(_MEDICAL, _NONE),
    Action.HIDE: Row(_MEDICAL, _NONE),
    Action.PICTURE: Row(_MEDICAL, _NONE),
    Action.COVER: Row(_MEDICAL, _NONE),
    Action.UNCOVER: Row(_MEDICAL, _NONE),
    Action.EDIT: Row(_MEDICAL, _NONE),
    Action.DETAILS: Row(_MEDICAL, _NONE),
    Action.DISCARD: Row(_MEMBERS, _NONE),
    Action.ALIAS: Row(_PHYSICIANS, _NONE),
    Action.OWN: Row(_PHYSICIANS, _NONE),
    Action.FOR: Row(_PHYSICIANS, _NONE),
    Action.UNDO: Row(_MEMBERS, _NONE),
    Action.POLL: Row(_PHYSICIANS, _PHYSICIANS),
    Action.POLL_CHANGE: Row(_PHYSICIANS, _NONE),
    Action.VOTE: Row(_MEDICAL, _MEDICAL),
    Action.RESULTS: Row(_MEMBERS, _MEMBERS),
    Action.RESULTS_CSV: Row(_MEMBERS, _MODERATORS),
    Action.ENDPOLL: Row(_MEMBERS, _MODERATORS),
    Action.POLLS: Row(_MEMBERS, _MEMBERS),
    Action.HONORARIUM: Row(_MEDICAL, _MEDICAL),
    Action.NAME: Row(_MEDICAL, _MEDICAL),
    # Who is stopped still is somebody, and sees what others see of them and why they are stopped.
    Action.ME: Row(_ANYBODY, _MEMBERS),
    Action.HELP: Row(_ANYBODY, _ANYBODY),
    Action.RULES: Row(_ANYBODY, _ANYBODY),
    Action.VERIFY: Row(_ANYBODY, _ANYBODY),
    Action.LINK: Row(_ANYBODY, _ANYBODY),
    Action.UNLINK: Row(_MEMBERS, _MEMBERS),
    Action.MOD: Row(_MODERATORS, _MODERATORS),
    Action.REPORT: Row(_MEMBERS, _MEMBERS),
    Action.APPEAL: Row(_MEMBERS, _MEMBERS),
    # Whoever wrote it takes it out of sight like any other, and lets somebody else decide to show it again.
    Action.MOD_HIDE: Row(_MODERATORS, _MODERATORS),
    Action.MOD_RESTORE: Row(_NONE, _MODERATORS),
    Action.MOD_LOCK: Row(_MODERATORS, _MODERATORS),
    Action.MOD_UNLOCK: Row(_NONE, _MODERATORS),
    Action.VOUCH: Row(_PHYSICIANS, _PHYSICIANS),
    Action.FOLLOW: Row(_NONE, _MEMBERS),
    Action.NOTMINE: Row(_NONE, _PHYSICIANS),
    Action.WIDER: Row(_MEMBERS, _NONE),
    Action.DUTY: Row(_PHYSICIANS, _PHYSICIANS),
    Action.MUTE: Row(_PHYSICIANS, _PHYSICIANS),
    Action.DIGEST: Row(_MEDICAL, _MEDICAL),
    Action.MOD_FIRST: Row(_STRANGERS, _STRANGERS),
}

WHILE_STOPPED: Final = frozenset({Action.ME, Action.HELP, Action.RULES, Action.VERIFY})
"""What somebody who is suspended or banned may still do: see and erase the own data, read, and appeal."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What an action is about: its kind, how it is spoken of, and whose it is."""

    kind: str
    name: str
    owner: MemberId


def allowed(action: Action, role: Role | None, *, owns: bool) -> bool:
    """Say whether somebody in a role (None: no member) may do it, with their own thing or another's."""
    row = TABLE[action]
    return role in (row.own if owns else row.other)


def require(action: Action, member: Member, thing: Thing | None = None) -> None:
    """Refuse what the table does not allow; raises :class:`Refused`.

    Call it without the thing before looking for one, so that a role is refused alike whether there is one
    or not. Somebody else's thing is refused exactly as one that does not exist.
    """
    owns = thing is not None and thing.owner == member.id
    if allowed(action, member.role, owns=owns):
        return
    if not allowed(action, member.role, owns=not owns):
        raise _not_in_this_role(member.role)
    if thing is not None:
        raise _of_ones_own(thing) if owns else not_found(thing.kind, thing.name)


def _not_in_this_role(role: Role) -> Refused:
    if role is Role.MODERATOR:
        return Refused(
            "moderator_only", "Moderators keep order here; they do not post or answer cases.", "help"
        )
    return Refused(
        "physician_only",
        "Cases and polls are asked by physicians. As a trainee you can read, comment and give opinions.",
        "open",
    )


def _of_ones_own(thing: Thing) -> Refused:
    number = thing.name.removeprefix("#")
    return Refused("own_case", f"{thing.name} is your own case. You can comment on it.", f"comment {number}")
