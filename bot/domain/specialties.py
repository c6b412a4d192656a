"""Specialties: from a provider taxonomy code to a broad name that physicians use."""

from __future__ import annotations

from typing import Final

GENERAL: Final = "Medicine"
"""What somebody has whose code says no more than that it is a physician's."""

_FIELDS: Final = {
    "202D": "Integrative medicine",
    "202K": "Phlebology",
    "204C": "Sports medicine",
    "204D": "Osteopathic manipulative medicine",
    "204F": "Transplant surgery",
    "204R": "Electrodiagnostic medicine",
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
    "208U": "Clinical pharmacology",
    "208V": "Pain medicine",
    "2098": "Legal medicine",
}
"""What the first four signs of a code say; those after them name a part of the field."""

_ACROSS: Final = {
    "A0401": "Addiction medicine",
    "C0200": "Critical care",
    "G0300": "Geriatrics",
    "H0002": "Palliative medicine",
    "P2900": "Pain medicine",
    "S0010": "Sports medicine",
    "S0012": "Sleep medicine",
}
"""Parts that several fields share, under the same signs."""

_PARTS: Final = {
    "207RA0001": "Cardiology",
    "207RA0002": "Cardiology",
    "207RC0000": "Cardiology",
    "207RC0001": "Cardiology",
    "207RI0011": "Cardiology",
    "207RA0201": "Allergy and immunology",
    "207RI0001": "Allergy and immunology",
    "207RE0101": "Endocrinology",
    "207RG0100": "Gastroenterology",
    "207RI0008": "Gastroenterology",
    "207RT0003": "Gastroenterology",
    "207RH0000": "Hematology and oncology",
    "207RH0003": "Hematology and oncology",
    "207RX0202": "Hematology and oncology",
    "207RI0200": "Infectious disease",
    "207RN0300": "Nephrology",
    "207RP1001": "Pulmonology",
    "207RR0500": "Rheumatology",
    "2083A0300": "Addiction medicine",
    "2083P0500": "Occupational medicine",
    "2083X0100": "Occupational medicine",
    "2084A2900": "Neurology",
    "2084B0040": "Neurology",
    "2084D0003": "Neurology",
    "2084E0001": "Neurology",
    "2084N0008": "Neurology",
    "2084N0400": "Neurology",
    "2084N0402": "Neurology",
    "2084N0600": "Neurology",
    "2084V0102": "Neurology",
    "2084F0202": "Psychiatry",
    "2084P0015": "Psychiatry",
    "2084P0800": "Psychiatry",
    "2084P0802": "Psychiatry",
    "2084P0804": "Psychiatry",
    "2084P0805": "Psychiatry",
    "2085R0001": "Radiation oncology",
    "2085R0203": "Radiation oncology",
    "2086S0102": "Critical care",
    "2086S0122": "Plastic surgery",
    "2086S0129": "Vascular surgery",
}
"""Parts that physicians call by a name of their own."""

NAMES: Final = tuple(sorted({GENERAL, *_FIELDS.values(), *_ACROSS.values(), *_PARTS.values()}))
"""All broad names."""


def specialty_of(code: str) -> str:
    """Give the broad name of a taxonomy code; one that is not known is :data:`GENERAL`."""
    bare = code.strip().upper()
    field = _FIELDS.get(bare[:4])
    if field is None:
        return GENERAL
    return _PARTS.get(bare[:9]) or _ACROSS.get(bare[4:9]) or field
