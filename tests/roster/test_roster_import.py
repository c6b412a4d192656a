"""What a registry's file makes of the roster: columns by name, updates, deactivations, look-ups."""

from __future__ import annotations

import random
from datetime import date

import pytest

from benchmarks.roster_import import HEADER, SUBSET
from bot.domain.roster import Kind, RosterRow
from storage.roster.rows import FIELDS
from tests.roster.desk import Desk
from tests.roster.files import (
    ADA,
    BO,
    CLINIC,
    CY,
    DEE,
    PEOPLE,
    company,
    gzipped,
    marks,
    person,
    text_of,
    zipped,
)

KEPT = [name for name in FIELDS if name != "updated_on"]


async def test_a_row_is_kept_as_far_as_it_is_needed(desk: Desk) -> None:
    imported = await desk.take_rows()

    assert dict(imported.counts) == {
        "pass": 1,
        "review": 1,
        "fail": 1,
        "organisations": 1,
        "deactivations": 0,
        "rejected": 0,
    }
    assert (imported.rows, imported.changed, imported.newly_deactivated) == (4, 4, 0)
    assert (await desk.known())[ADA] == RosterRow(
        npi=ADA,
        kind=Kind.PERSON,
        last_name="LIND",
        first_name="ADA",
        middle_name="M",
        credential="M.D.",
        physician_taxonomy=True,
        primary_taxonomy="207N00000X",
        licences=("FL ME12345", "NY 99017"),
    )
    assert (await desk.known())[CLINIC] == RosterRow(npi=CLINIC, kind=Kind.ORGANISATION)


async def test_all_columns_and_some_give_the_same_rows(desk: Desk) -> None:
    everything = (await desk.take_rows(columns=HEADER), await desk.known())
    shuffled = [*SUBSET, "Healthcare Provider Taxonomy Code_15"]
    shuffled += ["Provider License Number_9", "Provider License Number State Code_9"]
    random.Random(5).shuffle(shuffled)  # noqa: S311 - the same order each time

    some = await desk.take_rows(columns=shuffled)

    assert some.counts == everything[0].counts
    assert some.changed == 0
    assert await desk.known() == everything[1]


@pytest.mark.parametrize(
    "spell",
    [
        str.upper,
        lambda name: f"  {name.lower()} ",
        lambda name: name.replace(" ", "_"),
        lambda name: name.replace("Provider Sex Code", "Provider Gender Code"),
        lambda name: name.replace(" (Legal Name)", ""),
    ],
)
async def test_columns_are_known_by_their_letters(desk: Desk, spell: object) -> None:
    assert callable(spell)
    header, _, rest = text_of(PEOPLE).partition("\r\n")
    renamed = ",".join(f'"{spell(name)}"' for name in header.strip('"').split('","'))

    await desk.take_rows()
    before = await desk.known()

    assert (await desk.take_text(f"\ufeff{renamed}\r\n{rest}")).changed == 0
    assert await desk.known() == before


@pytest.mark.parametrize("sign", [";", "\t", "|"])
async def test_other_signs_may_stand_between_columns(desk: Desk, sign: str) -> None:
    imported = await desk.take_text(text_of(PEOPLE).replace('","', f'"{sign}"'))

    assert imported.counts["pass"] == 1
    assert len(await desk.known()) == 4


async def test_packed_files_are_read_as_they_are(desk: Desk) -> None:
    await desk.take(gzipped(desk.folder / "rows.csv.gz", text_of(PEOPLE)))
    before = await desk.known()
    archive = zipped(
        desk.folder / "month.zip",
        npidata_pfile_20050523_20240512_csv=text_of(PEOPLE),
        npidata_pfile_20050523_20240512_fileheader_csv=text_of([]),
        othername_pfile_csv="NPI,Other\r\n",
    )

    assert len(before) == 4
    assert (await desk.take(archive)).changed == 0
    assert await desk.known() == before


async def test_the_same_again_changes_nothing(desk: Desk) -> None:
    first = await desk.take_rows()
    before = await desk.known()

    second = await desk.take_rows()

    assert (second.counts, second.changed) == (first.counts, 0)
    assert second.number > first.number
    assert await desk.known() == before
    assert await desk.roster.latest_import() == second.number


async def test_a_weekly_file_changes_what_it_speaks_of(desk: Desk) -> None:
    await desk.take_rows()

    weekly = await desk.take_rows(
        person(ADA, "ADA", "LIND-FALK", updated="06/01/2024", licence="77", state="OH"),
        person(DEE, "DEE", "AMSEL"),
    )

    known = await desk.known()
    assert weekly.changed == 2
    assert known[ADA].last_name == "LIND-FALK"
    assert known[DEE].first_name == "DEE"
    assert known[BO].other_last_name == "SKOG"
    assert [row.npi for row in await desk.roster.by_licence("OH", "77")] == [ADA]
    assert ADA not in [row.npi for row in await desk.roster.by_licence("FL", "ME12345")]


async def test_what_was_updated_earlier_changes_nothing(desk: Desk) -> None:
    await desk.take_rows(person(ADA, "ADA", "LIND"))

    old = await desk.take_rows(person(ADA, "ADA", "BEFORE", updated="05/05/2024", licence="1"))

    assert old.changed == 0
    assert (await desk.known())[ADA].last_name == "LIND"
    assert [row.npi for row in await desk.roster.by_licence("fl", "me 12345")] == [ADA]
    assert await desk.roster.by_licence("FL", "1") == ()


