"""T-07: every word, in every role, on one's own things and on another's, does what the table says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.anonymizer import Box
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.registry import BY_WORD, WORDS
from bot.domain.drafts import DraftKind
from bot.domain.members import Member, MemberId, Role
from bot.domain.permissions import TABLE, WHILE_STOPPED, Action, Thing, allowed, require
from bot.domain.refusal import Refused
from bot.views.home import unverified_card
from bot.views.verification import moderators_only_card
from tests import server
from tests.stories.test_case_crosses import photo
from tests.stories.world import UNDO, World, open_world
from tests.views.test_views import words_of

# In an order in which each can be done where it is allowed: what ends a thing comes last.
LINES: Mapping[Action, str] = {
    Action.ME: "me",
    Action.NAME: "name",
    Action.OPEN: "open",
    Action.MINE: "mine",
    Action.SHOW: "show 101",
    Action.NEXT: "next",
    Action.FIND: "find biopsy",
    Action.HOME: "home",
    Action.CASE: "case",
    Action.POLL: "poll",
    Action.READ: "read 101",
    Action.FOLLOW: "follow 101",
    Action.NOTMINE: "notmine 101",
    Action.DUTY: "duty 12h",
    Action.MUTE: "mute 8h",
    Action.DIGEST: "digest daily",
    Action.COMMENT: "comment 101 I agree.",
    Action.OPINION: "opinion 101 1) psoriasis",
    Action.MEAN: "mean 101",
    Action.ASK: "ask 101 Since when?",
    Action.POLL_CHANGE: "poll change 102",
    Action.VOTE: "vote 102 1",
    Action.RESULTS: "results 102",
    Action.RESULTS_CSV: "results 102 csv",
    Action.HONORARIUM: "honorarium",
    Action.PREVIEW: "preview {case}",
    Action.KEEP: "keep ~{case}",
    Action.HIDE: "hide ~{case}",
    Action.PICTURE: "picture 1 ~{case}",
    Action.COVER: "cover 1 ~{case}",
    Action.UNCOVER: "uncover 1 ~{case}",
    Action.EDIT: "edit {case}",
    Action.DETAILS: "details {case}",
    Action.ALIAS: "alias ~{case}",
    Action.OWN: "own name ~{case}",
    Action.FOR: "for nephrology ~{case}",
    Action.POST: "post {comment}",
    Action.UNDO: "undo",
    Action.DISCARD: "discard {case}",
    Action.ENDPOLL: "endpoll 102",
    Action.POLLS: "polls",
    Action.REVEAL: "reveal 101",
    Action.ADD: "add 101",
    Action.QUESTION: "question 101",
    Action.HELPFUL: "helpful 101.1",
    Action.UNHELPFUL: "unhelpful 101.1",
    Action.WIDER: "wider 101",
    Action.CLOSE: "close 101",
    Action.OUTCOME: "outcome 101",
    Action.MERGE: "merge 101 1 2",
    Action.SPLIT: "split 101 1",
    Action.MOD_HIDE: "mod hide 101",
    Action.MOD_RESTORE: "mod restore 101",
    Action.MOD_LOCK: "mod lock 101",
    Action.MOD_UNLOCK: "mod unlock 101",
    Action.WITHDRAW: "withdraw 101",
    Action.HELP: "help",
    Action.RULES: "rules",
    Action.MOD: "mod",
    Action.VERIFY: "verify",
    Action.LINK: "link",
    Action.UNLINK: "unlink",
    Action.VOUCH: "vouch 123456788",
    Action.REPORT: "report 101 other",
    Action.APPEAL: "appeal 101",
    Action.MOD_FIRST: "mod first {first}",
}
OWNERS_ONLY = [action for action in LINES if not TABLE[action].other]
OF_DRAFTS = [action for action, line in LINES.items() if "{case}" in line or "{comment}" in line]
OPEN_TO_ALL = {Action.HELP, Action.RULES, Action.VERIFY, Action.LINK, Action.MOD_FIRST}
REFUSALS = (
    "A moderator has suspended you until",
    "Two moderators have banned you",
    "I know no ",
    "You have no draft waiting",
    "That draft is gone",
    "There is nothing left to undo",
    "Moderators keep order here",
    "Cases and polls are asked by physicians",
    "#101 is your own case",
    "Vouching is for physicians",
    "Pages go to physicians",
    "There is a moderator already",
    "This account is a member already",
    "Another moderator has to decide",
)
UNKNOWN = {"case": "ffff", "comment": "ffff", "first": "ffff"}
STORY = "58-year-old wheelwright, Mr. Ingvar Sandkvist, with a plaque."


@asynccontextmanager
async def opened(folder: Path, **people: Role) -> AsyncIterator[World]:
    async with open_world(folder) as world:
        world.darkroom.found = (Box(4, 4, 20, 8, "text"),)
        for person, role in people.items():
            account = world.site_of(person).account(person)
            await world.bot.wall.joining.enrol(
                account, f"{person.capitalize()} Planted", "Dermatology", role, by="test"
            )
        await world.settle()
        yield world


async def say(world: World, person: str, action: Action, codes: Mapping[str, str]) -> Card | Form:
    await world.command(person, LINES[action].format(**codes))
    reply: Card | Form = world.site_of(person).answers[person][-1]
    return reply


async def did(world: World, person: str, action: Action, codes: Mapping[str, str]) -> bool:
    """Say whether the bot did what was asked."""
    reply = await say(world, person, action, codes)
    said_no = isinstance(reply, Card) and words_of(reply).startswith(REFUSALS)
    return not said_no and reply not in (unverified_card(), moderators_only_card())


async def id_of(world: World, person: str) -> MemberId:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.member


async def leave_things(world: World, person: str) -> Mapping[str, str]:
    """Post case 101 and poll 102, leave a draft of a case and one of a comment; gives their codes.

    With them comes the first moderator's, where there is no moderator yet.
    """
    await world.command(person, "case")
    await world.submit(person, {"story": STORY, "question": "Biopsy?"})
    await world.post(person)
    await world.command(person, 'poll "Biopsy?" yes | no')
    await world.post(person)
    await world.wait(UNDO + 5)
    await world.command(person, "comment 101 More will follow.")
    await world.command(person, "case")
    await world.submit(person, {"story": STORY, "question": "Biopsy?"}, photo())
    await world.command(person, "comment 101 Mr. Ingvar Sandkvist agrees.")
    async with world.bot.house.content.work() as work:
        drafts = await work.drafts.of_member(await id_of(world, person))
    codes = {draft.kind: draft.code for draft in drafts}
    first = await world.bot.first_moderator.make()
    return {
        "case": codes[DraftKind.CASE],
        "comment": codes[DraftKind.COMMENT],
        "first": first.words if first else "ffff",
    }


async def put_into(folder: Path, member: MemberId, role: Role) -> None:
    """Change a member's role behind the bot's back: what was made in the earlier role stays theirs."""
    change = f"UPDATE members SET role = '{role.value}' WHERE id = '{member}' RETURNING id"  # noqa: S608
    assert await server.change(folder / "var", "content", change) == [(member,)]


async def stop(world: World, person: str, word: str) -> None:
    """Suspend somebody, or have two moderators ban them."""
    name, stopping = await world.name_of(person), world.bot.stopping
    if word == "suspended":
        await stopping.suspend(name, None, "Words.", by="one")
    else:
        await stopping.ban(name, "Words.", by="one")
        await stopping.ban(name, "", by="two")


async def restore(world: World, person: str, word: str) -> None:
    name = await world.name_of(person)
    for by in ("one",) if word == "suspended" else ("one", "two"):
        await world.bot.stopping.restore(name, by=by)


def test_t_07_every_word_has_its_row_and_its_line() -> None:
    assert {action.partition(" ")[0] for action in TABLE} == set(WORDS)
    assert set(BY_WORD) < set(WORDS)
    assert set(LINES) == set(TABLE) == set(Action)


def test_t_07_nobody_may_do_nothing_but_become_somebody() -> None:
    """Who is suspended or banned has no role either, sees what is theirs, and links nothing."""
    assert {action for action in TABLE if allowed(action, None, owns=False)} == OPEN_TO_ALL
    to_oneself = {action for action in TABLE if allowed(action, None, owns=True)}
    assert to_oneself == {*OPEN_TO_ALL, Action.ME}
    assert to_oneself - {Action.LINK, Action.MOD_FIRST} == WHILE_STOPPED


def test_t_07_roles_stand_in_the_table_as_the_rules_say() -> None:
    new = {Action.CASE, Action.POLL, Action.VOUCH}
    paged = {Action.NOTMINE, Action.DUTY, Action.MUTE}
    answers = {Action.OPINION, Action.MEAN, Action.COMMENT, Action.ASK, Action.VOTE, Action.HONORARIUM}
    # Moderators post nothing, so nobody sees their screen name, and no case waits for them.
    posts = {*answers, Action.NEXT, Action.NAME, Action.DIGEST}
    of_others = {role: {action for action in TABLE if allowed(action, role, owns=False)} for role in Role}
    assert of_others[Role.PHYSICIAN] - of_others[Role.TRAINEE] == new | paged
    assert of_others[Role.TRAINEE] - of_others[Role.MODERATOR] == posts
    moderates = {action for action in TABLE if action.startswith("mod")} - {Action.MOD_FIRST}
    keeps_order = {Action.MERGE, Action.SPLIT, Action.ENDPOLL, Action.RESULTS_CSV}
    assert of_others[Role.MODERATOR] - of_others[Role.TRAINEE] == moderates | keeps_order


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_t_07_the_one_refusal_follows_the_table(action: Action, role: Role) -> None:
    ada = Member(MemberId("a1" * 16), "Quiet Heron", role, "Dermatology")
    for owner in (ada.id, MemberId("b2" * 16)):
        thing = Thing("case", "#101", owner)
        if allowed(action, role, owns=owner == ada.id):
            require(action, ada, thing)
        else:
            with pytest.raises(Refused):
                require(action, ada, thing)


@pytest.mark.parametrize("role", Role)
async def test_t_07_the_bot_does_with_ones_own_what_the_table_says(tmp_path: Path, role: Role) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        await put_into(tmp_path, await id_of(world, "ada"), role)
        seen = {action: await did(world, "ada", action, codes) for action in LINES}
    assert seen == {action: allowed(action, role, owns=True) for action in LINES}


@pytest.mark.parametrize("role", Role)
async def test_t_07_anothers_things_are_refused_like_things_that_do_not_exist(
    tmp_path: Path, role: Role
) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN, ben=role) as world:
        unknown = {action: await say(world, "ben", action, UNKNOWN) for action in OWNERS_ONLY}
        codes = await leave_things(world, "ada")
        of_another = {action: await say(world, "ben", action, codes) for action in OWNERS_ONLY}
        seen = {
            action: await did(world, "ben", action, codes) for action in LINES if action not in OWNERS_ONLY
        }
    assert of_another == unknown
    assert repr(of_another).encode() == repr(unknown).encode()
    assert seen == {action: allowed(action, role, owns=False) for action in seen}


async def test_t_07_what_was_refused_left_everything_as_it_was(tmp_path: Path) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN, ben=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        for action in OWNERS_ONLY:
            assert not await did(world, "ben", action, codes), action
        for action in OWNERS_ONLY:
            assert await did(world, "ada", action, codes), action


async def test_t_07_the_code_of_anothers_draft_is_as_good_as_none(tmp_path: Path) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN, ben=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        await world.command("ben", "case")
        await world.submit("ben", {"story": STORY, "question": "Biopsy?"}, photo())
        for action in OF_DRAFTS:
            assert await say(world, "ben", action, codes) == await say(world, "ben", action, UNKNOWN), action


async def test_t_07_a_stranger_gets_one_answer_whatever_there_is(tmp_path: Path) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        seen = {action: await did(world, "dara", action, codes) for action in LINES}
    assert seen == {action: allowed(action, None, owns=False) for action in LINES}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("word", ["suspended", "banned"])
async def test_t_07_who_is_stopped_has_no_role(tmp_path: Path, role: Role, word: str) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        await put_into(tmp_path, await id_of(world, "ada"), role)
        await stop(world, "ada", word)
        seen = {action: await did(world, "ada", action, codes) for action in LINES if action != Action.VERIFY}
        assert "you" in await world.command("ada", "verify")
        await restore(world, "ada", word)
        await world.settle()
        await put_into(tmp_path, await id_of(world, "ada"), Role.PHYSICIAN)
        for action in OWNERS_ONLY:
            assert await did(world, "ada", action, codes), action
    assert seen == {action: action in WHILE_STOPPED for action in seen}


@pytest.mark.parametrize("word", ["suspended", "banned"])
async def test_t_07_who_is_stopped_learns_nothing_of_anothers_things(tmp_path: Path, word: str) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN, ben=Role.PHYSICIAN) as world:
        await stop(world, "ben", word)
        unknown = {action: await say(world, "ben", action, UNKNOWN) for action in LINES}
        codes = await leave_things(world, "ada")
        assert {action: await say(world, "ben", action, codes) for action in LINES} == unknown


async def test_t_07_a_draft_of_an_earlier_role_does_not_leave(tmp_path: Path) -> None:
    async with opened(tmp_path, ada=Role.PHYSICIAN) as world:
        codes = await leave_things(world, "ada")
        await put_into(tmp_path, await id_of(world, "ada"), Role.TRAINEE)
        assert "asked by physicians" in await world.command("ada", f"post {codes['case']}")
        assert await did(world, "ada", Action.POST, codes)
