"""The rows of scan_quality about several papers on the glass, and about pages that only look like several."""

from collections.abc import Iterator

import cv2
import numpy as np

from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from scanner.clean.papers.glass import look_on_glass
from scanner.clean.papers.place import find_pages
from tests.bench.drawn.glass import KINDS, PAGES, near, several, single
from tests.bench.drawn.tabletop import overlap
from tests.bench.quality.cards import Seen
from tests.bench.quality.crops import RIGHT
from tests.bench.quality.measure import Asked, Row

DPI = (150, 200, 300)


def as_jpeg(image: np.ndarray) -> np.ndarray:
    """As most scanners send it."""
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])[1], cv2.IMREAD_COLOR)


def apart(asked: Asked) -> Iterator[Row]:
    """By kind of papers; then all kinds of single pages together, none of which may be cut, few blamed."""
    first = asked.seed + 33_000
    for kind in KINDS:
        seen = Seen()
        for seed in range(first, first + asked.count):
            glass = several(np.random.default_rng(seed), kind, DPI[seed % 3])
            image = as_jpeg(glass.image) if seed % 2 else glass.image
            found = [page.corners for page in find_pages(image, dpi=glass.dpi)]
            seen.look(seed, glass.corners, found)
        yield seen.row(f"several on the glass: {kind}", 0.95)
    yield close(asked, first)
    looks = [
        look_on_glass(single(np.random.default_rng(first + k), PAGES[k % len(PAGES)]).image, 150)
        for k in range(4 * asked.count)
    ]
    cut, told = (sum(bool(each) for each in values) for values in zip(*looks, strict=True))
    reached = f"cut {cut} of {len(looks)}, told {told}"
    yield Row("single pages taken for several", reached, "0; 1 %", not cut and told <= 0.01 * len(looks))


def close(asked: Asked, first: int) -> Row:
    """Two slips near each other; best parted, told at least."""
    parted = told = wrong = 0
    for seed in range(first, first + 2 * asked.count):
        glass = near(np.random.default_rng(seed), DPI[seed % 3])
        image = as_jpeg(glass.image) if seed % 2 else glass.image
        page = clean_page(image, dpi=glass.dpi)
        quads = [each.corners for each in page.laid or () if each.corners is not None]
        right = [any(overlap(quad, truth) >= RIGHT for truth in glass.corners) for quad in quads]
        parted += right == [True, True]
        wrong += not all(right)
        told += Verdict.SEVERAL.value in page.verdicts
    pairs = 2 * asked.count
    reached = f"parted {parted} of {pairs}, told {told}, wrong {wrong}"
    holds = not wrong and parted + told >= 0.9 * pairs
    return Row("two slips near each other", reached, "90 %, none wrong", holds)