async def test_of_two_rows_of_one_number_the_last_counts(desk: Desk) -> None:
    await desk.take_rows(person(ADA, "ADA", "FIRST"), person(ADA, "ADA", "SECOND"))

    assert (await desk.known())[ADA].last_name == "SECOND"


async def test_columns_that_are_not_there_say_nothing(desk: Desk) -> None:
    await desk.take_rows(person(ADA, "ADA", "LIND", middle="M", off="01/01/2024", other_last="FALK"))
    some = [name for name in SUBSET if "Date" not in name and "Middle" not in name and "License" not in name]

    await desk.take_rows(person(ADA, "ADA", "NEW", other_last=""), columns=some)

    ada = (await desk.known())[ADA]
    assert (ada.last_name, ada.middle_name, ada.other_last_name) == ("NEW", "M", "")
    assert ada.deactivated_on == date(2024, 1, 1)
    assert ada.licences == ("FL ME12345",)


async def test_a_list_of_deactivations_marks(desk: Desk) -> None:
    first = await desk.take_rows()

    marked = await desk.take_text(marks((ADA, "05/01/2024"), (DEE, "4/1/2024")))

    known = await desk.known()
    assert dict(marked.counts)["deactivations"] == marked.newly_deactivated == marked.changed == 2
    assert known[ADA].deactivated
    assert known[ADA].last_name == "LIND"
    assert known[DEE] == RosterRow(npi=DEE, kind=Kind.UNKNOWN, deactivated_on=date(2024, 4, 1))
    assert await desk.roster.deactivated_since(first.number) == (ADA, DEE)
    assert await desk.roster.deactivated_since(marked.number) == ()


async def test_marking_twice_changes_nothing_and_is_news_once(desk: Desk) -> None:
    await desk.take_rows()
    marked = await desk.take_text(marks((ADA, "05/01/2024")))

    again = await desk.take_text(marks((ADA, "05/01/2024")))

    assert (again.changed, again.newly_deactivated) == (0, 0)
    assert await desk.roster.deactivated_since(marked.number) == ()
    assert await desk.roster.deactivated_since(marked.number - 1) == (ADA,)


async def test_the_monthly_file_blanks_what_was_deactivated(desk: Desk) -> None:
    await desk.take_rows()

    imported = await desk.take_rows({"NPI": ADA, "NPI Deactivation Date": "05/07/2024"})

    ada = (await desk.known())[ADA]
    assert imported.counts["deactivations"] == imported.newly_deactivated == 1
    assert (ada.deactivated, ada.last_name, ada.kind) == (True, "LIND", Kind.PERSON)


async def test_an_older_file_takes_no_deactivation_back(desk: Desk) -> None:
    await desk.take_rows()
    await desk.take_text(marks((ADA, "05/01/2024")))

    await desk.take_rows()

    assert (await desk.known())[ADA].deactivated


@pytest.mark.parametrize("later", [{"off": "05/01/2024", "on": "05/20/2024"}, {}])
async def test_a_reactivation_is_the_registrys_word(desk: Desk, later: dict[str, str]) -> None:
    await desk.take_rows()
    marked = await desk.take_text(marks((ADA, "05/01/2024")))

    await desk.take_rows(person(ADA, "ADA", "LIND", updated="05/20/2024", **later))

    assert not (await desk.known())[ADA].deactivated
    assert await desk.roster.deactivated_since(marked.number - 1) == ()

    again = await desk.take_text(marks((ADA, "06/01/2024")))
    assert (await desk.known())[ADA].deactivated
    assert again.newly_deactivated == 1


async def test_an_organisation_is_no_person(desk: Desk) -> None:
    imported = await desk.take_rows(company(ADA))

    assert imported.counts["organisations"] == 1
    assert (await desk.known())[ADA].kind is Kind.ORGANISATION


@pytest.mark.parametrize(
    ("more", "primary"),
    [
        ({"switch": "", "code_15": "204D00000X", "switch_15": "Y"}, "204D00000X"),
        ({"switch": ""}, "163W00000X"),
        ({}, "163W00000X"),
    ],
)
async def test_any_of_fifteen_codes_counts(desk: Desk, more: dict[str, str], primary: str) -> None:
    await desk.take_rows(person(ADA, "ADA", "LIND", code="163W00000X", **more))

    ada = (await desk.known())[ADA]
    assert ada.physician_taxonomy is ("code_15" in more)
    assert ada.primary_taxonomy == primary


@pytest.mark.parametrize("asked", ["", "x", ADA[:-1], f"{ADA} ", "\uff11" * 10, ADA[:-1] + "x", CY])
async def test_numbers_that_are_not_there_are_not_found(desk: Desk, asked: str) -> None:
    await desk.take_rows(person(ADA, "ADA", "LIND"))

    assert await desk.roster.by_npi(asked) is None


@pytest.mark.parametrize("number", ["ME0012345", "me 12345", "ME-12345", "ME.0000012345"])
async def test_a_licence_is_found_however_it_is_written(desk: Desk, number: str) -> None:
    await desk.take_rows()

    assert [row.npi for row in await desk.roster.by_licence(" fl", number)] == sorted([ADA, BO, CY])
    assert await desk.roster.by_licence("NY", number) == ()
    assert await desk.roster.by_licence("", "") == ()


def test_every_field_is_one_of_a_row() -> None:
    assert list(RosterRow.__dataclass_fields__) == KEPT
