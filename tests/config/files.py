"""A folder with a configuration in it, and the environment that goes with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import Problem, Settings, WrongSettings, load

CONTRACT = Path(__file__).with_name("contract.toml")
SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-canary-bot",
    "SLACK_APP_TOKEN": "xapp-canary-app",
    "SLACK_SIGNING_SECRET": "canary-signing",
    "SLACK_CLIENT_SECRET": "canary-client",
    "SMTP_PASSWORD": "canary-smtp",
    "OIDC_SECRET": "canary-oidc",
    "STRIPE_SECRET": "canary-stripe",
}
MATRIX_PASSWORD = "canary-matrix"
ONE_MATRIX = """
[[matrix]]
name = "city"
homeserver = "https://matrix.city.example"
user = "@curbside:city.example"
password = "canary-typed"
"""


@dataclass
class ConfigFolder:
    """Writes `curbside.toml` and reads it the way a command does."""

    path: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.path / "curbside.toml"

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def write_contract(self) -> None:
        self.write(CONTRACT.read_text(encoding="utf-8"))
        self.environ.update(SECRETS)
        (self.path / "var").mkdir()
        (self.path / "var" / "matrix.pw").write_text(f"{MATRIX_PASSWORD}\n", encoding="utf-8")

    def load(self, environ: Mapping[str, str] | None = None) -> Settings:
        return load(self.file, {**self.environ, **(environ or {})})

    def problems(self, environ: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
        try:
            self.load(environ)
        except WrongSettings as wrong:
            return wrong.problems
        return ()

    def said(self, environ: Mapping[str, str] | None = None) -> list[str]:
        return [str(problem) for problem in self.problems(environ)]
