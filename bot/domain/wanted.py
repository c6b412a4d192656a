"""Specialties wanted: which ones a case asks for, as its author names them or as its words suggest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from bot.domain.refusal import Refused
from bot.domain.specialties import NAMES

MOST: Final = 5
"""Specialties that one case may ask for."""
PROPOSED: Final = 2
"""Specialties that are proposed at most: each one costs colleagues a page."""
NOBODY: Final = frozenset({"", "-", "nobody", "none", "no one", "off"})
"""What an author says who wants no specialty."""

UNCLEAR: Final = "specialties_unclear"
"""The setting of a draft that says that its author named a specialty which is none."""

_CALLED: Final = {
    "cards": "Cardiology",
    "derm": "Dermatology",
    "ed": "Emergency medicine",
    "endo": "Endocrinology",
    "ent": "Otolaryngology",
    "er": "Emergency medicine",
    "fm": "Family medicine",
    "gi": "Gastroenterology",
    "gp": "General practice",
    "gyn": "Obstetrics and gynecology",
    "hem/onc": "Hematology and oncology",
    "hematology": "Hematology and oncology",
    "heme/onc": "Hematology and oncology",
    "icu": "Critical care",
    "id": "Infectious disease",
    "im": "Internal medicine",
    "intensive care": "Critical care",
    "neuro": "Neurology",
    "ob/gyn": "Obstetrics and gynecology",
    "oncology": "Hematology and oncology",
    "ortho": "Orthopedic surgery",
    "orthopedics": "Orthopedic surgery",
    "peds": "Pediatrics",
    "pulm": "Pulmonology",
    "renal": "Nephrology",
    "rheum": "Rheumatology",
}
"""What physicians call a specialty among themselves."""

_CUES: Final = {
    "Allergy and immunology": ("anaphyla", "angioedema", "urticaria", "immunodeficien"),
    "Cardiology": (
        *("cardiolog", "ecg", "ekg", "echocardiogra", "troponin", "atrial fibrillation", "palpitation"),
        *("heart failure", "murmur", "angina", "st elevation", "ejection fraction", "pericard", "endocard"),
    ),
    "Critical care": ("icu", "ventilat", "vasopressor", "septic shock"),
    "Dermatology": ("dermatolog", "rash", "eczema", "psoria", "dermoscop", "papule", "pustul", "melanoma"),
    "Endocrinology": ("endocrin", "thyroid", "tsh", "hba1c", "cortisol", "adrenal", "ketoacidosis"),
    "Gastroenterology": ("gastroenterolog", "colonoscop", "hepat", "cirrhosis", "melena", "crohn", "ascites"),
    "Hematology and oncology": (
        *("hematolog", "oncolog", "lymphoma", "leukemia", "thrombocytopeni", "pancytopeni", "myeloma"),
        *("chemotherap", "neutropeni"),
    ),
    "Infectious disease": ("infectious disease", "bacteremia", "tubercul", "hiv", "malaria", "blood culture"),
    "Nephrology": ("nephrolog", "creatinine", "dialysis", "proteinuria", "glomerul", "nephrotic"),
    "Neurology": (
        *("neurologist", "neurology", "seizure", "stroke", "hemipar", "aphasia", "migraine", "neuropath"),
        *("lumbar puncture", "parkinson", "multiple sclerosis"),
    ),
    "Obstetrics and gynecology": ("pregnan", "gestation", "obstetric", "gynecolog", "postpartum", "vaginal"),
    "Ophthalmology": ("ophthalmolog", "visual loss", "retina", "slit lamp", "uveitis", "cornea"),
    "Orthopedic surgery": ("orthop", "fracture", "dislocation", "meniscus"),
    "Otolaryngology": ("otolaryngolog", "tympanic", "tonsil", "hoarse", "vertigo", "sinusitis"),
    "Pediatrics": ("pediatric", "neonat", "newborn", "infant", "toddler"),
    "Psychiatry": ("psychiatr", "suicid", "psychosis", "hallucinat", "bipolar"),
    "Pulmonology": ("pulmonolog", "spirometr", "copd", "interstitial lung", "pleural", "bronchoscop"),
    "Radiology": ("radiolog", "second reading"),
    "Rheumatology": ("rheumatolog", "arthritis", "ana titer", "vasculitis", "lupus", "gout"),
    "Surgery": ("appendic", "cholecyst", "peritonitis", "hernia"),
    "Urology": ("urolog", "prostat", "hematuria", "testic", "kidney stone"),
}
"""Beginnings of words that say of a story which specialty it is for.

