"""Screen names look different to a reader or they are the same name: the skeleton that decides it."""

from __future__ import annotations

import unicodedata
from typing import Final

# What a hasty eye takes for the same letter: other scripts first, then digits and signs, then pairs.
# The lunate sigma, which looks like a c, folds to the common one.
_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict(zip("авеёкмнорстухѕіїјԁԛԝѡһӏь", "abeekmhopctyxsiijdqwwhlb", strict=True)),
        **dict(zip("αβγεηικνορτυχωϲσςϳ", "abyenikvoptuxwcccj", strict=True)),
        **dict(zip("ıɩɪʟᴏᴠᴡɡɑʏøłđħŧ", "iiilovwgayoldht", strict=True)),
        **dict(zip("0135|!$", "olesiis", strict=True)),
    }
)
_PAIRS: Final = (("i", "l"), ("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(name: str) -> str:
    """Fold case, accents, look-alike letters, blanks and signs; equal results mean confusable names."""
    folded = _bare(_bare(name).translate(_LOOK_ALIKES))
    letters = "".join(letter for letter in folded if letter.isalnum())
    for pair, single in _PAIRS:
        letters = letters.replace(pair, single)
    return letters


def _bare(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
