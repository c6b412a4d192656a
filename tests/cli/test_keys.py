"""`curbside keys rotate`: what it says, what it leaves on disk, and a sentence for whatever is wrong."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.bootstrap import Bot, SystemChance, SystemClock
from bot.chat.events import Account
from bot.config import load
from bot.domain.members import Role
from bot.identity.audit import Audit, Entry
from bot.identity.keys import KeyRefused, create_key_file
from bot.identity.sealing import AesSealer
from storage.vault.keyring import open_keys
from storage.vault.vault import open_vault
from tests.cli.stage import Ended, Terminal

NOT_THE_KEY = "curbside: This is not the key of this data folder; put the right key file back.\n"


@pytest.fixture
def key(terminal: Terminal) -> Path:
    """The key file of the configuration, and a data folder that was opened with it."""
    path = terminal.folder / "keys" / "master.key"
    path.parent.mkdir()
    create_key_file(path, SystemChance())
    opened(terminal, path)
    return path


def opened(terminal: Terminal, key: Path) -> AesSealer:
    return AesSealer(asyncio.run(open_keys(terminal.folder / "var", key, SystemChance())), SystemChance())


def entries(terminal: Terminal, key: Path) -> tuple[Entry, ...]:
    async def read() -> tuple[Entry, ...]:
        sealer = AesSealer(await open_keys(terminal.folder / "var", key, SystemChance()), SystemChance())
        vault = await open_vault(terminal.folder / "var", sealer)
        audit = Audit(vault, sealer, SystemClock())
        assert (await audit.verify()).problem == ""
        found = await audit.entries()
        await vault.close()
        return found

    return asyncio.run(read())


def rotate(terminal: Terminal, *words: str) -> Ended:
    return terminal.type("keys", "rotate", *words)


def test_the_key_is_replaced_where_it_lies(terminal: Terminal, key: Path) -> None:
    before, sealed = key.read_bytes(), opened(terminal, key).seal(b"kept", "here")

    ended = rotate(terminal)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        f"The new master key is in {key}; keep one copy in a safe.",
        "The former key opens nothing any more. A running bot can go on.",
        "Backups from before open with the former key only: keep its copy in the safe as long as them.",
    ]
    assert key.read_bytes() != before
    assert [file.name for file in key.parent.iterdir()] == ["master.key"]
    assert opened(terminal, key).open(sealed, "here") == b"kept"


def test_with_another_place_it_says_what_to_configure(terminal: Terminal, key: Path) -> None:
    before, target = key.read_bytes(), terminal.folder / "keys" / "next.key"

    ended = rotate(terminal, "--new-key-file", str(target))

    assert ended.code == 0
    assert f'Put key_file = "{target}" into the configuration and restart the bot.' in ended.out
    assert key.read_bytes() == before
    assert target.stat().st_mode & 0o777 == 0o600
    opened(terminal, key)
    opened(terminal, target)
    with pytest.raises(KeyRefused, match="not the key of this data folder"):
        opened(terminal, key)


def test_asked_again_for_the_same_place_it_says_the_same(terminal: Terminal, key: Path) -> None:
    target = terminal.folder / "keys" / "next.key"
    rotate(terminal, "--new-key-file", str(target))
    secret = target.read_bytes()

    ended = rotate(terminal, "--new-key-file", str(target))

    assert ended.code == 0
    assert "is finished" in ended.out
    assert "into the configuration" in ended.out
    assert target.read_bytes() == secret


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in place", "elsewhere"])
def test_a_running_bot_and_the_shell_work_through_it(
    terminal: Terminal, key: Path, *, elsewhere: bool
) -> None:
    target = key.with_name("next.key") if elsewhere else key
    former = load(terminal.config)
    ada, bo = (Account("slack", "T01", user) for user in ("U01", "U02"))

    async def story() -> None:
        running = await Bot.open(former, adapters=())
        await running.wall.joining.enrol(ada, "Ada Lind", "Dermatology", Role.PHYSICIAN, by="shell")
        await running.start()
        words = ("--new-key-file", str(target)) if elsewhere else ()
        assert (await asyncio.to_thread(rotate, terminal, *words)).code == 0
        shell = await Bot.open(former.model_copy(update={"key_file": target}), adapters=())
        await shell.wall.joining.enrol(bo, "Bo Ek", "Surgery", Role.PHYSICIAN, by="shell")
        for one in (running, shell):
            assert await one.wall.who(ada) is not None
            assert await one.wall.who(bo) is not None
            assert (await one.wall.audit.verify()).problem == ""
        await shell.stop()
        await running.stop()
        again = await Bot.open(former.model_copy(update={"key_file": target}), adapters=())
        assert await again.wall.who(ada) is not None
        await again.stop()

    asyncio.run(story())
    if elsewhere:
        with pytest.raises(KeyRefused, match="not the key of this data folder"):
            opened(terminal, key)


def test_the_rotation_is_in_the_audit_chain(terminal: Terminal, key: Path) -> None:
    rotate(terminal)
    rotate(terminal)

    found = entries(terminal, key)

    assert [(entry.what, entry.by) for entry in found] == [("keys_rotated", "shell")] * 2
    assert found[-1].reference == opened(terminal, key).current.hex()
    assert found[0].reference != found[1].reference


def test_as_json(terminal: Terminal, key: Path) -> None:
    target = terminal.folder / "keys" / "next.key"
    told = json.loads(rotate(terminal, "--new-key-file", str(target), "--json").out)
    assert told == {"outcome": "rotated", "key_file": str(target), "configure": True}


def test_nothing_of_a_key_is_said(terminal: Terminal, key: Path) -> None:
    before = key.read_bytes()
    ended = rotate(terminal)
    for secret in (before, key.read_bytes()):
        assert secret.hex() not in ended.out + ended.err
        assert repr(secret)[2:-1] not in ended.out + ended.err


def _missing(key: Path) -> None:
    key.unlink()


def _short(key: Path) -> None:
    key.write_bytes(b"short")


def _readable(key: Path) -> None:
    key.chmod(0o644)


def _repeated(key: Path) -> None:
    key.write_bytes(b"A" * 32)


def _another(key: Path) -> None:
    key.unlink()
    create_key_file(key, SystemChance())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_missing, "There is no key file at"),
        (_short, "must hold exactly 32 bytes"),
        (_readable, "Others than its owner can read the key file"),
        (_repeated, "repeats one byte"),
        (_another, NOT_THE_KEY),
    ],
)
def test_a_key_that_does_not_serve_is_one_sentence(
    terminal: Terminal, key: Path, damage: object, said: str
) -> None:
    assert callable(damage)
    damage(key)
    before = sorted(key.parent.iterdir())

    ended = rotate(terminal)

    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""
    assert sorted(key.parent.iterdir()) == before


def test_a_file_that_is_there_is_never_overwritten(terminal: Terminal, key: Path) -> None:
    taken = terminal.folder / "taken"
    taken.write_text("somebody's")

    ended = rotate(terminal, "--new-key-file", str(taken))

    assert ended.code == 2
    assert ended.err == f"curbside: {taken} exists already, and a key is never overwritten.\n"
    assert taken.read_text() == "somebody's"
    assert entries(terminal, key) == ()


def test_a_key_may_not_lie_with_the_data(terminal: Terminal, key: Path) -> None:
    ended = rotate(terminal, "--new-key-file", str(terminal.folder / "var" / "next.key"))
    assert ended.code == 2
    assert "inside data_dir" in ended.err


def test_a_folder_that_is_not_there_is_a_sentence(terminal: Terminal, key: Path) -> None:
    ended = rotate(terminal, "--new-key-file", str(terminal.folder / "nowhere" / "next.key"))
    assert ended.code == 2
    assert "cannot be written (No such file or directory)" in ended.err
    assert entries(terminal, key) == ()


def test_the_word_has_to_be_one(terminal: Terminal) -> None:
    assert terminal.type("keys").code == 2
    assert "rotate" in terminal.type("keys", "rotat").err


def test_the_status_counts_what_lies_under_which_key(terminal: Terminal, key: Path) -> None:
    terminal.type("keys", "status")
    first = [json.loads(line) for line in terminal.type("keys", "status", "--json").out.splitlines()]
    assert [(one["current"], one["values"]) for one in first] == [(True, 2)]

    rotate(terminal)

    told = terminal.type("keys", "status")
    now, before = told.out.splitlines()[1:]
    assert "seals now" in now
    assert before.startswith(first[0]["key"])
    assert "a running bot seals these again" in before
    assert told.code == 0


def test_the_doctor_warns_of_values_under_an_earlier_key_until_the_bot_has_sealed_them_again(
    terminal: Terminal, key: Path
) -> None:
    assert "ok   keys\n" in terminal.type("doctor").out
    rotate(terminal)
    assert "warn keys: " in terminal.type("doctor").out

    async def tend() -> None:
        bot = await Bot.open(load(terminal.config))
        for _ in range(3):
            await bot.key_care.tend()
        await bot.stop()

    asyncio.run(tend())
    assert "ok   keys\n" in terminal.type("doctor").out
    assert [one.what for one in entries(terminal, key)] == ["keys_rotated", "key_dropped"]