Words that several fields share (plaque, fever, mass) are left out: better no page than one to
the wrong field.
"""
_NOT_DENIED: Final = "".join(rf"(?<!\b{word} )" for word in ("no", "not", "without", "denies", "denied"))
"""What a finding must not follow: a rash that is not there is no dermatologist's."""
_PATTERNS: Final = {
    name: re.compile(rf"{_NOT_DENIED}\b(?:{'|'.join(map(re.escape, cues))})", re.IGNORECASE)
    for name, cues in _CUES.items()
}


def proposed(*texts: str) -> tuple[str, ...]:
    """Propose specialties from the words of a case: those with the most cues, at most :data:`PROPOSED`."""
    words = "\n".join(texts)
    hits = Counter({name: len(pattern.findall(words)) for name, pattern in _PATTERNS.items()})
    named = [name for name, count in sorted(hits.items(), key=lambda hit: (-hit[1], hit[0])) if count]
    return tuple(named[:PROPOSED])


def named(typed: str) -> tuple[str, ...]:
    """Read specialties that somebody typed, apart by commas; raises :class:`Refused` for one that is none."""
    if typed.strip().casefold() in NOBODY:
        return ()
    found = tuple(dict.fromkeys(_one(word) for word in _words(typed)))
    if len(found) > MOST:
        raise Refused("too_many", f"A case can ask {MOST} specialties at most; these are {len(found)}.")
    return found


def exactly(typed: str) -> str:
    """Give the specialty that a text names and nothing else, by its name or as one calls it; or nothing."""
    folded = " ".join(typed.casefold().split())
    return _CALLED.get(folded) or next((name for name in NAMES if name.casefold() == folded), "")


def _one(word: str) -> str:
    if name := exactly(word):
        return name
    folded = " ".join(word.casefold().split())
    known = {name.casefold(): name for name in NAMES}
    begun = [name for key, name in known.items() if key.startswith(folded)]
    if len(begun) == 1:
        return begun[0]
    close = get_close_matches(folded, known, n=2, cutoff=0.8)
    raise _unknown([known[key] for key in close])


def _unknown(close: Sequence[str]) -> Refused:
    meant = f"Did you mean {' or '.join(close)}?" if close else "Name one such as Cardiology."
    return Refused("no_such_specialty", f"One of these is no specialty that I know. {meant}")


def understood(typed: str) -> tuple[tuple[str, ...], bool]:
    """Read what stands in a form beside a whole story, which must not be lost for a slip of the pen.

    Gives the specialties that are known, and whether all of them were.
    """
    try:
        return named(typed), True
    except Refused:
        known = [_known(word) for word in _words(typed)]
        return tuple(dict.fromkeys(name for name in known if name))[:MOST], False


def _known(word: str) -> str:
    try:
        return _one(word)
    except Refused:
        return ""


def _words(typed: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,;\n]", typed) if word.strip()]


def listed(text: str) -> tuple[str, ...]:
    """Read specialties that :func:`written` wrote."""
    return tuple(text.split(", ")) if text else ()


def written(names: Sequence[str]) -> str:
    """Write specialties as one line; no name holds a comma."""
    return ", ".join(names)


