"""Names by their own shape: `LAST, FIRST`, a given beside a family name, lone names, initials."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found
from bot.anonymizer.words import section

_INITIALS: Final = re.compile(
    r"(?<![\w.@])(?:[^\W\d_]\.[ ]?){1,3}[^\W\d_](?:\.(?!\w)|\.?(?=[\s,;:)?!]|$))(?!\.\w)"
)
_INITIALS_CUE: Final = re.compile(
    r"(?:\bpt|patient|discussing|discuss|presenting|about,|regarding|update on|\bre:?|about|mrs?\.?"
    r"|ms\.?|dr\.?|for|\(|named|update|\bsee|saw|\bthis is)\s*$"
)


class ShapedNames(Runs):
    """Finds the names that no cue announces."""

    def pairs(self) -> Iterator[Found]:
        """Yield names of two words and more, initials, and short forms in front of a name in brackets."""
        yield from self._each(self._last_first, self._pair)
        yield from self._each(self._alias)
        yield from self._initials()

    def singles(self) -> Iterator[Found]:
        """Yield single words that are names; places are looked for before."""
        yield from self._each(self._single)

    def _each(self, *rules: Callable[[int], Iterator[Found]]) -> Iterator[Found]:
        for rule in rules:
            for at in range(len(self.reading)):
                if not self.reading.taken[at]:
                    yield from rule(at)

    def _alias(self, at: int) -> Iterator[Found]:
        """`Joey (Joseph Roe)`: a short form in front of a name that was found."""
        reading, word = self.reading, self.reading.words[at]
        if reading.gap(at) != " (" or self.blocked(at) or not self.is_name(at + 1):
            return
        if reading.among(at, "relatives", "patient cues", "clinician cues"):
            return
        if word.unknown or (word.name and (not word.plain or reading.capital(at))):
            yield self.take(at, at, "A full name stands in brackets behind it.")

    def _last_first(self, at: int) -> Iterator[Found]:
        reading = self.reading
        if reading.gap(at) not in (", ", ",") or self.blocked(at) or self.blocked(at + 1):
            return
        if self._fits_last_first(at):
            end = at + 2 if reading.initial(at + 2) and reading.gap(at + 1) == " " else at + 1
            start = at
            while (
                start > 0
                and reading.gap(start - 1) in (" ", "-")
                and (self.particle(start - 1) or reading.score(start - 1) >= 3)
                and not reading.taken[start - 1]
            ):
                start -= 1
            yield self.take(start, end, "This reads as a family name and a given name.")

    def _fits_last_first(self, at: int) -> bool:
        reading = self.reading
        family, given = reading.words[at], reading.words[at + 1]
        last, first = self._shouted(at), self._shouted(at + 1)
        if self.degree(at) or self.degree(at + 1):
            return False
        if (
            not ((family.name or family.unknown) and (given.given or given.unknown or not given.plain))
            or max(last, first) < 2.0
        ):
            return False
        if reading.cases[at] == "acronym" and family.name < 4:
            return False
        alone = (
            at == 0
            or "\n" in reading.gap(at - 1)
            or reading.gap(at - 1).endswith("(")
            or reading.gap(at) == ","
        )
        if alone and last >= 3.0 and given.given >= 4:
            return True
        if not alone and given.unknown and (family.name < 5 or family.plain):
            return False
        return min(last, first) >= (0.5 if alone else 1.5) and not (family.unknown and given.unknown)

    def _shouted(self, at: int) -> float:
        """Return the score of a word; capitals of a short one count for nothing here."""
        return self.reading.score(at) + (1.5 if self.reading.cases[at] == "acronym" else 0.0)

    def _pair(self, at: int) -> Iterator[Found]:
        """A given and a family name side by side, with initials or particles between them or not."""
        reading = self.reading
        if self._closed(at) and not reading.among(at, "given stops"):
            return
        behind = at + 1
        while behind < min(at + 4, len(reading)) and self._between(behind):
            behind += 1
        if behind >= len(reading) or not reading.joined(behind - 1) or self._closed(behind):
            return
        both = reading.eponym[at] and reading.eponym[behind] and reading.words[at].given < 4
        if not both and self._fits(at, behind):
            last = max(behind, self._end(behind))
            yield self.take(at, last, "This reads as a given and a family name.")

    def _closed(self, at: int) -> bool:
        """Say whether a word cannot be half of a pair; an eponym can, unless a head word makes it a term."""
        reading = self.reading
        named = reading.words[at].name >= 3 and reading.low(at) not in section("clinical", "strong")
        return (
            self.blocked(at) if not (reading.eponym[at] and named) else reading.term[at] or reading.taken[at]
        )

    def _between(self, at: int) -> bool:
        """Say whether a token is an initial, a particle or the second half of a double given name."""
        reading = self.reading
        half = reading.gap(at - 1) == "-" and reading.gap(at) == " " and reading.words[at].name > 0
        return (reading.initial(at) or self.particle(at) or half) and reading.joined(at - 1)

    def _fits(self, at: int, behind: int) -> bool:
        """Say whether two words are a given and a family name."""
        reading, one, two = self.reading, self.reading.words[at], self.reading.words[behind]
        given, family = reading.score(at), reading.score(behind)
        if reading.among(at, "given stops"):
            return family >= 3.0 and two.english < 2 and two.name > 0
        if min(len(reading.low(at)), len(reading.low(behind))) < 3:
            return reading.capital(behind) and min(given, family) >= 2.0 and max(one.given, two.given) >= 3
        if given >= 2.0 and family >= 2.0 and max(one.name, two.name) >= 3:
            return True
        if behind - at > 1 and self.particle(behind - 1) and given >= 1.5 and not one.plain:
            return not two.clinical
        cased = reading.capital(behind) and reading.cases[at] in ("capital", "start")
        return self._fits_capitals(at, behind) if cased else self._fits_small(at, behind)

    def _fits_small(self, at: int, behind: int) -> bool:
        one, two = self.reading.words[at], self.reading.words[behind]
        given, family = self.reading.score(at), self.reading.score(behind)
        sure = two.english < 2 and two.name >= 3 and family >= 3.0
        if one.given >= 5 and given >= 1.0 and len(self.reading.low(behind)) > 3 and (two.unknown or sure):
            return True
        if one.given >= 3 and given >= 2.0 and family >= 1.5:
            return not (two.plain and two.margin < -0.75)
        return one.unknown and two.name >= 3 and family >= 3.0

    def _fits_capitals(self, at: int, behind: int) -> bool:
        one, two = self.reading.words[at], self.reading.words[behind]
        given, family = self.reading.score(at), self.reading.score(behind)
        if one.given >= 3 and given >= 2.0 and family >= 1.0:
            return True
        if one.unknown and two.name >= 3 and family >= 3.0:
            return True
        if one.given >= 5 and one.english < 2 and two.family >= 3 and not two.medical_form:
            return self.reading.cases[behind] != "acronym"
        if given < 2.0 or one.plain:
            return False
        if two.name >= 4 and (one.given >= 3 or one.unknown):
            return True
        both = family >= 2.0 and not two.plain and (two.name > 0 or (one.unknown and two.unknown))
        return both or (family >= 1.5 and one.name > 0)

    def _single(self, at: int) -> Iterator[Found]:
        """A word on its own that is hardly anything but a name."""
        reading, word, length = self.reading, self.reading.words[at], len(self.reading.low(at))
        if self.blocked(at) or not word.name or word.english > 1 or word.clinical or length < 3:
            return
        if reading.cases[at] == "acronym":
            return
        score, capital = reading.score(at), reading.capital(at)
        if score >= 3.0 and word.name >= 4 and word.margin >= 1 and (length > 3 or capital):
            yield self.take(at, at, "This word is known as a name and as nothing else.")
        elif score >= 3.0 and capital and word.name >= 2:
            yield self.take(at, at, "This capitalised word is known as a name.")
        elif score >= 2.5:
            yield self.take(at, at, "This word is known as a rare name.", tier="ask")

    def doubtful(self) -> Iterator[Found]:
        """Yield everyday words that are names too and have a capital in mid-sentence; the author knows."""
        for at, word in enumerate(self.reading.words):
            everyday = word.name >= 3 and word.margin >= -2.3 and not word.clinical
            here = self.reading.capital(at) and not self.blocked(at)
            here = here and not self.reading.among(at, "peoples", "institutions", "credentials")
            if everyday and here:
                reason = "This everyday word is a name too and has a capital here."
                yield self.take(at, at, reason, tier="ask")

    def _initials(self) -> Iterator[Found]:
        text = self.reading.field.text
        for match in _INITIALS.finditer(text):
            letters = "".join(letter for letter in match.group().lower() if letter.isalpha())
            cued = _INITIALS_CUE.search(text[max(0, match.start() - 14) : match.start()].lower())
            term = letters in section("general", "dotted terms") and not (cued and match.group().isupper())
            if term or len(letters) < 2:
                continue
            if match.group().isupper() or cued or match.group().endswith("."):
                yield Found(
                    self.reading.field.name,
                    *match.span(),
                    "NAME",
                    "auto" if match.group().isupper() or cued else "ask",
                    "These read as a person's initials.",
                )
