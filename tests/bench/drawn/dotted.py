"""Small and thin print with dots, points and dotted lines, clean and dirty; where each lies is known.

`dotted(rng)` draws a slip as a scanner sees it; `lost_dots(slip, page)` counts the marks that are not on a
page made of it.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.bench.drawn.synth import FONT_FILES, SYLLABLES

FINE = 600  # dots per inch that it is drawn at
SLIP_MM = (150.0, 75.0)
THIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans-ExtraLight.ttf")
LARGEST_MM = 1.3  # of a dot or a tone mark
ROOM = 5  # px of FINE around a mark, that its picture may be off by
BLACK, SEEN = 170, 225  # a mark is there where some of it is darker, on a page in grey
DIRT_MM = (0.1, 0.4)  # across


@dataclass(frozen=True)
class Slip:
    """Grey uint8 at `dpi`; `drawn`: the same print at FINE, 0 ink and 255 paper."""

    image: np.ndarray
    drawn: np.ndarray
    dpi: float


def dotted(rng: np.random.Generator, dirt_cm2: float) -> Slip:
    """`dirt_cm2`: specks of dirt on a square centimetre."""
    unit = FINE / 25.4
    dpi = float(rng.choice((150, 200, 300)))
    size = tuple(round(mm * unit) for mm in SLIP_MM)
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    files = [file for file in (THIN, *FONT_FILES) if file.exists()]
    high = float(rng.uniform(*((9, 13) if dpi < 200 else (7, 13)))) * FINE / 72
    face = ImageFont.truetype(str(files[int(rng.integers(len(files)))]), round(high))
    grey, left, right, y = int(rng.integers(0, 60)), 8 * unit, size[0] - 8 * unit, 6 * unit
    row = 0
    while y < size[1] - 2 * high:
        words = " ".join(str(word) for word in rng.choice(SYLLABLES, 1 + 12 * (row % 3 == 0)))
        text = f"{words.capitalize()}; {int(rng.integers(1, 28))}.{int(rng.integers(1, 12))}.2026: "
        draw.text((left, y), text, font=face, fill=grey)
        begins = left + draw.textlength(text, font=face)
        if row % 3 == 1:
            draw.text((begins, y), "." * int((right - begins) / face.getlength(".")), font=face, fill=grey)
        if row % 3 == 2:
            radius, pitch = (float(rng.uniform(*each)) * unit for each in ((0.12, 0.2), (0.7, 1.4)))
            for x in np.arange(begins, right, pitch):
                box = (x - radius, y + high - radius, x + radius, y + high + radius)
                draw.ellipse(box, fill=grey)
        y, row = y + 1.5 * high, row + 1
    drawn = np.asarray(image)
    blurred = cv2.GaussianBlur(drawn, (0, 0), float(rng.uniform(0.3, 0.5)) * FINE / dpi)
    small = tuple(round(side * dpi / FINE) for side in size)
    seen = cv2.resize(blurred, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    seen *= float(rng.uniform(232, 252)) / 255
    _dirtied(rng, seen, dirt_cm2, dpi / 25.4)
    seen += rng.normal(0, float(rng.uniform(1, 4)), seen.shape)
    return Slip(np.clip(seen, 0, 255).astype(np.uint8), drawn, dpi)


def _dirtied(rng: np.random.Generator, seen: np.ndarray, dirt_cm2: float, unit: float) -> None:
    """Dark round specks, in place."""
    shade = np.zeros(seen.shape, np.uint8)
    for _ in range(round(dirt_cm2 * seen.size / (10 * unit) ** 2)):
        place = [round(float(rng.uniform(0, side)) * 16) for side in seen.shape[::-1]]
        radius = round(float(rng.uniform(*DIRT_MM)) / 2 * unit * 16)
        cv2.circle(shade, place, radius, int(rng.integers(130, 235)), -1, cv2.LINE_AA, shift=4)
    seen *= 1 - shade / 255.0


def lost_dots(slip: Slip, page: np.ndarray, level: int = BLACK) -> tuple[int, int]:
    """How many single marks of print are nowhere darker than `level` on the page, of how many."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    seen = cv2.resize(grey, slip.drawn.shape[::-1], interpolation=cv2.INTER_AREA)
    stats = cv2.connectedComponentsWithStats((slip.drawn < 128).astype(np.uint8))[2]
    marks = stats[1:][stats[1:, 2:4].max(axis=1) <= LARGEST_MM * FINE / 25.4]
    lost = sum(
        int(seen[max(y - ROOM, 0) : y + high + ROOM, max(x - ROOM, 0) : x + wide + ROOM].min() > level)
        for x, y, wide, high, _ in marks
    )
    return lost, len(marks)


def dirt_left(slip: Slip, page: np.ndarray) -> tuple[int, int]:
    """How many dark specks lie on bare paper of the page, and of what the scanner saw."""
    paper = cv2.erode(slip.drawn, np.ones((61, 61), np.uint8)) > 200
    counts = []
    for image in (page, slip.image):
        grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        bare = cv2.resize(paper.astype(np.uint8), grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
        dark = bare & (grey < BLACK)
        counts.append(cv2.connectedComponents(dark)[0] - 1)
    return counts[0], counts[1]
