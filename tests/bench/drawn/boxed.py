"""Printed forms with fields to be filled in: white boxes on tinted blocks, or thin dark frames on white.

`boxed(rng, tinted=...)` draws one as a scanner sees it. `drawn_dark(form, page)` tells how much of the
tint is drawn dark on a clean page, `covered(form, page)` how much of the frames is left.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanner.clean.arrays import grey_of
from tests.bench.drawn.synth import font, sentence

TINTS = ((226, 226, 226), (240, 236, 222), (222, 238, 228), (216, 226, 244), (236, 222, 232))
WIDE_MM = 210
DARK, CLEAR_PX = 150, 7  # of 255; around print


@dataclass
class Boxed:
    """BGR at `dpi`; `print_`: bool (H, W), black print and frames; `pencil`: the same, letters in boxes;
    `frames`: left, top, right, bottom in px of each box, whether it has a frame or not."""

    image: np.ndarray
    print_: np.ndarray
    pencil: np.ndarray
    frames: list[tuple[int, int, int, int]]
    dpi: float


def boxed(
    rng: np.random.Generator, *, tinted: bool, high: float = 200.0, pencil: int = 0, whole: bool = False
) -> Boxed:
    """`high` mm of an A4 page; `tinted`: blocks with white boxes, else boxes of thin lines; `pencil`: of 255,
    how deep letters in boxes close beside each other are, 0 where all are empty; `whole`: in one block."""
    dpi = float(rng.choice((150, 200, 300)))
    unit = dpi / 25.4
    paper = int(rng.integers(244, 254))
    image = Image.new("RGB", (round(WIDE_MM * unit), round(high * unit)), (paper,) * 3)
    draw, face = ImageDraw.Draw(image), font(int(rng.integers(0, 5)), round(rng.uniform(9.5, 12) * dpi / 72))
    black, pale = Image.new("L", image.size, 0), Image.new("L", image.size, 0)
    ink, hand = ImageDraw.Draw(black), ImageDraw.Draw(pale)
    tint, shade = TINTS[int(rng.integers(len(TINTS)))], int(rng.integers(20, 110))
    line = max(2, round(float(rng.uniform(0.2, 0.35)) * unit))
    frames, y = [], 14.0
    while y < high - 60:
        rows, step = int(rng.integers(2, 5)), float(rng.uniform(8, 13))
        ink.text((20 * unit, y * unit), sentence(rng, 5).upper(), font=face, fill=255)
        y += 8
        rows = int((high - y - 14) / step) if whole else rows
        left, bottom = (rng.uniform(10, 17), high - 14) if whole else (17, y + rows * step + 2)
        if tinted:
            draw.rectangle(_px(unit, left, y, WIDE_MM - left, bottom), fill=tint)
        for row in range(rows):
            top, side = y + 2 + row * step, step - 3
            ink.text((19 * unit, (top + 0.5) * unit), sentence(rng, 3), font=face, fill=255)
            boxes = [_px(unit, 75, top, 188, top + side)]
            if rng.random() < (0.8 if pencil else 0.4):
                gap = 1.0 if pencil else 1.5
                boxes = [_px(unit, x, top, x + side, top + side) for x in np.arange(75, 180, side + gap)]
                for box in boxes[: int(rng.integers(2, 9)) if pencil else 0]:
                    hand.text((box[0] + 0.3 * side * unit, box[1]), "ĐỆ8KM"[box[0] % 5], font=face, fill=255)
            for box in boxes:
                if tinted:
                    draw.rectangle(box, fill=(paper,) * 3)
                else:
                    ink.rectangle(box, outline=255, width=line)
            frames += boxes
        y += rows * step + 8
    dark, drawn = (np.asarray(each, np.float32)[..., None] / 255 for each in (black, pale))
    seen = (np.asarray(image, np.float32)[..., ::-1] - pencil * drawn) * (1 - dark) + shade * dark
    seen = cv2.GaussianBlur(seen, (0, 0), 0.4) + rng.normal(0, rng.uniform(1, 3), seen.shape)
    seen = np.clip(seen, 0, 255).astype(np.uint8)
    return Boxed(seen, dark[..., 0] > 0.05, drawn[..., 0] > 0.05, frames, dpi)


def _px(unit: float, *sides: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(side * unit) for side in sides)
    return left, top, right, bottom


def drawn_dark(form: Boxed, page: np.ndarray) -> float:
    """Square millimetres that are dark where nothing is printed dark."""
    inked = (form.print_ | form.pencil).astype(np.uint8)
    bare = cv2.dilate(inked, np.ones((CLEAR_PX, CLEAR_PX), np.uint8)) == 0
    return float(((grey_of(page) < DARK) & bare).sum()) * (25.4 / form.dpi) ** 2


def covered(form: Boxed, page: np.ndarray) -> float:
    """0..1 of the length of all frames that is dark, 2 px aside at most."""
    dark = cv2.dilate((grey_of(page) < DARK).astype(np.uint8), np.ones((5, 5), np.uint8))
    sides = []
    for left, top, right, bottom in form.frames:
        sides += [dark[y, left + 3 : right - 2] for y in (top, bottom)]
        sides += [dark[top + 3 : bottom - 2, x] for x in (left, right)]
    return float(np.concatenate(sides).mean())
