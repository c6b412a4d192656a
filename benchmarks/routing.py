"""Which share of cases is answered in time, and how soon, with pages and without: a simulation (issue 5).

    python benchmarks/routing.py [--days 28] [--seeds 5] [--json FILE] [--plot FILE]

The rule (`bot.domain.routing.choose_enough`) and the ladder (`Case.page_at`, `climb`, `circles`) are the
bot's own; the clock, the cases and the people are made up. It shows what the rule makes of a model of
people, not what people will do. Runs on the same cases: 30 and 300 physicians, each with the room's post
alone, with pages, and with pages to people who answer half and a quarter as often. Five crowds each; the
worst and the best of them are told too.

The model. Physicians work at four hospitals in two time zones three hours apart; specialties are as
frequent as their weights below. Two in ten are on duty for half a day and take pages then; half of all have
quiet hours from 22 to 7, and one in five lets urgent cases through. Cases come by day mostly (weights by
hour), four in ten routine, three soon, a quarter today, one in twenty this hour, each for one specialty
that is there.

* Whoever sees the post in the room: while awake (7 to 23) a physician answers a case of the own field at a
  rate of 0.02 an hour and of another field at 0.001, both times the person's eagerness (mean 1,
  exponential: a few people give most answers). With 300 physicians that makes a median of about an hour by
  day. Medscape tells of 1.5 hours in its consult community, SERMO of 77 % of consults answered within an
  hour; both communities are many times as large, and neither pages anybody. So the run without pages is
  rather treated too well.
* Whoever is paged answers with probability 0.15 times eagerness (0.85 at most), on duty 0.35 times it;
  after a median of 45 minutes (on duty 20), lognormal with sigma 1. A page that comes while its reader
  sleeps is read at 7 unless on duty, and then answered with half the probability. These four figures are
  assumptions; no source gives them, hence the runs with a half and a quarter of the probabilities.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

from PIL import Image, ImageDraw, ImageFont

from bot.domain.cases import WINDOWS, Case
from bot.domain.members import MemberId
from bot.domain.routing import Candidate, Caps, choose_enough, circles, is_quiet

START: Final = datetime(2026, 3, 2, tzinfo=UTC)
WEIGHTS: Final = {
    "Internal medicine": 18,
    "Family medicine": 16,
    "Emergency medicine": 9,
    "Pediatrics": 9,
    "Hospital medicine": 8,
    "Surgery": 6,
    "Anesthesiology": 6,
    "Radiology": 6,
    "Cardiology": 5,
    "Psychiatry": 5,
    "Obstetrics and gynecology": 5,
    "Neurology": 4,
    "Orthopedic surgery": 4,
    "Gastroenterology": 3,
    "Hematology and oncology": 3,
    "Pulmonology": 2,
    "Infectious disease": 2,
    "Nephrology": 2,
    "Dermatology": 2,
    "Critical care": 2,
    "Rheumatology": 1,
}
URGENCIES: Final = {"routine": 40, "soon": 30, "today": 25, "hour": 5}
BY_HOUR: Final = (1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 9, 8, 8, 9, 9, 8, 7, 5, 4, 4, 3, 2, 1)
"""How many cases come in each hour of the author's day, as weights."""
AWAKE: Final = range(7, 23)
ACTIVE: Final = range(7, 20)
ROOM: Final = {"own": 0.02, "other": 0.001}
PAGED: Final = {"off": (0.15, 45.0), "on": (0.35, 20.0)}
"""Probability of an answer to a page, and median minutes to it, off and on duty."""
WAYS: Final = {
    "room only": 0.0,
    "with pages": 1.0,
    "pages, half as willing": 0.5,
    "pages, a quarter": 0.25,
}
"""The runs, by what the probability of an answer to a page is multiplied with; 0 pages nobody."""
CAPS: Final = Caps()
STEP: Final = timedelta(minutes=5)


@dataclass
class Person:
    """One physician of the model, with what the vault would keep of pages."""

    member: MemberId
    specialty: str
    hospital: int
    eager: float
    quiet: tuple[int, int] | None
    through: bool
    duty_days: int
    night: bool
    paged_on: date | None = None
    today: int = 0
    paged: int = 0
    answered: int = 0

    def hour(self, now: datetime) -> int:
        """Give the hour on this person's clock."""
        return (now.hour - 5 - 3 * (self.hospital % 2)) % 24

    def on_duty(self, now: datetime) -> bool:
        """Two in ten work on any day, by day or by night."""
        by_night = self.hour(now) < 7 or self.hour(now) >= 19
        return (now.toordinal() + self.duty_days) % 10 < 2 and by_night is self.night

    def candidate(self, now: datetime, hospital: int) -> Candidate:
        """Say of this person what the rule has to know."""
        clock = now.replace(hour=self.hour(now)).time()
        return Candidate(
            self.member,
            self.specialty,
            elsewhere=self.hospital != hospital,
            on_duty=self.on_duty(now),
            quiet=is_quiet(self.quiet, clock),
            through=self.through,
            paged_on=self.paged_on,
            today=self.today if self.paged_on == now.date() else 0,
            rate=(self.answered + 1) / (self.paged + 2),
        )

    def count(self, now: datetime, *, answers: bool) -> None:
        """Count a page."""
        self.today = self.today + 1 if self.paged_on == now.date() else 1
        self.paged_on = now.date()
        self.paged += 1
        self.answered += answers


