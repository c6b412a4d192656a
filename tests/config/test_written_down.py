"""What the documents say about the configuration is what the code does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.config import MatrixSite, Settings, SlackSite, load

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SITES: dict[str, type[SlackSite | MatrixSite]] = {"slack": SlackSite, "matrix": MatrixSite}
NEEDED = {"needed", "needed in socket mode", "needed in http mode", "this or a token"}
ROW = re.compile(r"^\| `(?:\[(\w+)\] )?(\w+)` \| (.*?) \| `(CURBSIDE_\w+)` \|", re.MULTILINE)


def keys() -> Iterator[tuple[str, FieldInfo]]:
    """Give every variable's name with the field that it sets."""
    for section, field in Settings.model_fields.items():
        model: Any = SITES.get(section, field.annotation)
        if hasattr(model, "model_fields"):
            for key, inner in model.model_fields.items():
                yield f"CURBSIDE_{section}__{key}".upper(), inner
        else:
            yield f"CURBSIDE_{section}".upper(), field


def test_every_key_stands_in_the_document_once_and_nothing_else_does() -> None:
    written = [row[3] for row in ROW.findall(DOCUMENT)]

    assert sorted(written) == sorted(name for name, _ in keys())


@pytest.mark.parametrize(("name", "field"), list(keys()), ids=[name for name, _ in keys()])
def test_the_documents_default_is_the_codes(name: str, field: FieldInfo) -> None:
    written = {row[3]: row[2] for row in ROW.findall(DOCUMENT)}[name]

    assert written in readings(field)


def readings(field: FieldInfo) -> set[str]:
    """List the ways in which a default may be written."""
    if field.is_required():
        return {"needed"}
    value = field.default
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    if plain in (None, "", ()):
        return {"empty", "the bot's own server", *NEEDED}
    text = json.dumps(plain) if isinstance(plain, (tuple, bool)) else str(plain)
    return {f"`{text}`"}


def test_the_example_loads_as_it_stands(tmp_path: Path) -> None:
    example = (ROOT / "curbside.example.toml").read_text(encoding="utf-8")
    (tmp_path / "curbside.toml").write_text(example, encoding="utf-8")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "city-hospital.password").write_text("x", encoding="utf-8")

    settings = load(tmp_path / "curbside.toml", {"SLACK_BOT_TOKEN": "x", "SLACK_APP_TOKEN": "x"})

    assert [site.name for site in settings.sites] == ["st-anna", "city-hospital"]
