"""Polls as they are asked: what was typed, read into question, options and terms, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from bot.domain.drafts import Draft
from bot.domain.poll_scale import read_scale, written_scale
from bot.domain.poll_terms import AGREEMENT, MOST_RANKED, NO_OPINION, PollKind, Shows, Terms
from bot.domain.poll_text import NO, YES, Typed, read_settings
from bot.domain.polls import make_options
from bot.domain.refusal import Refused
from bot.domain.typed_times import read_time, written_time
from bot.domain.wanted import MOST, named, written

LONGEST_QUESTION: Final = 300
LONGEST_OPTION: Final = 75
"""Characters of an option: with more it would not stand whole on a button."""
LONGEST_SPONSOR: Final = 80
"""Characters of a sponsor, and of what is paid."""
LONGEST_OPEN: Final = timedelta(days=90)
"""How far ahead a poll may open or close."""
_OPENS_AT: Final = 8
_CLOSES_AT: Final = 18
"""Hours of the day that are meant where a day is named and no time."""
_WORDS: Final = ("question", "sponsor", "payment")
OPTION: Final = "option "
"""How the fields of a draft begin that hold options."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A poll that somebody is about to ask; ``options`` are those that were typed, none of a number."""

    question: str
    options: tuple[str, ...]
    terms: Terms
    case: int | None = None

    @property
    def offered(self) -> tuple[str, ...]:
        """What can be chosen, *don't know* last."""
        fixed = AGREEMENT if self.terms.kind is PollKind.LIKERT else self.options
        return (*fixed, NO_OPINION)


def read_asked(typed: Typed, now: datetime, zone: tzinfo, least: int) -> Asked:
    """Read a poll from what was typed; raises :class:`Refused`. ``least`` is the smallest cell."""
    typed = {**typed, **read_settings(typed.get("settings", ""))}
    asked = _read(typed, now, zone)
    _check_words(asked)
    _check_kind(asked, typed)
    check_times(asked.terms, now)
    _check_numbers(asked, least)
    return asked


def _read(typed: Typed, now: datetime, zone: tzinfo) -> Asked:
    kind = PollKind(typed.get("kind") or PollKind.SINGLE)
    terms = _terms(typed, kind, now, zone)
    question = " ".join(typed.get("question", "").split())
    options = typed.get("options", "")
    case = typed.get("case", "").strip().removeprefix("#")
    if case and not (case.isdecimal() and len(case) < 10):
        raise Refused("no_case", "Name your case by its number, for example 123.", "mine")
    if kind is PollKind.NUMBER:
        return Asked(question, (), replace(terms, scale=read_scale(options)), int(case) if case else None)
    texts = tuple(" ".join(text.split()) for text in options.replace("|", "\n").split("\n") if text.strip())
    if kind is PollKind.MULTIPLE and not typed.get("most", "").strip():
        terms = replace(terms, most=len(texts))
    return Asked(question, texts, terms, int(case) if case else None)


def _terms(typed: Typed, kind: PollKind, now: datetime, zone: tzinfo) -> Terms:
    opens = _time(typed, "opens", now, zone, since=now, hour=_OPENS_AT)
    return Terms(
        kind=kind,
        most=_count(typed, "most", "most 2"),
        shuffled=typed.get("shuffled") == YES,
        audience=_audience(typed.get("audience", "")),
        trainees=typed.get("trainees") != NO,
        opens_at=opens,
        closes_at=_time(typed, "closes", now, zone, since=opens or now, hour=_CLOSES_AT),
        closes_after=_count(typed, "closes_after", "closes at 50 votes"),
        shows=Shows(typed.get("shows") or Shows.CLOSE),
        sponsor=" ".join(typed.get("sponsor", "").split()),
        payment=" ".join(typed.get("payment", "").split()),
        sample=_count(typed, "sample", "sample 40"),
    )


def _audience(typed: str) -> tuple[str, ...]:
    if typed.strip().casefold() in ("all", "everybody", "everyone"):
        return ()
    try:
        return tuple(sorted(named(typed)))
    except Refused as refused:
        if refused.code != "too_many":
            raise
        raise Refused("too_many", f"A poll is for {MOST} specialties at most, or for all.", "poll") from None


def _time(
    typed: Typed, name: str, now: datetime, zone: tzinfo, *, since: datetime, hour: int
) -> datetime | None:
    words = typed.get(name, "").strip()
    return read_time(words, now, zone, since=since, hour=hour) if words else None


def _count(typed: Typed, name: str, example: str) -> int:
    words = typed.get(name, "").strip()
    if not words:
        return 0
    if not words.isdecimal() or not 0 < int(words) < 1_000_000:
        raise Refused(
            "no_count", f"That needs a whole number from 1 on, for example: {example}.", "help poll"
        )
    return int(words)


def _check_words(asked: Asked) -> None:
    if not asked.question.strip("?!. "):
        raise Refused("no_question", 'A poll needs a question: poll "Question?" yes | no.', "poll")
    _require_short("The question", asked.question, LONGEST_QUESTION)
    for number, option in enumerate(asked.options, start=1):
        _require_short(f"Option {number}", option, LONGEST_OPTION)
        if option.casefold() == NO_OPINION.casefold():
            raise Refused("no_opinion", f"“{NO_OPINION}” is always offered. Leave it out.", "poll")
    _require_short("The sponsor", asked.terms.sponsor, LONGEST_SPONSOR)
    _require_short("The payment", asked.terms.payment, LONGEST_SPONSOR)
    if bool(asked.terms.sponsor) != bool(asked.terms.payment):
        lacks = "what is paid" if asked.terms.sponsor else "who pays"
        raise Refused(
            "sponsor",
            f"Everybody must read who pays and what. Say {lacks}: sponsor Acme Ltd pays 50 EUR a vote.",
        )


