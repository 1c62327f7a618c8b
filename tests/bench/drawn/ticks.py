"""Printed forms with boxes of which some are ticked, mostly in pale pencil or pen; what was ticked is known.

`ticked_form(rng)` draws one as a scanner sees it; `marks_on(form, page)` tells of each tick how dark it is on
a page made of it, and `came_up(form, page)` how much stands in the boxes that are empty.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.bench.drawn.synth import SYLLABLES, font

MARKS = ("tick", "cross", "slash", "long tick", "filled", "over the rim")
WORN = ("", "dust", "through", "grain", "stain", "guilloche")
WIDE_MM = 210.0


@dataclass(frozen=True)
class TickedForm:
    """BGR at `dpi`; `boxes` (N, 4) left, top, right, bottom; `marks`: the strokes of all ticks, float (H, W)
    0..1; `ticked` (N,) bool; `depth`: of 255, that the pencil takes."""

    image: np.ndarray
    boxes: np.ndarray
    marks: np.ndarray
    ticked: np.ndarray
    depth: float
    dpi: float


def ticked_form(
    rng: np.random.Generator,
    worn: str = "",
    *,
    dpi: float = 0,
    depth: float = 0,
    mark: str = "",
    high: float = 150.0,
) -> TickedForm:
    """`high` mm of an A4 page: rows of a printed question and two or three boxes or circles of one size."""
    dpi = dpi or float(rng.choice((150, 200, 300)))
    unit = dpi / 25.4
    width, height = round(WIDE_MM * unit), round(high * unit)
    print_, pencil = (
        Image.new("L", (2 * width, 2 * height), 0),
        Image.new("L", (2 * width, 2 * height), 0),
    )
    black, pale = ImageDraw.Draw(print_), ImageDraw.Draw(pencil)
    face = font(int(rng.integers(0, 4)), round(float(rng.uniform(10, 12.5)) * 2 * dpi / 72))
    side, rim = float(rng.uniform(3, 5.5)) * 2 * unit, max(2, round(float(rng.uniform(0.2, 0.45)) * 2 * unit))
    round_, columns = bool(rng.random() < 0.25), int(rng.integers(2, 4))
    line = max(side * 1.5, 8 * 2 * unit)
    boxes, ticked = [], []
    mark_of = mark or str(rng.choice(MARKS))
    for row, y in enumerate(np.arange(12 * 2 * unit, 2 * height - 16 * unit, line)):
        black.text((18 * 2 * unit, y), f"{row + 1}. {_words(rng, 3, 6)}:", font=face, fill=255)
        chosen = int(rng.integers(-1, columns))
        for k in range(columns):
            x = (105 + k * 90 / columns) * 2 * unit
            box = (x, y, x + side, y + side)
            draw = black.ellipse if round_ else black.rectangle
            draw(box, outline=255, width=rim)
            black.text((x + side + 2 * unit, y), ("Có", "Không", "Khác")[k], font=face, fill=255)
            boxes.append(np.array(box) / 2)
            ticked.append(k == chosen)
            if k == chosen:
                _mark(rng, pale, mark_of, box, max(2, round(float(rng.uniform(0.35, 0.6)) * 2 * unit)))
    printed, drawn = (
        cv2.resize(np.asarray(layer, np.float32) / 255, (width, height), interpolation=cv2.INTER_AREA)
        for layer in (print_, pencil)
    )
    deep = depth or float(rng.uniform(22, 70))
    image = scanned(rng, printed, drawn, deep, worn, dpi)
    return TickedForm(image, np.array(boxes), drawn, np.array(ticked), deep, dpi)


def _words(rng: np.random.Generator, least: int, most: int) -> str:
    return " ".join(str(each) for each in rng.choice(SYLLABLES, int(rng.integers(least, most)))).capitalize()


def _mark(
    rng: np.random.Generator, pale: ImageDraw.ImageDraw, kind: str, box: tuple[float, ...], wide: int
) -> None:
    """One mark as a hand makes it, within the box or over its rim."""
    left, top, right, _ = box
    side = right - left

    def at(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [
            (left + side * (x + float(rng.normal(0, 0.04))), top + side * (y + float(rng.normal(0, 0.04))))
            for x, y in places
        ]

    if kind == "tick":
        pale.line(at((0.2, 0.5), (0.42, 0.78), (0.85, 0.2)), fill=255, width=wide, joint="curve")
    elif kind == "long tick":
        pale.line(at((0.15, 0.45), (0.4, 0.8), (1.3, -0.35)), fill=255, width=wide, joint="curve")
    elif kind == "slash":
        pale.line(at((0.2, 0.82), (0.8, 0.18)), fill=255, width=wide)
    elif kind in ("cross", "over the rim"):
        over = 0.2 if kind == "cross" else -0.12
        pale.line(at((over, over), (1 - over, 1 - over)), fill=255, width=wide)
        pale.line(at((1 - over, over), (over, 1 - over)), fill=255, width=wide)
    else:
        steps = np.linspace(0, 1, 9)
        pale.line(
            at(*((0.25 + 0.5 * (k % 2), 0.22 + 0.56 * float(y)) for k, y in enumerate(steps))),
            fill=255,
            width=wide,
        )


def scanned(
    rng: np.random.Generator,
    printed: np.ndarray,
    drawn: np.ndarray,
    depth: float,
    worn: str,
    dpi: float,
    pale: np.ndarray | float = 0.0,
) -> np.ndarray:
    """BGR of a paper with black print and pencil, float (H, W) 0..1 both. `worn`: of WORN, or "fold"; `pale`:
    of 255, what pale print takes, (H, W, 3)."""
    unit = dpi / 25.4
    shape = printed.shape
    paper = np.array([rng.uniform(228, 250)] * 3) - (rng.uniform(0, 14), rng.uniform(0, 4), 0)
    blue = rng.random() < 0.25
    tint = np.array([0.35, 0.9, 1.0]) if blue else np.ones(3)
    image = np.broadcast_to(paper, (*shape, 3)).astype(np.float32) - pale
    if worn == "guilloche":
        y, x = np.mgrid[: shape[0], : shape[1]] / unit
        for k in range(4):
            curve = np.abs(np.sin(x / (1.9 + 0.2 * k) + 2.5 * np.sin(y / (4 + k)) + k)) < 0.08
            image[curve] -= (8, 16, 10)
    coarse = cv2.GaussianBlur(rng.normal(0, 1, shape).astype(np.float32), (0, 0), 0.15 * unit)
    worn_lead = np.clip(1 + 0.25 * coarse / coarse.std(), 0.4, 1.4)
    image = image - (drawn * worn_lead)[..., None] * depth * tint
    image *= 1 - 0.88 * printed[..., None]
    if worn == "through":
        other = cv2.GaussianBlur(printed[:, ::-1], (0, 0), rng.uniform(0.22, 0.35) * unit)
        other = np.roll(other, (round(3 * unit), round(float(rng.uniform(-12, 12)) * unit)), (0, 1))
        image -= other[..., None] * rng.uniform(18, 34)
    if worn == "dust":
        for _ in range(700):
            place = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
            shade = image[place[1], place[0]] - rng.uniform(20, 130)
            cv2.circle(
                image, place, round(float(rng.uniform(0.04, 0.22)) * unit), shade.tolist(), -1, cv2.LINE_AA
            )
    if worn == "stain":
        for _ in range(4):
            place = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
            stain = np.zeros(shape, np.float32)
            cv2.circle(stain, place, round(float(rng.uniform(8, 30)) * unit), 1, -1)
            ring = stain - cv2.erode(stain, np.ones((round(1.2 * unit),) * 2))
            soft = cv2.GaussianBlur(0.4 * stain + ring, (0, 0), 0.3 * unit)
            image -= soft[..., None] * np.array([26, 16, 9])
    if worn == "fold":
        for across in (False, True)[: int(rng.integers(1, 3))]:
            _fold(rng, image, unit, across=across)
    image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 0.8)) * max(1, dpi / 200))
    image += rng.normal(0, 5 if worn == "grain" else 2, (*shape, 1))
    seen = np.clip(image, 0, 255).astype(np.uint8)
    quality = int(rng.integers(68, 95))
    return cv2.imdecode(cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)


def _fold(rng: np.random.Generator, image: np.ndarray, unit: float, *, across: bool) -> None:
    """A crease from edge to edge, not quite straight and here and there less deep, in place."""
    height, width = image.shape[:2]
    along, other = (width, height) if across else (height, width)
    steps = np.linspace(0, along, 40)
    off = other * rng.uniform(0.3, 0.7) + np.cumsum(rng.normal(0, 0.12 * unit, 40))
    ends = np.stack([steps, off] if across else [off, steps], axis=1)
    crease = np.zeros((height, width), np.uint8)
    wide = max(1, round(float(rng.uniform(0.15, 0.4)) * unit))
    cv2.polylines(crease, [np.round(ends * 8).astype(np.int32)], False, 255, wide, cv2.LINE_AA, 3)
    deep = cv2.resize(rng.uniform(0.2, 1, (12, 12)).astype(np.float32), (width, height))
    image -= (crease / 255 * deep * float(rng.uniform(12, 45)))[..., None]


def _box(form: TickedForm, page: np.ndarray, k: int, inner: float = 0.17) -> tuple[np.ndarray, np.ndarray]:
    """How dark one box is within its rim on a page, and its strokes there."""
    grey = page if page.ndim == 2 else cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    left, top, right, bottom = form.boxes[k]
    away = inner * (right - left)
    place = np.s_[round(top + away) : round(bottom - away), round(left + away) : round(right - away)]
    return 255.0 - grey[place], form.marks[place]


def marks_on(form: TickedForm, page: np.ndarray) -> np.ndarray:
    """(T,) by how much the strokes of each ticked box are darker than the rest of the box."""
    found = []
    for k in np.flatnonzero(form.ticked):
        dark, marks = _box(form, page, int(k))
        on, off = dark[marks > 0.7], dark[marks < 0.05]
        found.append(float(on.mean() - (np.median(off) if len(off) else 0)) if len(on) else np.nan)
    return np.array(found)


def came_up(form: TickedForm, page: np.ndarray) -> np.ndarray:
    """(E,) the share of each empty box that is dark, well within the rim of circles too."""
    empty = np.flatnonzero(~form.ticked)
    return np.array([float((_box(form, page, int(k), 0.3)[0] > 40).mean()) for k in empty])
