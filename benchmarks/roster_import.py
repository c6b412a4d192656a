"""How long a registry's file takes to become the roster, in how much memory, and how fast a number is found.

    python benchmarks/roster_import.py [--rows 1000000] [--wide 50000] [--json FILE]

Two files of invented people are written: a subset of the registry's columns, and all 330 of them. The subset
is imported into an empty roster, unchanged once more, and with one row in 200 changed; each time by the
command in a process of its own, whose CPU seconds are told. Numbers stand in no order: the worst case.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from storage.roster.roster import open_roster

_CODES: Final = range(1, 16)
_CONFIG: Final = """
key_file = "keys/master.key"
[[matrix]]
name = "city"
homeserver = "http://127.0.0.1:9"
user = "@curbside:city.example"
password = "none"
"""
_LOOK_UPS: Final = 1_000
Row = dict[str, str]


def _address(place: str) -> Iterator[str]:
    for part in ("First Line", "Second Line"):
        yield f"Provider {part} Business {place} Address"
    for part in ("City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)"):
        yield f"Provider Business {place} Address {part}"
    yield f"Provider Business {place} Address Telephone Number"
    yield f"Provider Business {place} Address Fax Number"


def _official(*parts: str) -> Iterator[str]:
    for part in parts:
        yield f"Authorized Official {part}"


def _taxonomies() -> Iterator[str]:
    for n in _CODES:
        yield f"Healthcare Provider Taxonomy Code_{n}"
        yield f"Provider License Number_{n}"
        yield f"Provider License Number State Code_{n}"
        yield f"Healthcare Provider Primary Taxonomy Switch_{n}"


def _identifiers() -> Iterator[str]:
    for n in range(1, 51):
        for part in ("", " Type Code", " State", " Issuer"):
            yield f"Other Provider Identifier{part}_{n}"


HEADER: Final = (
    *("NPI", "Entity Type Code", "Replacement NPI", "Employer Identification Number (EIN)"),
    *("Provider Organization Name (Legal Business Name)", "Provider Last Name (Legal Name)"),
    *("Provider First Name", "Provider Middle Name", "Provider Name Prefix Text"),
    *("Provider Name Suffix Text", "Provider Credential Text", "Provider Other Organization Name"),
    *("Provider Other Organization Name Type Code", "Provider Other Last Name", "Provider Other First Name"),
    *("Provider Other Middle Name", "Provider Other Name Prefix Text", "Provider Other Name Suffix Text"),
    *("Provider Other Credential Text", "Provider Other Last Name Type Code"),
    *_address("Mailing"),
    *_address("Practice Location"),
    *("Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code"),
    *("NPI Deactivation Date", "NPI Reactivation Date", "Provider Sex Code"),
    *_official("Last Name", "First Name", "Middle Name", "Title or Position", "Telephone Number"),
    *_taxonomies(),
    *_identifiers(),
    *("Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN"),
    *_official("Name Prefix Text", "Name Suffix Text", "Credential Text"),
    *(f"Healthcare Provider Taxonomy Group_{n}" for n in _CODES),
    "Certification Date",
)
"""The 330 columns of the monthly file, in its order."""

SUBSET: Final = (
    *("NPI", "Entity Type Code", "Provider Last Name (Legal Name)", "Provider First Name"),
    *("Provider Middle Name", "Provider Credential Text", "Provider Other Last Name"),
    *("Last Update Date", "NPI Deactivation Date", "NPI Reactivation Date"),
    *(name for name in _taxonomies() if name.endswith(("_1", "_2", "_3"))),
)


def numbered(nine: int) -> str:
    """Make a number (NPI) of nine digits by adding its check digit."""
    digits = [int(digit) for digit in f"{nine:09}"]
    doubled = sum(digit * 2 // 10 + digit * 2 % 10 for digit in digits[::2])
    return f"{nine:09}{-(24 + doubled + sum(digits[1::2])) % 10}"


def invented(count: int, seed: int = 1) -> Iterator[Row]:
    """Yield rows of invented people and companies; about two in three are physicians."""
    chance = random.Random(seed)  # noqa: S311  (the same people in every run)
    numbers = chance.sample(range(100_000_000, 300_000_000), count)
    for nine in numbers:
        yield _company(nine) if chance.random() < 0.2 else _person(nine, chance)


def _company(nine: int) -> Row:
    return {
        "NPI": numbered(nine),
        "Entity Type Code": "2",
        "Provider Organization Name (Legal Business Name)": f"INVENTED CLINIC {nine}",
        "Last Update Date": "05/06/2024",
        "Healthcare Provider Taxonomy Code_1": "261QM1300X",
        "Healthcare Provider Primary Taxonomy Switch_1": "Y",
    }


def _person(nine: int, chance: random.Random) -> Row:
    code, credential = chance.choice(_PROFESSIONS)
    state = chance.choice(("FL", "NY", "OH", "TX"))
    return {
        "NPI": numbered(nine),
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": _made_up(chance, 3),
        "Provider First Name": _made_up(chance, 2),
        "Provider Middle Name": _made_up(chance, 1),
        "Provider Credential Text": credential,
        "Last Update Date": "05/06/2024",
        "Provider Sex Code": "F",
        "Healthcare Provider Taxonomy Code_1": code,
        "Provider License Number_1": f"ME{chance.randrange(1_000_000):07}",
        "Provider License Number State Code_1": state,
        "Healthcare Provider Primary Taxonomy Switch_1": "Y",
    }


_PROFESSIONS: Final = (
    ("207R00000X", "M.D."),
    ("208000000X", "MD"),
    ("207Q00000X", "D.O."),
    ("163W00000X", "RN"),
    ("363A00000X", "PA-C"),
)
_SYLLABLES: Final = (
    "BRA",
    "COL",
    "DEM",
    "FIN",
    "GOR",
    "HAL",
    "KES",
    "LOM",
    "MIR",
    "NAV",
    "PEL",
    "QUI",
    "ROS",
)


def _made_up(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=syllables))


def write(path: Path, columns: Sequence[str], rows: Iterator[Row]) -> None:
    """Write rows with these columns, quoted as the registry does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, restval="", extrasaction="ignore", quoting=csv.QUOTE_ALL)
        table.writeheader()
        table.writerows(rows)


