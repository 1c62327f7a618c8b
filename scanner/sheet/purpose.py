"""Writes across the copy of a card what it is for, where that disturbs least, and paler over print.

The words must lie on the card itself, or they could be cut off; they must not make the copy unreadable. So
they are laid where the card is emptiest, and what is printed on it, portrait and codes show through them.
"""

import textwrap
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from scanner.clean.arrays import Array, grey_of

LETTERS_MM = (4.0, 3.2, 2.6)
USUAL_LINES = 3
LEANS = (20.0, -20.0, 0.0)  # degrees; a leaning line is harder to take off than a level one
RIM_MM = 2.5
GROUND_INK, PRINT_INK = 0.34, 0.1  # how much darker the words make empty ground, and print
PLAIN, PRINTED = 24.0, 70.0  # of 255 away from the ground: all below is empty, all above is print
PX_MM = 4.0  # of the small copy on which the place is chosen
NEAR_MM, NEAR_COST = 2.6, 0.4  # a letter's height: what lies so near to print disturbs too, by so much
LEVEL_COST, SMALL_COST = 0.03, 0.04  # how much emptier the place of level words, of a size less, must be


@dataclass(frozen=True)
class _Lines:
    """The words as they may be set and laid, and how much they would disturb there."""

    text: str
    letter_mm: float
    lean: float
    middle: tuple[float, float]  # in parts of the card
    cost: float


def crossed(face: Array, words: str, mm_px: float) -> Array:
    """The face (uint8, BGR, `mm_px` pixels to the millimetre) with the words on it."""
    print_ = _print_of(face, mm_px)
    near = np.ones((round(2 * NEAR_MM * PX_MM) | 1,) * 2, np.uint8)
    busy = np.maximum(print_, NEAR_COST * cv2.dilate(print_, near))
    ways = [(text, size, lean) for text, size in _settings(words, face.shape[1] / mm_px) for lean in LEANS]
    best = min((_laid(busy, *way) for way in ways), key=lambda lines: lines.cost)
    height, width = face.shape[:2]
    drawn = _drawn(best.text, best.letter_mm * mm_px, (width, height), best.lean, best.middle)
    ink = cv2.resize(print_, (width, height), interpolation=cv2.INTER_LINEAR)
    share = drawn.astype(np.float32) / 255 * (GROUND_INK + (PRINT_INK - GROUND_INK) * ink)
    result: Array = (face * (1 - share[..., None])).astype(np.uint8)
    return result


def _print_of(face: Array, mm_px: float) -> Array:
    """Float 0..1 of a small copy: how far each place is from the empty ground of the card."""
    factor = PX_MM / mm_px
    small = cv2.resize(face, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    bright = grey_of(small) >= np.median(grey_of(small))
    ground = np.median(small[bright], axis=0)
    away = np.abs(small.astype(np.float32) - ground.astype(np.float32)).max(axis=2)
    print_ = np.clip((away - PLAIN) / (PRINTED - PLAIN), 0, 1)
    result: Array = cv2.dilate(print_, np.ones((3, 3), np.uint8))
    return result


def _settings(words: str, width_mm: float) -> list[tuple[str, float]]:
    """The ways to set the words: in few lines of about one length, in every size that fits; in more lines
    where none does."""
    room = width_mm - 2 * RIM_MM
    ways: list[tuple[str, float]] = []
    count = 0
    while not ways or count < USUAL_LINES:
        count += 1
        text = "\n".join(textwrap.wrap(words, max(1, round(1.1 * len(words) / count))))
        most = 100 * room / max(_font(100).getlength(line) for line in text.split("\n"))
        ways += [(text, min(size, most)) for size in LETTERS_MM if size <= most]
    return ways


def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), max(8.0, size))


def _drawn(
    text: str, letter_px: float, size: tuple[int, int], lean: float, middle: tuple[float, float]
) -> Array:
    """uint8 (H, W): the words turned about their middle."""
    layer = Image.new("L", size, 0)
    place = (middle[0] * size[0], middle[1] * size[1])
    ImageDraw.Draw(layer).multiline_text(
        place, text, font=_font(letter_px), fill=255, anchor="mm", align="center", spacing=letter_px * 0.1
    )
    return np.asarray(layer.rotate(lean, Image.Resampling.BICUBIC, center=place))


def _laid(print_: Array, text: str, letter_mm: float, lean: float) -> _Lines:
    """Where the words hide least print, and how much that is: the mean over their letters."""
    height, width = print_.shape
    rim = round(RIM_MM * PX_MM)
    drawn = _drawn(text, letter_mm * PX_MM, (2 * width, 2 * height), lean, (0.5, 0.5))
    left, top, wide, high = cv2.boundingRect(drawn)
    words = drawn[top : top + high, left : left + wide].astype(np.float32) / 255
    inner = print_[rim : height - rim, rim : width - rim]
    if wide > inner.shape[1] or high > inner.shape[0]:
        return _Lines(text, letter_mm, lean, (0.5, 0.5), float("inf"))
    under = cv2.matchTemplate(inner, words, cv2.TM_CCORR) / max(float(words.sum()), 1.0)
    y, x = np.unravel_index(int(under.argmin()), under.shape)
    middle = ((rim + float(x) + wide / 2) / width, (rim + float(y) + high / 2) / height)
    less = SMALL_COST * sum(size > letter_mm for size in LETTERS_MM) + LEVEL_COST * (lean == 0)
    return _Lines(text, letter_mm, lean, middle, float(under.min()) + less)
