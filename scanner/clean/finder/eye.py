"""Sees at a glance what is paper and where a paper ends: an eye that learned it, independent of the edges.

The net in eye.onnx was trained on made-up pictures by tests/bench/fit_eye.py. It is asked beside the edges
and never alone. Without it the finder goes by the edges.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.nets import answer

FILE = Path(__file__).with_suffix(".onnx")
SIDE = 224
BORDER = 0.03  # of a side of the picture


def glance(small: Array) -> Array | None:
    """(SIDE, SIDE, 2) float32 0..1 of a BGR picture: paper, rim of a paper; None without a net."""
    seen = cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    said = answer(FILE, seen.transpose(2, 0, 1)[None])
    return None if said is None else np.ascontiguousarray(said[0].transpose(1, 2, 0))


@dataclass(frozen=True)
class Seen:
    """What the eye said of a small picture: `maps` of `glance`, and its pixels to one of the picture x, y."""

    maps: Array
    scale: Array

    def paper(self, places: Array) -> Array:
        """(N, ...) how surely there is paper at (N, ..., 2) places in px of the small picture; 0 outside."""
        return self._at(places, self._each[0])

    def rim(self, places: Array) -> Array:
        """The same, of the rim of a paper."""
        return self._at(places, self._each[1])

    def both(self, places: Array) -> tuple[Array, Array]:
        """Paper and rim, asked once."""
        said = self._at(places, self.maps)
        return said[..., 0], said[..., 1]

    @cached_property
    def _each(self) -> tuple[Array, Array]:
        paper, rim = cv2.split(self.maps)
        return paper, rim

    def _at(self, places: Array, maps: Array) -> Array:
        x, y = (
            ((places[..., k] + 0.5) * self.scale[k] - 0.5).reshape(len(places), -1).astype(np.float32)
            for k in (0, 1)
        )
        said = cv2.remap(maps, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return said.reshape(*places.shape[:-1], *maps.shape[2:])

    def along_border(self) -> Array:
        """(4,) how much of what lies along the picture's sides is paper: top, bottom, left, right."""
        paper, wide = self._each[0], round(BORDER * SIDE)
        sides = (paper[:wide], paper[-wide:], paper[:, :wide], paper[:, -wide:])
        return np.array([float(side.mean()) for side in sides])

    def amid(self) -> float:
        """How much of the picture's middle, of half of its sides, is paper."""
        quarter = SIDE // 4
        return float(self._each[0][quarter:-quarter, quarter:-quarter].mean())

    def rims(self, shape: tuple[int, int]) -> Array:
        """(H, W) 0..1 where a rim is seen, a pixel of the eye wider, for a small picture of that shape."""
        wide = cv2.dilate(self._each[1], np.ones((3, 3), np.uint8))
        result: Array = cv2.resize(wide, shape[::-1], interpolation=cv2.INTER_LINEAR)
        return result


def look_with_eye(small: Array) -> Seen | None:
    """What the eye says of a picture (H, W, 3); None without a net."""
    maps = glance(small)
    return None if maps is None else Seen(maps, SIDE / np.array(small.shape[1::-1], float))
