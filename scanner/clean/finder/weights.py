"""How far an outline is believed to be a paper's rim: by its edges, and by what the eye says of it besides.

Each is a net with one small hidden layer. The tables are written by tests/bench/fit_finder.py from made-up
photographs; they are not edited by hand.
"""

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.outlines import EDGE_MEASURES, MEASURES

BESIDES = ("borders1", "borders2", "size", "bent", "covered_least", "ink_beside")  # asked with the eye
MOST = 12.0  # of the belief by edges, that counts for the second net

# A row for each measure: usual value, spread, direct weight, then the weights of the hidden cells.
# Then a row with the bias before the cells' thresholds, and a row with what each cell says.
EDGES = """
0.75 0.15 0.15 -0.19 -0.26 0.26 -0.22 -0.55 -0.21 0.64 0.41 -0.17 -0.27 -0.34 0.15 -0.78 -0.26
0.6 0.21 0.087 -0.67 -0.61 -0.14 -0.24 0.052 -0.21 0.36 0.73 -0.29 0.27 0.29 -0.44 -0.47 -0.71
0.7 0.17 0.5 -0.066 0.48 0.051 -0.35 -0.63 0.29 -0.072 -0.45 0.065 0.29 0.0014 0.86 -0.28 0.35
0.5 0.25 0.12 0.33 0.73 0.26 -0.16 0.5 0.37 0.26 -0.29 0.098 -0.2 -0.045 0.24 -0.18 0.41
0.24 0.16 -0.18 0.43 -0.18 0.06 0.53 -0.078 0.013 0.17 -0.38 0.19 0.47 0.51 0.31 0.31 -0.61
0.53 0.3 -0.19 -0.025 -0.33 1 0.19 0.11 -0.03 -0.031 -0.041 0.89 1.1 0.35 0.032 0.081 -0.6
0.71 0.29 0.28 -0.02 0.54 0.047 0.11 -0.053 0.33 -0.41 0.28 -0.049 -0.068 0.05 -0.27 0.37 -0.18
0.38 0.35 0.2 -0.44 -0.62 -0.021 -0.11 0.062 -0.34 0.033 0.038 -0.34 -0.17 -0.6 0.19 -0.17 -0.038
0.58 0.6 -0.11 -1 0.8 0.054 -1.2 0.16 0.43 0.85 0.77 0.18 0.24 -0.49 0.018 -0.12 -0.17
0.54 0.58 -0.75 -0.57 0.52 -0.024 -0.44 0.0014 0.074 0.14 0.77 -0.36 0.43 0.079 0.33 -0.1 0.79
0.65 0.24 0.72 0.054 -0.83 0.11 -0.043 0.15 -0.35 -0.69 0.086 -0.058 -0.3 -0.42 0.071 -0.031 -0.53
0.43 0.47 -0.071 0.32 0.19 -0.29 0.25 0.092 -0.28 0.13 -0.16 -0.16 0.29 -0.016 -0.033 -0.53 -0.33
0.24 0.43 -0.57 0.65 0.79 0.54 0.44 0.38 0.0029 -0.19 -0.52 0.14 1.1 -1.3 -0.39 -0.046 0.49
0.1 0.3 -1.1 0.56 0.64 -0.79 0.41 -0.24 0.22 -0.36 -0.3 -1.8 -0.47 0.75 -0.27 0.22 0.33
0.45 0.17 -0.54 0.042 0.22 -0.4 -0.16 0.63 -0.69 0.1 -0.48 0.41 -0.59 -0.29 -0.59 0.57 0.62
0.22 0.41 -1 0.41 0.96 -0.052 0.53 0.34 0.072 -0.073 0.028 -0.38 0.2 -0.51 -0.84 -0.73 0.57
0.6 0.29 0.46 -0.069 0.26 0.54 -0.063 -0.56 -0.1 -0.61 0.1 0.039 -0.2 -0.32 -0.23 -0.44 0.55
0.17 0.14 -0.64 -0.3 -0.36 -0.38 -0.34 0.34 -0.13 0.3 0.079 -0.26 0.13 -0.03 -0.13 -0.049 -0.4
0.26 0.14 -0.21 -0.096 0.071 0.068 0.12 -0.35 -0.013 -0.5 1 0.12 -0.22 -0.28 -0.072 0.29 -0.15
0.96 0.075 0.2 -0.22 0.27 -0.25 -0.13 0.2 0.25 -0.15 0.19 -0.22 -0.11 -0.18 0.53 -0.5 -0.027
0.4 0.33 0.37 -0.3 -0.046 0.48 -0.29 -1.8 0.73 -0.85 -0.1 -0.084 0.29 0.25 -0.0033 -0.22 0.054
0.21 0.52 -0.07 0.14 0.075 -0.089 0.052 -0.32 0.86 -0.24 0.14 0.7 -1.2 0.83 -0.27 -0.35 -0.16
0 0 -3.8 1.1 0.66 1.3 1.2 -1.7 1.7 -1.3 -1 1.5 0.98 1.2 -1.2 1.2 0.51
0 0 0 -1.3 -1.7 -1.4 -1.6 2.8 -1.6 1.7 1.4 -1.8 -1.6 -1.8 1.9 -1.4 -1.5
"""
EYE = """
-9.7 4.6 0.98 0.67 -0.14 0.37 -0.88 0.15 0.0075 0.84 0.072
0.25 0.43 -0.42 -0.18 -0.04 0.039 0.065 -0.57 0.32 -0.18 0.16
0.13 0.33 -0.41 -0.3 0.059 0.25 -0.011 -0.11 0.82 -0.22 0.74
0.47 0.18 0.029 -0.0042 -0.087 0.65 0.24 -0.59 0.085 0.055 -0.44
0.2 0.5 -0.18 -0.74 0.67 0.15 0.73 -0.11 -0.0038 0.6 -0.037
0.56 0.24 0.62 0.47 0.96 -0.25 0.13 -0.016 -0.24 0.52 0.012
0.16 0.12 -0.14 0.62 -0.76 -0.15 -0.82 -1.1 0.27 0.25 0.16
0.72 0.32 0.082 -0.87 0.15 -0.066 -0.2 0.52 -0.011 -0.35 -0.11
0.48 0.46 -0.44 -0.28 0.16 0.54 -0.098 0.33 -0.54 -0.26 0.57
0.66 0.36 -0.26 -0.65 0.048 1.2 0.025 -0.08 0.46 0.19 1.1
0.35 0.33 -0.11 -0.33 -0.57 -0.84 0.094 0.34 -0.081 0.11 -0.29
0.065 0.34 -0.12 -0.15 0.49 0.021 -0.089 -0.21 -0.69 -0.55 0.0082
0.43 0.28 0.21 -0.33 -0.77 -0.82 0.24 0.94 0.21 0.038 -0.31
0.15 0.27 -0.57 0.098 -0.035 -0.0036 0.38 0.15 -0.4 -0.71 0.077
0.062 0.19 0.5 0.043 -0.24 0.15 -0.12 1.4 0.64 0.36 0.57
0.57 0.42 -0.51 -0.37 -0.16 -0.0016 0.61 0.092 -0.45 -0.61 0.78
0.21 0.33 -0.67 -0.2 -0.33 -0.75 -0.097 0.86 1 -0.21 0.43
0.52 0.32 -0.26 0.22 0.15 0.052 0.29 -0.11 0.61 0.56 0.44
0.69 0.41 -0.3 0.04 -0.55 0.35 -1 0.6 0.71 0.35 -0.093
0.62 0.42 0.33 -0.071 0.29 0.54 0.016 -0.26 0.4 -1.2 -0.79
0 0 -3.4 -1.4 1.7 1.6 1.1 -0.68 1.1 -0.75 0.67
0 0 0 2 -2.4 -2.1 -1.7 2.2 -1.9 2 -1.7
"""


