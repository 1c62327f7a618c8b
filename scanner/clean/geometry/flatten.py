"""Makes a page seen from the side into a flat page of its true size: one homography, one resampling.

The aspect ratio comes from the corners alone: Zhang and He, "Whiteboard scanning and image enhancement"
(2007), with the principal point in the middle of the picture.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from scanner.clean.arrays import Array

MM_PER_INCH = 25.4
OUTPUT_DPI = 300
A4_MM, A5_MM, ID1_MM = (210.0, 297.0), (148.0, 210.0), (85.6, 54.0)
MAX_SIDE_PX = 6000
NEAR, STRETCHED_MM = 0.03, 2.5  # of a measured size, to be a known paper's; stretched for that
EXACT = 0.02  # of a known shape: a circle stays one
LENSES, USUAL_LENS = (0.6, 1.5), 0.8  # focal lengths of phones and document cameras, in picture diagonals


@dataclass(frozen=True)
class Target:
    """What a page shall become: millimetres, and pixels at the resolution the picture can give."""

    width_mm: float
    height_mm: float
    width: int
    height: int


def side_lengths(corners: Array) -> tuple[float, float]:
    """Mean width and height in px of the quadrangle TL, TR, BR, BL."""
    top_left, top_right, bottom_right, bottom_left = corners
    width = (np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)) / 2
    height = (np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)) / 2
    return float(width), float(height)


def true_aspect(corners: Array, picture_size: tuple[int, int]) -> float:
    """Width / height of the flat page; `picture_size` is (width, height)."""
    width, height = side_lengths(corners)
    plain = width / max(height, 1e-6)
    centre = np.array(picture_size, float) / 2
    m1, m2, m4, m3 = (np.append(point - centre, 1.0) for point in np.asarray(corners, float))
    below2 = np.dot(np.cross(m2, m4), m3)
    below3 = np.dot(np.cross(m3, m4), m2)
    if abs(below2) < 1e-9 or abs(below3) < 1e-9:
        return plain
    n2 = np.dot(np.cross(m1, m4), m3) / below2 * m2 - m1
    n3 = np.dot(np.cross(m1, m4), m2) / below3 * m3 - m1
    diagonal = float(np.hypot(*picture_size))
    if abs(n2[2] * n3[2]) < 1e-7:  # hardly any perspective: the sides tell the truth
        return plain
    focal2 = -(n2[0] * n3[0] + n2[1] * n3[1]) / (n2[2] * n3[2])
    # little perspective tells little of the lens: what lies outside the lenses there are is not believed
    focal = math.sqrt(focal2) / diagonal if focal2 > 0 else USUAL_LENS
    focal2 = (diagonal * min(max(focal, LENSES[0]), LENSES[1])) ** 2
    across = math.sqrt((n2[0] ** 2 + n2[1] ** 2) / focal2 + n2[2] ** 2)
    down = math.sqrt((n3[0] ** 2 + n3[1] ** 2) / focal2 + n3[2] ** 2)
    aspect = across / max(down, 1e-9)
    return aspect if 0.7 < aspect / plain < 1.43 else plain


def off_square(corners: Array) -> float:
    """How far the corner (4, 2) that is farthest from a right angle is off it, in degrees."""
    ways = np.roll(corners, -1, axis=0) - corners
    ways /= np.maximum(np.linalg.norm(ways, axis=1, keepdims=True), 1e-9)
    cosines = (ways * np.roll(ways, 1, axis=0)).sum(axis=1)
    return float(np.degrees(np.arcsin(np.abs(np.clip(cosines, -1, 1)))).max())


def has_card_shape(corners: Array, picture_size: tuple[int, int], slack: float) -> bool:
    """Whether a page is, by `slack` of it, as long for its width as an identity card, standing or lying."""
    aspect = true_aspect(corners, picture_size)
    return abs(max(aspect, 1 / aspect) * ID1_MM[1] / ID1_MM[0] - 1) < slack


def target_size(
    aspect: float, width_px: float, height_px: float, dpi: float | None, *, exact: bool = False,
    cut: bool = False, card: bool = True,
) -> Target:  # fmt: skip
    """Snap to A4, A5 or an ID-1 card where the measure is near one, else keep the measured shape.

    `exact`: the shape is known and not measured from the side, as that of a whole picture. `cut`: a part of
    the paper is outside of the picture: the shape of the rest is no paper's. `card`: it may be one.
    """
    if dpi:
        width_mm, height_mm = (px * MM_PER_INCH / dpi for px in (width_px, height_px))
        width_mm, height_mm = _snap_measured(width_mm, height_mm)
    else:
        width_mm, height_mm = _snap_shape(aspect, exact, cut, card)
    reachable = max(width_px / width_mm, height_px / height_mm) * MM_PER_INCH
    used = min(OUTPUT_DPI, max(reachable, 50.0))
    width = min(MAX_SIDE_PX, max(1, round(width_mm * used / MM_PER_INCH)))
    height = min(MAX_SIDE_PX, max(1, round(height_mm * used / MM_PER_INCH)))
    return Target(width_mm, height_mm, width, height)


def _snap_measured(width_mm: float, height_mm: float) -> tuple[float, float]:
    for known in (A4_MM, A5_MM, ID1_MM):
        for wide, tall in (known, known[::-1]):
            across, down = width_mm / wide, height_mm / tall
            if max(abs(across - 1), abs(down - 1)) < NEAR and abs(across - down) * min(known) < STRETCHED_MM:
                return wide, tall
    return width_mm, height_mm


def _snap_shape(aspect: float, exact: bool, cut: bool, card: bool) -> tuple[float, float]:
    ratio = max(aspect, 1 / aspect)
    long = min(A4_MM[1], A4_MM[0] * ratio)
    short = long / ratio
    if exact:
        papers = (A4_MM, ID1_MM[::-1]) if card else (A4_MM,)
        known = (side for side in papers if abs(ratio * side[0] / side[1] - 1) < EXACT)
        short, long = next(known, (short, long))
    elif cut:
        pass
    elif 1.33 <= ratio <= 1.50:  # also the American letter seen at an angle: A4 is what the ward has
        short, long = A4_MM
    elif card and 1.50 < ratio <= 1.70:
        short, long = ID1_MM[::-1]
    elif ratio > 2.1:
        short, long = 80.0, min(80.0 * ratio, 800.0)  # a till receipt
    return (short, long) if aspect <= 1 else (long, short)


def homography(corners: Array, target: Target) -> Array:
    """3x3 from picture pixels to target pixels (pixel centres at whole numbers)."""
    right, bottom = target.width - 0.5, target.height - 0.5
    there = np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]], np.float32)
    return cv2.getPerspectiveTransform(np.asarray(corners, np.float32), there)


def rotation(target: Target, degrees: float) -> Array:
    """3x3 that turns target pixels clockwise by `degrees` about the middle, size kept."""
    centre = ((target.width - 1) / 2, (target.height - 1) / 2)
    turn = cv2.getRotationMatrix2D(centre, -degrees, 1.0)
    return np.vstack([turn, [0, 0, 1]])


def warp(image: Array, matrix: Array, target: Target, fill: Array | None = None) -> Array:
    """Resample once. Shrinking by more than two is done from a smaller copy, against aliasing.

    `fill`: the colour of what the picture does not show; without it, the picture's own edge goes on.
    """
    if np.allclose(matrix, np.eye(3), atol=1e-7) and image.shape[:2] == (target.height, target.width):
        return image
    scale = math.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    if 0 < scale < 0.5:
        half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        up = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]], float)
        return warp(half, matrix @ up, target, fill) if min(half.shape[:2]) > 4 else half
    from_above = abs(matrix[2, 0]) + abs(matrix[2, 1]) < 1e-12  # a scan: the same pixels, a seventh quicker
    way, matrix = (cv2.warpAffine, matrix[:2] / matrix[2, 2]) if from_above else (cv2.warpPerspective, matrix)
    return way(
        image, matrix, (target.width, target.height), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE if fill is None else cv2.BORDER_CONSTANT,
        borderValue=0.0 if fill is None else [float(value) for value in fill],
    )  # fmt: skip
