"""Bad rows are named and the rest goes on; bad files are refused with a sentence and change nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.roster_import import HEADER, numbered
from storage.roster.importing import Imported
from storage.roster.source import RosterFile, RosterFileRefused
from tests.roster.desk import NOW, Desk
from tests.roster.files import (
    ADA,
    BO,
    CY,
    PEOPLE,
    company,
    csv_file,
    gzipped,
    marks,
    person,
    text_of,
    zipped,
)

WRONG_DIGIT = ADA[:-1] + str((int(ADA[-1]) + 1) % 10)


def between(*bad: str) -> str:
    """A file in which bad lines stand between two good rows."""
    header, ada, bo, _ = text_of([person(ADA, "ADA", "LIND"), person(BO, "BO", "EK")]).split("\r\n")
    return "\r\n".join([header, ada, *bad, bo, ""])


def line_of(npi: str = CY, **more: str) -> str:
    return text_of([person(npi, "CY", "NORD", **more)]).split("\r\n")[1]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (line_of() + ',""', "there are 331 columns instead of 330"),
        ('"a","b"', "there are 2 columns instead of 330"),
        ("no table at all", "there are 1 columns instead of 330"),
        (line_of("12345"), "the NPI is not 10 digits of which the first is 1 or 2"),
        (line_of("3" + CY[1:]), "the NPI is not 10 digits of which the first is 1 or 2"),
        (line_of(""), "the NPI is not 10 digits of which the first is 1 or 2"),
        (line_of(WRONG_DIGIT), "the check digit of the NPI is wrong"),
        (line_of(updated="last week"), "Last Update Date is no date like 12/31/2030"),
        (line_of(off="02/30/2024"), "NPI Deactivation Date is no date like 12/31/2030"),
        (line_of(on="20240230"), "NPI Reactivation Date is no date like 12/31/2030"),
        (line_of(kind="3"), "the entity type is neither 1 nor 2"),
        (line_of(kind=""), "there is no entity type"),
        (line_of().replace('"NORD"', '"NORD'), "a quotation mark is missing or stands in the wrong place"),
        (line_of().replace('"NORD"', '"N "ORD"'), "a quotation mark is missing or stands in the wrong place"),
        (line_of().replace("NORD", "NO\0RD"), "the line holds a NUL"),
        (line_of().replace("NORD", "N" * 2_000_000), "the line is longer than 1 MB"),
    ],
)
async def test_a_bad_row_is_named_and_the_rest_goes_on(desk: Desk, bad: str, reason: str) -> None:
    imported = await desk.take_text(between(bad))

    assert desk.onlooker.bad == [(3, reason)]
    assert (imported.rows, imported.counts["rejected"], imported.counts["pass"]) == (3, 1, 2)
    assert set(await desk.known()) == {ADA, BO}


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
async def test_a_row_in_another_encoding_is_not_guessed(desk: Desk, encoding: str) -> None:
    imported = await desk.take_text(between(line_of().replace("NORD", "NØRD")).encode(encoding))

    assert desk.onlooker.bad == [(3, "the line is not UTF-8 text")]
    assert imported.counts["pass"] == 2


async def test_accents_in_utf_8_are_kept(desk: Desk) -> None:
    await desk.take_text(between(line_of().replace("NORD", "NØRD")))

    assert (await desk.known())[CY].last_name == "NØRD"


async def test_a_field_may_hold_line_breaks(desk: Desk) -> None:
    broken = line_of().replace('"NORD"', '"NO\r\n\r\nRD"')

    imported = await desk.take_text(between(broken, line_of(WRONG_DIGIT)))

    assert desk.onlooker.bad == [(6, "the check digit of the NPI is wrong")]
    assert imported.counts["pass"] == 3
    assert (await desk.known())[CY].last_name == "NO\r\n\r\nRD"


async def test_every_line_may_be_bad(desk: Desk) -> None:
    odd = line_of().replace('"NORD"', '"NORD')

    imported = await desk.take_text(between(*[odd] * 30))

    assert [line for line, _ in desk.onlooker.bad] == list(range(3, 33))
    assert imported.counts["pass"] == 2


async def test_empty_lines_are_no_rows(desk: Desk) -> None:
    assert (await desk.take_text(between("", ""))).rows == 2


async def test_a_bad_mark_is_named(desk: Desk) -> None:
    imported = await desk.take_text(marks((ADA, ""), (WRONG_DIGIT, "01/01/2024"), (BO, "01/01/2024")))

    assert desk.onlooker.bad == [
        (3, "there is no deactivation date"),
        (4, "the check digit of the NPI is wrong"),
    ]
    assert imported.counts["deactivations"] == 1


def refused_files() -> dict[str, tuple[Callable[[Path], object], str]]:
    some = [name for name in HEADER if name not in ("Entity Type Code", "Provider First Name")]
    many = text_of([company(numbered(200_000_000 + n)) for n in range(500)])
    return {
        "nothing": (lambda path: None, "There is no"),
        "folder": (lambda path: path.mkdir(), "is no file; name the CSV file itself."),
        "empty": (lambda path: path.write_bytes(b""), "is empty."),
        "words": (lambda path: path.write_text("Dear all,\nsee you."), "has no column NPI in its first 10"),
        "picture": (lambda path: path.write_bytes(b"\x89PNG\0\0\0\r"), "is no CSV file, or none in UTF-8."),
        "print": (
            lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
            "is no CSV file: the line",
        ),
        "utf-16": (lambda path: path.write_text(text_of(PEOPLE), encoding="utf-16"), "is UTF-16; save it as"),
        "utf-16 without mark": (
            lambda path: path.write_text(text_of(PEOPLE), encoding="utf-16-le"),
            "is no CSV file, or none in UTF-8.",
        ),
        "no names": (
            lambda path: csv_file(path, columns=some),
            "lacks columns of the registry: Entity Type Code, Provider First Name.",
        ),
        "npi alone": (lambda path: path.write_text(f"NPI\n{ADA}\n"), "lacks columns of the registry: Entity"),
        "twice": (
            lambda path: path.write_text("NPI,npi,NPI Deactivation Date\n"),
            "has the column 'NPI' twice.",
        ),
        "header alone": (lambda path: csv_file(path, rows=()), "has a header and no rows."),
        "workbook": (
            lambda path: path.write_bytes(
                zipped(path, **{"[Content_Types]_xml": "", "a_csv": "NPI"}).read_bytes()
            ),
            "is a workbook; save it as CSV (UTF-8)",
        ),
        "archive of several": (
            lambda path: zipped(path, one_csv=text_of(PEOPLE), two_csv=text_of(PEOPLE)),
            "holds 2 CSV files, and which one is meant is not clear",
        ),
        "archive of none": (lambda path: zipped(path, readme_txt="x"), "holds 0 CSV files"),
        "half an archive": (
            lambda path: path.write_bytes(zipped(path, one_csv=many).read_bytes()[:3000]),
            "is broken off or damaged; fetch it again. Nothing was changed.",
        ),
        "half a gzip": (
            lambda path: path.write_bytes(gzipped(path, many).read_bytes()[:-40]),
            "is broken off or damaged; fetch it again. Nothing was changed.",
        ),
        "a spoilt gzip": (
            lambda path: path.write_bytes(gzipped(path, many).read_bytes()[:-8] + bytes(8)),
            "is broken off or damaged; fetch it again. Nothing was changed.",
        ),
    }


@pytest.mark.parametrize("kind", refused_files())
async def test_what_is_no_roster_is_refused_and_changes_nothing(
    desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.roster.importing._CHUNK", 10)
    await desk.take_rows()
    before, number = await desk.known(), await desk.roster.latest_import()
    make, sentence = refused_files()[kind]
    make(path := desk.folder / "given.csv")

    with pytest.raises(RosterFileRefused) as refused:
        await desk.take(path)

    assert sentence in refused.value.sentence
    assert "\n" not in refused.value.sentence
    assert await desk.known() == before
    assert await desk.roster.latest_import() == number
    with sqlite3.connect(desk.folder / "var" / "roster.db") as database:
        assert database.execute("SELECT (SELECT count(*) FROM staged), count(*) FROM imports").fetchone() == (
            0,
            1,
        )
    database.close()


async def test_a_locked_archive_is_refused(desk: Desk) -> None:
    path = zipped(desk.folder / "a.zip", one_csv=text_of(PEOPLE))
    content = bytearray(path.read_bytes())
    for place, flags in ((content.find(b"PK\3\4"), 6), (content.find(b"PK\1\2"), 8)):
        content[place + flags] |= 1
    path.write_bytes(content)

    with pytest.raises(RosterFileRefused, match="cannot be unpacked here; unpack it and name the CSV file"):
        await desk.take(path)


async def test_a_file_that_grows_meanwhile_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = csv_file(desk.folder / "rows.csv")
    monkeypatch.setattr("storage.roster.importing._CHUNK", 1)

    async def grow() -> Imported:
        with RosterFile(path) as file:
            with path.open("a") as more:
                more.write(line_of() + "\r\n")
            return await desk.roster.import_file(file, desk.onlooker, again=False, now=NOW)

    with pytest.raises(RosterFileRefused, match="was changed while it was read"):
        await grow()
    assert await desk.known() == {}
