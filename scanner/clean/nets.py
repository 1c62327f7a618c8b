"""The small nets of the page finder: read once from beside the code, each a file that OpenCV reads.

They were trained on made-up pictures by scripts in tests/bench. The finder does without one that is missing.
"""

import logging
from functools import cache
from pathlib import Path
from threading import Lock

import cv2
import numpy as np

from scanner.clean.arrays import Array

_one_at_a_time = Lock()  # a net keeps what it works on in itself


def answer(file: Path, *views: Array) -> Array | None:
    """What a net says of float32 (N, C, H, W); None where its file is missing or damaged.

    Where it sees several, its inputs are named view0, view1.
    """
    net = _opened(file)
    if net is None:
        return None
    with _one_at_a_time:
        for k, view in enumerate(views):
            net.setInput(np.ascontiguousarray(view), f"view{k}" if len(views) > 1 else "")
        result: Array = net.forward().copy()
    return result


@cache
def _opened(file: Path) -> cv2.dnn.Net | None:
    """The net; None, and a warning once, where it cannot be read."""
    try:
        return cv2.dnn.readNetFromONNX(str(file))
    except cv2.error:
        logging.getLogger(__name__).warning("page finder does without %s, which cannot be read", file.name)
        return None
