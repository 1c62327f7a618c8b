"""Snaps an outline to the rim of the paper under it, and says how surely there is one.

The picture is straightened by the outline; a net says how far each corner is from the paper's, and that is
done again from there. It finds what no straight edge tells: a side that grain outvotes, the page of a book.
The net in snap.onnx was trained on made-up pictures by tests/bench/fit_snap.py.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.eye import Seen
from scanner.clean.nets import answer

FILE = Path(__file__).with_suffix(".onnx")
SIDE, BESIDE = 80, 12  # of the straightened picture, px; of what is seen around the outline
FAR = 8.0  # px that the net calls 1
TIMES = 3
SAME_PX = 6.0  # of the small picture, between corners of one rim
RING_PX = 6.0  # from the outline, up to which a place knows how far it is
FINER = 0.3  # of an octave: how much finer than needed the picture may be, from which it is straightened
GREY = (128, 128, 128)  # beyond the picture
LEAST_HALVED = 60  # px of the shorter side, of a picture that is halved once more
LEAST_PX = 15.0  # of the small picture: a side of an outline that can be straightened


@dataclass(frozen=True)
class Snapped:
    """Outlines (N, 4, 2) moved to rims; the logarithms of the odds (N,) that these are papers'."""

    corners: Array
    beliefs: Array


def snapped(small: Array, seen: Seen, corners: Array) -> Snapped | None:
    """The outlines (N, 4, 2), clockwise from top left in px of `small` (H, W, 3), moved; None without a net.

    What is no more an outline on the way is left out.
    """
    sizes = halves(small)
    corners = corners[[is_outline(quad, small.shape) for quad in corners]]
    for _ in range(TIMES):
        said = _said(sizes, seen, corners)
        if said is None:
            return None
        way = [moved(*each) for each in zip(corners, said, strict=True)]
        corners = np.array([quad for quad in way if is_outline(quad, small.shape)]).reshape(-1, 4, 2)
    said = _said(sizes, seen, corners)
    return None if said is None else Snapped(corners, said[:, 8].astype(float))


def agreed(rims: Snapped) -> tuple[Array, float]:
    """The rim (4, 2) to which most belief has moved, and its logarithm; there must be one.

    What came to the same place from several outlines is believed for each of them.
    """
    far = np.abs(rims.corners[:, None] - rims.corners).max(axis=(2, 3))
    same = np.where(far <= SAME_PX, rims.beliefs, -np.inf)
    total = np.logaddexp.reduce(same, axis=1)
    most = int(np.argmax(total))
    return rims.corners[int(np.argmax(same[most]))], float(total[most])


def _said(sizes: list[Array], seen: Seen, corners: Array) -> Array | None:
    """(N, 9) what the net says of outlines."""
    return answer(FILE, straightened(sizes, seen, corners)) if len(corners) else np.zeros((0, 9), np.float32)


def straightened(sizes: list[Array], seen: Seen, corners: Array) -> Array:
    """(N, 6, SIDE, SIDE) float32 -1..1: B, G, R, paper and rim of the eye, and how far within the outline.

    `sizes`: the picture, in px of which the `corners` are, and its halves.
    """
    result = np.empty((len(corners), 6, SIDE, SIDE), np.float32)
    result[:, 5] = ring()
    sides = np.linalg.norm(np.roll(corners, -1, axis=1) - corners, axis=2).mean(axis=1)
    octaves = np.floor(np.log2(np.maximum(sides / (SIDE - 2 * BESIDE), 1)) + FINER)
    for k, (quad, octave) in enumerate(zip(corners, octaves.astype(int), strict=True)):
        picture = sizes[min(octave, len(sizes) - 1)]
        scale = np.array(picture.shape[1::-1]) / sizes[0].shape[1::-1]
        bgr = _straight(picture, (quad + 0.5) * scale - 0.5, GREY)
        eye = _straight(seen.maps, (quad + 0.5) * seen.scale - 0.5, (0, 0, 0))
        result[k, :3] = bgr.transpose(2, 0, 1) / np.float32(128) - 1
        result[k, 3:5] = eye.transpose(2, 0, 1) * np.float32(255 / 128) - 1
    return result


@cache
def ring() -> Array:
    """(SIDE, SIDE) float32 -1..1 how far a place of a straightened picture is within the outline."""
    within = np.arange(SIDE) + 0.5
    within = np.minimum(within - BESIDE, SIDE - BESIDE - within)
    result: Array = np.clip(np.minimum(within[:, None], within) / RING_PX, -1, 1).astype(np.float32)
    return result


@cache
def flat() -> Array:
    """(4, 2) where the corners of an outline are in a straightened picture."""
    low, high = BESIDE - 0.5, SIDE - BESIDE - 0.5
    return np.array([[low, low], [high, low], [high, high], [low, high]], np.float32)


def halves(small: Array) -> list[Array]:
    sizes = [small]
    while min(sizes[-1].shape[:2]) > LEAST_HALVED:
        sizes.append(cv2.resize(sizes[-1], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return sizes


def _straight(picture: Array, quad: Array, beyond: tuple[int, int, int]) -> Array:
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), flat())
    return cv2.warpPerspective(picture, matrix, (SIDE, SIDE), borderValue=beyond)


def moved(quad: Array, said: Array) -> Array:
    """An outline with its corners moved as the net said (9,)."""
    matrix = cv2.getPerspectiveTransform(flat(), quad.astype(np.float32))
    places = flat() + said[:8].reshape(4, 2) * np.float32(FAR)
    result: Array = cv2.perspectiveTransform(places[None], matrix)[0].astype(float)
    return result


def is_outline(quad: Array, shape: tuple[int, ...]) -> bool:
    """Whether a quadrangle is convex, not too small, and not far beyond the picture."""
    whole = quad.astype(np.float32)
    near = (quad > -np.array(shape[1::-1])).all() and (quad < 2 * np.array(shape[1::-1])).all()
    return bool(near and cv2.isContourConvex(whole) and cv2.contourArea(whole) > LEAST_PX**2)
