"""The storage's fixtures serve the wall too: it is tested on real databases."""

from tests.storage.conftest import chance, clock, content, data_dir, sealer, vault, wall

__all__ = ["chance", "clock", "content", "data_dir", "sealer", "vault", "wall"]
