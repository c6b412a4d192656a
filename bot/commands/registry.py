"""Everything the bot can do, in one table: the word, who may say it, what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands import (
    adding,
    availability,
    buckets,
    cases,
    comments,
    dashboard,
    details,
    digests,
    draft_pictures,
    drafts,
    editing,
    following,
    helping,
    meanings,
    names,
    oneself,
    opinions,
    outcomes,
    paging,
    paying,
    poll_closing,
    poll_export,
    poll_list,
    polls,
    questions,
    reporting,
    revealing,
    search,
    voting,
    waiting,
    wanted,
)
from bot.commands.context import Ask, Context

Run = Callable[[Context, Ask], Awaitable[Card | Form]]


class Group(StrEnum):
    """Where a word stands in the help."""

    CASES = "cases"
    DRAFTS = "drafts"
    POLLS = "polls"
    ONESELF = "oneself"


@dataclass(frozen=True, slots=True)
class Command:
    """One word for verified members. ``usage`` is an example to copy, ``does`` one short sentence."""

    word: str
    usage: str
    does: str
    group: Group
    run: Run


COMMANDS: tuple[Command, ...] = (
    Command("case", "case", "Ask colleagues; case dermatology says what to tell.", Group.CASES, cases.ask),
    Command(
        "open", "open", "List open cases, or of one field: open cardiology.", Group.CASES, cases.list_open
    ),
    Command("next", "next", "Show the next case that waits for you.", Group.CASES, waiting.show_next),
    Command("find", "find uveitis", "Find cases by their words.", Group.CASES, search.find),
    Command("mine", "mine", "List your own cases.", Group.CASES, cases.list_mine),
    Command("show", "show 123", "Show a case and what was said about it.", Group.CASES, cases.show),
    Command(
        "opinion",
        "opinion 123 1) first 2) second next: test",
        "Give your opinion, the most likely first.",
        Group.CASES,
        opinions.give,
    ),
    Command("read", "read 123", "Just read the opinions on a case.", Group.CASES, revealing.read),
    Command(
        "reveal", "reveal 123", "Show everybody the opinions on your case.", Group.CASES, revealing.reveal
    ),
    Command(
        "mean", "mean 123 1", "Say what an abbreviation in your opinion means.", Group.CASES, meanings.mean
    ),
    Command("comment", "comment 123 your words", "Comment on a case.", Group.CASES, comments.say),
    Command("add", "add 123 what is new", "Add to your open case.", Group.CASES, adding.add),
    Command(
        "question",
        "question 123 What would you do next?",
        "Change the question of your open case.",
        Group.CASES,
        questions.change,
    ),
    Command("helpful", "helpful 123.2", "Say that an opinion helped.", Group.CASES, helping.helpful),
    Command("unhelpful", "unhelpful 123.2", "Take that back.", Group.CASES, helping.unhelpful),
    Command("ask", "ask 123 your question", "Ask the author of a case something.", Group.CASES, comments.ask),
    Command(
        "merge",
        "merge 123 2 3",
        "Put names in the list of your case together, by their numbers.",
        Group.CASES,
        buckets.merge,
    ),
    Command(
        "split", "split 123 2", "Take a name in the list of your case apart.", Group.CASES, buckets.split
    ),
    Command("close", "close 123", "Close your case.", Group.CASES, cases.close),
    Command(
        "outcome",
        "outcome 123 confirmed gout how: a tap lesson: tap early",
        "Say what your closed case was.",
        Group.CASES,
        outcomes.tell,
    ),
    Command(
        "follow",
        "follow 123",
        "Hear what is said on a case; follow 123 off ends it.",
        Group.CASES,
        following.follow,
    ),
    Command("wider", "wider 123", "Ask further specialties about your case.", Group.CASES, paging.ask_wider),
    Command("notmine", "notmine 123", "Say that a case is not your field.", Group.CASES, paging.not_mine),
    Command("withdraw", "withdraw 123", "Take your case back everywhere.", Group.CASES, cases.withdraw),
    Command("preview", "preview", "Look at your draft again.", Group.DRAFTS, drafts.preview),
    Command("post", "post", "Post your draft.", Group.DRAFTS, drafts.post),
    Command("keep", "keep 3", "Put back what identifies nobody.", Group.DRAFTS, drafts.keep),
    Command("hide", "hide 3", "Leave a piece out, or words: hide these words.", Group.DRAFTS, drafts.hide),
    Command("picture", "picture 1", "Look at a picture of your draft.", Group.DRAFTS, draft_pictures.picture),
    Command("cover", "cover 1 B3", "Cover a place on a picture.", Group.DRAFTS, draft_pictures.cover),
    Command("uncover", "uncover 2", "Uncover a box on a picture.", Group.DRAFTS, draft_pictures.uncover),
    Command("edit", "edit", "Change the words of your draft.", Group.DRAFTS, editing.edit),
    Command(
        "details", "details", "Title, age, sex and more, beside the story.", Group.DRAFTS, details.details
    ),
    Command("discard", "discard", "Throw your draft away.", Group.DRAFTS, drafts.discard),
    Command("alias", "alias", "Sign your case with a name for it alone.", Group.DRAFTS, names.alias),
    Command("own", "own name", "Sign your case with your own verified name.", Group.DRAFTS, names.own),
    Command(
        "for",
        "for cardiology, nephrology",
        "Say which specialties your case is for.",
        Group.DRAFTS,
        wanted.say_for,
    ),
    Command("report", "report 123", "Say that something must not stand.", Group.ONESELF, reporting.report),
    Command(
        "appeal",
        "appeal 123",
        "Ask another moderator to look at what is hidden of yours.",
        Group.ONESELF,
        reporting.appeal,
    ),
    Command("undo", "undo", "Stop what you posted last.", Group.DRAFTS, drafts.undo),
    Command("poll", 'poll "Question?" yes | no', "Ask a poll.", Group.POLLS, polls.ask),
    Command("polls", "polls", "List open polls.", Group.POLLS, poll_list.polls),
    Command("vote", "vote 45 2", "Vote, or change your vote.", Group.POLLS, voting.vote),
    Command(
        "results",
        "results 45",
        "Show a poll's result; results 45 csv gives your own as a table.",
        Group.POLLS,
        poll_export.results,
    ),
    Command("endpoll", "endpoll 45", "Close your poll.", Group.POLLS, poll_closing.end),
    Command("honorarium", "honorarium", "Show what you can claim for polls.", Group.POLLS, paying.show),
    Command(
        "me", "me", "Show what others see of you; me home brings notices here.", Group.ONESELF, oneself.me
    ),
    Command("home", "home", "Show what waits for you, and what is yours.", Group.ONESELF, dashboard.home),
    Command(
        "duty", "duty 12h", "Say that you are on duty; duty off ends it.", Group.ONESELF, availability.duty
    ),
    Command(
        "mute",
        "mute 8h",
        "Get no pages for a while; me quiet keeps hours.",
        Group.ONESELF,
        availability.mute,
    ),
    Command(
        "digest",
        "digest daily",
        "Get news in one list each morning; digest weekly, or digest off.",
        Group.ONESELF,
        digests.digest,
    ),
    Command("name", "name", "Take another screen name.", Group.ONESELF, names.name),
)
BY_WORD = {command.word: command for command in COMMANDS}

FOR_ANYBODY: tuple[tuple[str, str], ...] = (
    ("help", "Say what you can do here."),
    ("rules", "Show the rules."),
    ("verify", "Become a member, or see where that stands."),
    ("link", "Use one membership from several accounts: show a code, or type one behind the word."),
)
FOR_MEMBERS: tuple[tuple[str, str], ...] = (("unlink", "List your accounts, or take one off."),)
FOR_PHYSICIANS: tuple[tuple[str, str], ...] = (("vouch", "Say that a colleague works here."),)
FOR_MODERATORS: tuple[tuple[str, str], ...] = (("mod", "Look after those who want in, and after members."),)
BESIDE = (*FOR_ANYBODY, *FOR_MEMBERS, *FOR_PHYSICIANS, *FOR_MODERATORS)
"""Words that the front door answers itself, or that need no member."""
WORDS = (*BY_WORD, *(word for word, _ in BESIDE))


def nearest(word: str) -> str:
    """Give the known word that looks most like an unknown one, or an empty string."""
    return next(iter(get_close_matches(word.casefold(), WORDS, n=1, cutoff=0.5)), "")
