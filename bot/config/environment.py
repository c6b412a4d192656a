"""The environment over the file: ``CURBSIDE_<SECTION>__<KEY>`` replaces what the file says."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from bot.config.fields import folded
from bot.config.problems import Place, Problem, nearest

PREFIX = "CURBSIDE_"
TOP_LEVEL = ("data_dir", "key_file")
SITES = ("slack", "matrix")
_OUR_OWN = ("CURBSIDE_CONFIG",)


@dataclass(slots=True)
class Overlay:
    """The configuration as text and tables, and which places the environment has changed."""

    tables: dict[str, Any]
    sections: Collection[str]
    origin: dict[Place, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def overlay(tables: Mapping[str, Any], environ: Mapping[str, str], *, sections: Collection[str]) -> Overlay:
    """Lay the environment's values over the file's; the tables handed in stay as they are.

    ``sections`` are the keys of the top level. Variables that are none of ours are passed over:
    orchestrators set ``CURBSIDE_PORT`` and the like.
    """
    result = Overlay(copy.deepcopy(dict(tables)), sections)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in _OUR_OWN:
            _lay(result, name, environ[name])
    return result


def _lay(result: Overlay, name: str, value: str) -> None:
    path = tuple(name.removeprefix(PREFIX).lower().split("__"))
    if len(path) == 1:
        _lay_top(result, name, path[0], value)
    elif path[0] in SITES:
        _lay_site(result, name, path, value)
    elif path[0] not in result.sections or path[0] in TOP_LEVEL:
        hint = nearest(path[0], result.sections, "; did you mean {}?")
        result.problems.append(Problem(name, f"names no section of the configuration{hint}"))
    elif len(path) > 2:
        result.problems.append(Problem(name, "has too many parts; write CURBSIDE_<SECTION>__<KEY>"))
    else:
        _put(result, (path[0], path[1]), name, value)


def _lay_top(result: Overlay, name: str, key: str, value: str) -> None:
    if key in TOP_LEVEL:
        _put(result, (key,), name, value)
    elif close := get_close_matches(key, TOP_LEVEL, n=1, cutoff=0.8):
        result.problems.append(Problem(name, f"is not known; did you mean {PREFIX}{close[0].upper()}?"))


def _lay_site(result: Overlay, name: str, path: tuple[str, ...], value: str) -> None:
    """Change one site: ``…SLACK__KEY`` when there is one of that kind, else ``…SLACK__<NAME>__KEY``."""
    entries = result.tables.setdefault(path[0], [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return
    if len(path) == 2 and not entries:
        entries.append({})
    chosen = _chosen(entries, path)
    if chosen is None:
        result.problems.append(Problem(name, _which(path, entries)))
    else:
        _put(result, (path[0], chosen, path[-1]), name, value)


def _chosen(entries: list[dict[str, Any]], path: tuple[str, ...]) -> int | None:
    if len(path) == 2:
        return 0 if len(entries) == 1 else None
    labels = [folded(str(entry.get("name", ""))) for entry in entries]
    return labels.index(path[1]) if len(path) == 3 and path[1] in labels else None


def _which(path: tuple[str, ...], entries: list[dict[str, Any]]) -> str:
    labels = ", ".join(folded(str(entry.get("name", ""))).upper() for entry in entries) or "none"
    return (
        f"must say which site: {PREFIX}{path[0].upper()}__<NAME>__{path[-1].upper()}, with one of: {labels}"
    )


def _put(result: Overlay, place: Place, name: str, value: str) -> None:
    table: Any = result.tables
    for step in place[:-1]:
        table = table.setdefault(step, {}) if isinstance(table, dict) else table[step]
        if not isinstance(table, (dict, list)):
            return
    table[place[-1]] = value
    result.origin[place] = name
