"""`curbside demo`: starts both hospitals and the page, or plays the story by itself."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bot import logs
from bot.demo.building import open_world
from bot.demo.paperwork import Pace
from bot.demo.progress import Progress
from bot.demo.server import NoPortFree, PageNotBuilt, PageServer, require_ready
from bot.demo.story import play
from bot.standin.synapse import SynapseFailed

DEFAULT_PORT = 8321


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the demo's flags."""
    parser.add_argument("--script", action="store_true", help="play the story without a browser and end")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help=f"the page's port (default {DEFAULT_PORT})"
    )
    parser.add_argument("--open", action="store_true", help="open the page in this machine's browser")


def run(words: Sequence[str]) -> int:
    """Run the demo with the flags after ``curbside demo``; gives the exit code."""
    parser = argparse.ArgumentParser(prog="curbside demo", description=__doc__.partition(": ")[2])
    add_arguments(parser)
    args = parser.parse_args(words)
    if find_spec("synapse") is None:
        print("The demo's homeserver is not installed. Run: make install", file=sys.stderr)
        return 1
    unhush = logs.configure("error", "text", stream=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="curbside-demo-", ignore_cleanup_errors=True) as folder:
        try:
            return asyncio.run(_until_told(Path(folder), args))
        except asyncio.CancelledError:
            return 130
        except (PageNotBuilt, NoPortFree, SynapseFailed) as problem:
            print(problem, file=sys.stderr)
            return 1
        finally:
            unhush()


async def _until_told(folder: Path, args: argparse.Namespace) -> int:
    """Run the demo; Ctrl-C and SIGTERM end it in order wherever it stands."""
    running = asyncio.current_task()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, lambda: running and running.cancel())
    return await (_script(folder) if args.script else _page(folder, args))


async def _page(folder: Path, args: argparse.Namespace) -> int:
    require_ready(args.port)
    print("Curbside demo: both hospitals on this machine, nothing leaves it.", file=sys.stderr)
    progress = Progress()
    world = await open_world(folder, pace=Pace(), progress=progress)
    server = PageServer(world, port=args.port)
    try:
        with progress.step("the page"):
            await server.start()
        progress.total("ready")
        _invite(server.url, world.pace, open_it=args.open)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    finally:
        print("\nStopping.", file=sys.stderr)
        await server.stop()
        await world.close()
    return 0


async def _script(folder: Path) -> int:
    world = await open_world(folder, pace=Pace(), progress=Progress())
    try:
        observed = await play(world, sys.stdout)
    finally:
        await world.close()
    return 0 if observed else 1


def _invite(url: str, pace: Pace, *, open_it: bool) -> None:
    print(f"\n  Open  {url}\n", flush=True)
    print(
        f"  Shortened for the demo: undo {pace.undo:g} s instead of 60 s, "
        f"then {pace.delay[0]:g} to {pace.delay[1]:g} s instead of 5 to 60 s.\n"
        "  Ctrl-C ends everything.",
        flush=True,
    )
    if open_it:
        webbrowser.open(url)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)
