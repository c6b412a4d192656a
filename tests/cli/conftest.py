from pathlib import Path

import pytest

from tests.cli.stage import Terminal


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A shell in a fresh folder with a configuration of one homeserver, and no variable of ours set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CURBSIDE_CONFIG", raising=False)
    made = Terminal(tmp_path, capsys)
    made.write()
    return made
