"""A photo is opened once, turned upright, and written anew: nothing of the sent bytes is left."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import zxingcpp
from PIL import Image, ImageOps

from giliran.claims.inspection.kinds import JPEG, PNG
from giliran.claims.inspection.readability import LOOKED_AT, Readability, measured
from giliran.claims.inspection.refusals import (
    ImageBroken,
    TooManyPixels,
    TooMuchWork,
    TooSmall,
)

LARGEST_PIXELS = 40_000_000
LONGEST_KEPT = 4000  # pixels: A4 at 340 dots an inch
_SMALLEST_SIDE = 100
_MOST_SCANS = 64  # a progressive photo has 10; each one costs a pass over the whole picture
_QUALITY = 85
_PAPER = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = LARGEST_PIXELS
Image.preinit()


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo as it will be kept, and what a machine saw on it."""

    content: bytes
    size: tuple[int, int]
    readability: Readability
    codes: tuple[dict[str, str], ...]
    is_turned: bool


def looked_at(content: bytes, kind: str) -> Seen:
    """Return the photo written anew, without place, time or maker of the camera.

    Raises ``ImageBroken``, ``TooManyPixels``, ``TooSmall`` or ``TooMuchWork``.
    """
    if kind == JPEG and content.count(b"\xff\xda") > _MOST_SCANS:
        raise TooMuchWork
    image, is_turned = _opened(content, kind)
    # Shrunk before the rest, so that copies of a large picture don't stand beside each other.
    image.thumbnail((LONGEST_KEPT, LONGEST_KEPT), Image.Resampling.LANCZOS, reducing_gap=2.0)
    grey = _grey(image)
    return Seen(
        content=_written(image, kind),
        size=image.size,
        readability=measured(np.asarray(grey)),
        codes=tuple(_codes(grey)),
        is_turned=is_turned,
    )


def _opened(content: bytes, kind: str) -> tuple[Image.Image, bool]:
    """Return the pixels as grey or RGB, upright, with nothing else from the file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=["JPEG" if kind == JPEG else "PNG"])
        width, height = opened.size
        if width * height > LARGEST_PIXELS:
            raise TooManyPixels(most=LARGEST_PIXELS // 1_000_000)
        if min(width, height) < _SMALLEST_SIDE:
            raise TooSmall(width=width, height=height)
        if kind == JPEG:
            opened.draft(None, (LONGEST_KEPT, LONGEST_KEPT))
        opened.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(most=LARGEST_PIXELS // 1_000_000) from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError) as trouble:
        raise ImageBroken from trouble
    return _upright(_on_paper(opened), _orientation(opened))


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held (EXIF 0x0112), 1 where that can't be read."""
    try:
        found = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 -- a stranger's EXIF can trip the reader in any way
        return 1
    return found if found in range(1, 9) else 1


def _upright(image: Image.Image, orientation: int) -> tuple[Image.Image, bool]:
    if orientation == 1:
        return image, False
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.info = {"exif": exif.tobytes()}
    return ImageOps.exif_transpose(image), True


def _on_paper(image: Image.Image) -> Image.Image:
    """Return it as grey or RGB without the file's info; what is see-through lies on white."""
    if image.mode.startswith("I"):  # 16 bits of grey
        deep = np.asarray(image).astype(np.float32)
        return Image.fromarray(np.clip(deep / 257, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        sheet = Image.new("RGB", layer.size, _PAPER)
        sheet.paste(layer, mask=layer.getchannel("A"))
        return sheet
    plain = image.convert("L" if image.mode in {"1", "L"} else "RGB")
    plain.info = {}
    return plain


def _grey(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    grey.thumbnail((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    return grey


def _written(image: Image.Image, kind: str) -> bytes:
    image.info = {}
    target = io.BytesIO()
    if kind == PNG:
        image.save(target, "PNG")
    else:
        image.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _codes(grey: Image.Image) -> list[dict[str, Any]]:
    formats = zxingcpp.BarcodeFormats(
        [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.PDF417]
    )
    found = zxingcpp.read_barcodes(np.asarray(grey), formats=formats)
    return [{"format": one.format.name, "text": one.text} for one in found[:4]]
