"""Checks for the operator: address, login, encryption and room, tried for real and without side effects."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.adapters.matrix.consult_room import NOT_IN_IT, ConsultRoom, unfit
from bot.adapters.matrix.left_over import devices_of, heard
from bot.adapters.matrix.limits import Limits
from bot.adapters.matrix.login import log_in, log_out
from bot.adapters.matrix.moderators_room import ModeratorsRoom
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.signing import SigningKeys
from bot.adapters.matrix.wire import Declined, Unreachable
from bot.ports.adapter import MODERATORS_ROOM, Check, ConfigurationRefused

Step = Callable[[Session, ConsultRoom], Awaitable[Check]]
_MODERATORS = "matrix moderators' room"
_NOT_LOGGED_IN = "The bot is not logged in; the room is looked at once it is."


async def examine(
    session: Session, room: ConsultRoom, moderators: ModeratorsRoom, limits: Limits
) -> tuple[Check, ...]:
    """Try address, login, encryption and rooms in turn; the first failure ends it, the rest depends on it."""
    found: list[Check] = []
    for name, step in _STEPS.items():
        found.append(await _tried(name, step, session, room))
        if found[-1].state == "fail":
            return tuple(found)
    found.append(await limits.check())
    if moderators.id:
        found.append(await _tried(_MODERATORS, partial(_moderators_room, moderators), session, room))
    return tuple(found)


async def _tried(name: str, step: Step, session: Session, room: ConsultRoom) -> Check:
    try:
        return await step(session, room)
    except ConfigurationRefused as refused:
        return Check(name, "fail", f"{refused.key}: {refused.sentence}")
    except Unreachable:
        return Check(name, "fail", "homeserver: no answer; check the address and the network.")
    except Declined as declined:
        return Check(name, "fail", f"homeserver: it answered {declined}.")


async def _address(session: Session, _room: ConsultRoom) -> Check:
    await session.wire.get("/login")
    return Check("matrix address", "ok")


async def _login(session: Session, _room: ConsultRoom) -> Check:
    """Try the kept login, else the password with a login that is ended at once."""
    name = "matrix login"
    if await session.kept_login() is not None:
        return Check(name, "ok")
    await log_out(session.wire, await log_in(session.wire, session.site, ""))
    if await session.devices.first() is not None:
        return Check(name, "warn", "The homeserver ended the bot's login; the next start logs in again.")
    return Check(name, "ok", "The bot has not run yet; the password works.")


async def _encryption(session: Session, _room: ConsultRoom) -> Check:
    name = "matrix encryption"
    if not session.site.encryption:
        return Check(name, "warn", "encryption is switched off; use that for tests only.")
    kept = await session.cabinet.get(session.cabinet_name("signing"))
    login = await session.kept_login() if kept else None
    if kept is None:
        return Check(name, "warn", "The bot makes its keys at its first start.")
    if login is None:
        return Check(name, "warn", "The bot is not logged in; its device is looked at once it is.")
    published = await session.keys_of(login.user_id)
    device = published["device_keys"].get(login.user_id, {}).get(login.device_id, {})
    if SigningKeys.read(kept).has_signed(login.user_id, "self_signing", device):
        return Check(name, "ok")
    return Check(name, "fail", "The bot's device is not signed by its account; restart the bot.")


async def _devices(session: Session, _room: ConsultRoom) -> Check:
    """List the devices of all bots, and warn of any other with keys: it can read what the bot reads."""
    name = "matrix devices"
    own = await session.kept_login()
    if own is None:
        return Check(name, "warn", "The bot on this machine makes its device at its next start.")
    readers = (await session.keys_of(own.user_id))["device_keys"].get(own.user_id, {})
    known, strange = [own.device_id], []
    for device in await devices_of(session):
        device_id, at = device["device_id"], heard(device)
        if device_id == own.device_id or device_id not in readers:
            continue
        if await session.devices.kept(device_id) is None:
            strange.append(device_id)
        else:
            known.append(f"{device_id} (another bot's, heard of on {at:%Y-%m-%d})" if at else device_id)
    if strange:
        return Check(name, "warn", f"No bot is logged in as {', '.join(strange)}; log that out.")
    return Check(name, "ok", ", ".join(known))


async def _consult_room(session: Session, room: ConsultRoom) -> Check:
    name = "matrix consult room"
    room_id = await room.known()
    if not room_id:
        return Check(name, "warn", "The bot makes the room at its first start.")
    if not session.wire.token:
        return Check(name, "warn", _NOT_LOGGED_IN)
    state = await room.state()
    user = session.site.user
    problem = unfit(state, user, encryption=session.site.encryption) if state.holds(user) else NOT_IN_IT
    if problem:
        return Check(name, "fail", f"room: {problem}")
    if state.people_can_speak:
        return Check(name, "warn", "room: people can type there; set events_default to 50.")
    return Check(name, "ok", room_id)


async def _moderators_room(moderators: ModeratorsRoom, session: Session, room: ConsultRoom) -> Check:
    if not session.wire.token:
        return Check(_MODERATORS, "warn", _NOT_LOGGED_IN)
    if problem := await moderators.problem(room.id, session.site.user):
        return Check(_MODERATORS, "fail", f"{MODERATORS_ROOM}: {problem}")
    state = await moderators.state()
    if not state.holds(session.site.user):
        return Check(_MODERATORS, "fail", f"{MODERATORS_ROOM}: {NOT_IN_IT}")
    if not state.can_invite(session.site.user):
        remedy = f"{MODERATORS_ROOM}: The bot may not invite people there; give it the power to."
        return Check(_MODERATORS, "warn", remedy)
    return Check(_MODERATORS, "ok")


_STEPS: dict[str, Step] = {
    "matrix address": _address,
    "matrix login": _login,
    "matrix encryption": _encryption,
    "matrix devices": _devices,
    "matrix consult room": _consult_room,
}
