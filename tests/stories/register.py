"""A register of invented physicians, for stories in which somebody wants in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.domain.credentials import licence_key, npi_trouble, staff_key
from bot.domain.members import Role
from bot.domain.roster import Kind, ListedRow, RosterRow


def npi(beginning: int) -> str:
    """Give a number with the right check digit from its first nine digits."""
    return next(number for digit in range(10) if npi_trouble(number := f"{beginning}{digit}") is None)


def physician(number: str, first: str, last: str) -> RosterRow:
    """Make the row of a cardiologist with a licence in Massachusetts."""
    return RosterRow(
        number,
        Kind.PERSON,
        first_name=first,
        last_name=last,
        credential="M.D.",
        physician_taxonomy=True,
        primary_taxonomy="207RC0000X",
        licences=(licence_key("MA", f"L{number[-4:]}"),),
    )


NEMO, NORA, OTTO, NURSE, CLINIC, OFF = (npi(123456780 + number) for number in range(6))


@dataclass
class Register:
    """Fills :class:`bot.domain.roster.Roster` from a few rows."""

    rows: dict[str, RosterRow] = field(default_factory=dict)
    staff: dict[str, ListedRow] = field(default_factory=dict)

    async def by_npi(self, npi: str) -> RosterRow | None:
        return self.rows.get(npi)

    async def by_licence(self, state: str, number: str) -> tuple[RosterRow, ...]:
        key = licence_key(state, number)
        return tuple(row for row in self.rows.values() if key in row.licences)

    async def listed(self, number: str) -> ListedRow | None:
        return self.staff.get(staff_key(number))

    async def latest_import(self) -> int:
        return int(bool(self.rows))

    async def deactivated_since(self, import_number: int) -> tuple[str, ...]:
        return tuple(row.npi for row in self.rows.values() if row.deactivated) if import_number < 1 else ()


def invented_register() -> Register:
    """Give a register with one of each: physicians, a nurse, an organisation, somebody on the staff list."""
    rows = (
        physician(NEMO, "Nemo", "Vantongeren"),
        physician(NORA, "Nora", "Quillfeather"),
        physician(OTTO, "Otto", "Brackenbury"),
        replace(physician(NURSE, "Nina", "Oxenholt"), credential="RN", physician_taxonomy=False),
        RosterRow(CLINIC, Kind.ORGANISATION),
    )
    resident = ListedRow("R17", "Petra", "", "Undermoor", "Surgery", Role.TRAINEE)
    return Register({row.npi: row for row in rows}, {"R17": resident})


def licence(number: str) -> str:
    """Write the licence of a physician of the register."""
    return f"MA L{number[-4:]}"
