"""What looks like a date and is none: scores, fractions, settings, and months that are verbs."""

from __future__ import annotations

import re
from typing import Final

from bot.anonymizer.dates import MONTHS

_SCORE_WORDS: Final = re.compile(
    r"\b(?:strength|power|murmur|pain|score|motor|reflex\w*|dtrs?|pulses?|gcs|apgars?|grade|mrs|bp|gleason"
    r"|rass|a&o|phq|units?|vision|acuity|va|nihss|qsofa"
    r"|sofa|sem|ratio|mallampati|cycle|sirs|wells|curb|hr|sat|level|scale|nrs|vas|visual|received|abg"
    r"|vbg|blasts|epworth|moca|mmse|slums|bishop|braden|biopsies"
    r"|cores|nodes|plus|deltoids?|biceps|triceps|grip|quads|hip"
    r" flexors|dorsiflexion|extension|flexion|rue|lue|rle|lle|ue|le|bilat\w*|out"
    r" of|tidal|peep|ps|vent|settings"
    r"|cpap|bipap|simv|lumbar|disc|[cltS]\d\d?)[ :=(]*(?:is|was|of|at|now|approximately|about)?[ :=(]*$",
    re.IGNORECASE,
)


def no_score_before(match: re.Match[str], cue: str = "v") -> bool:
    """Say whether no word in front makes two numbers a score, a fraction or a setting."""
    if (
        match.group().endswith("/15")
        and "gcs" in match.string[max(0, match.start() - 48) : match.start()].lower()
    ):
        return False
    start = match.start()
    before = match.string[max(0, start - 24) : start]
    lead = match.string[start : match.start(cue)] if cue else ""
    return _SCORE_WORDS.search(before) is None and _SCORE_WORDS.search(lead) is None


def calendar(text: str) -> bool:
    """Say whether one of the first two numbers of a numeric date can be its month."""
    one, two, *_ = (int(part) for part in re.findall(r"\d+", text))
    return min(one, two) <= 12


def not_a_verb(match: re.Match[str]) -> bool:
    """Say whether a month's word is no verb: `may 2` is a day, `may` with another word behind it is not."""
    return re.match(r"may\s+\D", match.group(), re.IGNORECASE) is None


def month_by_cue(match: re.Match[str]) -> bool:
    """Say whether a short month word is a month behind the word that announces it."""
    word = match["v"].rstrip(".").lower()
    strong = (
        match.group()
        .lower()
        .startswith(("in", "since", "last", "next", "until", "till", "early", "mid", "late", "end", "during"))
    )
    return word in MONTHS and (strong or (match["v"][0].isupper() and word not in ("may", "mar", "march")))
