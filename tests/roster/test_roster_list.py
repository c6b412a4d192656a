"""The hospital's own list: columns named by the operator, each import in the place of the one before."""

from __future__ import annotations

import pytest

from bot.domain.credentials import Reason, Verdict, judge_listed
from bot.domain.members import Role
from bot.domain.roster import ListedRow
from storage.roster.listing import ListColumns, ListImported
from storage.roster.source import RosterFile, RosterFileRefused
from tests.roster.desk import NOW, Desk, Killed, Onlooker
from tests.roster.files import csv_file

PLACES = {"name": "Full name", "number": "Staff no.", "specialty": "Department", "role": "Grade"}
BY_COLUMN = ListColumns(PLACES, None)
LIST = """Medical staff office
Staff no.;Grade;Full name;Department
A-0017;Attending;"Lind-Falk, Ada M., MD";Dermatology
B 18;resident;Dr. Bo Ek;Cardiology
"""
ADA = ListedRow("A17", "ada", "m", "lind falk", "Dermatology", Role.PHYSICIAN)
BO = ListedRow("B18", "bo", "", "ek", "Cardiology", Role.TRAINEE)


async def take(
    desk: Desk, text: str, columns: ListColumns = BY_COLUMN, onlooker: Onlooker | None = None
) -> ListImported:
    path = desk.folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    with RosterFile(path) as file:
        return await desk.roster.import_list(file, onlooker or Onlooker(), columns=columns, now=NOW)


async def test_a_list_is_found_by_number(desk: Desk) -> None:
    imported = await take(desk, LIST)

    assert (imported.rows, imported.left) == (2, 0)
    assert dict(imported.counts) == {"physicians": 1, "trainees": 1, "rejected": 0}
    assert await desk.roster.listed("a 17") == ADA
    assert await desk.roster.listed("B-0018") == BO
    assert await desk.roster.listed("17") is None
    assert await desk.roster.listed("") is None
    assert await desk.roster.latest_import() == imported.number


async def test_a_new_list_takes_the_place_of_the_old_one(desk: Desk) -> None:
    await take(desk, LIST)

    imported = await take(desk, LIST.replace("B 18", "C 19"))

    assert imported.left == 1
    assert await desk.roster.listed("B18") is None
    assert await desk.roster.listed("C19") is not None


async def test_the_registry_and_the_list_leave_each_other_alone(desk: Desk) -> None:
    await desk.take_rows()
    registry = await desk.known()
    await take(desk, LIST)
    await desk.take_rows()

    assert await desk.known() == registry
    assert await desk.roster.listed("A17") == ADA


async def test_names_may_stand_in_columns_of_their_own_and_all_may_be_alike(desk: Desk) -> None:
    places = {"first_name": "Given", "last_name": "Family", "number": "Licence"}

    await take(desk, "Given,Family,Licence\nJosé,Núñez,9-1\n", ListColumns(places, Role.TRAINEE))

    assert await desk.roster.listed("91") == ListedRow("91", "José", "", "Núñez", "", Role.TRAINEE)


async def test_bad_rows_are_named_and_the_rest_goes_on(desk: Desk) -> None:
    bad = "--;Fellow;Cy Nord;ENT\nD4;Fellow;Nord;ENT\nE5;Porter;Cy Nord;ENT\n"
    bad += 'A17;Fellow;Cy Nord;ENT\nx;y\nF6;"a\n'
    onlooker = Onlooker()

    imported = await take(desk, LIST + bad + "G7;Fellow;Dee Amsel;ENT\n", onlooker=onlooker)

    assert [line for line, _ in onlooker.bad] == [5, 6, 7, 8, 9, 10]
    assert [reason.split(":")[0] for _, reason in onlooker.bad] == [
        "there is no number",
        "there is no given name and surname",
        "the role is none of",
        "an earlier row has the same number",
        "there are 2 columns instead of 4",
        "a quotation mark is missing or stands in the wrong place",
    ]
    assert (imported.rows, imported.counts["rejected"]) == (9, 6)
    assert await desk.roster.listed("G7") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Staff no.;Grade;Name\nA1;Fellow;Cy Nord\n", "does not have all the columns of --map"),
        ("Staff no.;Grade;Full name;Department\n", "has no row that can be taken"),
        ("Staff no.;Grade;Full name;Department\nA1;Porter;Cy Nord;ENT\n", "has no row that can be taken"),
    ],
)
async def test_what_is_no_list_is_refused_and_changes_nothing(desk: Desk, text: str, said: str) -> None:
    await take(desk, LIST)

    with pytest.raises(RosterFileRefused, match=said):
        await take(desk, text)

    assert await desk.roster.listed("A17") == ADA


@pytest.mark.parametrize(
    ("name", "row", "verdict", "reason"),
    [
        ("Ada Lind-Falk", ADA, Verdict.PASS, Reason.NAME_AGREES),
        ("Ada Lind", ADA, Verdict.REVIEW, Reason.NAME_NEAR),
        ("", ADA, Verdict.REVIEW, Reason.NAME_UNKNOWN),
        ("Bo Ek", ADA, Verdict.FAIL, Reason.NAME_DIFFERS),
        ("Bo Ek", None, Verdict.FAIL, Reason.NOT_FOUND),
    ],
)
def test_the_same_rule_of_names_holds(
    name: str, row: ListedRow | None, verdict: Verdict, reason: Reason
) -> None:
    judged = judge_listed(name, row)

    assert (judged.verdict, judged.reasons) == (verdict, (reason,))


async def test_an_unfinished_import_of_the_registry_goes_on_behind_a_list(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.roster.importing._CHUNK", 1)
    path = csv_file(desk.folder / "rows.csv")
    with pytest.raises(Killed):
        await desk.take(path, commits=2)

    await take(desk, LIST)
    imported = await desk.take(path)

    assert desk.onlooker.resumed_at == [3]
    assert imported.rows == 4
