"""A Matrix homeserver that answers at once: a room for each bot, sync with the bot's filter, and sends."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import web

from benchmarks.relaying.words import number_in

SERVER: Final = "bench.example"
_CLIENT: Final = "/_matrix/client/{version}"
_MOST_IN_A_SYNC: Final = 200


def user_of(number: int) -> str:
    """Name the bot's account of one site."""
    return f"@bot{number}:{SERVER}"


def room_of(number: int) -> str:
    """Name the room of one site."""
    return f"!room{number}:{SERVER}"


def token_of(number: int) -> str:
    """Give the access token of one site's bot."""
    return f"token{number}"


@dataclass(slots=True)
class Site:
    """What happened in the room of one bot; ``every`` is the shortest time between two sends, in seconds."""

    user: str
    room: str
    events: list[dict[str, Any]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    synced: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: dict[int, float] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)
    transactions: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    every: float = 0.0
    last: float = 0.0
    refused: int = 0


class MatrixStub:
    """All sites on one server."""

    def __init__(self) -> None:
        """Know no site before its bot comes."""
        self.sites: dict[int, Site] = {}
        self.came: asyncio.Condition = asyncio.Condition()
        self.waits: dict[tuple[int, int], asyncio.Future[None]] = {}
        self._filters: dict[str, dict[str, Any]] = defaultdict(dict)

    def site(self, number: int = 1) -> Site:
        """Give a site."""
        if number not in self.sites:
            self.sites[number] = Site(user_of(number), room_of(number))
        return self.sites[number]

    def routes(self) -> list[web.RouteDef]:
        """Give the routes of the client API that the bots use."""
        return [
            web.put(_CLIENT + "/rooms/{room}/send/{kind}/{txn}", self._send),
            web.get(_CLIENT + "/sync", self._sync),
            web.get(_CLIENT + "/account/whoami", self._whoami),
            web.post(_CLIENT + "/user/{user}/filter", self._filter),
            web.get(_CLIENT + "/rooms/{room}/state", self._state),
            web.post(_CLIENT + "/join/{room}", self._join),
            web.post(_CLIENT + "/keys/query", self._nothing),
            web.post(_CLIENT + "/keys/upload", self._uploaded),
            web.get(_CLIENT + "/user/{user}/account_data/{kind}", self._nothing),
            web.put(_CLIENT + "/user/{user}/account_data/{kind}", self._nothing),
        ]

    async def arrival(self, number: int, message: int) -> None:
        """Wait until a message stands in the room of a site."""
        if message not in self.site(number).arrived:
            waiting = self.waits.setdefault((number, message), asyncio.get_running_loop().create_future())
            await asyncio.shield(waiting)

    async def _send(self, request: web.Request) -> web.Response:
        number = _number(request)
        site, txn = self.site(number), request.match_info["txn"]
        content = await request.json()
        if txn in site.transactions:
            site.repeated += 1
            return web.json_response({"event_id": site.transactions[txn]})
        now = time.perf_counter()
        if site.every and now - site.last < site.every:
            site.refused += 1
            wait = round((site.every - (now - site.last)) * 1000) + 1
            body = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": wait}
            return web.json_response(body, status=429)
        site.last = now
        event_id = f"$event{len(site.events)}n{number}"
        site.transactions[txn] = event_id
        site.events.append(
            {
                "type": request.match_info["kind"],
                "content": content,
                "event_id": event_id,
                "sender": site.user,
                "origin_server_ts": int(time.time() * 1000),
                "unsigned": {"transaction_id": txn},
            }
        )
        site.news.set()
        self._note(number, site, number_in(content.get("body", "")), now)
        return web.json_response({"event_id": event_id})

    def _note(self, number: int, site: Site, message: int | None, now: float) -> None:
        if message is None:
            return
        site.arrived.setdefault(message, now)
        site.order.append(message)
        waiting = self.waits.pop((number, message), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    async def _sync(self, request: web.Request) -> web.Response:
        site, since = self.site(_number(request)), request.query.get("since", "")
        wants = self._wanted(request.query.get("filter", ""))
        own = site.user not in wants.get("room", {}).get("timeline", {}).get("not_senders", ())
        if not since:
            return web.json_response(_answer(site, len(site.events), [], whole=True))
        site.synced.set()
        first = int(since[1:])
        if not (own and first < len(site.events)):
            await self._wait(site, float(request.query.get("timeout", "0")) / 1000, own=own)
        last = min(len(site.events), first + _MOST_IN_A_SYNC)
        return web.json_response(_answer(site, last, site.events[first:last] if own else [], whole=False))

    async def _wait(self, site: Site, seconds: float, *, own: bool) -> None:
        site.news.clear()
        try:
            await asyncio.wait_for(site.news.wait() if own else asyncio.Event().wait(), seconds)
        except TimeoutError:
            return

    def _wanted(self, given: str) -> dict[str, Any]:
        if not given.startswith("{"):
            return self._filters[given]
        wanted: dict[str, Any] = json.loads(given)
        return wanted

    async def _filter(self, request: web.Request) -> web.Response:
        name = f"f{len(self._filters)}"
        self._filters[name] = await request.json()
        return web.json_response({"filter_id": name})

    async def _whoami(self, request: web.Request) -> web.Response:
        return web.json_response({"user_id": self.site(_number(request)).user, "device_id": "BENCH"})

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(_room_state(self.site(_number(request))))

    async def _join(self, request: web.Request) -> web.Response:
        return web.json_response({"room_id": unquote(request.match_info["room"])})

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.json_response({"device_keys": {}, "failures": {}})

    async def _uploaded(self, _: web.Request) -> web.Response:
        return web.json_response({"one_time_key_counts": {"signed_curve25519": 50}})


def _number(request: web.Request) -> int:
    return int(request.headers["Authorization"].removeprefix("Bearer token"))


def _answer(site: Site, last: int, events: list[dict[str, Any]], *, whole: bool) -> dict[str, Any]:
    room = {
        "timeline": {"events": events, "limited": False, "prev_batch": f"s{last - len(events)}"},
        "state": {"events": _room_state(site) if whole else []},
        "ephemeral": {"events": []},
        "account_data": {"events": []},
        "summary": {"m.joined_member_count": 1, "m.invited_member_count": 0} if whole else {},
        "unread_notifications": {},
    }
    joined = {site.room: room} if whole or events else {}
    return {
        "next_batch": f"s{last}",
        "rooms": {"join": joined, "invite": {}, "leave": {}},
        "device_one_time_keys_count": {"signed_curve25519": 50},
        "to_device": {"events": []},
        "device_lists": {"changed": [], "left": []},
        "presence": {"events": []},
        "account_data": {"events": []},
    }


def _room_state(site: Site) -> list[dict[str, Any]]:
    contents = {
        "m.room.create": {"room_version": "10", "creator": site.user, "m.federate": False},
        "m.room.power_levels": {"users": {site.user: 100}, "users_default": 0, "events_default": 50},
        "m.room.join_rules": {"join_rule": "invite"},
        "m.room.history_visibility": {"history_visibility": "joined"},
        "m.room.guest_access": {"guest_access": "forbidden"},
    }
    states = [(kind, "", content) for kind, content in contents.items()]
    states.append(("m.room.member", site.user, {"membership": "join", "displayname": "bot"}))
    return [
        {
            "type": kind,
            "state_key": key,
            "content": content,
            "event_id": f"$state{number}",
            "sender": site.user,
            "origin_server_ts": 1,
        }
        for number, (kind, key, content) in enumerate(states)
    ]