def one_in_200_changed(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield rows as they come, every 200th under another surname."""
    for number, row in enumerate(rows):
        yield {**row, "Provider Last Name (Legal Name)": "CHANGED"} if number % 200 == 0 else row


def imported(folder: Path, file: Path) -> dict[str, Any]:
    """Import a file by the command; its counts, seconds, CPU seconds and peak memory."""
    command = [sys.executable, "-m", "bot", "roster", "import", str(file), "--json"]
    started = time.monotonic()
    with subprocess.Popen(
        [*command, "--config", str(folder / "curbside.toml")], stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None  # noqa: S101  (a pipe was asked for)
        said = run.stdout.read()
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    return {**json.loads(said), **_cost(seconds, used), "file_mb": round(file.stat().st_size / 1e6, 1)}


def _cost(seconds: float, used: resource.struct_rusage) -> dict[str, float]:
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(used.ru_maxrss / 1024, 1),
    }


async def look_ups(data_dir: Path, npis: Sequence[str]) -> dict[str, float]:
    """Find numbers one after the other; milliseconds of the median and of the slowest in a hundred."""
    roster = await open_roster(data_dir)
    taken = []
    for npi in npis:
        started = time.perf_counter()
        assert await roster.by_npi(npi)  # noqa: S101  (a number that is missing would be fast)
        taken.append((time.perf_counter() - started) * 1000)
    await roster.close()
    taken.sort()
    return {
        "median_ms": round(taken[len(taken) // 2], 3),
        "p99_ms": round(taken[len(taken) * 99 // 100], 3),
    }


def files(folder: Path, rows: int, wide: int) -> tuple[Path, Path, Path]:
    """Write the subset, the subset with changes, and a file with all columns."""
    subset, changed, full = (folder / f"{name}.csv" for name in ("subset", "changed", "full"))
    write(subset, SUBSET, invented(rows))
    write(changed, SUBSET, one_in_200_changed(invented(rows)))
    write(full, HEADER, invented(wide, seed=2))
    return subset, changed, full


def measure(folder: Path, rows: int, wide: int) -> dict[str, Any]:
    """Write the files, import them and look numbers up."""
    (folder / "curbside.toml").write_text(_CONFIG, encoding="utf-8")
    # In another process, because what this one has used counts as its children's peak.
    with ProcessPoolExecutor(1, get_context("spawn")) as writer:
        subset, changed, full = writer.submit(files, folder, rows, wide).result()
    figures: dict[str, Any] = {
        "subset": imported(folder, subset),
        "the same again": imported(folder, subset),
        "one in 200 changed": imported(folder, changed),
        "330 columns": imported(folder, full),
    }
    npis = [row["NPI"] for row in invented(rows)]
    figures["roster_mb"] = round((folder / "var" / "roster.db").stat().st_size / 1e6, 1)
    figures["look_up"] = asyncio.run(look_ups(folder / "var", npis[:: max(1, rows // _LOOK_UPS)]))
    return figures


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table."""
    heads = ("rows", "changed", "file_mb", "seconds", "cpu_seconds", "peak_mib")
    yield f"{'':<20}" + "".join(f"{head:>13}" for head in heads)
    for name, cells in figures.items():
        if isinstance(cells, dict) and "rows" in cells:
            yield f"{name:<20}" + "".join(f"{cells[head]:>13,}" for head in heads)
    yield f"roster.db {figures['roster_mb']} MB, look-up {figures['look_up']}"


def main() -> None:
    """Measure in a folder that is gone afterwards."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--wide", type=int, default=50_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), args.rows, args.wide)
    print("\n".join(table(figures)))
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
