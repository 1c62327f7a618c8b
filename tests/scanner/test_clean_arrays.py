"""What hangs together of a mask is told alike, by all its pixels or by the masked ones alone."""

import cv2
import numpy as np
import pytest

from scanner.clean.arrays import MANY, parts_of


@pytest.mark.parametrize("share", [0.0, 0.002, 0.2, 0.5])
def test_parts_are_those_of_opencv_however_much_is_masked(share: float) -> None:
    rng = np.random.default_rng(1)
    for height, width in ((90, 61), (61, 90), (1, 40), (40, 1), (MANY // 200, 500)):
        mask = np.where(rng.random((height, width)) < share, 255, 0).astype(np.uint8)
        labels, stats = parts_of(mask)
        _, expected, measured, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
            mask, 8, cv2.CV_32S, cv2.CCL_BBDT
        )
        assert (labels == expected).all()
        assert (stats[1:] == measured[1:]).all() and stats.shape == measured.shape
        assert stats[0, cv2.CC_STAT_AREA] == measured[0, cv2.CC_STAT_AREA]
