"""The array words of this room: a picture is uint8, (H, W, 3) in BGR order or (H, W) in grey."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from kioskcore.ports import Box

Array = npt.NDArray[Any]

NOTHING: Array = np.zeros((1, 1), np.uint8)
"""The mask of a page on which there is nothing to be masked."""

MANY = 110_000  # pixels of a mask: fewer are counted by themselves sooner than with all of it

BAND = 64  # rows of a whole page that are worked on at a time

SHADES: Array = np.arange(256.0)

GREY_OF = np.array([0.114, 0.587, 0.299], np.float32)  # what each channel is of grey


def grey_of(image: Array) -> Array:
    """(H, W) uint8 of a BGR or grey picture; the input itself where it is grey."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def bgr_of(image: Array) -> Array:
    """(H, W, 3) uint8 of a BGR or grey picture; the input itself where it is BGR."""
    return image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)


def most_of(picture: Array) -> Array:
    """(H, W) the greatest of the three channels; the input itself where it is grey."""
    return _of_channels(picture, cv2.max)


def least_of(picture: Array) -> Array:
    """(H, W) the least of the three channels; the input itself where it is grey."""
    return _of_channels(picture, cv2.min)


def _of_channels(picture: Array, which: Callable[..., Array]) -> Array:
    """Band by band, which stays in the processor's cache: it takes less than half the time."""
    if picture.ndim == 2:
        return picture
    result: Array = np.empty(picture.shape[:2], picture.dtype)
    for first in range(0, len(picture), BAND):
        rows = slice(first, first + BAND)
        one, two, three = cv2.split(picture[rows])
        which(which(one, two), three, result[rows])
    return result


def straight_runs(mask: Array, length: int) -> Array:
    """What of a mask (H, W) runs on straight across or down for so many px."""
    ways = ((1, length), (length, 1))
    return cv2.max(*(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(way, np.uint8)) for way in ways))


def shrink(image: Array, long_side: int, way: int = cv2.INTER_AREA) -> tuple[Array, float]:
    """The picture with its long side at most `long_side` px, and the factor applied (<= 1).

    `way`: of the last step, by less than a half.
    """
    factor = 1.0
    while max(image.shape[:2]) >= 2 * long_side and min(image.shape[:2]) >= 2:
        image = halve(image)
        factor /= 2
    height, width = image.shape[:2]
    rest = long_side / max(height, width)
    if rest >= 1.0:
        return image, factor
    size = (max(1, round(width * rest)), max(1, round(height * rest)))
    return cv2.resize(image, size, interpolation=way), factor * rest


def shades_of(picture: Array) -> Array:
    """(256,) how many pixels of a uint8 picture or a part of it have each shade."""
    return cv2.calcHist([np.ascontiguousarray(picture)], [0], None, [256], [0, 256]).ravel()


def percentile(counts: Array, per_cent: float, values: Array = SHADES) -> float:
    """What numpy's of the same name says of so many of each value (N,), least first: it sorts them all."""
    up_to = np.cumsum(counts, dtype=np.int64)
    at = per_cent / 100 * (int(up_to[-1]) - 1)
    low, high = values[np.searchsorted(up_to, [int(at), min(int(at) + 1, up_to[-1] - 1)], side="right")]
    share = at - int(at)
    return float(low + (high - low) * share if share < 0.5 else high - (high - low) * (1 - share))


@contextmanager
def threads(count: int) -> Iterator[None]:
    """So many of OpenCV's own, for as long as that lasts; also a decorator.

    Where other work goes on beside, those on the second core are waited for more than they help.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(count)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def parts_of(mask: Array) -> tuple[Array, Array]:
    """What hangs together of a uint8 mask, over corners too: (H, W) labels and (N, 5) stats of OpenCV.

    The first is what is not masked. OpenCV's own choice of method takes twice as long for letters, and its
    stats up to four times as long as those of the masked pixels alone.
    """
    way = cv2.CCL_BBDT
    if cv2.countNonZero(mask) > MANY:
        _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(mask, 8, cv2.CV_32S, way)
        return labels, stats
    count, labels = cv2.connectedComponentsWithAlgorithm(mask, 8, cv2.CV_32S, way)
    where = np.flatnonzero(mask > 0)
    part = labels.ravel()[where]
    area = np.bincount(part, minlength=count)
    height, width = mask.shape
    stats = np.zeros((count, 5), np.int32)
    stats[0] = 0, 0, width, height, mask.size - len(where)
    if count > 1:
        few = part.astype(np.uint16) if count <= 1 << 16 else part  # these are sorted in a third of the time
        where = where[np.argsort(few, kind="stable")]
        y = where // width
        x = where - y * width
        first = np.cumsum(area[1:]) - area[1:]
        left, top = np.minimum.reduceat(x, first), y[first]
        right, low = np.maximum.reduceat(x, first), y[first + area[1:] - 1]
        stats[1:] = np.stack([left, top, right + 1 - left, low + 1 - top, area[1:]], axis=1)
    return labels, stats


def halve(image: Array) -> Array:
    """Half the size by the mean of 2x2; an odd last row or column is left out.

    Exact halves take OpenCV's fast path: eight megapixels in 2 ms instead of 20.
    """
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)


def darkest_half(grey: Array) -> Array:
    """Half the size, the darkest shade close by: thin strokes are as dark as they came."""
    height, width = grey.shape[0] // 2, grey.shape[1] // 2
    return cv2.erode(grey, np.ones((3, 3), np.uint8))[: 2 * height : 2, : 2 * width : 2]


def box_around(corners: Array, shape: tuple[int, ...]) -> Box:
    """Around corners (4, 2) in px, in parts of the picture."""
    parts = np.clip(corners / np.array(shape[1::-1]), 0, 1)
    (left, top), (right, bottom) = parts.min(axis=0).tolist(), parts.max(axis=0).tolist()
    return left, top, right - left, bottom - top


def plane_of(picture: Array, where: Array, stride: int = 1) -> Array:
    """(H, W, 3) float32, each channel the plane through that of a BGR picture `where` (H, W) is set.

    Every so many rows and columns are asked.
    """
    there = where[::stride, ::stride]
    rows, columns = (each.astype(np.float64) for each in np.nonzero(there))
    shades = picture[::stride, ::stride][there].astype(np.float64)
    # not by a product of matrices, whose threads would fight those of the others that work on the page
    terms = (np.ones_like(rows), columns * stride, rows * stride)
    square = np.array([[(one * other).sum() for other in terms] for one in terms])
    values = np.array([(shades * one[:, None]).sum(axis=0) for one in terms])
    level, across, down = np.linalg.lstsq(square, values, rcond=None)[0]
    height, width = where.shape
    result: Array = np.empty((height, width, 3), np.float32)
    for k in range(3):  # channel by channel: numpy is slow where what lies together is so short
        slope, drop = across[k] * np.arange(width) + level[k], down[k] * np.arange(height)
        np.add(slope, drop[:, None], out=result[..., k], casting="same_kind")
    return result
