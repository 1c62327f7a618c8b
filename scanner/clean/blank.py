"""Tells the empty backs of a feeder job from pages with only a little on them.

What shows through from the other side is soft and faint, dust is tiny, punch holes and shadows lie at the
edge; a written page has sharp strokes, be they faint or few.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, shrink
from scanner.clean.light import divide_light, paper_map

WORK_SIDE = 1100  # A4 at 94 dpi: strokes of a pen are one or two pixels
EDGE = 0.05
STEEP = 9.0  # grey levels a pixel
LEAST_STROKES = 3
LEAST_FAINT = 30  # a pencilled page has many strokes; roller marks and show-through few sharp ones
STRONG = 45
LEAST_LENGTH = 7
CREASE = 5  # longer against its width than this is a fold or the feeder's rollers, not writing


def is_blank(image: Array) -> bool:
    """Whether a page, BGR or grey, before or after its light was taken out, has nothing on it."""
    small, _ = shrink(grey_of(image), WORK_SIDE)
    if min(small.shape) < 24:
        return bool(np.ptp(small) < 40)
    flat = cv2.medianBlur(divide_light(small, paper_map(small)), 3)
    rows, columns = (round(size * EDGE) for size in flat.shape)
    flat = flat[rows : flat.shape[0] - rows, columns : flat.shape[1] - columns]
    noise = float(np.median(np.abs(cv2.Laplacian(flat, cv2.CV_32F)))) + 0.5
    depth = cv2.morphologyEx(flat, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    across = cv2.Sobel(flat, cv2.CV_32F, 1, 0, scale=1 / 4)
    down = cv2.Sobel(flat, cv2.CV_32F, 0, 1, scale=1 / 4)
    steep = cv2.magnitude(across, down) > max(STEEP, 3 * noise)
    strokes = (depth > max(22.0, 6 * noise)) & (cv2.dilate(steep.astype(np.uint8), np.ones((3, 3))) > 0)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    longer, shorter = stats[1:, 2:4].max(axis=1), stats[1:, 2:4].min(axis=1)
    written = (longer >= LEAST_LENGTH) & (longer <= CREASE * shorter)
    strong = np.unique(labels[depth > STRONG])
    plain = written[strong[strong > 0] - 1]
    return int(plain.sum()) < LEAST_STROKES and int(written.sum()) < LEAST_FAINT
