"""Third copies: a pale body, in grey or violet carbon, below a black heading; where its words are is known.

`third_copy(rng, size_mm)` draws one as a scanner sees it; `lost_words(copy, page)` counts the words
that are not on a page made of it.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn.synth import SYLLABLES, font

LEAST_DARK = 25.0  # of 255 below the paper, that some of a word is


@dataclass(frozen=True)
class ThirdCopy:
    """BGR at `dpi`; `words` (N, 4): left, top, right, bottom of those of the body in px; `depth`: of 255,
    their ink."""

    image: np.ndarray
    words: np.ndarray
    depth: float
    dpi: float


def third_copy(rng: np.random.Generator, size_mm: tuple[float, float]) -> ThirdCopy:
    dpi = float(rng.choice((150, 200, 300)))
    unit = dpi / 25.4
    size = tuple(round(side * unit) for side in size_mm)
    black, pale = Image.new("L", size, 0), Image.new("L", size, 0)
    words: list[tuple[float, ...]] = []
    face, points = int(rng.integers(5)), float(rng.uniform(9, 12))
    y, rows = 12 * unit, 0
    while y < size[1] - 14 * unit:
        heading = rows < 2
        drawn = ImageDraw.Draw(black if heading else pale)
        letters = font(face, round((1.3 if heading else 1.0) * points * dpi / 72))
        x = 14 * unit
        while x < size[0] - 34 * unit:
            word = str(rng.choice(SYLLABLES))
            box = drawn.textbbox((x, y), word.upper() if heading else word, font=letters)
            drawn.text((x, y), word.upper() if heading else word, font=letters, fill=255)
            if not heading:
                words.append(box)
            x = box[2] + 0.3 * points * dpi / 72
        y, rows = y + 1.6 * points * dpi / 72, rows + 1
    depth, paper = float(rng.uniform(22, 75)), float(rng.uniform(234, 252))
    hue = np.array((0.6, 1.0, 0.8) if rng.random() < 0.4 else (1.0, 1.0, 1.0))
    body, heading_ink = (np.asarray(each, np.float32)[..., None] / 255 for each in (pale, black))
    seen = (paper - body * depth * hue) * (1 - 0.88 * heading_ink)
    seen = cv2.GaussianBlur(seen, (0, 0), float(rng.uniform(0.4, 0.7)) * max(1, dpi / 200))
    seen += rng.normal(0, float(rng.uniform(1, 2.5)), (*seen.shape[:2], 1))
    return ThirdCopy(np.clip(seen, 0, 255).astype(np.uint8), np.array(words).astype(int), depth, dpi)


def lost_words(copy: ThirdCopy, page: np.ndarray) -> int:
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    return sum(bool(grey[y:bottom, x:right].min() > 255 - LEAST_DARK) for x, y, right, bottom in copy.words)
