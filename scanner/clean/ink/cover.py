"""Tells the cover of a booklet from a page in the dark: one deep colour all over, of no lamp.

A cover has no bare paper whose light could be taken out: dark red became half white and half violet.
"""

import cv2
import numpy as np

from scanner.clean.arrays import GREY_OF, Array, bgr_of, grey_of, shrink

STRIDE, SIDE, AROUND_SIDE = 16, 64, 160  # px; of the copies of a page and of a picture that are looked at
DEEP, COOL, SCANNED = 90, 120, 170  # of 255, the brightest: by any light, of no lamp's colour, by a scanner's
TINT = 0.39  # between its colours, in parts of the greatest, as the next
FLOOR = 8  # of 255, added to each colour: that of what is nearly black is noise
ALL_OVER, ALIKE = 0.7, 0.25  # of the page; between its colours, in parts of the greatest
LIT, BRIGHTER, LIGHT = 70, 1.2, 75  # of 255; than the page, what lies around; percentile there
RED = 2  # of BGR
RIM = 0.03  # of the picture's longer side, around the page, where its shadow lies


def is_cover(seen: Array, image: Array, quad: Array | None, *, scanned: bool) -> bool:
    """Of a flat page, BGR or grey, in a picture between corners (4, 2), None if it fills the picture.

    A scanner has its own light. No lamp makes white paper deeply blue or green; red and brown it may seem: in
    a photograph the light is seen beside the page, of another colour than it.
    """
    if seen.ndim == 2 or (quad is None and not scanned):
        return False
    own = np.median(seen[::STRIDE, ::STRIDE].reshape(-1, 3), axis=0)
    cool = bool(own.argmax() < RED)
    if float(own.mean()) > (SCANNED if scanned else COOL if cool else DEEP) or _tint(own + FLOOR) < TINT:
        return False
    small, _ = shrink(seen, SIDE)
    share = (small.reshape(-1, 3).astype(np.float32) + FLOOR) / (own + FLOOR)
    alike = np.ptp(share / share.max(axis=1, keepdims=True), axis=1) < ALIKE
    if alike.mean() < ALL_OVER:
        return False
    return quad is None or scanned or cool or _is_lit_around(image, quad, own)


def _is_lit_around(image: Array, quad: Array, own: Array) -> bool:
    """Whether what lies around is bright, and a page of such a colour (3,) is darker and of another tint."""
    small, scale = shrink(bgr_of(image), AROUND_SIDE)
    around = np.full(small.shape[:2], 255, np.uint8)
    ring = [np.round((quad + 0.5) * scale - 0.5).astype(np.int32)]
    cv2.fillPoly(around, ring, 0)
    cv2.polylines(around, ring, True, 0, 2 * round(RIM * AROUND_SIDE))
    beside = small[around > 0]
    if not len(beside):
        return False
    light = grey_of(beside[:, None])[:, 0]
    bright = np.percentile(light, LIGHT)
    if bright < max(LIT, BRIGHTER * float(own @ GREY_OF)):
        return False
    white = np.median(beside[light >= bright], axis=0)
    return _tint((own + FLOOR) / (white + FLOOR)) > TINT


def _tint(colour: Array) -> float:
    return float(np.ptp(colour) / colour.max())
