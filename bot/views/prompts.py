"""Prompts: what colleagues of a specialty will want to know of a case, so that it is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.chat.cards import Block, Fine, Items, Paragraph, Word, line

PROMPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "Cardiology": (
        "symptoms, and what brings them on",
        "blood pressure, pulse, murmurs, edema",
        "ECG: rhythm, axis, intervals, ST segments, an older one",
        "troponin and natriuretic peptide, with times",
        "echo, risk factors, heart medicines",
    ),
    "Dermatology": (
        "site, size, number, one side or both",
        "since when, and how it changed",
        "surface, border, color; itch or pain",
        "what was put on it, and new medicines before it",
        "mucosa, nails, scalp; others around with the same",
    ),
    "Endocrinology": (
        "weight, blood pressure, pulse, and how they changed",
        "hormone levels with units, time of day and range",
        "electrolytes and glucose",
        "steroids, biotin, iodine, and other medicines",
        "imaging of the gland, and when",
    ),
    "Gastroenterology": (
        "pain: where, when, with meals or at night",
        "stool: frequency, blood, color; weight",
        "liver tests, lipase, blood count",
        "alcohol, pain killers, antibiotics, travel",
        "last endoscopy and imaging",
    ),
    "Hematology and oncology": (
        "blood count with differential, and earlier ones",
        "smear, reticulocytes, coagulation",
        "fever, sweats, weight, bleeding",
        "lymph nodes, spleen",
        "known tumor: type, stage, treatments, general state",
    ),
    "Infectious disease": (
        "fever: how high, since when, how it runs",
        "travel, animals, contacts, procedures, devices",
        "immune status and vaccines",
        "cultures and tests, taken before or after antibiotics",
        "antibiotics so far, doses, allergies",
    ),
    "Nephrology": (
        "creatinine now and before, urea, potassium",
        "urine: volume, protein, blood, sediment",
        "blood pressure and fluid balance",
        "contrast, pain killers, new medicines",
        "ultrasound: size, obstruction",
    ),
    "Neurology": (
        "onset: seconds, hours or weeks; last seen well",
        "course: steady, stepwise, in attacks",
        "examination: speech, eyes, power, reflexes, sensation, gait",
        "which side, and where exactly",
        "imaging, lumbar puncture, EEG, with times",
    ),
    "Obstetrics and gynecology": (
        "weeks of pregnancy, or last period",
        "earlier pregnancies and how they ended",
        "bleeding, pain, discharge",
        "pregnancy test, rhesus factor",
        "ultrasound; contraception and medicines",
    ),
    "Ophthalmology": (
        "one eye or both, sudden or slow",
        "visual acuity of each eye, visual field",
        "pain, redness, flashes, double vision",
        "pupils, pressure, slit lamp, fundus",
        "contact lenses, injury, operations",
    ),
    "Orthopedic surgery": (
        "how it happened, or how it began",
        "which joint or bone, which side",
        "movement, stability, weight bearing",
        "pulses, sensation, skin over it",
        "imaging: which views, and when",
    ),
    "Pediatrics": (
        "age, weight, and how it was born",
        "drinking, wet diapers, activity",
        "growth and development",
        "vaccines, contacts, day care",
        "temperature, breathing and heart rate, refill time",
    ),
    "Psychiatry": (
        "onset and course; first time or again",
        "danger to oneself or others",
        "sleep, appetite, drive, thoughts, voices",
        "alcohol and drugs, medicines and levels",
        "medical causes looked for: laboratory, imaging",
    ),
    "Pulmonology": (
        "breathlessness and cough: since when, with what effort",
        "saturation, with how much oxygen",
        "smoking, work, birds, mold, medicines",
        "lung function and blood gases",
        "X-ray or CT, and earlier ones",
    ),
    "Radiology": (
        "why it was done",
        "modality, sequence or window, contrast",
        "projection or plane, which side",
        "earlier images",
        "what you see, and what you ask",
    ),
    "Rheumatology": (
        "which joints, both sides or one, swollen or painful",
        "morning stiffness in minutes",
        "skin, eyes, mouth, bowel, back",
        "CRP, ESR, antibodies with titers, urate",
        "imaging, joint fluid, treatments so far",
    ),
}
"""By specialty as the list names it: at most five things to tell, each a few words."""


def prompt_blocks(specialties: tuple[str, ...]) -> tuple[Block, ...]:
    """List above the story what to tell, for the first of the specialties that has prompts."""
    name = _prompting(specialties)
    if not name:
        return ()
    lead = Paragraph(line(f"For {name.lower()}, if you know it:"))
    return (lead, Items(tuple(line(one) for one in PROMPTS[name])))


def prompt_lines(specialties: tuple[str, ...]) -> tuple[Block, ...]:
    """Say in the preview of a case where that list stands."""
    name = _prompting(specialties)
    return (
        (Fine(line(f"What {name.lower()} will want to know is listed in ", Word("edit"), ".")),)
        if name
        else ()
    )


def _prompting(specialties: tuple[str, ...]) -> str:
    return next((name for name in specialties if name in PROMPTS), "")
