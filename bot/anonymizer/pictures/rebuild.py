"""Pixels out of a file, and a new file out of the pixels; nothing but pixels passes from one to the other."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

from PIL import Image, ImageOps

from bot.anonymizer.pictures.cleaned import PictureRefused
from bot.anonymizer.pictures.metadata import metadata_kinds

MOST_PIXELS: Final = 40_000_000
"""Pixels that a header may announce; a file that announces more is refused before a pixel is decoded."""
FIRST_FRAME: Final = "first frame only"
"""The note for a file of several frames."""
LONGEST_SIDE: Final = 2048
"""Pixels of the longer side of a cleaned picture."""
_JPEG_QUALITY: Final = 92
_PNG_LEVEL: Final = 4
"""Beyond it the encoder takes much longer for little."""
_LARGEST_PNG: Final = 6 * 1024 * 1024
_LOSSLESS: Final = frozenset({"PNG", "GIF", "TIFF", "DICOM"})


@dataclass(frozen=True, slots=True)
class Pixels:
    """A decoded picture of mode L or RGB, rebuilt from an array, and what was left behind."""

    image: Image.Image
    kind: str
    removed: tuple[str, ...]
    notes: tuple[str, ...]


def decode(blob: bytes, kind: str) -> Pixels:
    """Decode the first frame of a file of the named kind; PictureRefused when it is damaged or too big."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _decode(blob, kind)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise _too_many_pixels() from error
        except MemoryError as error:
            raise PictureRefused(
                "too_big", "This picture needs more memory than is allowed; send a smaller copy."
            ) from error
        except PictureRefused:
            raise
        except Exception as error:  # decoders raise many kinds for damaged files; each means "not readable"
            raise _damaged() from error


def encode(image: Image.Image, kind: str) -> tuple[bytes, str]:
    """Return a new file and its MIME type: PNG for a source without loss if it stays small, else JPEG."""
    if kind in _LOSSLESS:
        png = encode_as(image, "image/png")
        if len(png) <= _LARGEST_PNG:
            return png, "image/png"
    return encode_as(image, "image/jpeg"), "image/jpeg"


def encode_as(image: Image.Image, mime: str) -> bytes:
    """Return a new file of the MIME type, which is image/png or image/jpeg."""
    out = io.BytesIO()
    if mime == "image/png":
        image.save(out, "PNG", compress_level=_PNG_LEVEL)
    else:
        image.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def _decode(blob: bytes, kind: str) -> Pixels:
    if kind == "DICOM":
        return _decode_dicom(blob)
    image = open_header(blob, kind)
    removed = metadata_kinds(image, blob)
    notes = (FIRST_FRAME,) if _has_second_frame(blob, kind) else ()
    turned = ImageOps.exif_transpose(_scaled(_eight_bits(_loaded(image))))
    return Pixels(_bare(_flattened(turned)), kind, removed, notes)


def _decode_dicom(blob: bytes) -> Pixels:
    if any(find_spec(name) is None for name in ("pydicom", "numpy")):
        raise _not_supported("DICOM")
    from bot.anonymizer.pictures import dicom  # noqa: PLC0415 (its libraries come with an extra)

    dataset = dicom.read_header(blob, MOST_PIXELS)
    notes = (FIRST_FRAME,) if dicom.frames(dataset) > 1 else ()
    image = _flattened(_scaled(dicom.first_frame(dataset)))
    return Pixels(_bare(image), "DICOM", ("DICOM header",), notes)


def _bare(flat: Image.Image) -> Image.Image:
    """Return a new picture from the bytes of the array: no palette, profile or comment can come along."""
    return Image.frombytes(flat.mode, flat.size, flat.tobytes())


def open_header(blob: bytes, kind: str) -> Image.Image:
    """Open a file with the one decoder of its kind and check the size that its header announces."""
    if kind not in Image.OPEN and kind not in _plugins():
        raise _not_supported(kind)
    image = Image.open(io.BytesIO(blob), formats=[kind])
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if width < 1 or height < 1:
        raise _damaged()
    return image


def _has_second_frame(blob: bytes, kind: str) -> bool:
    """Try to step to the second frame; counting all of them would walk through a file of a million frames."""
    with open_header(blob, kind) as image:
        try:
            image.seek(1)
        except (EOFError, OSError, ValueError, SyntaxError):
            return False
        return True


def _plugins() -> frozenset[str]:
    Image.init()
    if find_spec("pi_heif") is not None:
        # It comes with the extra, without annotations, and only HEIC pictures need it.
        import pi_heif  # type: ignore[import-untyped]  # noqa: PLC0415

        pi_heif.register_heif_opener(thumbnails=False)
    return frozenset(Image.OPEN)


def _not_supported(kind: str) -> PictureRefused:
    return PictureRefused(
        "not_supported", f"{kind} pictures cannot be read by this installation; send a JPEG or PNG."
    )


def _damaged() -> PictureRefused:
    return PictureRefused(
        "damaged", "This picture is damaged or incomplete and cannot be read; send it again, or a screenshot."
    )


def _too_many_pixels() -> PictureRefused:
    limit = MOST_PIXELS // 1_000_000
    return PictureRefused(
        "too_big", f"This picture has more than {limit} million pixels; send a smaller copy."
    )


def _loaded(image: Image.Image) -> Image.Image:
    image.seek(0)
    if image.format == "JPEG":
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Stretch wide grey to 0-255 by the values present; X-rays would come out black else."""
    if not image.mode.startswith(("I", "F")):
        return image
    wide = image.convert("F")
    low, high = wide.getextrema()
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        raise _damaged()
    scale = 255.0 / (high - low) if high > low else 0.0
    grey = wide.point(lambda value: value * scale - low * scale).convert("L")
    grey.info, grey.format = dict(image.info), image.format
    exif = image.getexif()
    grey.getexif().update(exif)
    return grey


def _scaled(image: Image.Image) -> Image.Image:
    if max(image.size) <= LONGEST_SIDE:
        return image
    if image.mode not in ("L", "RGB", "RGBA", "LA", "CMYK"):
        image = image.convert("RGBA" if _has_alpha(image) else "RGB")
    exif = image.getexif()
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.getexif().update(exif)
    return image


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _flattened(image: Image.Image) -> Image.Image:
    """Composite alpha on white, so that colour hidden under transparency is lost; reduce to L or RGB."""
    if _has_alpha(image):
        coloured = image.convert("RGBA")
        white = Image.new("RGBA", coloured.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, coloured).convert("RGB")
    return image.convert("L" if image.mode in ("L", "1") else "RGB")
