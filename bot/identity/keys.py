"""The master key: one secret in a file of its own, which seals the keyring with all the other keys."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final, NoReturn

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.ports.chance import Chance

KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4


class KeyRefused(Exception):
    """The key file cannot be used; ``sentence`` tells the operator what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        """Remember the sentence; nothing of the key goes into it."""
        super().__init__(sentence)
        self.sentence = sentence


class MasterKey:
    """32 secret bytes; they leave this object as derived keys only.

    A sealer may work with the derived keys themselves: the one of the keyring does, those of single
    drafts and polls do, and every one did in installations from before there was a keyring.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        """Take the secret; raises :class:`KeyRefused` unless it is 32 bytes that are not all the same."""
        if len(secret) != KEY_BYTES:
            raise KeyRefused(
                f"The key file must hold exactly {KEY_BYTES} bytes; make one with `curbside init`."
            )
        if len(set(secret)) == 1:
            raise KeyRefused("The key file repeats one byte, which is no key; make one with `curbside init`.")
        self._secret = secret

    def __repr__(self) -> str:
        """Show nothing."""
        return "MasterKey()"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled or copied."""
        raise TypeError("a master key is not copied")

    def derive(self, purpose: str) -> bytes:
        """Give the 32-byte key of one purpose (``kek``, ``index/acct``, …); HKDF-SHA256 without a salt."""
        info = b"curbside/1/" + purpose.encode()
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self._secret)

    @property
    def current(self) -> bytes:
        """The 4-byte id of the one key-encryption key that is derived; it tells nothing of the secret."""
        return self.derive("kek-id")[:KEY_ID_BYTES]

    def kek(self, key_id: bytes) -> bytes | None:
        """Give the derived key-encryption key; None for another id than its own."""
        return self.derive("kek") if key_id == self.current else None

    def index_key(self, purpose: str) -> bytes:
        """Give the derived index key of a purpose."""
        return self.derive(f"index/{purpose}")


def load_master_key(path: Path) -> MasterKey:
    """Read the key from its file.

    Raises :class:`KeyRefused` where the file is missing, is no plain file, can be read by group or
    others, is not 32 bytes long, or repeats one byte.
    """
    try:
        # The checks look at the very file that is read, not at whatever has its name a moment later.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise KeyRefused(_cannot_open(path, error)) from None
    try:
        _require_private(path, os.fstat(descriptor).st_mode)
        return MasterKey(os.read(descriptor, KEY_BYTES + 1))
    finally:
        os.close(descriptor)


def create_key_file(path: Path, chance: Chance) -> None:
    """Write a fresh key with mode 0600 and sync it; raises :class:`KeyRefused` where something is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise KeyRefused(f"{path} exists already, and a key is never overwritten.") from None
    except OSError as error:
        raise KeyRefused(f"The key file {path} cannot be written ({error.strerror}).") from None
    with os.fdopen(descriptor, "wb") as file:
        # The umask may have taken more than it should; the owner must be able to read the key.
        os.fchmod(file.fileno(), 0o600)
        file.write(chance.key())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last: what was made, renamed or removed there survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_open(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"There is no key file at {path}; make one with `curbside init`, or put the right one back."
    return f"The key file {path} cannot be read ({error.strerror})."


def _require_private(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyRefused(f"{path} is not a plain file, so it cannot be the key file.")
    if mode & 0o077:
        raise KeyRefused(f"Others than its owner can read the key file {path}; run `chmod 600` on it.")
