"""The weights by which a quadrangle is believed to be a paper, fitted to made-up photographs."""

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.quads import MEASURES, Quads

BIAS = -24.708
WEIGHTS = {
    "covered": 11.177,
    "covered_least": 3.734,
    "beyond": -9.687,
    "beyond_most": -4.492,
    "step": 5.473,
    "step_least": 6.029,
    "rough": -0.355,
    "borders1": -8.892,
    "borders2": -17.276,
    "size": 2.766,
    "outward": -7.121,
    "ink_out": -4.510,
    "ink_beside": -3.369,
    "slant": 7.159,
    "ratio": -5.284,
}


def judge(quads: Quads) -> Array:
    """(N,) beliefs: the logarithm of the odds that a quadrangle is a paper, against "no paper here"."""
    weights = np.array([WEIGHTS[name] for name in MEASURES])
    result: Array = quads.measures @ weights + BIAS
    return result
