"""The array words of this room: a picture is uint8, (H, W, 3) in BGR order or (H, W) in grey."""

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def grey_of(image: Array) -> Array:
    """(H, W) uint8 of a BGR or grey picture; the input itself where it is grey."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def bgr_of(image: Array) -> Array:
    """(H, W, 3) uint8 of a BGR or grey picture; the input itself where it is BGR."""
    return image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)


def shrink(image: Array, long_side: int) -> tuple[Array, float]:
    """The picture with its long side at most `long_side` px, and the factor applied (<= 1)."""
    height, width = image.shape[:2]
    factor = min(1.0, long_side / max(height, width))
    if factor >= 1.0:
        return image, 1.0
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


def lookup(values: Array, table: Array) -> Array:
    """Apply a 256-entry uint8 table."""
    return cv2.LUT(values, np.asarray(table, np.uint8))
