"""Audiences of polls: how many are asked, and which can be asked so that no two polls part a few people off.

Counted are those who may vote. Two polls with different audiences, asked in words that nobody would take for
the same, must not differ by a few people; so the specialties with too few physicians are asked all together
or not at all, and trainees likewise. docs/decisions/0037 says why this is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from bot.domain.members import Member, Role
from bot.domain.permissions import Action, allowed
from bot.domain.poll_terms import Terms
from bot.domain.refusal import Refused
from bot.domain.wording import enumerated


def invited(members: Collection[Member], terms: Terms) -> int:
    """Count who can vote: everybody of the audience, or as many physicians of it as are drawn at random."""
    audience = [member for member in members if _votes(member) and terms.admits(member)]
    if not terms.sample:
        return len(audience)
    return min(terms.sample, sum(member.role is Role.PHYSICIAN for member in audience))


def check_audience(members: Collection[Member], terms: Terms, least: int) -> None:
    """Refuse an audience that parts fewer than ``least`` people off; raises :class:`Refused`."""
    voters = [member for member in members if _votes(member)]
    physicians = Counter(member.specialty for member in voters if member.role is Role.PHYSICIAN)
    trainees = Counter(member.specialty for member in voters if member.role is Role.TRAINEE)
    if terms.audience:
        _check_specialties(physicians, trainees, terms, least)
    if not terms.trainees:
        _check_trainees(trainees, terms, least)


def units(people: Counter[str], least: int) -> tuple[frozenset[str], ...]:
    """Part specialties into the smallest groups that may be asked alone, each of ``least`` people or more.

    What is too small for that is one group, and takes in the smallest of the others while it is too small
    itself. Only where there are fewer than ``least`` people in all is it smaller.
    """
    large = sorted((name for name in people if people[name] >= least), key=lambda name: (-people[name], name))
    small = {name for name in people if people[name] < least}
    while large and small and sum(people[name] for name in small) < least:
        small.add(large.pop())
    return tuple(frozenset(group) for group in (*([name] for name in large), small) if group)


def _votes(member: Member) -> bool:
    return allowed(Action.VOTE, member.role, owns=False)


def _check_specialties(physicians: Counter[str], trainees: Counter[str], terms: Terms, least: int) -> None:
    everybody = Counter({name: physicians[name] for name in {*physicians, *trainees}})
    cut = _cut(units(everybody, least), terms.audience)
    few = [name for name in terms.audience if physicians[name] < least]
    if few and (cut or not everybody.keys() >= set(few)):
        raise Refused(
            "few_of_specialty",
            f"Fewer than {least} physicians here are in {enumerated(sorted(few))}, so a poll of these could "
            "tell what one of them thinks. Ask all specialties, or larger ones.",
            "poll",
        )
    if cut:
        raise Refused(
            "few_left_out",
            f"A poll of {enumerated(sorted(terms.audience))} alone, next to other polls, could tell what "
            f"fewer than {least} physicians of other specialties think. Ask all specialties, or larger ones.",
            "poll",
        )


def _check_trainees(trainees: Counter[str], terms: Terms, least: int) -> None:
    left_out = sum(trainees[name] for name in (terms.audience or trainees))
    if 0 < left_out < least or (terms.audience and _cut(units(trainees, least), terms.audience)):
        raise Refused(
            "few_trainees",
            "Without trainees, this result and that of another poll could tell what fewer than "
            f"{least} trainees think. Let trainees vote too.",
            "poll",
        )


def _cut(groups: Iterable[frozenset[str]], audience: Collection[str]) -> bool:
    """Say whether an audience takes a part of a group."""
    chosen = frozenset(audience)
    return any(group & chosen and group - chosen for group in groups)
