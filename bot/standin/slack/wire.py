"""Words shared by all parts of the stand-in: JSON objects and the errors Slack answers with."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class SlackError(Exception):
    """A refusal in Slack's own words: ``code`` is the ``error`` field, ``more`` goes beside it."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    @classmethod
    def with_messages(cls, code: str, problems: list[str]) -> SlackError:
        """A refusal that explains itself in ``response_metadata.messages``."""
        messages = [f"[ERROR] {problem}" for problem in problems]
        return cls(code, errors=problems, response_metadata={"messages": messages})

    def body(self) -> Json:
        """The answer's JSON."""
        return {"ok": False, "error": self.code, **self.more}
