"""The ways in: what verification is told to use is there, and the servers that it needs answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Final

from bot.config import Settings
from bot.ports.adapter import Check

_WORKPLACE: Final = "[verification] workplace"
_NOT_SENT: Final = {
    "log_in": "refuses user and password; correct them in [smtp]",
    "certificate": "shows a certificate that this machine does not trust; is host the name in it?",
    "refused": "does not take mail from here; ask whoever runs it to let this machine send",
    "silent": "does not answer; are host and port right, and may this machine reach it?",
}


def ways(settings: Settings) -> Iterator[Check]:
    """Look for checks of the workplace that are named and not there, or there and not named."""
    named, chosen = settings.verification.workplace, settings.verification.model_fields_set
    lacks = {name: what for name, what in _missing(settings).items() if what and name in named}
    state = "warn" if set(named) - lacks.keys() else "fail"
    for name, what in lacks.items():
        if "workplace" in chosen or state == "fail":
            yield Check(_WORKPLACE, state, f"names {name}, but {what}")
    if not named:
        yield Check(_WORKPLACE, "fail", 'names nothing, so nobody comes in; ["workspace"] is usual')
    for name, section, filled in (
        ("email", "[smtp] host", settings.smtp.host),
        ("oidc", "[oidc] issuer", settings.oidc.issuer),
    ):
        if filled and name not in named:
            yield Check(section, "warn", f"is set, but {_WORKPLACE} does not name {name}; add it there")


def _missing(settings: Settings) -> Mapping[str, str]:
    """Say of each check what it lacks, and what to do; empty where nothing does."""
    nowhere = not any(site.allow_domains for site in settings.sites)
    mail = "[smtp] has no host; give it with sender, or take email out"
    domains = "no site has allow_domains; list the e-mail domains of the hospital there"
    issuer = "[oidc] has no issuer; give it with client_id, or take oidc out"
    back = "[http] has no public_url; give the https:// address under which browsers reach this bot"
    return {
        "email": mail if not settings.smtp.host else domains if nowhere else "",
        "oidc": issuer if not settings.oidc.issuer else "" if settings.http.public_url else back,
    }


async def mail_server(settings: Settings) -> AsyncGenerator[Check]:
    """Connect to the mail server and log in, without sending anything."""
    from bot.bootstrap.checks import postman_of
    from bot.bootstrap.system import SystemChance, SystemClock
    from bot.verification.postman import NotSent

    postman = postman_of(settings, SystemClock(), SystemChance())
    if postman is None:
        return
    try:
        await postman.try_out()
    except NotSent as fault:
        yield Check("mail server", "fail", _NOT_SENT[fault.why])
    else:
        yield Check("mail server", "ok")


async def single_sign_on(settings: Settings) -> AsyncGenerator[Check]:
    """Ask the provider for all that a sign-on needs, and tell which address back it has to know."""
    from bot.bootstrap.checks import address_back, sign_on_of
    from bot.bootstrap.system import SystemClock
    from bot.verification.sign_on import ProviderSilent

    sign_on = sign_on_of(settings, SystemClock())
    if sign_on is None:
        return
    try:
        await sign_on.try_out()
    except (ProviderSilent, TimeoutError):
        remedy = (
            "does not describe itself; is [oidc] issuer right to the letter, and can this machine reach it?"
        )
        yield Check("single sign-on", "fail", remedy)
    else:
        yield Check(
            "single sign-on", "ok", f"the provider has to know {address_back(settings)} as the address back"
        )


async def register(settings: Settings) -> AsyncGenerator[Check]:
    """See whether there is anything that a number could be looked up in."""
    from storage.roster.roster import open_roster

    imported = 0
    if (settings.data_dir / "roster.db").exists():
        roster = await open_roster(settings.data_dir)
        try:
            imported = await roster.latest_import()
        finally:
            await roster.close()
    if imported:
        yield Check("register", "ok")
    else:
        remedy = "no register and no list was imported, so a moderator has to look at everybody; "
        yield Check("register", "warn", f"{remedy}run `curbside roster import FILE`")
