"""Tells which way up the lines of a few letters are, from the ink that stands out of them above and below.

Far more of Vietnamese letters rises over the small ones (stems, circumflexes, horns, tone marks) than hangs
below, and feet stand more exactly on one line than tops do. Both are seen in the ink of a line as a whole,
whether marks have melted with their letters or not.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.geometry.textlines import text_lines

NEAR_PX, PALEST, DARKEST = 61, 8, 60  # ink is darker than what is around it by so much; of 255
STEPS = 16  # rows of the picture of a line to the height of its letters
OUT, WITHIN, AGAINST = 0.3, 0.33, 0.25  # of that height: ink so far out of letters counts, so far in against
MOST = 800  # letters, about, by which a page tells itself
LONG = 6  # letters' heights: a shorter line does not tell how it leans


class Rise(NamedTuple):
    """Of so many `letters` in lines: the `part` of the ink that rises more than hangs, below 0 upside down,
    how many standard errors that is, and how `crisp` the lines are: the greatest step of their ink from one
    row to the next, in parts of the most that is in a row."""

    letters: int = 0
    part: float = 0.0
    errors: float = 0.0
    crisp: float = 0.0

    def beyond(self, part: float, errors: float) -> bool:
        """Whether so much rises or hangs, by so many standard errors."""
        return abs(self.part) >= part and abs(self.errors) >= errors


def rise_of(grey: Array, letters: Array) -> Rise:
    """Of a grey page whose lines lie level, and the boxes (N, 4) of its letters."""
    if not len(letters):
        return Rise()
    (left, right), (top, bottom) = letters[:, ::2].T, letters[:, 1::2].T
    middle, half = (top + bottom) / 2, np.median(bottom - top) / 2
    lines = text_lines(np.stack([left, middle - half, right, middle + half], axis=1))  # alike upside down
    near = cv2.blur(grey, (NEAR_PX, NEAR_PX), borderType=cv2.BORDER_REPLICATE)
    ink = np.clip(cv2.subtract(near, grey), PALEST, DARKEST) - PALEST
    some = lines.starts[:: 1 + len(lines.line) // MOST]
    cells = [_cells(ink, letters[lines.box[lines.line == line]]) for line in some]
    if not cells:
        return Rise()
    rising, *rows = np.concatenate(cells, axis=1)
    whole, profile = np.sum(rows, axis=0), np.sum(rows, axis=1)
    part = rising.sum() / max(whole.sum(), 1.0)
    error = np.sqrt(((rising - part * whole) ** 2).sum()) / max(whole.sum(), 1.0)
    crisp = np.abs(np.diff(profile)).max() / max(profile.max(), 1.0)
    return Rise(len(lines.line), float(part), float(part / max(error, 1e-9)), float(crisp))


def _cells(ink: Array, letters: Array) -> Array:
    """(1 + rows, N) of each place of a line, as wide as its letters (N, 4) are high: how much more of its ink
    rises than hangs, and all of it row by row."""
    left, top, right, bottom = letters.T
    middle = (left + right - 1) / 2
    usual = np.median(bottom - top)
    lean = np.polyfit(middle, (top + bottom) / 2, 1)[0] if np.ptp(middle) > LONG * usual else 0.0
    top, bottom = (np.median(each - lean * middle) for each in (top, bottom))
    down = np.arange(-STEPS, STEPS + 1)[:, None] / STEPS
    across = np.arange(left.min(), right.max())[None]
    rows = lean * across + (top + bottom - 1) / 2 + down * (bottom - top)
    places = np.broadcast_to(across, rows.shape)
    shown = cv2.remap(ink, places.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)
    off = np.abs(down) - 0.5
    weight = np.where(off > 0, off < OUT, -AGAINST * (off > -WITHIN)) * -np.sign(down)
    starts = np.arange(0, across.size, max(1, round(usual)))
    columns = np.concatenate([(weight * shown).sum(axis=0)[None], shown])
    result: Array = np.add.reduceat(columns, starts, axis=1)
    return result
