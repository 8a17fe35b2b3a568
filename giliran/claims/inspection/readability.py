"""How well a paper can be read from its picture: figures from numpy, no opinion of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOOKED_AT = 1600  # pixels of the longer side: A4's letters of 11 points are then 13 pixels high
_TILE = 32
_CONTRAST = 0.06  # of the brightness: less is paper, table or the sensor's noise
_FEWEST_TILES = 4
_FLAT_SHARE = 20  # per cent of the tiles that are taken to show nothing but noise
_NOISE = 6  # variance of noise after (-1, 2, -1), as a multiple of its own


@dataclass(frozen=True, slots=True)
class Readability:
    """What was measured in one picture.

    `sharpness`: variance of the second difference over that of the grey, in the direction in which
    it is smaller (a shaken photo is sharp in the other); a printed page has 0.3 to 1.2.
    `brightness`: grey of the paper, 0 to 255. `ink`: share of the tiles with something on them,
    0 to 1. `contrast`: standard deviation of all greys.
    """

    sharpness: float
    brightness: float
    ink: float
    contrast: float

    @property
    def is_too_dark(self) -> bool:
        return self.brightness < 45  # noqa: PLR2004 -- tried on made photos, see the tests

    @property
    def is_empty(self) -> bool:
        return self.ink == 0 and self.contrast < _CONTRAST * self.brightness

    @property
    def is_blurred(self) -> bool:
        return self.sharpness < 0.012  # noqa: PLR2004

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return codes of what an officer should look at though it may be readable."""
        found = []
        if self.brightness < 80:  # noqa: PLR2004
            found.append("too_dark")
        if self.is_empty:
            found.append("empty")
        elif self.sharpness < 0.05:  # noqa: PLR2004
            found.append("blurred")
        return tuple(found)


def measured(grey: NDArray[np.uint8]) -> Readability:
    """Return the figures of a grey picture (rows, columns), 0 black to 255 white.

    Pictures are compared at the same size: scale the longer side down to ``LOOKED_AT`` before.
    The noise of a sensor is sharp in itself: what the flattest tiles show of it is taken off.
    """
    seen = grey.astype(np.float32)
    inner = seen[1:-1, 1:-1]
    greys = _tiles(inner).var(axis=1)
    brightness = float(np.percentile(seen, 95))
    has_content = np.sqrt(greys) > _CONTRAST * brightness
    ways = (
        _tiles(2 * inner - seen[1:-1, :-2] - seen[1:-1, 2:]).var(axis=1),
        _tiles(2 * inner - seen[:-2, 1:-1] - seen[2:, 1:-1]).var(axis=1),
    )
    sharpness = 0.0
    if has_content.sum() >= _FEWEST_TILES:
        least = np.minimum(*(_over(way, greys)[has_content] for way in ways))
        sharpness = float(np.percentile(least, 75))
    else:
        has_content[:] = False
    return Readability(sharpness, brightness, float(has_content.mean()), float(seen.std()))


def _over(way: NDArray[np.float32], greys: NDArray[np.float32]) -> NDArray[np.float32]:
    noise = np.percentile(way, _FLAT_SHARE)
    over: NDArray[np.float32] = np.maximum(way - noise, 0) / np.maximum(greys - noise / _NOISE, 1)
    return over


def _tiles(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a plane as (tiles, pixels of a tile); what is left over at two sides is dropped."""
    rows, columns = plane.shape[0] // _TILE, plane.shape[1] // _TILE
    whole = plane[: rows * _TILE, : columns * _TILE]
    return whole.reshape(rows, _TILE, columns, _TILE).swapaxes(1, 2).reshape(-1, _TILE * _TILE)
