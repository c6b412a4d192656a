"""Registry files of invented people, as an operator may have them."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.roster_import import HEADER, Row, numbered

ADA, BO, CY, DEE = (numbered(nine) for nine in (100000001, 100000002, 199999999, 200000003))
CLINIC = numbered(123456789)


def person(npi: str, first: str, last: str, **more: str) -> Row:
    """A physician, as far as `more` does not say otherwise; its keys are ours, see `NAMED`."""
    return {
        "NPI": npi,
        "Entity Type Code": "1",
        "Provider First Name": first,
        "Provider Last Name (Legal Name)": last,
        "Provider Credential Text": "M.D.",
        "Last Update Date": "05/06/2024",
        "Provider Sex Code": "F",
        "Healthcare Provider Taxonomy Code_1": "207N00000X",
        "Healthcare Provider Primary Taxonomy Switch_1": "Y",
        "Provider License Number_1": "ME0012345",
        "Provider License Number State Code_1": "FL",
        **{NAMED[key]: value for key, value in more.items()},
    }


NAMED = {
    "kind": "Entity Type Code",
    "middle": "Provider Middle Name",
    "other_last": "Provider Other Last Name",
    "credential": "Provider Credential Text",
    "updated": "Last Update Date",
    "off": "NPI Deactivation Date",
    "on": "NPI Reactivation Date",
    "code": "Healthcare Provider Taxonomy Code_1",
    "code_15": "Healthcare Provider Taxonomy Code_15",
    "switch": "Healthcare Provider Primary Taxonomy Switch_1",
    "switch_15": "Healthcare Provider Primary Taxonomy Switch_15",
    "licence": "Provider License Number_1",
    "state": "Provider License Number State Code_1",
    "licence_9": "Provider License Number_9",
    "state_9": "Provider License Number State Code_9",
}


def company(npi: str) -> Row:
    return {
        "NPI": npi,
        "Entity Type Code": "2",
        "Provider Organization Name (Legal Business Name)": "INVENTED",
    }


PEOPLE = (
    person(ADA, "ADA", "LIND", middle="M", code_15="1223G0001X", licence_9="99-017", state_9="NY"),
    person(BO, "BO", "EK", credential="RN", code="163W00000X", other_last="SKOG"),
    person(CY, "CY", "NORDSTRAND", credential="", updated="01/02/2023"),
    company(CLINIC),
)


def text_of(rows: Iterable[Row], columns: Sequence[str] = HEADER) -> str:
    """A file's text with these columns, quoted as the registry does."""
    written = io.StringIO()
    table = csv.DictWriter(written, columns, restval="", extrasaction="ignore", quoting=csv.QUOTE_ALL)
    table.writeheader()
    table.writerows(rows)
    return written.getvalue()


def csv_file(path: Path, rows: Iterable[Row] = PEOPLE, columns: Sequence[str] = HEADER) -> Path:
    path.write_text(text_of(rows, columns), encoding="utf-8", newline="")
    return path


def marks(*deactivated: tuple[str, str]) -> str:
    """A list of deactivations as the registry gives it: a title, then the header."""
    rows = "".join(f"{npi},{day}\r\n" for npi, day in deactivated)
    return f"NPPES Deactivated NPI Report 20240506,\r\nNPI,NPPES Deactivation Date\r\n{rows}"


def zipped(path: Path, **members: str) -> Path:
    """An archive; underscores in a name's end stand for its dot."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(".".join(name.rsplit("_", 1)), content)
    return path


def gzipped(path: Path, content: str) -> Path:
    path.write_bytes(gzip.compress(content.encode()))
    return path
