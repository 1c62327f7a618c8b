"""Forms with tinted fields on which the shadow of a hand or a phone lies, as in a photograph.

`in_shadow(rng, form)` lays one on a form; `left_dark(form, page)` tells how much of its bare paper is dark on
a page made of it.
"""

import cv2
import numpy as np

from tests.bench.drawn.pencilled import Pencilled

WHITE = 225  # of 255: paper is brighter on a clean page


def in_shadow(rng: np.random.Generator, form: Pencilled) -> np.ndarray:
    """BGR: the form with a shadow over about half of it, sharp or soft, its rim a little bent."""
    height, width = form.image.shape[:2]
    unit = form.dpi / 25.4
    y, x = np.mgrid[:height, :width].astype(np.float32)
    (across, down), way = rng.uniform(0.35, 0.65, 2), rng.uniform(0, 2 * np.pi)
    off = (x - width * across) * np.cos(way) + (y - height * down) * np.sin(way)
    off += rng.uniform(0, 6) * unit * np.sin(y / unit / rng.uniform(20, 60))
    soft = float(rng.uniform(0.5, 3) if rng.random() < 0.5 else rng.uniform(5, 25)) * unit
    taken = np.clip(off / soft + 0.5, 0, 1) * rng.uniform(0.35, 0.65)
    light = 1 - taken[..., None] * np.array([rng.uniform(0.85, 1), 1, 1])
    return np.asarray(np.clip(form.image * light, 0, 255), np.uint8)


def left_dark(form: Pencilled, page: np.ndarray) -> float:
    """0..1 of the bare paper."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    printed = cv2.resize(form.printed, grey.shape[::-1], interpolation=cv2.INTER_AREA)
    bare = cv2.dilate((printed > 0.02).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    return float((grey[bare] < WHITE).mean())