class _Net:
    """A table's numbers: usual values, spreads, direct weights, cells, thresholds, what the cells say."""

    def __init__(self, table: str) -> None:
        rows = np.array([line.split() for line in table.strip().splitlines()], float)
        self.usual, self.spread, self.direct = rows[:-2, :3].T
        self.cells = rows[:-2, 3:]
        self.bias, self.thresholds, self.says = rows[-2, 2], rows[-2, 3:], rows[-1, 3:]

    def __call__(self, measures: Array) -> Array:
        even = (measures - self.usual) / self.spread
        hidden = np.tanh(even @ self.cells + self.thresholds)
        result: Array = hidden @ self.says + even @ self.direct + self.bias
        return result


_by_edges, _with_eye = _Net(EDGES), _Net(EYE)
_ASKED = [MEASURES.index(name) for name in BESIDES]


def judge(measures: Array) -> Array:
    """(N,) beliefs: the logarithm of the odds that an outline is a paper's, against "no paper here"."""
    if np.isnan(measures).any():  # the eye is shut
        return _by_edges(measures[:, : len(EDGE_MEASURES)])
    return _with_eye(with_eye(measures))


def with_eye(measures: Array) -> Array:
    """(N, G) what the second net is asked: the belief by edges, some measures, all of the eye."""
    count = len(EDGE_MEASURES)
    first = np.clip(_by_edges(measures[:, :count]), -MOST, MOST)
    return np.concatenate([first[:, None], measures[:, _ASKED], measures[:, count:]], axis=1)