@dataclass
class Outcome:
    """What became of one case; minutes to the first answer, None where there was none."""

    case: Case
    by_day: bool
    minutes: float | None = None
    pages: int = 0

    @property
    def in_time(self) -> bool:
        """Whether it was answered within its time."""
        return self.minutes is not None and self.minutes <= self.case.window.total_seconds() / 60


@dataclass
class World:
    """The people, and the randomness of one run."""

    people: Sequence[Person]
    random: random.Random
    eagerness: float
    by_member: dict[MemberId, Person] = field(init=False)

    def __post_init__(self) -> None:
        """Index the people."""
        self.by_member = {one.member: one for one in self.people}


def crowd(count: int, chance: random.Random) -> list[Person]:
    """Make up physicians."""
    names = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=count)
    return [
        Person(
            MemberId(f"{number:032x}"),
            name,
            hospital=number % 4,
            eager=chance.expovariate(1),
            quiet=(22, 7) if chance.random() < 0.5 else None,
            through=chance.random() < 0.2,
            duty_days=chance.randrange(10),
            night=chance.random() < 0.25,
        )
        for number, name in enumerate(names)
    ]


def asked(people: Sequence[Person], days: int, chance: random.Random) -> list[tuple[Person, Case]]:
    """Make up cases: each of the people asks about once a fortnight, and at least one case comes a day."""
    return sorted(
        (_asked(number, people, days, chance) for number in range(max(days, days * len(people) // 14))),
        key=lambda one: one[1].released_at,
    )


def _asked(number: int, people: Sequence[Person], days: int, chance: random.Random) -> tuple[Person, Case]:
    author = chance.choice(people)
    local = chance.choices(range(24), BY_HOUR)[0]
    shift = author.hour(START)
    at = START + timedelta(
        days=chance.randrange(days), hours=(local - shift) % 24, minutes=chance.randrange(60)
    )
    wanted = chance.choice([one for one in people if one is not author]).specialty
    urgency = chance.choices(list(URGENCIES), list(URGENCIES.values()))[0]
    case = Case(
        f"{number:032x}", number, author.member, "", "", "", urgency, at, at, specialties=(wanted,),
        closes_at=at + WINDOWS[urgency],
    )  # fmt: skip
    return author, case


def run(world: World, cases: Sequence[tuple[Person, Case]], *, pages: bool) -> list[Outcome]:
    """Let all cases run their time, one after the other: people are not kept busy by what they answer."""
    return [_run_one(world, author, case, pages=pages) for author, case in cases]


def _run_one(world: World, author: Person, case: Case, *, pages: bool) -> Outcome:
    """Walk one case by its clock until somebody answers or its time is over."""
    outcome = Outcome(case, author.hour(case.released_at) in ACTIVE)
    arrivals = [_in_room(world, author, case)]
    taken: set[MemberId] = {author.member}
    end = case.released_at + case.window
    while pages and case.page_at is not None and case.page_at < min(end, *arrivals):
        now, around = case.page_at, circles(case.rung, case.specialties)
        able = [one.candidate(now, author.hospital) for one in world.people if one.member not in taken]
        for page in choose_enough(able, around, case.urgency, CAPS):
            taken.add(page.member)
            outcome.pages += 1
            arrivals += _paged(world, world.by_member[page.member], now)
        case = case.climb(case.rung)
    first = min(arrivals)
    if first <= end:
        outcome.minutes = (first - case.released_at).total_seconds() / 60
    return outcome


def _paged(world: World, person: Person, now: datetime) -> Iterator[datetime]:
    """Give when a page is answered, or nothing."""
    duty = person.on_duty(now)
    chance, minutes = PAGED["on" if duty else "off"]
    asleep = person.hour(now) not in AWAKE and not duty
    likely = min(0.85, chance * world.eagerness * person.eager) * (0.5 if asleep else 1)
    answers = world.random.random() < likely
    person.count(now, answers=answers)
    if answers:
        read = now + timedelta(hours=(7 - person.hour(now)) % 24) if asleep else now
        yield read + timedelta(minutes=world.random.lognormvariate(math.log(minutes), 1))


def _in_room(world: World, author: Person, case: Case) -> datetime:
    """Give when the first of those answers who see the case in the room."""
    now, end = case.released_at, case.released_at + case.window
    left = world.random.expovariate(1)
    while now <= end:
        left -= _rate(world, author, case, now) * STEP.total_seconds() / 3600
        if left <= 0:
            return now + STEP * world.random.random()
        now += STEP
    return datetime.max.replace(tzinfo=UTC)


def _rate(world: World, author: Person, case: Case, now: datetime) -> float:
    return sum(
        ROOM["own" if one.specialty in case.specialties else "other"] * one.eager
        for one in world.people
        if one is not author and one.hour(now) in AWAKE
    )


def figures(outcomes: Sequence[Outcome], people: int, days: int) -> dict[str, Any]:
    """Sum up a run."""
    by_day = [one.minutes if one.minutes is not None else math.inf for one in outcomes if one.by_day]
    pages = sum(one.pages for one in outcomes)
    return {
        "cases": len(outcomes),
        "in_time": _share([one.in_time for one in outcomes]),
        "in_time_by_urgency": {
            urgency: _share([one.in_time for one in outcomes if one.case.urgency == urgency])
            for urgency in URGENCIES
        },
        "within_an_hour_by_day": _share([minutes <= 60 for minutes in by_day]),
        "median_minutes_by_day": round(median(by_day), 1),
        "median_minutes": round(median(_minutes(outcomes)), 1),
        "pages_a_case": round(pages / len(outcomes), 2),
        "pages_a_person_a_week": round(pages / people / days * 7, 2),
    }


def _minutes(outcomes: Sequence[Outcome]) -> list[float]:
    return [one.minutes if one.minutes is not None else math.inf for one in outcomes]


def _share(truths: Sequence[bool]) -> float:
    return round(sum(truths) / len(truths), 3) if truths else math.nan


def measure(days: int, seeds: int) -> tuple[dict[str, Any], dict[str, list[float]]]:
    """Run all; gives the figures and, by run, the minutes of cases that were asked by day."""
    told: dict[str, Any] = {}
    curves: dict[str, list[float]] = {}
    for count in (30, 300):
        for way, eagerness in WAYS.items():
            each = [_crowd_run(count, days, seed, eagerness) for seed in range(1, seeds + 1)]
            everything = [one for outcomes in each for one in outcomes]
            shares = [_share([one.in_time for one in outcomes]) for outcomes in each]
            told[f"{count} {way}"] = {
                **figures(everything, count, days * seeds),
                "in_time_of_crowds": [min(shares), max(shares)],
            }
            curves[f"{count} {way}"] = _minutes([one for one in everything if one.by_day])
    return told, curves


def _crowd_run(count: int, days: int, seed: int, eagerness: float) -> list[Outcome]:
    chance = random.Random(f"{seed} {count}")  # noqa: S311 - a run must repeat itself
    people = crowd(count, chance)
    cases = asked(people, days, chance)
    world = World(people, random.Random(seed), eagerness)  # noqa: S311 - as above
    return run(world, cases, pages=eagerness > 0)


_COLOURS: Final = ((148, 82, 0), (0, 95, 115), (92, 54, 133))
_SIZE: Final = (1080, 640)
_BOX: Final = (90, 70, 820, 540)
_HOURS: Final = 6
_DRAWN: Final = ("room only", "with pages", "pages, a quarter")


def plot(file: Path, curves: dict[str, list[float]]) -> None:
    """Draw which share of the cases asked by day has an answer after so many minutes; labels on the lines."""
    image = Image.new("RGB", _SIZE, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(22)
    _axes(draw, font)
    ends = []
    drawn = {name: minutes for name, minutes in curves.items() if name.endswith(_DRAWN)}
    for number, (name, minutes) in enumerate(drawn.items()):
        points = [_point(at, _share([one <= at for one in minutes])) for at in range(0, _HOURS * 60 + 1, 5)]
        draw.line(points, fill=_COLOURS[number % 3], width=4 if name.startswith("300") else 2)
        ends.append((points[-1][1], name, _COLOURS[number % 3]))
    _labels(draw, font, ends)
    image.save(file, optimize=True)


def _labels(
    draw: ImageDraw.ImageDraw,
    font: Any,  # noqa: ANN401 - one of two classes of Pillow's
    ends: list[tuple[float, str, tuple[int, int, int]]],
) -> None:
    """Write beside the end of each line what it is, none over another."""
    free = 0.0
    for y, name, colour in sorted(ends):
        free = max(free, y - 13)
        draw.text((_BOX[2] + 10, free), name, fill=colour, font=font)
        free += 28


def _point(minutes: float, share: float) -> tuple[float, float]:
    left, top, right, bottom = _BOX
    return left + (right - left) * minutes / (_HOURS * 60), bottom - (bottom - top) * share


def _axes(draw: ImageDraw.ImageDraw, font: Any) -> None:  # noqa: ANN401 - one of two classes of Pillow's
    draw.text((90, 20), "Cases asked by day that have an answer, by hours since they went out", "black", font)
    for tenth in range(0, 11, 2):
        left, y = _point(0, tenth / 10)
        draw.line((left, y, _BOX[2], y), fill=(220, 224, 228))
        draw.text((24, y - 12), f"{tenth * 10:3} %", "black", font)
    for hour in range(_HOURS + 1):
        x, bottom = _point(hour * 60, 0)
        draw.line((x, bottom, x, bottom + 8), fill="black")
        draw.text((x - 8, bottom + 14), f"{hour} h", "black", font)


def main() -> None:
    """Simulate, print, and write what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    args = parser.parse_args()
    told, curves = measure(args.days, args.seeds)
    for name, figure in told.items():
        print(f"{name:<28} {figure}")
    if args.json:
        args.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    if args.plot:
        plot(args.plot, curves)


if __name__ == "__main__":
    main()
