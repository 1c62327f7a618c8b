"""Parts a page into black ink at full sharpness and everything else at low resolution (MRC, ITU-T T.44).

Letters stay as sharp as the scan; seals, signatures and tints need only their colour. The paper under the
letters is the mean of its uncovered part, so no ghost of the text is left in the low layer.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of

INK = 150  # of 255 on white paper: half-covered pixels of a stroke's rim
BLACK = 105  # darker than this in its brightest channel is black ink, whatever its tint
CHROMA = 40
NEAR_WHITE = 236


def ink_mask(image: Array) -> Array:
    """Bool (H, W): black strokes of a page on white paper; not seals, signatures, photographs."""
    if image.ndim == 2:
        ink: Array = image < INK
    else:
        top = cv2.max(cv2.max(image[..., 0], image[..., 1]), image[..., 2])
        low = cv2.min(cv2.min(image[..., 0], image[..., 1]), image[..., 2])
        coloured = cv2.threshold(cv2.subtract(top, low), CHROMA, 255, cv2.THRESH_BINARY)[1]
        ink = (top < BLACK) | ((top < INK) & (cv2.dilate(coloured, np.ones((3, 3), np.uint8)) == 0))
    photo = photograph_area(image)
    if photo.any():
        ink &= cv2.resize(photo, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) == 0
    return ink


def photograph_area(image: Array) -> Array:
    """0/1 small mask of areas that are tinted throughout: pictures, not strokes."""
    height, width = image.shape[:2]
    size = (max(1, width // 8), max(1, height // 8))
    grey = grey_of(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    tinted = cv2.threshold(grey, 215, 1, cv2.THRESH_BINARY_INV)[1]
    core = cv2.erode(tinted, np.ones((9, 9), np.uint8))
    return np.minimum(cv2.dilate(core, np.ones((13, 13), np.uint8)), tinted)


def under_ink(image: Array, ink: Array, factor: float) -> Array:
    """The page without its ink at `factor` of its size: each pixel the mean of what is not covered."""
    cover = cv2.dilate(ink.astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    bare = image.copy()
    bare[cover > 0] = 255
    size = (max(1, round(image.shape[1] * factor)), max(1, round(image.shape[0] * factor)))
    small = cv2.resize(bare, size, interpolation=cv2.INTER_AREA)
    covered = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    seen = np.clip(1 - covered.astype(np.float32) / 255, 0.05, 1)
    tint = (255 - small.astype(np.float32)) / (seen if small.ndim == 2 else seen[..., None])
    low: Array = np.clip(255 - tint, 0, 255).astype(np.uint8)
    white = low.min(axis=2) if low.ndim == 3 else low
    low[white > NEAR_WHITE] = 255
    return low
