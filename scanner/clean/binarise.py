"""Black ink on white paper, from a grey page whose light was taken out.

The threshold leans half on Sauvola and Pietikäinen (2000), which follows faint strokes, and half on Otsu
(1979), which refuses what shows through from the other side.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve

WINDOW = 15  # half-size pixels: about a letter of 10 point at 300 dpi
SENSITIVITY = 0.4
LOWEST, HIGHEST = 90.0, 225.0
DUST_MM = 0.75  # window in which dust stands alone
DUST_SHARE = 0.16  # of that window: 0.3 mm square; the dot of an i has twice as much
LEAST_DUST_DPI = 200  # below, a dot of a letter may be as small as dust


def binarise(flat: Array, dpi: float = 300.0) -> Array:
    """0 ink, 255 paper; (H, W) uint8 of a grey page at `dpi`."""
    if min(flat.shape) < 8:
        return cv2.threshold(flat, 128, 255, cv2.THRESH_BINARY)[1]
    half = halve(flat)
    level, _ = cv2.threshold(half, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    level = float(np.clip(level, LOWEST, HIGHEST))
    mean = cv2.boxFilter(half, cv2.CV_32F, (WINDOW, WINDOW))
    square = cv2.sqrBoxFilter(half, cv2.CV_32F, (WINDOW, WINDOW))
    variance = cv2.subtract(square, cv2.multiply(mean, mean))
    spread = cv2.sqrt(cv2.threshold(variance, 0, 0, cv2.THRESH_TOZERO)[1])
    most = max(float(cv2.minMaxLoc(spread)[1]), 1.0)
    raised = cv2.multiply(mean, spread, scale=0.5 * SENSITIVITY / most)
    small = cv2.convertScaleAbs(cv2.addWeighted(mean, 0.5 * (1 - SENSITIVITY), raised, 1.0, 0.5 * level))
    threshold = cv2.resize(small, flat.shape[::-1], interpolation=cv2.INTER_LINEAR)
    paper = cv2.compare(flat, threshold, cv2.CMP_GE)
    return _without_dust(paper, dpi) if dpi >= LEAST_DUST_DPI else paper


def _without_dust(paper: Array, dpi: float) -> Array:
    """Specks that have no ink around them become paper; the ends of strokes are kept."""
    side = round(DUST_MM * dpi / 25.4) | 1
    ink = cv2.threshold(paper, 128, 1, cv2.THRESH_BINARY_INV)[1]
    around = cv2.boxFilter(ink, cv2.CV_8U, (side, side), normalize=False)
    dense = cv2.threshold(around, DUST_SHARE * side * side, 255, cv2.THRESH_BINARY)[1]
    kept = cv2.dilate(dense, np.ones((side // 2 | 1, side // 2 | 1), np.uint8))
    return cv2.bitwise_or(paper, cv2.bitwise_not(kept))
