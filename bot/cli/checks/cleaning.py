"""De-identification: a made-up sentence and a drawn picture go through it, as a case would."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from io import BytesIO

from bot.anonymizer import Anonymizer, PictureRefused
from bot.anonymizer.pictures import PicturePool
from bot.ports.adapter import Check

_INVENTED = ("Whitfield", "03/14/2021", "4471920", "555-201-3344", "w.whitfield@mail.example")
_STORY = (
    f"Mr. Walter {_INVENTED[0]}, seen on {_INVENTED[1]}, MRN: {_INVENTED[2]}. Itching rash for two weeks. "
    f"Call {_INVENTED[3]} or write to {_INVENTED[4]}."
)
_CAMERA = "Ward 7 camera"


async def cleaning() -> AsyncGenerator[Check]:
    """Try text and pictures; anything that stays in, or a check that does not run, is a failure."""
    pool = PicturePool()
    anonymizer = Anonymizer(pictures=pool)
    try:
        yield _text(anonymizer)
        yield await _picture(anonymizer)
    finally:
        await anonymizer.close()


def _text(anonymizer: Anonymizer) -> Check:
    name = "text de-identification"
    cleaned = anonymizer.clean({"story": _STORY})
    if not cleaned.complete:
        return Check(name, "fail", f"did not run: {', '.join(cleaned.failed)}; reinstall the package")
    left = sum(one in cleaned.text("story") for one in _INVENTED)
    if left:
        return Check(
            name, "fail", f"{left} of {len(_INVENTED)} made-up identifiers stayed in; reinstall the package"
        )
    return Check(name, "ok")


async def _picture(anonymizer: Anonymizer) -> Check:
    name = "picture cleaning"
    try:
        cleaned = await anonymizer.clean_picture(_drawn())
    except PictureRefused as refused:
        return Check(name, "fail", f"a plain picture was refused ({refused.code}); reinstall the package")
    if not cleaned.complete:
        return Check(name, "fail", f"did not run: {', '.join(cleaned.failed)}; reinstall the package")
    if _CAMERA.encode() in cleaned.data:
        return Check(name, "fail", "the camera's notes stayed in a picture; reinstall the package")
    if cleaned.not_looked_for:
        return Check(
            name,
            "warn",
            f"does not look for {', '.join(cleaned.not_looked_for)}; authors must look themselves",
        )
    return Check(name, "ok")


def _drawn() -> bytes:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", _CAMERA)
    drawn = BytesIO()
    Image.new("RGB", (64, 64), "white").save(drawn, "PNG", pnginfo=notes)
    return drawn.getvalue()
