"""Made photos of made papers: sharp, blurred, dark, noisy; no real document is among them."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

LINES = (
    "SURAT KETERANGAN",
    "Yang bertanda tangan di bawah ini menerangkan bahwa",
    "Nama: SITI AMINAH   NIK: 3673011708850001",
    "telah bekerja di PT Contoh Sejahtera sejak 1 Maret 2019",
    "sampai 31 Oktober 2026 sebagai operator jahit.",
    "Surat ini dibuat untuk mengurus Jaminan Hari Tua.",
    "Serang, 2 November 2026",
)


def a_page(lines: tuple[str, ...] = LINES, *, width: int = 1240, letters: int = 34) -> Image.Image:
    """Return a white sheet in A4's proportions with these lines; ``letters`` is their height."""
    sheet = Image.new("L", (width, int(width * 1.414)), 248)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(letters)
    for repeat in range(3):
        for row, line in enumerate(lines):
            pen.text(
                (width * 0.08, width * (0.08 + repeat * 0.42) + row * letters * 1.6),
                line,
                fill=30,
                font=font,
            )
    return sheet


def photographed(
    page: Image.Image,
    *,
    blur: float = 0.0,
    shaken: int = 0,
    light: float = 1.0,
    noise: float = 4.0,
    seed: int = 1,
) -> Image.Image:
    """Return a sheet as a phone sees it on a table: askew, lit from one side, with noise.

    ``blur`` and ``shaken`` in pixels of a photo 3000 pixels high, ``light`` 1 for a lit room.
    """
    table = _on_a_table(page.tobytes(), page.size)
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    seen = np.asarray(table, dtype=np.float32)
    if shaken:
        # The mean of `shaken` neighbours in a row, from the row's running sum.
        sums = np.cumsum(np.pad(seen, ((0, 0), (shaken, 0)), mode="edge"), axis=1, dtype=np.float64)
        seen = ((sums[:, shaken:] - sums[:, :-shaken]) / shaken).astype(np.float32)
    across = np.linspace(1.0, 0.7, seen.shape[1], dtype=np.float32)
    seen = seen * (across * np.float32(light))
    seen += np.float32(noise) * _noise(seen.shape, seed)
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)).convert("RGB")


@lru_cache(maxsize=4)
def _on_a_table(grey: bytes, size: tuple[int, int]) -> Image.Image:
    """Return the sheet with these greys on a table, askew; made once for all its photos."""
    page = Image.frombytes("L", size, grey)
    table = Image.new("L", (2250, 3000), 96)
    sheet = page.resize((1800, int(1800 * page.height / page.width)), Image.Resampling.BICUBIC)
    sheet = sheet.rotate(3, expand=True, fillcolor=96, resample=Image.Resampling.BICUBIC)
    table.paste(sheet, (150, 150))
    return table


@lru_cache(maxsize=1)
def _noise(shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


def written(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return the image as a file's bytes."""
    target = io.BytesIO()
    image.save(target, kind, **({"quality": 80} if kind == "JPEG" else {}), **options)
    return target.getvalue()
