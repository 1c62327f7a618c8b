"""Tells a photograph whose file claims dots per inch, as a PDF's pages and some telephones' do, from a scan.

Around the paper on a scanner's glass lies a lid, white or black and evenly lit, and the paper's corners are
right angles. Around a photographed one lies a table, and mostly it is seen aslant.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, shrink
from scanner.clean.finder.eye import look_with_eye
from scanner.clean.finder.find import find_page
from scanner.clean.geometry.flatten import off_square

SIDE, EYE_SIDE, WIDE = 160, 480, 0.03  # px of the copies that are looked at; of their sides, the rim
STROKE_PX, PARTS = 5, 12  # wider than a letter's strokes; of a side of the rim
WHITE, BLACK, GREY, COLOURLESS = 195, 40, 100, 8  # of 255: lids, the third without tint; between channels
ALONG, LEAST, CERTAIN = 0.35, 0.3, 0.97  # paper for the eye along a side, amid; confidence in its outline
ASLANT, TINTED, SQUARE = 4.0, 1.5, 0.1  # degrees off a right angle; of a tinted table; ALONG if square
BESIDE, STEP, PLACES = 0.02, 0.15, np.linspace(0.1, 0.9, 33)[:, None]  # of a copy's side; in logarithms
DIM = 8.0  # added to each channel: the tint of what is nearly black is noise


def is_photograph(image: Array) -> bool:
    """Whether a camera took a picture (H, W, 3), for certain: a paper is found, on what is no scanner's lid.

    Where no paper is found, or it may be one on the glass, it counts as a scan.
    """
    tinted = _has_table(shrink(bgr_of(image), SIDE)[0])
    if tinted is None:
        return False
    small, factor = shrink(bgr_of(image), EYE_SIDE)
    seen = look_with_eye(small)
    if seen is None:
        return False
    along = float(seen.along_border().max())
    if along > ALONG or seen.amid() < LEAST:
        return False
    found = find_page(image)
    if found.corners is None or found.confidence < CERTAIN:
        return False
    off = off_square(found.corners)
    if off > (TINTED if tinted else ASLANT):
        return True
    return bool(tinted and along < SQUARE) and _ends_all_around(small, (found.corners + 0.5) * factor - 0.5)


def _has_table(small: Array) -> bool | None:
    """Whether most of the rim is tinted; None where it is as white or as black as lids and paper are."""
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    wide = max(2, round(WIDE * min(small.shape[:2])))
    sides = [side.reshape(-1, 3) for side in (bare[:wide], bare[-wide:], bare[:, :wide], bare[:, -wide:])]
    rim = np.concatenate(sides).astype(int)
    light, tint = rim.max(axis=1), rim.max(axis=1) - rim.min(axis=1)
    usual, tinted = float(np.median(light)), bool(np.median(tint) > COLOURLESS)
    return None if usual > WHITE or usual < (BLACK if tinted else GREY) else tinted


def _ends_all_around(small: Array, corners: Array) -> bool:
    """Whether beyond each side of a paper, corners (4, 2) clockwise, lies what is not like it: no printed
    line on one sheet."""
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((STROKE_PX, STROKE_PX), np.uint8))
    light = np.log(bare.astype(np.float32) + DIM)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
        outward = np.array([way[1], -way[0]]) * BESIDE * max(small.shape[:2])
        sides = (start + (end - start) * PLACES + each for each in (-outward, outward))
        limit = np.array(small.shape[1::-1]) - 1
        within, beyond = (
            np.median(light[tuple(np.clip(np.rint(places), 0, limit).astype(int).T[::-1])], axis=0)
            for places in sides
        )
        if np.abs(within - beyond).max() < STEP:
            return False
    return True
