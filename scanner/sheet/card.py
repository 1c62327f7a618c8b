"""Lays the two sides of an identity card at true size on one A4 page, as counters ask for.

Faint words may lie on each side ("only for ..."), so that a copy is of little use elsewhere; they come from
the caller, who lets the person switch them off.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, bgr_of
from scanner.clean.geometry.flatten import A4_MM, ID1_MM, MM_PER_INCH
from scanner.sheet.purpose import crossed
from scanner.sheet.write import SheetPage

TOP_MM, GAP_MM = 50.0, 15.0
MOST_SIDES = 2
ROUNDED_MM = 3.3  # ISO/IEC 7810 asks for 2.88 to 3.48
SHAPE_SLACK = 0.08  # an A4 sheet differs by 0.11


def is_card_shape(width_mm: float, height_mm: float) -> bool:
    """Whether a page of that size, standing or lying, has the shape of an identity card."""
    aspect = max(width_mm, height_mm) / min(width_mm, height_mm)
    return abs(aspect * ID1_MM[1] / ID1_MM[0] - 1) <= SHAPE_SLACK


def card_sheet(sides: Sequence[Array], *, purpose: str = "", dpi: int = 300) -> SheetPage:
    """One A4 page with one card side or both (uint8, BGR or grey, upright), one below the other."""
    if not 1 <= len(sides) <= MOST_SIDES:
        raise ValueError("a card has one side or two")
    width, height = _px(A4_MM[0], dpi), _px(A4_MM[1], dpi)
    card = (_px(ID1_MM[0], dpi), _px(ID1_MM[1], dpi))
    page = np.full((height, width, 3), 255, np.uint8)
    left, faces = (width - card[0]) // 2, []
    for number, side in enumerate(sides):
        top = _px(TOP_MM + number * (ID1_MM[1] + GAP_MM), dpi)
        page[top : top + card[1], left : left + card[0]] = card_face(side, purpose=purpose, dpi=dpi).image
        faces.append((left / width, top / height, card[0] / width, card[1] / height))
    return SheetPage(page, A4_MM[0], A4_MM[1], ColourMode.COLOUR, pictures=tuple(faces))


def card_face(side: Array, *, purpose: str = "", dpi: int = 300) -> SheetPage:
    """One side of a card alone (uint8, BGR or grey, upright), at true size."""
    size = (_px(ID1_MM[0], dpi), _px(ID1_MM[1], dpi))
    shrinking = side.shape[1] > size[0]
    face = cv2.resize(bgr_of(side), size, interpolation=cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC)
    face = _rounded(face, dpi / MM_PER_INCH)
    if purpose:
        face = crossed(face, purpose, dpi / MM_PER_INCH)
    return SheetPage(face, ID1_MM[0], ID1_MM[1], ColourMode.COLOUR)


def _rounded(face: Array, pixel: float) -> Array:
    """The face with paper in its corners, where a photograph shows the table; `pixel`: px a millimetre."""
    side = round(ROUNDED_MM * pixel)
    down, across = np.mgrid[:side, :side] + 0.5
    out = np.clip(np.hypot(side - down, side - across) - side + 0.5, 0, 1)
    for turned in range(4):
        corner = np.rot90(face, turned)[:side, :side]
        corner[:] = np.round(corner + out[..., None] * (255.0 - corner))
    return face


def _px(mm: float, dpi: int) -> int:
    return round(mm * dpi / MM_PER_INCH)
