"""Tells print that is seen from its back, for its letters are mirrored, without reading them.

Most Latin letters have a stem on their left and are open on their right. How much more of their ink is on one
side than on the other, row by row, is much the same in all faces, on the mean over the letters of a page.
tests/bench/fit_mirror.py weighs it.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.geometry.textlines import upright
from scanner.clean.geometry.turn import Turn

ROWS, COLUMNS = 8, 4  # of a letter; columns of a half, that are taken two by two
LEAST_LETTERS, MOST_LETTERS = 80, 600
LETTER_PX, LETTER_WIDE = 6, (0.4, 1.3)  # least height; of it: others are strokes, or letters grown together
WEIGHTS = np.array([(-6, -4), (41, -5), (-49, 13), (-13, 25), (67, 15), (36, -2), (-12, -22), (-18, 21)])
MIRRORED = -0.4  # print has 0.75 on the mean, mirrored -0.75
PLAIN = 0.5  # vote for the turn: what is turned the wrong way is mirrored as well as not


def is_mirrored(grey: Array, turn: Turn) -> bool:
    """Whether the letters of a grey page are mirrored, given its turn."""
    if not turn.sure or abs(turn.vote) < PLAIN:
        return False
    letters, _ = upright(turn.letters, grey.shape, turn.degrees // 90)
    sides = sides_of(np.rot90(grey, -(turn.degrees // 90)), letters)
    return sides is not None and float((sides * WEIGHTS).sum()) < MIRRORED


def sides_of(grey: Array, letters: Array) -> Array | None:
    """(ROWS, 2): how much more of the ink of letters (N, 4) of an upright grey page is on their left than on
    their right, in each row of the outer and of the inner quarters, in parts of all; None of few letters."""
    wide, high = letters[:, 2] - letters[:, 0], letters[:, 3] - letters[:, 1]
    whole = (high >= LETTER_PX) & (wide > LETTER_WIDE[0] * high) & (wide < LETTER_WIDE[1] * high)
    chosen = letters[whole].astype(int)
    if len(chosen) < LEAST_LETTERS:
        return None
    found = np.zeros((ROWS, COLUMNS), np.float32)
    chosen = chosen[:: -(-len(chosen) // MOST_LETTERS)]
    for left, top, right, bottom in chosen.tolist():
        letter = grey[top:bottom, left:right]
        ink = cv2.resize(
            letter.max() - letter.astype(np.float32), (2 * COLUMNS, ROWS), interpolation=cv2.INTER_AREA
        )
        found += (ink - ink[:, ::-1])[:, :COLUMNS] / max(float(ink.sum()), 1.0)
    result: Array = found.reshape(ROWS, 2, COLUMNS // 2).sum(axis=2) / len(chosen)
    return result
