"""A registry on loopback that answers as the public one does, with made-up rows, and can be made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.domain.credentials import NameBars
from bot.verification.npi_api import NpiApi
from tests.stories.register import CLINIC, NEMO, NURSE, OFF


def taxonomy(code: str, licence: str = "", *, primary: bool = False) -> dict[str, Any]:
    """Make one entry of a person's taxonomies, with a licence in Massachusetts."""
    return {"code": code, "taxonomy_group": "", "state": "MA", "license": licence, "primary": primary}


def person(number: str, first: str, last: str, *taxonomies: dict[str, Any], **basic: Any) -> dict[str, Any]:
    """Make a person's result; what is None in ``basic`` is left out."""
    known: dict[str, Any] = {
        "first_name": first,
        "last_name": last,
        "credential": "M.D.",
        "status": "A",
        "sex": "M",
    }
    known |= {"name_prefix": "--", "name_suffix": "--", "enumeration_date": "2007-08-31", **basic}
    return {
        "number": number,
        "enumeration_type": "NPI-1",
        "created_epoch": "1188577587000",
        "basic": {name: value for name, value in known.items() if value is not None},
        "addresses": [{"address_purpose": "LOCATION", "city": "SAMPLE TOWN", "state": "MA"}],
        "practiceLocations": [],
        "taxonomies": list(taxonomies),
        "identifiers": [],
        "other_names": [],
        "endpoints": [],
    }


def cardiologist(number: str = NEMO, **basic: Any) -> dict[str, Any]:
    """Make Nemo's result: two taxonomies, the second one the primary, each with a licence."""
    return person(
        number,
        "NEMO",
        "VANTONGEREN",
        taxonomy("207R00000X", "0000977"),
        taxonomy("207RC0000X", f"L{number[-4:]}", primary=True),
        **basic,
    )


def rows() -> dict[str, dict[str, Any]]:
    """Give one of each: a physician, a nurse, an organisation."""
    nurse = person(NURSE, "NINA", "OXENHOLT", taxonomy("163W00000X", "RN1", primary=True), credential="RN")
    clinic = {
        "number": CLINIC,
        "enumeration_type": "NPI-2",
        "basic": {"organization_name": "SAMPLE CLINIC", "status": "A"},
        "addresses": [],
        "taxonomies": [taxonomy("261Q00000X", primary=True)],
    }
    return {NEMO: cardiologist(), NURSE: nurse, CLINIC: clinic}


OUT_OF_SERVICE = {
    "Errors": [{"description": "CMS deactivated NPI.", "field": "number", "number": "15"}],
}


@dataclass
class Registry:
    """What it has; ``says`` replaces its next answers: a body, text, bytes or a status."""

    url: str = ""
    results: dict[str, dict[str, Any]] = field(default_factory=rows)
    says: Any = None
    sleeps: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[dict[str, str]] = field(default_factory=list)

    def check(self, patience: float = 8.0) -> NpiApi:
        return NpiApi(self.url, NameBars(), patience=patience)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        assert request.query["version"] == "2.1"
        assert set(request.query) == {"version", "number"}
        if self.says == "nothing":
            await self.sleeps.wait()
        if isinstance(self.says, int):
            return web.Response(status=self.says, text="{}", headers={"Location": f"{self.url}elsewhere"})
        if isinstance(self.says, bytes):
            return web.Response(body=self.says, content_type="application/json")
        if self.says is not None:
            return web.json_response(self.says)
        if request.query["number"] == OFF:
            return web.json_response(OUT_OF_SERVICE)
        found = [one for number, one in self.results.items() if number == request.query["number"]]
        return web.json_response({"result_count": len(found), "results": found})


@asynccontextmanager
async def registry() -> AsyncIterator[Registry]:
    """Open a registry on loopback."""
    one = Registry()
    app = web.Application()
    app.router.add_get("/api/", one.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield one
    finally:
        one.sleeps.set()
        await runner.cleanup()