_NEIGHBOURS: Final = {
    "Addiction medicine": ("Psychiatry", "Internal medicine"),
    "Allergy and immunology": ("Rheumatology", "Dermatology", "Internal medicine"),
    "Anesthesiology": ("Critical care", "Pain medicine"),
    "Cardiology": ("Internal medicine", "Critical care", "Hospital medicine"),
    "Colorectal surgery": ("Surgery", "Gastroenterology"),
    "Critical care": ("Pulmonology", "Anesthesiology", "Emergency medicine"),
    "Dermatology": ("Allergy and immunology", "Rheumatology", "Family medicine"),
    "Emergency medicine": ("Critical care", "Hospital medicine", "Internal medicine"),
    "Endocrinology": ("Internal medicine", "Nephrology"),
    "Family medicine": ("Internal medicine", "General practice"),
    "Gastroenterology": ("Internal medicine", "Surgery"),
    "General practice": ("Family medicine", "Internal medicine"),
    "Geriatrics": ("Internal medicine", "Family medicine"),
    "Hematology and oncology": ("Internal medicine", "Radiation oncology", "Pathology"),
    "Hospital medicine": ("Internal medicine", "Emergency medicine"),
    "Infectious disease": ("Internal medicine", "Hospital medicine", "Critical care"),
    "Internal medicine": ("Hospital medicine", "Family medicine", "Emergency medicine"),
    "Medical genetics": ("Pediatrics", "Neurology"),
    "Nephrology": ("Internal medicine", "Urology", "Critical care"),
    "Neurology": ("Psychiatry and neurology", "Neurosurgery", "Internal medicine"),
    "Neurosurgery": ("Neurology", "Orthopedic surgery", "Radiology"),
    "Nuclear medicine": ("Radiology",),
    "Obstetrics and gynecology": ("Family medicine", "Urology"),
    "Ophthalmology": ("Neurology", "Emergency medicine"),
    "Orthopedic surgery": ("Sports medicine", "Physical medicine and rehabilitation", "Surgery"),
    "Otolaryngology": ("Neurology", "Family medicine"),
    "Pain medicine": ("Anesthesiology", "Palliative medicine", "Physical medicine and rehabilitation"),
    "Palliative medicine": ("Hematology and oncology", "Geriatrics", "Pain medicine"),
    "Pathology": ("Hematology and oncology", "Dermatology"),
    "Pediatrics": ("Family medicine", "Emergency medicine"),
    "Plastic surgery": ("Surgery", "Dermatology"),
    "Psychiatry": ("Psychiatry and neurology", "Neurology", "Addiction medicine"),
    "Psychiatry and neurology": ("Psychiatry", "Neurology"),
    "Pulmonology": ("Critical care", "Internal medicine", "Infectious disease"),
    "Radiation oncology": ("Hematology and oncology", "Radiology"),
    "Radiology": ("Nuclear medicine", "Pulmonology", "Orthopedic surgery"),
    "Rheumatology": ("Internal medicine", "Allergy and immunology", "Nephrology"),
    "Sleep medicine": ("Pulmonology", "Neurology"),
    "Sports medicine": ("Orthopedic surgery", "Physical medicine and rehabilitation"),
    "Surgery": ("Gastroenterology", "Emergency medicine", "Colorectal surgery"),
    "Thoracic surgery": ("Surgery", "Pulmonology", "Cardiology"),
    "Transplant surgery": ("Surgery", "Nephrology"),
    "Urology": ("Nephrology", "Surgery"),
    "Vascular surgery": ("Surgery", "Cardiology", "Radiology"),
}
"""Which specialties see the same patients, the nearest first. What is not named goes to the generalists."""
GENERALISTS: Final = ("Internal medicine", "Family medicine", "Hospital medicine", "Emergency medicine")


def neighbours(wanted: Sequence[str]) -> tuple[str, ...]:
    """List the neighbouring specialties of those wanted, without these."""
    near = [name for one in wanted for name in _NEIGHBOURS.get(one, GENERALISTS)]
    return tuple(name for name in dict.fromkeys(near) if name not in wanted)


def everybody_near(wanted: Sequence[str]) -> tuple[str, ...]:
    """List the widest circle: those wanted, their neighbours and the generalists."""
    return tuple(dict.fromkeys((*wanted, *neighbours(wanted), *GENERALISTS)))
