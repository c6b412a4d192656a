"""Addresses: streets with a number, post boxes, zip and postal codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from bot.anonymizer.finders.places import PlaceRules
from bot.anonymizer.found import Found
from bot.anonymizer.words import section


@cache
def _streets(kinds: str) -> re.Pattern[str]:
    """Return the expression of a street with a number that ends in one of the kinds of street."""
    words = "|".join(sorted(section("general", kinds), key=len, reverse=True))
    return re.compile(
        _NUMBER_AND_NAME + rf"(?P<kind>{words})\b\.?" + _REST,
        re.IGNORECASE,
    )


_NUMBER_AND_NAME: Final = (
    r"(?<![\w./-])(?P<number>\d{1,6}(?:[- ]?[A-Z])?(?: 1/2)?),? "
    r"(?P<name>(?:(?:[NSEW]|NE|NW|SE|SW|North|South|East|West)\.? )?"
    r"(?:[^\W\d_][\w'.-]* |\d{1,3}(?:st|nd|rd|th) ){1,4}?)"
)
_REST: Final = (
    r"(?P<rest>,? ?(?:[NSEW]{1,2}\b\.?)?,? ?"
    r"(?:(?:(?:apt|apartment|unit|suite|ste|flat|floor|fl|rm|room|lot|no|#)\.? ?#?\w{1,6}|\d{1,3}[A-Z])\b)?)"
)
_CUE: Final = re.compile(
    r"(?:\baddress(?: is)?|\blives? (?:at|on)|\bliving at|\bhome(?: is)?|\bresid\w+ (?:at|on)|\bhouse at"
    r"|\baddr|\bvendor at|\bmoved to)\s*[:,]?\s*$",
    re.IGNORECASE,
)
_TOWN_BEHIND: Final = re.compile(r"\s*,? ?[^\W\d_]+(?: [^\W\d_]+)?,? [A-Za-z]{2},? \d{5}")
_UNIT: Final = re.compile(r"(?:mg|mcg|ml|cm|mm|kg|units?|yo|y/o|m|f)\b")
_BOX: Final = re.compile(r"\b(?:p\.? ?o\.? ?box|post office box|rural route) ?#?\d+\b", re.IGNORECASE)
_ZIP: Final = re.compile(
    r"(?<![\w.,/-])\d{5}-\d{4}(?![\w-])"
    r"|\b(?:zip(?: ?code)?|postal code|postcode)[ :#]*(?P<zip>[A-Z\d][A-Z\d -]{2,8}\d[A-Z\d]*)",
    re.IGNORECASE,
)
_STATE_ZIP: Final = re.compile(r"\b(?P<state>[A-Za-z]{2}|[A-Z][a-z]+),? (?P<zip>\d{5})(?![\w-]|[.,]\d)")
_POSTAL: Final = re.compile(
    r"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d|[A-CEGHJ-NPR-TVXY]\d[A-Z]\d[A-Z]\d)\b"
)
_LEVEL: Final = re.compile(r"\b[CTLS]\d")
"""Vertebral levels, which have the form of a postal code when nothing stands between its halves."""


class Addresses(PlaceRules):
    """Finds the addresses of one field."""

    def find(self) -> Iterator[Found]:
        """Yield streets first, then the codes."""
        text = self.reading.field.text
        for kinds in ("sure street", "street"):
            for match in _streets(kinds).finditer(text):
                if self._free(match.start("name"), match.end("kind")) and self._street(match):
                    yield self._address(match)
        for match in _BOX.finditer(text):
            yield self._span(*match.span(), "address", "This is a postal address.")
        yield from self._codes(text)

    def _codes(self, text: str) -> Iterator[Found]:
        for match in _ZIP.finditer(text):
            yield self._span(*match.span("zip" if match["zip"] else 0), "zip", "This is a zip code.")
        for match in _STATE_ZIP.finditer(text):
            if self._behind_state(match):
                yield self._span(*match.span("zip"), "zip", "This is a zip code.")
        for match in _POSTAL.finditer(text):
            if " " in match.group() or not _LEVEL.search(match.group()):
                yield self._span(*match.span(), "zip", "This is a postal code.")

    def _free(self, start: int, end: int) -> bool:
        return not any(self.reading.taken[at] for at in self.reading.within(start, end))

    def _address(self, match: re.Match[str]) -> Found:
        ends = [t.start for t in self.reading.tokens if match.start() <= t.start < match.end()]
        self.reading.street_ends.update(ends[-1:])
        return self._span(*match.span(), "address", "This is a street address.")

    def _street(self, match: re.Match[str]) -> bool:
        name = match["name"].lower().split()
        never = section("general", "stop") - {"old", "new", "first", "second", "third"}
        if _UNIT.match(name[0]):
            return False
        if any(len(word.strip(".")) > 1 and word in never for word in name):
            return False
        if match["kind"].lower() in section("general", "sure street") or self._cued(match):
            return True
        tokens = enumerate(self.reading.tokens)
        words = [at for at, t in tokens if match.start("name") <= t.start < match.end("name")]
        return bool(words) and all(self._street_word(at) for at in words)

    def _cued(self, match: re.Match[str]) -> bool:
        """Say whether the words in front speak of an address, or a town and a state follow the street."""
        text = self.reading.field.text
        before = text[max(0, match.start() - 16) : match.start()]
        at_full = before.lower().endswith(" at ") and len(match["kind"]) > 3 and len(match["number"]) > 1
        return at_full or bool(
            _CUE.search(before) or _TOWN_BEHIND.match(text[match.end() : match.end() + 40])
        )

    def _street_word(self, at: int) -> bool:
        reading, word, low = self.reading, self.reading.words[at], self.reading.low(at)
        if reading.among(at, "landscape") or len(low) == 1 or low.rstrip("stndrh").isdigit():
            return True
        if low in ("north", "south", "east", "west", "ne", "nw", "se", "sw") or word.unknown:
            return True
        named = word.name >= 4 and word.margin > -3
        return named or reading.capital(at) or (not word.clinical and word.place >= 5)

    def _behind_state(self, match: re.Match[str]) -> bool:
        state, text = match["state"], self.reading.field.text
        if state.lower() not in section("general", "state codes") | section("general", "states"):
            return False
        if state.isupper() or "," in text[max(0, match.start() - 2) : match.start()]:
            return True
        tokens = enumerate(self.reading.tokens)
        return any(t.end <= match.start() <= t.end + 2 and self.reading.taken[at] for at, t in tokens)

    def _span(self, start: int, end: int, role: str, reason: str) -> Found:
        text = self.reading.field.text
        end -= len(text[start:end]) - len(text[start:end].rstrip(" ,."))
        for at, token in enumerate(self.reading.tokens):
            if start <= token.start < end:
                self.reading.taken[at] = True
        return Found(self.reading.field.name, start, end, "LOCATION", "auto", reason, role)
