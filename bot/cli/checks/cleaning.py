"""De-identification: a made-up sentence and a drawn picture go through it, as a case would."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from io import BytesIO

from bot.anonymizer import Anonymizer, CleanedPicture, PictureRefused
from bot.anonymizer.pictures import LOOKS_FOR, PicturePool
from bot.ports.adapter import Check

_INVENTED = ("Whitfield", "03/14/2021", "4471920", "555-201-3344", "w.whitfield@mail.example")
_STORY = (
    f"Mr. Walter {_INVENTED[0]}, seen on {_INVENTED[1]}, MRN: {_INVENTED[2]}. Itching rash for two weeks. "
    f"Call {_INVENTED[3]} or write to {_INVENTED[4]}."
)
_CAMERA = "Ward 7 camera"
_PLACE = (60, 80, 255, 108)
"""Left, top, right and bottom of the made-up name on the drawn picture."""


async def cleaning() -> AsyncGenerator[Check]:
    """Try text and pictures; anything that stays in, or a check that does not run, is a failure."""
    pool = PicturePool()
    anonymizer = Anonymizer(pictures=pool)
    try:
        yield _text(anonymizer)
        async for check in _picture(anonymizer):
            yield check
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


async def _picture(anonymizer: Anonymizer) -> AsyncGenerator[Check]:
    name = "picture cleaning"
    try:
        cleaned = await anonymizer.clean_picture(_drawn())
    except PictureRefused as refused:
        yield Check(name, "fail", f"a plain picture was refused ({refused.code}); reinstall the package")
        return
    if not cleaned.complete:
        yield Check(name, "fail", f"did not run: {', '.join(cleaned.failed)}; reinstall the package")
    elif _CAMERA.encode() in cleaned.data:
        yield Check(name, "fail", "the camera's notes stayed in a picture; reinstall the package")
    else:
        yield Check(name, "ok")
    for looked_for in LOOKS_FOR.values():
        yield _looking(cleaned, looked_for)


def _looking(cleaned: CleanedPicture, looked_for: str) -> Check:
    """Say whether the pixels are searched for something, and whether a made-up name was covered."""
    name = f"pictures: {looked_for}"
    if looked_for in cleaned.not_looked_for:
        return Check(
            name, "warn", "is not looked for, authors must look themselves: pip install 'curbside[pictures]'"
        )
    if looked_for == LOOKS_FOR["burned-in text"] and not _is_covered(cleaned):
        return Check(name, "fail", "a made-up name stayed legible on a picture; reinstall the package")
    return Check(name, "ok")


def _is_covered(cleaned: CleanedPicture) -> bool:
    left, top, right, bottom = _PLACE
    return any(
        box.left <= left + 10
        and box.top <= top + 10
        and box.left + box.width >= right - 10
        and box.top + box.height >= bottom - 10
        for box in cleaned.covered
    )


def _drawn() -> bytes:
    """Return a picture with a made-up name in its pixels and a made-up place in its metadata."""
    from PIL import Image, ImageDraw, ImageFont
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Comment", _CAMERA)
    image, drawn = Image.new("RGB", (480, 200), "white"), BytesIO()
    font = ImageFont.load_default(28)
    ImageDraw.Draw(image).text(_PLACE[:2], f"Walter {_INVENTED[0]}", font=font, fill="black")
    image.save(drawn, "PNG", pnginfo=notes)
    return drawn.getvalue()
