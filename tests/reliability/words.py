"""Phrases of everyday words: each is said once in a campaign, and can be followed from chat to chat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from bot.anonymizer import Anonymizer
from bot.collective import unclear

_WHICH = "first second other next last"
_LIKE = """
    amber blunt broad clear crisp dense dull faint firm flat gentle hard heavy large little loose moist
    narrow neat pale plain quick quiet rough round sharp short simple smooth soft solid steady stiff strong
    thick thin tight warm weak wide
"""
_THINGS = """
    apple ball basket belt blanket board boat book bottle box bread brush bucket button cake candle card chain
    chair cheese clock cloud coat cup drum egg engine feather flag floor flower fork garden glass glove hammer
    hat hill kitchen lamp leaf letter map milk mirror moon nail needle paper pencil pipe plate pocket pot
    ring river roof rope sand ship shirt soap spoon stone street table tail towel wall wheel window
"""


def phrases(chance: Random) -> Iterator[str]:
    """Give three words at a time in a random order, none of them twice, and none that waits for its author.

    What looks like somebody's name waits for its author, and so does what is nearly the name of two diseases.
    """
    words = product(_WHICH.split(), _LIKE.split(), _THINGS.split())
    said = [" ".join(three) for three in words]
    chance.shuffle(said)
    anonymizer = Anonymizer()
    clean = (phrase for phrase in said if not anonymizer.clean({"text": phrase}).findings)
    return (phrase for phrase in clean if not unclear((phrase,)))
