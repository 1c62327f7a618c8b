"""One picture in, one clean page out: find, flatten, straighten, turn, light, tone, verdicts."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from kioskcore.ports import ColourMode, Point
from scanner.clean.arrays import Array, bgr_of, grey_of
from scanner.clean.binarise import binarise
from scanner.clean.find import find_page
from scanner.clean.flatten import Target, homography, rotation, side_lengths, target_size, true_aspect, warp
from scanner.clean.light import divide_light, paper_map
from scanner.clean.skew import find_skew
from scanner.clean.tone import choose_mode, stretch

STRAIGHT = 0.04  # degrees; less than this is left alone, so that a straight page is not resampled
Corners = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class CleanPage:
    """A page ready for the PDF.

    `image`: uint8, (H, W, 3) BGR where `mode` is COLOUR, (H, W) otherwise, only 0 and 255 in BLACK_WHITE.
    `corners`: TL, TR, BR, BL in input pixels, None where the whole picture was taken.
    `turn_degrees`: the clockwise turn that was applied (0, 90, 180, 270); `skew_degrees`: the lean taken out.
    """

    image: Array
    width_mm: float
    height_mm: float
    corners: Corners | None
    confidence: float
    skew_degrees: float
    turn_degrees: int
    mode: ColourMode
    verdicts: tuple[str, ...] = ()
    milliseconds: dict[str, float] = field(default_factory=dict)


class _Watch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.taken[name] = round((time.perf_counter() - start) * 1000, 1)


def clean_page(
    image: Array,
    *,
    dpi: float | None = None,
    tone: ColourMode = ColourMode.AUTO,
    corners: Sequence[Point] | None = None,
    turn_degrees: int | None = None,
) -> CleanPage:
    """Clean a picture. `dpi` is what the scanner used, None for a camera.

    Corners and turn given by the person are obeyed; without them both are looked for.
    """
    watch = _Watch()
    confidence = 1.0
    with watch.stage("find"):
        if corners is None:
            found = find_page(image)
            confidence, quad = found.confidence, found.corners
        else:
            quad = np.array(corners, np.float64)
    with watch.stage("flatten"):
        flat, target, skew = _flatten(image, quad, dpi)
        turn = turn_degrees or 0
        if turn % 360:
            flat = np.ascontiguousarray(np.rot90(flat, -(turn // 90) % 4))
    width_mm, height_mm = target.width_mm, target.height_mm
    if turn % 180:
        width_mm, height_mm = height_mm, width_mm
    with watch.stage("light"):
        flat = divide_light(flat, paper_map(flat))
    with watch.stage("tone"):
        mode = choose_mode(flat) if tone is ColourMode.AUTO else tone
        flat = _toned(flat, mode)
    return CleanPage(
        flat, width_mm, height_mm, _points(quad), confidence, skew, turn % 360, mode, (), watch.taken
    )


def _flatten(image: Array, quad: Array | None, dpi: float | None) -> tuple[Array, Target, float]:
    """The flat page, its size, and the skew that was taken out."""
    height, width = image.shape[:2]
    if quad is None:
        skew = find_skew(image).degrees
        target = target_size(width / height, width, height, dpi)
        if target.width > width or abs(target.width / width - 1) < 0.04:
            target = Target(target.width_mm, target.height_mm, width, height)
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
    else:
        across, down = side_lengths(quad)
        target = target_size(true_aspect(quad, (width, height)), across, down, dpi)
        frame = quad
        skew = 0.0
    matrix = homography(frame, target)
    if abs(skew) >= STRAIGHT:
        matrix = rotation(target, -skew) @ matrix
    else:
        skew = 0.0
    return warp(image, matrix, target), target, skew


def _toned(flat: Array, mode: ColourMode) -> Array:
    if mode is ColourMode.COLOUR:
        return stretch(bgr_of(flat))
    if mode is ColourMode.GREY:
        return stretch(grey_of(flat))
    return binarise(grey_of(flat))


def _points(quad: Array | None) -> Corners | None:
    if quad is None:
        return None
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad)
    return first, second, third, fourth
