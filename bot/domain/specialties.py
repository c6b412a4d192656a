"""Specialties: from a provider taxonomy code to a broad name that physicians use."""

from __future__ import annotations

from typing import Final

GENERAL: Final = "Medicine"
"""What somebody has whose code says no more than that it is a physician's."""

# The first four signs of a code name the field, the rest the part of it; see the NUCC's provider taxonomy.
_FIELDS: Final = {
    "207K": "Allergy and immunology",
    "207L": "Anesthesiology",
    "207N": "Dermatology",
    "207P": "Emergency medicine",
    "207Q": "Family medicine",
    "207R": "Internal medicine",
    "207S": "Medical genetics",
    "207T": "Neurosurgery",
    "207U": "Nuclear medicine",
    "207V": "Obstetrics and gynecology",
    "207W": "Ophthalmology",
    "207X": "Orthopedic surgery",
    "207Y": "Otolaryngology",
    "207Z": "Pathology",
    "2080": "Pediatrics",
    "2081": "Physical medicine and rehabilitation",
    "2082": "Plastic surgery",
    "2083": "Preventive medicine",
    "2084": "Psychiatry and neurology",
    "2085": "Radiology",
    "2086": "Surgery",
    "2088": "Urology",
    "208C": "Colorectal surgery",
    "208D": "General practice",
    "208G": "Thoracic surgery",
    "208M": "Hospital medicine",
    "208V": "Phlebology",
}
_PARTS: Final = {
    "207RA0401X": "Addiction medicine",
    "207RC0000X": "Cardiology",
    "207RC0001X": "Cardiology",
    "207RI0011X": "Cardiology",
    "207RC0200X": "Critical care",
    "207RE0101X": "Endocrinology",
    "207RG0100X": "Gastroenterology",
    "207RG0300X": "Geriatrics",
    "207RH0000X": "Hematology and oncology",
    "207RH0003X": "Hematology and oncology",
    "207RX0202X": "Hematology and oncology",
    "207RI0200X": "Infectious disease",
    "207RN0300X": "Nephrology",
    "207RP1001X": "Pulmonology",
    "207RR0500X": "Rheumatology",
    "207RS0012X": "Sleep medicine",
    "2084N0400X": "Neurology",
    "2084N0402X": "Neurology",
    "2084P0800X": "Psychiatry",
    "2084P0804X": "Psychiatry",
    "2086S0129X": "Vascular surgery",
    "208VP0000X": "Pain medicine",
    "208VP0014X": "Pain medicine",
}


def specialty_of(code: str) -> str:
    """Give the broad name of a taxonomy code; one that is not known is :data:`GENERAL`."""
    bare = code.strip().upper()
    return _PARTS.get(bare) or _FIELDS.get(bare[:4], GENERAL)
