"""Finds the tint that a form is printed with, also where it is as narrow as between two letter-boxes.

There it is as crisp as writing. But nothing of it is darker than the tinted block that it is a part of, and
it runs straight, across or down.
"""

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, parts_of, percentile, shades_of, straight_runs
from scanner.clean.ink.light import PAPER_WHITE
from scanner.clean.ink.pale import Pale

PAPER = 95  # percentile of the light of the page: no tint is so bright
WIDE_PX, REACH_PX = 9, 31  # at 75 dots an inch: of a tinted block at least; around it, where boxes lie
LEAST, UNEVEN = 6, 4  # of 255: of its depth; how much that differs within 5 px, and in a shadow's rim more
PART, OVER = 0.5, 4  # of its depth, that a narrow band has at least; of 255, more, and it is ink
STRAIGHT_PX = 15  # runs no letter


def tint_of(pale: Pale) -> Array:
    """0/255 as `pale.even`, NOTHING where no block is tinted."""
    seen = cv2.multiply(pale.even, pale.light, scale=1 / PAPER_WHITE)
    paper = percentile(shades_of(pale.light[::2, ::2]), PAPER)
    depth = cv2.subtract(np.full_like(seen, round(paper)), seen)
    wide = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((WIDE_PX, WIDE_PX), np.uint8))
    uneven = cv2.morphologyEx(wide, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8))
    block = (wide >= LEAST) & (uneven <= UNEVEN)
    if not block.any():
        return NOTHING
    near = cv2.dilate(np.where(block, wide, np.uint8(0)), np.ones((REACH_PX, REACH_PX), np.uint8))
    tinted = (near > 0) & (depth >= PART * near) & (cv2.subtract(depth, near) <= OVER)
    alike = np.where(tinted, np.uint8(255), np.uint8(0))
    labels, stats = parts_of(straight_runs(alike, STRAIGHT_PX))
    of_block = np.bincount(labels[block], minlength=len(stats)) > 0
    of_block[0] = False
    result: Array = np.where(of_block, np.uint8(255), np.uint8(0))[labels]
    return result
