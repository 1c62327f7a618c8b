"""Snaps an outline to the rim of the paper under it.

The picture is straightened by the outline; a net says how far each corner is from the paper's, and that is
done again from there. It finds what no straight edge tells: a side that grain outvotes, the page of a book.
The net in snap.onnx was trained on made-up pictures by tests/bench/fit_snap.py.
"""

from pathlib import Path

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.eye import Seen
from scanner.clean.finder.views import View, halves
from scanner.clean.nets import answer

FILE = Path(__file__).with_suffix(".onnx")
VIEW = View(side=80, beside=12)
FAR = 8.0  # px that the net calls 1
TIMES = 3
HOPELESS = -7.0  # of the odds, once it was moved; of 622 outlines believed in the end two had less
LEAST_PX = 15.0  # of the small picture: a side of an outline that can be straightened


def snapped(small: Array, seen: Seen, corners: Array) -> Array | None:
    """Outlines (N, 4, 2), clockwise from top left in px of `small`, moved to rims; None without a net.

    Left out is what is no more an outline on the way, or was moved and is still hopeless; all where none of
    them has hope at first sight: of 191 pictures with a rim that was believed none had so little.
    """
    sizes = halves(small)
    corners = corners[[is_outline(quad, small.shape) for quad in corners]]
    for look in range(TIMES):
        said = said_of(sizes, seen, corners)
        if said is None:
            return None
        hope = said[:, 8] > HOPELESS
        hope |= look == 0 and hope.any()
        way = [moved(*each) for each in zip(corners[hope], said[hope], strict=True)]
        corners = np.array([quad for quad in way if is_outline(quad, small.shape)]).reshape(-1, 4, 2)
    return corners


def said_of(sizes: list[Array], seen: Seen, corners: Array) -> Array | None:
    """(N, 9) what the net says of outlines (N, 4, 2): the ways of four corners, the logarithm of the odds.

    `sizes`: of `halves`, of the picture in whose px the corners are.
    """
    if not len(corners):
        return np.zeros((0, 9), np.float32)
    return answer(FILE, VIEW.straightened(sizes, seen, corners))


def moved(quad: Array, said: Array) -> Array:
    """An outline with its corners moved as the net said (9,)."""
    matrix = cv2.getPerspectiveTransform(VIEW.flat, quad.astype(np.float32))
    places = VIEW.flat + said[:8].reshape(4, 2) * np.float32(FAR)
    result: Array = cv2.perspectiveTransform(places[None], matrix)[0].astype(float)
    return result


def is_outline(quad: Array, shape: tuple[int, ...]) -> bool:
    """Whether a quadrangle is convex, not too small, and not far beyond the picture."""
    whole = quad.astype(np.float32)
    near = (quad > -np.array(shape[1::-1])).all() and (quad < 2 * np.array(shape[1::-1])).all()
    return bool(near and cv2.isContourConvex(whole) and cv2.contourArea(whole) > LEAST_PX**2)
