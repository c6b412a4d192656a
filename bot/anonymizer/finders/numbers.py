"""Numbers that name a person, a thing or a record: by a label, by their shape, or too long to be a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.finders.patterns import Pattern, find_all
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Field, Submission

_LINK: Final = (
    r"(?:["
    r" ]?(?:records?|there|here|elsewhere|osh|scan|hash|template|enrolled|assigned|identification|number"
    r"|num|numbers|no|nr|id|ids|code|is|was|are|of|on"
    r" file|card|for this pt|for pt)\b|[ ]?[:#=.()\-])*[ ]?"
)
# A value holds a digit, joins its parts by a hyphen, slash, dot or colon, and may stand in groups of digits.
_VALUE: Final = (
    r"(?P<v>(?=[^\s,;]*\d)[A-Z0-9]+(?:[-/.:_#][A-Z0-9]+)*(?:["
    r" ](?=\d{2,}|[A-Z]?\d+[A-Z]?\b)\d[A-Z0-9]*(?:-[A-Z0-9]+)*){0,4}(?:[ ][A-Z]\d{2}[A-Z]{2})?"
    r"|[A-Z]{1,5}[ ]\d{2,}(?:[ -]\d{2,}){1,4}|[A-Z]\d[ ]\d{5,})(?![\w])"
)


def _identifying(match: re.Match[str]) -> bool:
    """Say whether a labelled value is long enough to single somebody out."""
    value = match["v"]
    digits = sum(letter.isdigit() for letter in value)
    return digits >= 3 and len(value) >= 4


def _labelled(category: str, reason: str, labels: str, role: str = "") -> Pattern:
    return Pattern(
        category,  # type: ignore[arg-type]  # a literal at every call below
        reason,
        rf"(?<![\w])(?:{labels}){_LINK}{_VALUE}",
        role=role,
        when=_identifying,
        digits=True,
    )


def _unit_free(match: re.Match[str]) -> bool:
    """Say whether a long number lacks a lab word in front and a unit behind that would explain it."""
    text, start, end = match.string, match.start("v"), match.end("v")
    before, behind = text[max(0, start - 28) : start].lower(), text[end : end + 14].lower()
    return not (_LAB_BEFORE.search(before) or _UNIT_BEHIND.match(behind))


def _unit_free_cell(match: re.Match[str]) -> bool:
    """Say the same of a number in a table's cell or in brackets."""
    start = match.start("v") if match["v"] else match.start("w")
    before = match.string[max(0, start - 28) : start].lower()
    return not _LAB_BEFORE.search(before)


_LAB_BEFORE: Final = re.compile(
    r"(?:\b(?:ck|cpk|cpk-mb|ckmb|trop\w*|hs-?tn[ti]?|tn[ti]|bnp|nt-?pro-?bnp|probnp|pro-bnp|ferritin|ldh"
    r"|ast|alt|alp|ggt|plt|plts"
    r"|platelets?|wbc|wcc|anc|alc|d-?dimer|lipase|amylase|ca"
    r" ?\d\d-?\d|ca-?125|cea|afp|psa|b?hcg|beta-?hcg|viral load|vl|hiv rna"
    r"|hcv rna|hbv"
    r" dna|pcr|copies|count|cd4|rna|dna|glucose|crp|pct|tsh|il-?6|myoglobin|cortisol|nse|il2r"
    r"|triglycerides?|trigs?|tg"
    r"|pmid|pmcid|pmc|nct|doi|isrctn|eudract|cas|icd|cpt|snomed|loinc|ndc|atc|omim|grch\d*|rs|reads"
    r"|heparin|units?|dose|iu)"
    r"(?:["
    r" ]*(?:levels?|of|is|was|now|at|to|from|up|down|around|about|peak(?:ed|ing)?|trended|rose|fell|went"
    r"|>|<|=|:|~|≥|≤|-))*["
    r" (]*|[\d.,][ ]?(?:x|→|->|to|-|/)[ ]*"
    r"|1:|rs|nct|c\.|p\.|g\.|nm_|np_|chr\w*:|[$€£])$"
)
_UNIT_BEHIND: Final = re.compile(
    r"(?:[ ]?(?:mg|mcg|ug|µg|g|kg|ml|l|dl|u|iu|units?|copies|cells?|/|%|mm|cm|cc|k\b|x10|x"
    r" 10|cfu|kcal|cal|steps|pg|ng|miu|hz|bq|mbq"
    r"|patients?|people|cases|women|men|rpm|per|platelets|wbcs?|ppm|ns|ft|feet|miles|dollars|usd|years"
    r"|spots|mmol|µmol|umol)\b"
    r"|[ ]?[/%+*]|[<>]|,\d{3}\b|\.\d)"
)

