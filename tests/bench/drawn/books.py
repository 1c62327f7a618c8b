"""Made-up photographs of open books: a page with the page beside it, the block of pages below and the cover.

The whole spread is one sheet in space that dips into the gutter; one page fills the picture.
"""

import cv2
import numpy as np

from tests.bench.drawn.synth import Paper
from tests.bench.drawn.tabletop import Sheet, Shot, develop, lay, light, stand, table_top

SIZE = (512, 384)
BORDER = 30  # points along a side of a page's rim


def open_book(
    rng: np.random.Generator, page: Paper, facing: Paper, table: str, size: tuple[int, int] = SIZE
) -> Shot:
    """The corners are those of the page that fills the picture; `rims` has the other page too."""
    height, width = size
    left = bool(rng.random() < 0.5)
    face, pages = _spread(rng, *((page, facing) if left else (facing, page)))
    dots = face.shape[0] / page.height_mm
    spread = Paper(face, "", face.shape[1] / dots, page.height_mm, 25.4 * dots)
    image = table_top(rng, table, height, width)
    sheet = stand(
        rng, spread, _box(rng, size, spread, left), bend="book", strength=float(rng.uniform(0.15, 0.9)),
        tilt=18, upright=True,
    )  # fmt: skip
    lay(rng, image, sheet)
    light(rng, image, table)
    image *= float(np.exp(rng.uniform(-0.7, 0.1)))  # a book is often read in the shade
    main, other = (_rim(sheet, each) for each in (pages if left else pages[::-1]))
    corners = main[[0, BORDER, 2 * BORDER, 3 * BORDER]]
    return Shot(develop(rng, image, None), [corners], table, "book", (main, other))


def _spread(
    rng: np.random.Generator, left: Paper, right: Paper
) -> tuple[np.ndarray, list[tuple[float, float, float, float]]]:
    """Both pages on their block and cover, BGR, and the pages' left, top, right, bottom in parts of it."""
    high = max(left.image.shape[0], 400)
    wide = round(high * rng.uniform(0.6, 0.8))
    old = rng.uniform([0.6, 0.8, 0.92], 1) if rng.random() < 0.6 else np.ones(3)
    leaves = [cv2.resize(each.image, (wide, high), interpolation=cv2.INTER_AREA) for each in (left, right)]
    both = np.hstack(leaves) * old
    depth = np.abs(np.arange(2 * wide) - wide + 0.5)
    both *= 1 - rng.uniform(0, 0.6) * np.exp(-depth / (wide * rng.uniform(0.01, 0.12)))[:, None]
    below = [round(high * share) for share in rng.uniform(0, [0.02, 0.09, 0.03, 0.09])]
    block = _lined(rng, both, below, old)
    cover = [round(high * share) for share in rng.uniform(0, 0.04, 4)]
    tone = rng.uniform(10, 140, 3).tolist()
    face = cv2.copyMakeBorder(block, *_tblr(cover), cv2.BORDER_CONSTANT, value=tone)
    rows, columns = face.shape[:2]
    x, y = below[3] + cover[3], below[0] + cover[0]
    sides = [(x + k * wide, y, x + (k + 1) * wide, y + high) for k in (0, 1)]
    parts = [(a / columns, b / rows, c / columns, d / rows) for a, b, c, d in sides]
    return face.astype(np.uint8), parts


def _lined(rng: np.random.Generator, pages: np.ndarray, below: list[int], old: np.ndarray) -> np.ndarray:
    """The edges of the pages below around: lines along them, a little darker than paper."""
    block = cv2.copyMakeBorder(pages, *_tblr(below), cv2.BORDER_CONSTANT, value=(0, 0, 0))
    rows, columns = block.shape[:2]
    tone = rng.uniform(110, 225)
    across = tone + rng.normal(0, rng.uniform(5, 35), columns)
    down = tone + rng.normal(0, rng.uniform(5, 35), rows)
    lined = np.repeat(across[None], rows, 0)
    lined[: below[0]] = down[: below[0], None]
    lined[rows - below[2] :] = down[rows - below[2] :, None]
    edge = np.ones((rows, columns), bool)
    edge[below[0] : rows - below[2], below[3] : columns - below[1]] = False
    block[edge] = np.clip(lined[edge], 0, 255)[:, None] * old
    return block


def _tblr(sides: list[int]) -> tuple[int, int, int, int]:
    """Of top, right, bottom, left as OpenCV has them."""
    return sides[0], sides[2], sides[3], sides[1]


def _box(
    rng: np.random.Generator, size: tuple[int, int], spread: Paper, left: bool
) -> tuple[float, float, float, float]:
    """Where the spread is to lie, so that its page fills the picture."""
    height, width = size
    high = height * rng.uniform(0.8, 1.02)
    wide = high * spread.width_mm / spread.height_mm
    page = wide / 2
    start = (width - page) * rng.uniform(0.1, 0.9) - (0 if left else page)
    top = (height - high) * rng.uniform(0, 1)
    return start, top, start + wide, top + high


def _rim(sheet: Sheet, part: tuple[float, float, float, float]) -> np.ndarray:
    """(4 * BORDER, 2) all around a page, from its corner at the top left."""
    left, top, right, bottom = part
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
    t = np.arange(BORDER)[:, None] / BORDER
    ways = [a + (b - a) * t for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    return sheet.seen(np.concatenate(ways))
