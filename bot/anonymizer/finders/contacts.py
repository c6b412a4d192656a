"""Ways to reach or look up somebody: e-mail, web and network addresses, chat names, phones, fax, files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.anonymizer.finders.patterns import Pattern, find_all
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission
from bot.anonymizer.words import section

_TOP: Final = (
    "com|org|net|edu|gov|mil|int|info|io|co|me|us|uk|ca|de|fr|es|it|nl|be|ch|at|se|no|dk|fi|ie|au|nz|in"
    "|pl|pt|cz|za|br|mx"
    "|jp|cn|kr|ru|health|hospital|care|clinic|doctor|med|app|dev|online|site|blog|example|test|local"
    "|internal|lan|eu|tv|chat"
)
_REFERENCE_HOSTS: Final = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)*(?:pubmed|uptodate|doi|nejm|thelancet|bmj|jamanetwork|who|cdc|fda|nih"
    r"|nice|medscape"
    r"|radiopaedia|mdcalc|clinicaltrials|cochrane|cochranelibrary|wikipedia|dynamed|orpha|omim"
    r"|lifeinthefastlane|litfl"
    r"|statpearls|ahajournals|escardio|acc|idsociety|nccn|ema)\.(?:com|org|gov|int|net|edu|org\.uk"
    r"|europa\.eu)(?:/\S*)?$",
    re.IGNORECASE,
)
_PHONE_TAIL: Final = r"(?:[ ,]*(?:ext|extension|x)[.: ]*\d{2,6}\b)?"
_NUMBER: Final = (
    r"(?:(?:\+|00)\d{1,3}[ .\-/]?(?:\(0\)[ ]?)?(?:\(?\d{1,4}\)?[ .\-/]?){2,5}\d{2,4}"
    r"|(?:1[ .\-])?(?:\(\d{3}\)[ .\-]*|\d{3}[ ]?[.\-/][ ]?|\d{3} )\d{3}[ ]?[.\- ][ ]?\d{4}"
    r"|0\d{2,4}[ \-]\d{3,4}[ \-]?\d{3,4}"
    r"|\(0\d{2,4}\)[ ]?\d{3,4}[ \-]?\d{3,4})"
)


def _personal_address(match: re.Match[str]) -> bool:
    return _REFERENCE_HOSTS.match(match.group().rstrip(".,;)")) is None


def _a_handle(match: re.Match[str]) -> bool:
    return match["v"].lstrip("@").lower() not in section("general", "no handles")


def _octets(match: re.Match[str]) -> bool:
    return all(int(part) <= 255 for part in match["v"].split("."))


CONTACTS: Final = (
    Pattern(
        "EMAIL",
        "This is an e-mail address.",
        r"(?<![\w.+%'-])[\w.+%'-]{1,80}@(?:[\w-]+\.)+[^\W\d_]{2,}\b",
        needs="@",
    ),
    Pattern(
        "EMAIL",
        "This reads as an e-mail address.",
        r"(?<![\w.+-])[\w.+-]{1,80} ?(?:\(at\)|\[at\]| at ) ?[\w-]+(?: ?(?:\(dot\)|\[dot\]| dot ) ?[\w-]+)+",
        when=lambda match: "dot" in match.group().lower(),
    ),
    Pattern(
        "OTHER_ID", "This mentions somebody on Slack.", r"<[@#!][^<>\s][^<>]{0,80}>", role="chat", needs="<"
    ),
    Pattern(
        "OTHER_ID",
        "This is a name or room on a chat server.",
        r"(?<![\w/])[@!#+$][\w.=/+-]+:(?:[\w-]+\.)*[\w-]+(?::\d{2,5})?\b",
        role="chat",
        needs=":",
    ),
    Pattern(
        "OTHER_ID",
        "This is somebody's name in a chat.",
        r"(?<![\w@/.<])(?P<v>@[A-Za-z][\w-]+(?:\.[\w-]+)*)",
        role="chat",
        when=_a_handle,
        needs="@",
    ),
    Pattern(
        "URL",
        "This is a web address.",
        r"\b(?:https?|ftp|file|mxc|matrix)://?[^\s<>\"|]+",
        when=_personal_address,
    ),
    Pattern("URL", "This is a web address.", r"\bwww\.[^\s<>\"|]+", when=_personal_address, needs="."),
    Pattern(
        "URL",
        "This is a web address.",
        rf"(?<![\w@.])(?:[a-z0-9][\w-]*\.)+(?:{_TOP})(?![\w.]\w)(?:[/:?][^\s<>\"|]*)?(?![\w])",
        when=lambda match: _personal_address(match) and _looks_like_host(match.group()),
        needs=".",
    ),
    Pattern(
        "IP",
        "This is a network address.",
        r"(?<![\d.])(?P<v>\d{1,3}(?:\.\d{1,3}){3})(?![\d.]*\d)",
        when=_octets,
        digits=True,
    ),
    Pattern(
        "IP",
        "This is a network address.",
        r"(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])",
        needs=":",
    ),
    Pattern(
        "IP",
        "This is a network address.",
        r"(?<![\w:])(?=[0-9a-f:]*::)(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){0,6}(?::)?(?![\w:])",
        needs="::",
    ),
    Pattern("DEVICE", "This is a device's network address.", r"\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b"),
    Pattern(
        "PHOTO",
        "This is the name of a file.",
        r"(?<![^\s/\\<>\"(),;:])[^\s/\\<>\"(),;:]{1,200}\.(?:png|jpe?g|gif|tiff?|webp|heic|bmp|dcm|dicom|pdf|mov|mp4|avi|docx?|xlsx?"
        r"|pptx?|zip|nii)\b",
        needs=".",
        when=lambda match: _tells_something(match.group()),
    ),
    Pattern(
        "FAX",
        "This is a fax number.",
        r"\b(?:fax(?:ed)?|f)(?:[ ]?(?:number|no|nr|#|line|to|it to|at|is|:|=|\.))*["
        rf" :.#]*(?P<v>{_NUMBER}{_PHONE_TAIL}"
        r"|\d{3}[- .]\d{4}\b|\d{7,11}\b)",
        digits=True,
    ),
    Pattern(
        "PHONE",
        "This is a phone number.",
        rf"(?<![\w+.])(?<!\d[-/]){_NUMBER}{_PHONE_TAIL}(?![\w]|[-/]\d)",
        digits=True,
    ),
    Pattern(
        "PHONE",
        "This is a phone or pager number.",
        r"\b(?:phone|ph|tel|telephone|cell|mobile|mob|call(?:ed|ing|s)?|text(?:ed)?|ring|reach(?:ed"
        r"|able)?|dial|contact"
        r"|pag(?:er?|ed|ing)|pgr|bleep(?:ed|ing|s)?|beep(?:er|ed)?|i am on|i'm on|vocera|spectralink"
        r"|ascom|dect|extension|ext|whatsapp"
        r"|callback|cb)"
        r"(?:["
        r" ]?(?:me|us|him|her|them|on|at|to|via|is|the|my|back|number|num|no|nr|desk|phone|cell|pager"
        r"|ext|extension"
        r"|[#:=.]))*[ :.#]*(?P<v>\+?\d[\d]{2,4}(?:[-. ]?\d{3,5}){0,2})(?![\d]|["
        r" ]?(?:mg|mcg|ml|units?|cc|kg|%|/))",
        when=lambda match: (
            len(re.sub(r"\D", "", match["v"])) >= 3 and match["v"] not in ("911", "999", "112", "988")
        ),
        digits=True,
    ),
    Pattern(
        "PHONE",
        "This is a phone number.",
        rf"(?<![\w.,/-])\d{{3}}-\d{{4}}{_PHONE_TAIL}(?![\w/-]|[.,]\d| ?(?:mg|mcg|ml|units?|kcal|cc|g)\b)",
        digits=True,
    ),
    Pattern(
        "PHONE",
        "This is a telephone extension.",
        r"\b(?:ext|extn|extension)[.: #]*\d{2,6}\b|(?<=[ ,])x\d{4,5}\b",
        digits=True,
    ),
)


def _looks_like_host(text: str) -> bool:
    host = text.split("/", 1)[0].rsplit(".", 1)
    return (
        len(host[0]) > 2
        and not host[0].replace(".", "").isdigit()
        and ("/" in text or len(host[1]) > 2 or "." in host[0])
    )


def _tells_something(name: str) -> bool:
    """Say whether a file name holds more than a plain word for what it shows."""
    stem = name.rsplit(".", 1)[0].lower()
    return stem not in (
        "image",
        "photo",
        "picture",
        "img",
        "scan",
        "file",
        "document",
        "report",
        "ecg",
        "ekg",
        "xray",
        "cxr",
    )


class Contacts:
    """Finds addresses, numbers to call and names of chats and files."""

    name = "contacts"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield what the patterns find in every field."""
        for field in submission.fields:
            yield from find_all(CONTACTS, field)
