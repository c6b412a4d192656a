"""Polls as they are typed: what is read and written again is the same, and what is wrong has one sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.poll_asked import LONGEST_OPEN, Asked, read_asked, typed_of
from bot.domain.poll_scale import checked_scale, read_scale, written_scale
from bot.domain.poll_terms import MOST_MARKS, PollKind, Scale, Shows, Terms
from bot.domain.poll_text import SETTINGS, read_line, read_settings, settings_line
from bot.domain.refusal import Refused
from bot.domain.specialties import NAMES
from bot.domain.typed_times import read_time, written_time

NOW: Final = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
"""A Sunday."""
LEAST: Final = 5


def read(line: str) -> Asked:
    return read_asked(read_line(line), NOW, UTC, LEAST)


def refusal(line: str) -> str:
    with pytest.raises(Refused) as refused:
        read(line)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("line", "kind", "question", "options"),
    [
        ('"Tap it?" yes | no', PollKind.SINGLE, "Tap it?", ("yes", "no")),
        ("Tap it? yes | no", PollKind.SINGLE, "Tap it?", ("yes", "no")),
        ("“Tap it” yes | no", PollKind.SINGLE, "Tap it", ("yes", "no")),
        ('multiple "Which?" a | b', PollKind.MULTIPLE, "Which?", ("a", "b")),
        ("ranking Which first? a | b", PollKind.RANKING, "Which first?", ("a", "b")),
        ("ranking: which first? a | b", PollKind.RANKING, "which first?", ("a", "b")),
        ('likert "Tap it early."', PollKind.LIKERT, "Tap it early.", ()),
        ("agree Tap it early.", PollKind.LIKERT, "Tap it early.", ()),
        ('number "Dose?" 0-40 mg', PollKind.NUMBER, "Dose?", ()),
        ("number of doses? 1 | 2", PollKind.SINGLE, "number of doses?", ("1", "2")),
        ("Ranking or rating? a | b", PollKind.SINGLE, "Ranking or rating?", ("a", "b")),
        ("12 mg or 20 mg? 12 | 20", PollKind.SINGLE, "12 mg or 20 mg?", ("12", "20")),
        ('"Which?" MRI | CT [non-contrast]', PollKind.SINGLE, "Which?", ("MRI", "CT [non-contrast]")),
    ],
)
def test_one_line_is_read(line: str, kind: PollKind, question: str, options: tuple[str, ...]) -> None:
    asked = read(line)
    assert (asked.terms.kind, asked.question, asked.options) == (kind, question, options)
    assert asked.case is None


@pytest.mark.parametrize(
    "line", ['123 "Q?" a | b', '#123 "Q?" a | b', '#123 ranking "Q?" a | b', "#123 Q? a | b"]
)
def test_a_number_before_it_names_the_case(line: str) -> None:
    assert read(line).case == 123


def test_a_case_and_a_kind_alone_open_the_form() -> None:
    assert read_line("123") == read_line("#123") == {"case": "123"}
    assert read_line("#123 ranking") == {"case": "123", "kind": "ranking"}


def test_settings_are_read_in_any_order() -> None:
    asked = read(
        'multiple "Q?" a | b | c [sponsor Acme, Inc. pays 50 EUR a vote; for neuro, cardiology, no trainees, '
        "most 2, shuffled; snapshots; opens tomorrow 8:00; closes 3d; closes at 50 votes; sample of 60]"
    )
    assert asked.terms == Terms(
        kind=PollKind.MULTIPLE,
        most=2,
        shuffled=True,
        audience=("Cardiology", "Neurology"),
        trainees=False,
        opens_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        closes_at=datetime(2026, 3, 5, 8, 0, tzinfo=UTC),
        closes_after=50,
        shows=Shows.SNAPSHOTS,
        sponsor="Acme, Inc.",
        payment="50 EUR a vote",
        sample=60,
    )


WRONG: Final = (
    (f'"Q?" a | b [for {", ".join(NAMES[:6])}]', "A poll is for 5 specialties at most, or for all."),
    ("", "A poll needs a question"),
    ('"" a | b', "A poll needs a question"),
    ('"??" a | b', "A poll needs a question"),
    ('"Q?"', "at least two options"),
    ('"Q?" a', "at least two options"),
    (f'"Q?" {" | ".join(map(str, range(50)))}', "at most 9 options"),
    ('"Q?" Yes | yes', "Two of the options are the same"),
    ('"Q?" a  b | a b', "Two of the options are the same"),
    ('"Q?" a | don\'t know / not my field', "is always offered"),
    (f'"Q?" a | {"b" * 76}', "Option 2 has 76 characters; 75 fit."),
    (f'"{"q" * 301}" a | b', "The question has 301 characters; 300 fit."),
    ('likert "S" a | b', "Agreement has its five levels"),
    ('ranking "Q?" 1|2|3|4|5|6|7|8', "At most 7 options can be put in order."),
    ('number "Q?"', "A number needs its scale"),
    ('number "Q?" mg', "A number needs its scale"),
    ('number "Q?" 40-0 mg', "ends before it begins: write 0-40."),
    ('number "Q?" 5-5', "ends before it begins"),
    ('number "Q?" 0-10 step 0', "A step must be more than 0"),
    ('number "Q?" 0-10 step -1', "A step must be more than 0"),
    ('number "Q?" 0-101', "more than 101 values"),
    ('number "Q?" 0-1000', "A step that fits: step 10."),
    ('number "Q?" 0-10 step 3', "do not reach 10. A step that fits: step 0.1."),
    ('number "Q?" 0-10 milligrams per kilogram', "The unit has 23 characters; 20 fit."),
    ('"Q?" a | b [closes 2026-02-28 9:00]', "is past"),
    ('"Q?" a | b [opens 2026-02-28]', "is past"),
    ('"Q?" a | b [opens 3d; closes tomorrow]', "It would close before it opens."),
    ('"Q?" a | b [closes 91d]', "within 90 days"),
    ('"Q?" a | b [opens 2027-01-01]', "within 90 days"),
    ('"Q?" a | b [closes soon]', "I can't read “soon” as a time."),
    ('"Q?" a | b [closes 2026-02-30]', "as a time"),
    ('"Q?" a | b [closes at 25:00]', "as a time"),
    ('"Q?" a | b [closes at 4 votes]', "Let it close at 5 votes or more."),
    ('"Q?" a | b [for cardiologyy]', "Did you mean Cardiology or Radiology?"),
    ('"Q?" a | b [for cardiology, urologi]', "Did you mean Urology?"),
    ('multiple "Q?" a | b | c [most 0]', "a whole number from 1 on"),
    ('multiple "Q?" a | b | c [most nine]', "a whole number from 1 on"),
    ('multiple "Q?" a | b | c [most 9]', "at most 3 can be chosen"),
    ('"Q?" a | b [most 2]', "Only in a poll of kind multiple"),
    ('likert "S" [shuffled]', "keep their order"),
    ('"Q?" a | b [sponsor Acme Ltd]', "Say what is paid"),
    ('"Q?" a | b [pays 50 EUR]', "Say who pays"),
    (f'"Q?" a | b [sponsor {"A" * 81} pays 5]', "The sponsor has 81 characters"),
    ('"Q?" a | b [sample 3]', "Draw 10 or more."),
    ('"Q?" a | b [sample 40; closes at 50 votes]', "Only 40 can vote"),
    ('"Q?" a | b [snapshots; author only]', "Two of the settings say who reads the result."),
    ('"Q?" a | b [closes 2d, closes 3d]', "Two of the settings say when it closes."),
    ('"Q?" a | b [closs 3d]', "Did you mean closes?"),
    ('"Q?" a | b [closes 3d; loud]', "I don't know the setting “loud”."),
)


@pytest.mark.parametrize(("line", "sentence"), WRONG)
def test_what_is_wrong_has_one_sentence_with_what_to_do(line: str, sentence: str) -> None:
    said = refusal(line)
    assert sentence in said
    assert said.endswith((".", "?"))
    assert "!" not in said


BERLIN: Final = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("3h", "2026-03-01 13:30"),
        ("in 90 minutes", "2026-03-01 12:00"),
        ("1 week", "2026-03-08 10:30"),
        ("18:00", "2026-03-01 18:00"),
        ("8:00", "2026-03-02 08:00"),
        ("6 pm", "2026-03-01 18:00"),
        ("today", "2026-03-01 18:00"),
        ("tomorrow 8.15", "2026-03-02 08:15"),
        ("Tomorrow at 12 am", "2026-03-02 00:00"),
        ("sunday 9:00", "2026-03-08 09:00"),
        ("sun 19", "2026-03-01 19:00"),
        ("Friday, 18:00", "2026-03-06 18:00"),
        ("2026-03-29 18:00", "2026-03-29 18:00"),
        ("2026-03-04 18:00 UTC", "2026-03-04 19:00"),
    ],
)
def test_times_are_read_by_the_clock_on_the_wall(typed: str, there: str) -> None:
    assert written_time(read_time(typed, NOW, BERLIN, since=NOW, hour=18), BERLIN) == there


@settings(max_examples=40)
@given(st.text(max_size=40), st.sampled_from(["", "[", '"Q?" a | b [', 'number "Q?" ']))
def test_whatever_is_typed_is_read_or_refused(text: str, before: str) -> None:
    try:
        asked = read(f"{before}{text}")
    except Refused:
        return
    assert len(asked.offered) >= (1 if asked.terms.scale else 3)
    assert asked.question


_WORD = st.text("abcdefghij", min_size=1, max_size=12)
_NUMBERS = st.decimals(-1000, 1000, places=1)
_MINUTES = st.integers(1, 80 * 24 * 60)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    low, step = draw(_NUMBERS), draw(st.decimals("0.1", 50, places=1))
    return Scale(low, low + step * draw(st.integers(1, MOST_MARKS - 1)), step, draw(st.just("") | _WORD))


@st.composite
def polls(draw: st.DrawFn) -> Asked:
    kind = draw(st.sampled_from(PollKind))
    fixed = kind in (PollKind.LIKERT, PollKind.NUMBER)
    options = () if fixed else tuple(draw(st.lists(_WORD, min_size=2, max_size=7, unique=True)))
    floor = NOW.replace(second=0, microsecond=0)
    opens = draw(st.none() | _MINUTES.map(lambda minutes: floor + timedelta(minutes=minutes)))
    closes = (opens or floor) + timedelta(minutes=draw(st.integers(1, 24 * 60)))
    paid = draw(st.booleans())
    terms = Terms(
        kind=kind,
        most=draw(st.integers(1, len(options))) if kind is PollKind.MULTIPLE else 0,
        scale=draw(scales()) if kind is PollKind.NUMBER else None,
        shuffled=draw(st.booleans()) and not fixed,
        audience=tuple(sorted(draw(st.sets(st.sampled_from(NAMES), max_size=5)))),
        trainees=draw(st.booleans()),
        opens_at=opens,
        closes_at=draw(st.sampled_from([None, closes])),
        closes_after=draw(st.sampled_from([0, 5, 10])),
        shows=draw(st.sampled_from(Shows)),
        sponsor=draw(_WORD) if paid else "",
        payment=draw(_WORD) if paid else "",
        sample=draw(st.sampled_from([0, 10, 40])),
    )
    return Asked(draw(_WORD), options, terms, draw(st.none() | st.integers(1, 999)))


@given(polls(), st.sampled_from([UTC, ZoneInfo("America/New_York")]))
def test_what_is_written_is_read_again_the_same(asked: Asked, zone: ZoneInfo) -> None:
    typed = typed_of(asked, zone)
    assert read_asked(typed, NOW, zone, LEAST) == asked
    rest = {name: text for name, text in typed.items() if name not in SETTINGS}
    assert read_asked({**rest, "settings": settings_line(typed)}, NOW, zone, LEAST) == asked


@given(scales())
def test_a_scale_is_written_and_read_again_the_same(scale: Scale) -> None:
    assert read_scale(written_scale(scale)) == checked_scale(scale)
    assert scale.value(scale.marks - 1) == scale.high


def test_a_comma_in_a_number_is_a_point() -> None:
    assert read_scale("0-1,5 step 0,5 mg") == Scale(Decimal(0), Decimal("1.5"), Decimal("0.5"), "mg")


def test_settings_of_nothing_say_nothing() -> None:
    assert read_settings("") == read_settings(" [ ] ") == {}
    assert settings_line({"trainees": "yes", "shuffled": "no", "shows": "close"}) == ""
    assert timedelta(days=90) == LONGEST_OPEN
