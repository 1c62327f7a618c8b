"""How surely an outline is the rim of a paper, by the picture straightened: two nets, closely and from afar.

They are asked of a few outlines: of what was found, and of what was moved to a rim where nothing was. The net
in trust.onnx was trained on made-up pictures by tests/bench/fit_trust.py.
"""

from pathlib import Path

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.eye import Seen
from scanner.clean.finder.snap import HOPELESS, said_of
from scanner.clean.finder.views import View, halves
from scanner.clean.nets import answer

FILE = Path(__file__).with_suffix(".onnx")
CLOSELY, AFAR = View(side=128, beside=19), View(side=64, beside=16)
FAR_LESS = 5.0  # of the odds; of 21 pictures none had so little at the rim that was taken
SAME_PX = 6.0  # of the small picture, between corners of one rim


def trust_in(small: Array, seen: Seen, corners: Array) -> Array | None:
    """(N,) the logarithms of the odds that outlines (N, 4, 2) are papers', of both nets; None without one.

    The corners clockwise from top left, in px of `small` (H, W, 3). Of what is hopeless for the one net, or
    far less likely than the likeliest, the other, which never outweighs that, is not asked; and only of the
    likeliest of those that have come to one rim.
    """
    if not len(corners):
        return np.zeros(0)
    sizes = halves(small)
    beside = said_of(sizes, seen, corners)
    if beside is None:
        return None
    trust = beside[:, 8].astype(float)
    hope = np.argsort(-trust)[: np.count_nonzero(trust > max(HOPELESS, trust.max() - FAR_LESS))]
    if trust.max() > HOPELESS:
        asked, like = np.unique(_same(corners[hope]).argmax(axis=1), return_inverse=True)
        rims = corners[hope[asked]]
        said = answer(FILE, *(view.straightened(sizes, seen, rims) for view in (CLOSELY, AFAR)))
        if said is None:
            return None
        trust[hope] += said[like, 0]
    return trust


def _same(corners: Array) -> Array:
    """(N, N) which of outlines (N, 4, 2) have come to one rim."""
    result: Array = np.abs(corners[:, None] - corners).max(axis=(2, 3)) <= SAME_PX
    return result


def agreed(corners: Array, trust: Array) -> tuple[Array, float]:
    """The rim (4, 2) of outlines (N, 4, 2) to which most trust (N,) has moved, and how much; N > 0.

    What came to the same place from several outlines is trusted for each of them.
    """
    same = np.where(_same(corners), trust, -np.inf)
    total = np.logaddexp.reduce(same, axis=1)
    most = int(np.argmax(total))
    return corners[int(np.argmax(same[most]))], float(total[most])
