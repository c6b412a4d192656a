"""Screen names look different to a reader or they are the same name: the skeleton that decides it."""

# ruff: noqa: RUF001 - letters that are taken for others are what this is about

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Greek capitals first, since some look like another Latin letter than their small ones do.
_CAPITALS: Final = str.maketrans("ΑΒΕΗΙΚΜΝΟΡΤΥΧΖϹϺ", "abehikmnoptyxzcm")
# What a hasty eye takes for the same letter: other scripts first, then other Latin, then digits and signs.
# The lunate sigma, which looks like a c, folds to the common one.
_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict(zip("авгеєёзкмнопрстухѕіїјԁԛԝѡһӏьԍѵүцѐ", "abreeeekmhonpctyxsiijdqwwhlbgvyue", strict=True)),
        **dict(zip("αβγεηικνορτυχωϲσςϳζμ", "abyenikvoptuxwcccjzm", strict=True)),
        **dict(zip("օսոհցյզւ", "ounhgjqi", strict=True)),
        **dict(zip("ⲁⲃⲉⲓⲕⲙⲛⲟⲣⲥⲧⲩⲭⲍ", "abeikmnopctyxz", strict=True)),
        **dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃᎩ", "abcdeghijklmprstvwzy", strict=True)),
        **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
        **dict(zip("ɑɓƀƈɗɖđɛəƒɡɠɦħɨɩıɉȷƙłɫɱɲŋ", "abbcdddeefgghhiiijjkllmnn", strict=True)),
        **dict(zip("øɵƥɋʠɍʂȿŧƭʉʋⱳƴɏƶ", "oopqqrssttuuwyyz", strict=True)),
        **dict(zip("ǀ∣׀וןاǃסه٥۵", "llllllioooo", strict=True)),
        **dict(zip("0123456789|!$@€£", "olzeasbtbgiisael", strict=True)),
        "æ": "ae",
        "œ": "oe",
    }
)
_ENCLOSED: Final = {start + place: 97 + place for start in (0x1F150, 0x1F170, 0x1F1E6) for place in range(26)}
# A Latin letter with something at it that Unicode does not take apart: a stroke, a hook, a tail.
_WITH_SOMETHING: Final = re.compile(
    r"LATIN (?:SMALL |CAPITAL |SMALL CAPITAL )?LETTER (?:SMALL CAPITAL )?(?P<letter>[A-Z])(?: WITH .+)?"
)
# Letters that show nothing.
_BLANK_LETTERS: Final = "\u115f\u1160\u3164\uffa0"
# One letter may look like several others, and like two side by side, so that whole groups become one.
_GROUPS: Final = str.maketrans({"i": "l", "y": "u", "v": "n", "h": "n", "w": "nn", "m": "rn", "d": "cl"})


def skeleton(name: str) -> str:
    """Fold case, accents, look-alike letters, blanks and signs; equal results mean confusable names.

    Every group of letters that can be taken for each other becomes one. Two letters that look like one
    (``rn`` and ``m``) are written out, since joining them would depend on what stands beside.
    """
    folded = _bare(_bare(_apart(name).translate(_CAPITALS)).translate(_ENCLOSED).translate(_LOOK_ALIKES))
    return "".join(filter(_is_seen, folded.translate(_LOOK_ALIKES))).translate(_GROUPS)


def can_be_drawn(name: str) -> bool:
    """Say whether a name has only letters that drawn names have: ASCII's.

    No table of look-alikes is ever whole. What is written otherwise is therefore nobody's screen name,
    whether or not the skeleton sees what it looks like.
    """
    return name.isascii()


def _bare(text: str) -> str:
    return "".join(map(_plain, _apart(text.casefold())))


def _apart(text: str) -> str:
    """Take letters and the marks on them apart, and leave the marks out."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _plain(letter: str) -> str:
    """Write another script's digit, or a Latin letter with something at it, as the Latin one."""
    if letter.isascii() or ord(letter) in _LOOK_ALIKES:
        return letter
    value = unicodedata.decimal(letter, None)
    if value is not None:
        return str(value)
    latin = _WITH_SOMETHING.fullmatch(unicodedata.name(letter, ""))
    return latin["letter"].lower() if latin else letter


def _is_seen(letter: str) -> bool:
    return letter.isalnum() and unicodedata.category(letter) != "Lm" and letter not in _BLANK_LETTERS
