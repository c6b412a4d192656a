"""The page at the end of an installation: what happened, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.domain.installing import Ending
from bot.views.web_page import page, paragraph

_AGAIN: Final = '<p><a href="install">Begin again</a></p>'
"""The page stands beside the one where an installation begins."""
_TAKEN_BACK: Final = "Nothing was kept, and Slack was asked to take the app's token back."
_WORDS: Final[Mapping[Ending, tuple[str, ...]]] = {
    Ending.INSTALLED: (
        "The app is installed",
        "Now invite it into the consult channel: type /invite @Curbside there.",
        "It begins there by itself, within a minute or two. If it does not, ask whoever runs Curbside.",
    ),
    Ending.BUSY: (
        "Not just now",
        "Too many installations were begun in the last ten minutes. Try again a little later.",
    ),
    Ending.STALE: (
        "This way back has ended",
        "It is good once, for ten minutes, and in the browser in which it was begun.",
    ),
    Ending.DENIED: (
        "The app was not installed",
        "Slack says that the installation was cancelled. If you change your mind, begin again.",
    ),
    Ending.SETTLED: (
        "This workspace takes part already",
        "Whoever runs Curbside has set it up by hand, so there is nothing to install.",
        "If you meant another workspace, begin again and choose it at the top.",
    ),
    Ending.OTHER_WORKSPACE: (
        "This workspace is not on the list",
        f"Curbside serves the workspaces that its operator has listed, and no others. {_TAKEN_BACK}",
        "Begin again and choose another workspace at the top, or ask whoever runs Curbside to list this one.",
    ),
    Ending.WHOLE_ORGANISATION: (
        "One workspace at a time",
        f"Curbside serves single workspaces, and this was a whole organisation. {_TAKEN_BACK}",
        "Begin again and choose one workspace.",
    ),
    Ending.MISSING_SCOPES: (
        "Some permissions are missing",
        f"Slack gave the app fewer permissions than it needs. {_TAKEN_BACK}",
        "Begin again and allow all that is asked.",
    ),
    Ending.ENDING_TOKEN: (
        "The app has other settings",
        f"Token rotation is switched on for it, and Curbside works without. {_TAKEN_BACK}",
        "Ask whoever runs Curbside to make the app anew from its manifest.",
    ),
    Ending.REFUSED: (
        "Slack did not finish the installation",
        "Begin again. If this page comes back, ask whoever runs Curbside to run curbside doctor.",
    ),
    Ending.SILENT: (
        "Slack does not answer",
        "The installation could not be finished. Begin again in a few minutes.",
    ),
}
_FINAL: Final = frozenset({Ending.INSTALLED, Ending.ENDING_TOKEN})


def install_page(ending: Ending) -> str:
    """Write the page as HTML."""
    title, *sentences = _WORDS[ending]
    return page(title, *map(paragraph, sentences), "" if ending in _FINAL else _AGAIN)
