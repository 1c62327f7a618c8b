"""How surely an outline is the rim of a paper, by the picture straightened: two nets, closely and from afar.

They are asked of a few outlines: of what was found, and of what was moved to a rim where nothing was. The net
in trust.onnx was trained on made-up pictures by tests/bench/fit_trust.py.
"""

from pathlib import Path

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.eye import Seen
from scanner.clean.nets import answer
from scanner.clean.snap import HOPELESS, said_of
from scanner.clean.views import View, halves

FILE = Path(__file__).with_suffix(".onnx")
CLOSELY, AFAR = View(side=128, beside=19), View(side=64, beside=16)
SAME_PX = 6.0  # of the small picture, between corners of one rim


def trust_in(small: Array, seen: Seen, corners: Array) -> Array | None:
    """(N,) the logarithms of the odds that outlines (N, 4, 2) are papers', of both nets; None without one.

    The corners clockwise from top left, in px of `small` (H, W, 3). Of what is hopeless for the one net the
    other, which never outweighs that, is not asked.
    """
    if not len(corners):
        return np.zeros(0)
    sizes = halves(small)
    beside = said_of(sizes, seen, corners)
    if beside is None:
        return None
    trust = beside[:, 8].astype(float)
    hope = trust > HOPELESS
    if hope.any():
        said = answer(FILE, *(view.straightened(sizes, seen, corners[hope]) for view in (CLOSELY, AFAR)))
        if said is None:
            return None
        trust[hope] += said[:, 0]
    return trust


def agreed(corners: Array, trust: Array) -> tuple[Array, float]:
    """The rim (4, 2) of outlines (N, 4, 2) to which most trust (N,) has moved, and how much; N > 0.

    What came to the same place from several outlines is trusted for each of them.
    """
    far = np.abs(corners[:, None] - corners).max(axis=(2, 3))
    same = np.where(far <= SAME_PX, trust, -np.inf)
    total = np.logaddexp.reduce(same, axis=1)
    most = int(np.argmax(total))
    return corners[int(np.argmax(same[most]))], float(total[most])