NUMBERS: Final = (
    Pattern(
        "SSN",
        "This is a social security number.",
        r"(?<![\w-])(?:\d{3}|[x*]{3})[- ](?:\d{2}|[x*]{2})[- ]\d{4}(?![\w-])",
        digits=True,
    ),
    _labelled(
        "SSN",
        "A social security number is announced before it.",
        r"ssn|ss#|soc(?:ial)? sec(?:urity)?|ssn last (?:4|four)",
    ),
    _labelled(
        "MRN",
        "A record number is announced before it.",
        r"mrns?|mr ?#|mr no|m\.r\.n\.?|med(?:ical)? ?rec(?:ord)?s?(?: ?#)?|rec(?:ord)?"
        r" ?(?:#|no|num)|chart|chart ?#|hosp(?:ital)?\.? ?(?:#|no|num|id)"
        r"|(?:pt|patient) ?(?:#|id|no|identifier|identification)|pat ?id|uhid|empi|cpi|hrn|urn|unit"
        r" ?(?:#|no)|emr|ehr|epic|cerner|file ?(?:#|no)|records?|(?:his|her|their|pt'?s|patient'?s"
        r"|the) (?:(?:new|old|hospital|hosp|file|chart|index) )?number(?: (?:with|at|for) \w+)?"
        r"|folder|nhs|nhi|k number|hospital number|pid|umrn|ur no|chi|dossier|jacket",
    ),
    _labelled(
        "ACCOUNT",
        "An account or visit number is announced before it.",
        r"acct|account|a/c|billing|invoice|inv"
        r" ?#|guarantor|iban|card|visa|mastercard|amex|encounter|visit|csn|fin|har|claim|payment|receipt"
        r"|bank|statement|balance on|bill ?(?:#|no)|copay ref",
    ),
    _labelled(
        "HEALTH_PLAN",
        "An insurance number is announced before it.",
        r"member(?:ship)?|policy|subscriber|insurance|insured|medicare|medicaid|medi-?cal|mbi|hicn?"
        r"|beneficiary|plan|group|grp|payer|coverage"
        r"|aetna|cigna|humana|bcbs|blue ?cross|blue ?shield|united"
        r" ?health(?:care)?|uhc|anthem|kaiser|tricare|wellpoint|molina|centene|oscar"
        r"|prior auth(?:orization)?|pa ?#|auth(?:orization)?|champva|hmo|ppo",
    ),
    _labelled(
        "LICENSE",
        "A licence or certificate number is announced before it.",
        r"npi|dea|lic(?:en[sc]e)?|driver'?s? lic(?:en[sc]e)?|drivers? id|dl|d\.l\.|state id|state"
        r" lic(?:en[sc]e)?|medical lic(?:en[sc]e)?|certificate|cert"
        r"|registration no|gmc|nmc|upin|passport|permit|credential",
    ),
    _labelled(
        "VEHICLE",
        "A vehicle's number is announced before it.",
        r"vin|lic(?:en[sc]e)? ?plates?|plates?|number"
        r" ?plate|tags?|registration|reg|vehicle|car|truck|ambulance unit",
    ),
    _labelled(
        "DEVICE",
        "A device's number is announced before it.",
        r"s/n|sn|s\.n\.|serial|ser ?(?:#|no)|udi|lot|device|implant|model|pump|pacemaker|pacer|icd"
        r" generator|generator|ins|gtin|asset|equipment",
    ),
    _labelled(
        "OTHER_ID",
        "An accession, specimen or study number is announced before it.",
        r"accession|acc(?:ession)?|acsn|speci?mens?|spec|samples?|labell?ed|isolate|culture|cultures"
        r"|path(?:ology)?(?: case)?(?: report)?|path came"
        r" back|surg(?:ical)? path|biopsy|cyto(?:logy)?|case|order|requisition"
        r"|req|study|trial|subject|subj|participant|protocol|randomi[sz]ation|enrol(?:l)?ment|ticket"
        r"|incident|referral|ref|barcode|badge"
        r"|employee|emp|staff|student|rx|prescription|script|scan|exam|slide|block|kit|tissue|donor|unos"
        r"|unit|wristband|id|band|locker|pin"
        r"|passcode|confirmation|tracking|docket|inmate|booking|report|fhir|uuid|guid|dna|image|series|img",
    ),
    _labelled(
        "BIOMETRIC",
        "A fingerprint, voice or eye record is announced before it.",
        r"(?:finger|thumb|palm|voice|foot|ear)[ -]?prints?|retina(?:l)?(?: scan)?|iris(?:"
        r" scan)?|biometrics?|face ?id|facial(?: scan)?|template",
    ),
    Pattern(
        "BIOMETRIC",
        "This is a fingerprint, voice or eye record.",
        r"\b(?:FP|VP|RS|IRIS|BIO)-(?-i:[A-Z0-9]{5,}|[a-z0-9]{5,}|[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})+)\b"
        r"|\b(?:finger|voice|retina|iris|face|palm|bio(?:metric)?|fp"
        r"|vp)[A-Z]{0,8}[-_#:]?[A-Z]{0,4}[-_#:]?\d[\w-]{3,}",
    ),
    Pattern(
        "VEHICLE",
        "A vehicle's plate is announced before it.",
        r"\b(?:plates?|tags?|registration|reg|car|truck|van|vehicle|suv|motorcycle|pickup|jeep)\b"
        + _LINK
        + r"(?P<v>[A-Z]{1,4}[ -]\d{2,4}[A-Z]?|\d{1,4}[ -][A-Z]{2,4}\d?|[A-Z]{2}\d{2} ?[A-Z]{3}"
        r"|[A-Z]{3} ?\d[A-Z]\d{2})(?![\w])",
        digits=True,
    ),
    Pattern(
        "VEHICLE",
        "This is a vehicle number.",
        r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-HJ-NPR-Z0-9]{17}\b",
        digits=True,
    ),
    Pattern(
        "OTHER_ID", "This is a universal identifier.", r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    ),
    Pattern(
        "HEALTH_PLAN",
        "This is a Medicare number.",
        r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d\b",
        digits=True,
    ),
    Pattern("HEALTH_PLAN", "This is a Medicare number.", r"\b\d{3}-\d{2}-\d{4}[A-Z]\d?\b", digits=True),
    Pattern(
        "LICENSE", "This has the form of a DEA number.", r"\b[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}\b", digits=True
    ),
    Pattern(
        "ACCOUNT",
        "This is a bank or card number.",
        r"\b\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}\b|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
        digits=True,
    ),
    Pattern(
        "LOCATION",
        "This is a position on the map.",
        r"-?\d{1,2}\.\d{3,}°?[ ]?[NS]?,[ ]?-?\d{1,3}\.\d{3,}°?[ ]?[EW]?",
        digits=True,
    ),
    Pattern(
        "MRN",
        "This has the form of a record number.",
        r"(?<![\w./-])(?P<v>\d{2}-\d{2}-\d{2,3}|\d{3}-\d{3}|\d{3}-\d{2}-\d{2}"
        r"|(?=(?:\d-?){7})\d{1,8}(?:-\d{1,8}){1,4})(?![\w/-]|[.,]\d)",
        when=_unit_free,
        digits=True,
    ),
    Pattern(
        "OTHER_ID",
        "This long number may belong to a record.",
        r"(?<![\w.,/:-])#?(?P<v>\d{7,})(?![\w/:.,-]*\d)(?![\w])",
        role="digits",
        when=_unit_free,
        digits=True,
    ),
    Pattern(
        "OTHER_ID",
        "Letters and many digits in one word are mostly the number of a record or a thing.",
        r"(?<![\w./-])(?P<v>(?=[A-Z0-9_-]*[A-Z])(?=(?:[A-Z_-]*\d){6})[A-Z0-9]+(?:[-_][A-Z0-9]+)*)(?![\w/-])",
        role="digits",
        when=_unit_free,
        digits=True,
    ),
    Pattern(
        "OTHER_ID",
        "Letters and digits like these often number a specimen, a trial's patient or a thing.",
        r"(?<![\w./-])(?P<v>[A-Z]{1,5}\d{0,2}[-"
        r" ]?\d{2}-\d{3,}|[A-Z]{2,6}-[A-Z]{1,4}-?\d{3,}|[A-Z]{1,8}-\d{4,}(?:-[A-Z]{1,3})?"
        r"|[A-Z]\d{2}[-.]\d{5,}|[A-Z]\d[ ]\d{6}|[A-Z]{2,8}-\d{2,}-\d{2,}"
        r"|[A-Z]{1,3}\d{5,}[A-Z]?(?: \d(?![\d.,/%])(?! ?(?:mg|ml|cm|mm|g|kg|units?|x)\b))?"
        r"|\d{2,}-[A-Z]{1,3}-\d{2,})(?![\w/-]|\.\d)",
        role="digits",
        when=_unit_free,
        digits=True,
    ),
    Pattern(
        "MRN",
        "A number alone in a table or in brackets behind a word is mostly of a record.",
        r"[|\t]\s*(?P<v>[A-Z]{0,3}\d{5,8}(?:[ -]\d)?)(?=\s*[|\t])|(?<=[^\W\d] )\((?P<w>\d{5,8})\)",
        role="digits",
        when=_unit_free_cell,
        digits=True,
    ),
    Pattern(
        "OTHER_ID",
        "Two numbers like these may name a specimen or a case.",
        r"(?<![\w.,/:$-])(?P<v>\d{5}/\d{2}|\d{2}/\d{5})(?![\w/:-]|[.,]\d)",
        tier="ask",
        role="digits",
        when=_unit_free,
        digits=True,
    ),
    Pattern(
        "OTHER_ID",
        "A number of five or more digits without a unit may identify somebody.",
        r"(?<![\w.,/:$-])(?P<v>\d{5,6})(?![\w/:-]|[.,]\d)",
        tier="ask",
        role="digits",
        when=_unit_free,
        digits=True,
    ),
)


class Numbers:
    """Finds record, account, insurance, licence, vehicle, device and other numbers."""

    name = "numbers"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield what the patterns find, but for registry and reference numbers that name nobody."""
        for field in submission.fields:
            yield from (found for found in find_all(NUMBERS, field) if not _published(field, found))


_CODE_BEFORE: Final = re.compile(
    r"\b(?:cpt|icd(?:-?\d+)?|drg|hcpcs|snomed|loinc|ndc|atc)(?: codes?)?[ :#]*$", re.IGNORECASE
)
_PUBLISHED: Final = re.compile(
    r"(?:NCT\d{8}|PMC\d+|PMID:?\s*\d+|ISRCTN\d+|rs\d+|[A-TV-Z]\d\d(?:\.\w{1,4})?)$", re.IGNORECASE
)


def _published(field: Field, found: Found) -> bool:
    if _CODE_BEFORE.search(field.text[max(0, found.start - 24) : found.start]):
        return True
    return found.role == "digits" and _PUBLISHED.match(field.text[found.start : found.end]) is not None