def _require_short(what: str, words: str, most: int) -> None:
    if len(words) > most:
        raise Refused("too_long", f"{what} has {len(words)} characters; {most} fit. Say it shorter.", "poll")


def _check_kind(asked: Asked, typed: Typed) -> None:
    kind, options = asked.terms.kind, asked.options
    if kind is PollKind.LIKERT:
        if options:
            raise Refused(
                "fixed_options",
                "Agreement has its five levels, so leave the options out, or take another kind.",
            )
    elif kind is not PollKind.NUMBER:
        require_options(options)
    if kind is PollKind.RANKING and len(options) > MOST_RANKED:
        raise Refused("many_to_rank", f"At most {MOST_RANKED} options can be put in order. Take some out.")
    if kind is not PollKind.MULTIPLE and typed.get("most", "").strip():
        raise Refused(
            "most", "Only in a poll of kind multiple can several be chosen: poll multiple “Q?” a | b."
        )
    if asked.terms.most > len(options):
        raise Refused("most", f"There are {len(options)} options, so at most {len(options)} can be chosen.")
    if asked.terms.shuffled and kind in (PollKind.LIKERT, PollKind.NUMBER):
        raise Refused("shuffled", "Levels and numbers keep their order. Leave out shuffled.")


def require_options(options: Sequence[str]) -> None:
    """Refuse options among which nobody can choose; raises :class:`Refused`."""
    make_options([" ".join(option.split()) for option in options])


def check_times(terms: Terms, now: datetime) -> None:
    """Refuse times at which nobody could vote; raises :class:`Refused`."""
    if terms.opens_at and terms.closes_at and terms.closes_at <= terms.opens_at:
        raise Refused("closes_first", "It would close before it opens. Let it close later.")
    for verb, at in (("open", terms.opens_at), ("close", terms.closes_at)):
        if at is not None and at <= now:
            raise Refused("past", f"The time at which it would {verb} is past. Take a later one.")
        if at is not None and at - now > LONGEST_OPEN + timedelta(minutes=1):
            raise Refused(
                "too_far", f"A poll can {verb} within {LONGEST_OPEN.days} days. Take an earlier time."
            )


def _check_numbers(asked: Asked, least: int) -> None:
    terms = asked.terms
    if 0 < terms.closes_after < least:
        raise Refused(
            "too_few_votes", f"Below {least} votes no result is shown. Let it close at {least} votes or more."
        )
    if 0 < terms.sample < 2 * least:
        raise Refused(
            "small_sample",
            f"A result needs {least} votes, and not everybody drawn will vote. Draw {2 * least} or more.",
        )
    if terms.sample and terms.closes_after > terms.sample:
        raise Refused(
            "contradicts", f"Only {terms.sample} can vote, so it can't close at more votes than that."
        )


def typed_of(asked: Asked, zone: tzinfo) -> dict[str, str]:
    """Write a poll as it would be typed, so that it is read again the same; nothing for what was not said."""
    terms = asked.terms
    options = "\n".join(asked.options)
    said = {
        "kind": terms.kind.value,
        "question": asked.question,
        "options": written_scale(terms.scale) if terms.scale else options,
        "audience": written(terms.audience),
        "trainees": "" if terms.trainees else NO,
        "most": str(terms.most) if 0 < terms.most < len(asked.options) else "",
        "shuffled": YES if terms.shuffled else "",
        "opens": written_time(terms.opens_at, zone) if terms.opens_at else "",
        "closes": written_time(terms.closes_at, zone) if terms.closes_at else "",
        "closes_after": str(terms.closes_after or ""),
        "shows": "" if terms.shows is Shows.CLOSE else terms.shows.value,
        "sponsor": terms.sponsor,
        "payment": terms.payment,
        "sample": str(terms.sample or ""),
        "case": str(asked.case or ""),
    }
    return {name: text for name, text in said.items() if text}


def draft_fields(asked: Asked) -> dict[str, str]:
    """Give the words of a poll that somebody typed, which the anonymizer reads."""
    options = {f"{OPTION}{number}": text for number, text in enumerate(asked.options, start=1)}
    unit = asked.terms.scale.unit if asked.terms.scale else ""
    words = {"unit": unit, "sponsor": asked.terms.sponsor, "payment": asked.terms.payment}
    return {"question": asked.question, **options, **{name: text for name, text in words.items() if text}}


def draft_settings(asked: Asked) -> dict[str, str]:
    """Give what of a poll was chosen, in the settings of a draft; times are in UTC."""
    typed = typed_of(asked, UTC)
    scale = {"scale": written_scale(asked.terms.scale, unit="")} if asked.terms.scale else {}
    return {**{name: text for name, text in typed.items() if name not in (*_WORDS, "options")}, **scale}


def asked_of(draft: Draft, words: Mapping[str, str] | None = None) -> Asked:
    """Give the poll that a draft becomes, in its cleaned words or in other ``words`` for its fields."""
    said = draft.fields if words is None else words
    options = tuple(text for name, text in said.items() if name.startswith(OPTION))
    chosen = {**draft.settings, **{name: said[name] for name in _WORDS if name in said}}
    typed = {**chosen, "options": draft.settings.get("scale", "\n".join(options))}
    asked = _read(typed, draft.created_at, UTC)
    if asked.terms.scale is None:
        return asked
    # A cleaned unit may be longer than one that is typed.
    return replace(
        asked, terms=replace(asked.terms, scale=replace(asked.terms.scale, unit=said.get("unit", "")))
    )
