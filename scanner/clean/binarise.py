"""Black ink on white paper, from a grey page whose light was taken out."""

import cv2
import numpy as np

from scanner.clean.arrays import Array


def binarise(flat: Array) -> Array:
    """0 ink, 255 paper; (H, W) uint8."""
    level, _ = cv2.threshold(flat[::2, ::2], 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    level = float(np.clip(level, 110, 215))
    return cv2.threshold(flat, level, 255, cv2.THRESH_BINARY)[1]
