"""Printed forms marked in pencil where no letters are: dashes, crosses, ticks, struck cells, underlines.

`pencilled(rng)` draws one as a scanner sees it, with whatever else is pale on a form and is no mark: printed
grey rulings, tinted fields and white boxes in them, worn paper. `account(form, page)` tells of each mark
whether it is kept on a page made of it, told, or gone without a word.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanner.clean.judge.judge import Verdict
from scanner.clean.page import CleanPage
from tests.bench.drawn.synth import SYLLABLES, font
from tests.bench.drawn.ticks import WIDE_MM, WORN, scanned

WEARS = (*WORN, "fold")
KINDS = ("dash", "cross", "check", "strokes", "underline", "ring", "box")
TINTS = ((250, 240, 222), (224, 240, 226), (226, 226, 226), (214, 232, 246))
LEAST_DARK = 25  # of 255, that a mark is darker than the paper beside it

Box = tuple[float, float, float, float]


@dataclass
class Pencilled:
    """BGR at `dpi`; `marks`: the strokes of all, float (H, W) 0..1; `places`: kind and left, top, right,
    bottom of each in px; `printed`: float (H, W), print of every depth; `depth`: of 255, of the pencil."""

    image: np.ndarray
    marks: np.ndarray
    printed: np.ndarray
    depth: float
    dpi: float
    places: list[tuple[str, Box]] = field(default_factory=list)


class _Sheet:
    """A form while it is drawn, at twice its size: layers of black print, pale print and pencil."""

    def __init__(self, rng: np.random.Generator, dpi: float, high: float, kinds: tuple[str, ...]) -> None:
        self.rng, self.unit, self.kinds = rng, 2 * dpi / 25.4, kinds
        self.size = 2 * round(WIDE_MM * dpi / 25.4), 2 * round(high * dpi / 25.4)
        self.black, self.grey, self.tint, self.pencil = (Image.new("L", self.size, 0) for _ in range(4))
        self.face = font(int(rng.integers(0, 5)), round(float(rng.uniform(10, 12.5)) * 2 * dpi / 72))
        self.rule = "black" if rng.random() < 0.65 else "grey"
        self.wide = max(2, round(float(rng.uniform(0.12, 0.3)) * self.unit))
        self.lead = max(2, round(float(rng.uniform(0.3, 0.55)) * self.unit))
        self.places: list[tuple[str, Box]] = []

    def words(self, least: int, most: int) -> str:
        return " ".join(str(each) for each in self.rng.choice(SYLLABLES, int(self.rng.integers(least, most))))

    def say(self, x: float, y: float, text: str) -> Box:
        """Black words; their box."""
        draw = ImageDraw.Draw(self.black)
        draw.text((x, y), text, font=self.face, fill=255)
        return draw.textbbox((x, y), text, font=self.face)

    def line(self, *ends: float, dotted: bool = False) -> None:
        draw = ImageDraw.Draw(self.black if self.rule == "black" or dotted else self.grey)
        if not dotted:
            draw.line(ends, fill=255, width=self.wide)
            return
        step = 1.1 * self.unit
        for x in np.arange(ends[0], ends[2], step):
            draw.ellipse((x, ends[1], x + 0.35 * self.unit, ends[1] + 0.35 * self.unit), fill=255)

    def mark(self, kind: str, around: Box) -> None:
        """One mark as a hand makes it, in or about a place."""
        rng, mm = self.rng, self.unit
        name, kind = kind, str(rng.choice(("cross", "check", "dash"))) if kind == "box" else kind
        left, top, right, bottom = around
        x, y = (left + right) / 2, (top + bottom) / 2
        paths: list[list[tuple[float, float]]] = []
        if kind == "dash":
            long = float(rng.uniform(1.5, 3.5)) * mm
            paths = [[(x - long, y), (x, y - 0.1 * mm), (x + long, y - 0.2 * mm)]]
        elif kind == "cross":
            a = float(rng.uniform(1, 2)) * mm
            paths = [[(x - a, y - a), (x + a, y + a)], [(x + a, y - a), (x - a, y + a)]]
        elif kind == "check":
            a = float(rng.uniform(1, 2)) * mm
            paths = [[(x - a, y), (x - 0.3 * a, y + a), (x + 1.3 * a, y - 1.3 * a)]]
        elif kind == "strokes":
            a = float(rng.uniform(1.2, 2.2)) * mm
            paths = [[(x + k * a - 0.5 * a, y + a), (x + k * a + 0.5 * a, y - a)] for k in (-1, 0, 1)]
        elif kind == "underline":
            paths = [[(left, bottom + 0.8 * mm), (x, bottom + 1.1 * mm), (right, bottom + 0.7 * mm)]]
        else:
            turn = np.linspace(-2.6, 3.9, 40)
            a, b = (right - left) / 2 + 1.2 * mm, (bottom - top) / 2 + 1 * mm
            paths = [[(x + a * float(np.cos(t)), y + b * float(np.sin(t) + 0.02 * t)) for t in turn]]
        draw = ImageDraw.Draw(self.pencil)
        dots = [tuple(np.add(dot, rng.normal(0, 0.08 * mm, 2))) for path in paths for dot in path]
        for path in paths:
            moved, dots = dots[: len(path)], dots[len(path) :]
            draw.line(moved, fill=255, width=self.lead, joint="curve")
        across, down = np.array([dot for path in paths for dot in path]).T / 2
        self.places.append((name, (across.min(), down.min(), across.max(), down.max())))

    def maybe(self, chance: float, kind: str, around: Box) -> None:
        whole = around[3] < self.size[1] - 6 * self.unit
        if kind in self.kinds and self.rng.random() < chance and whole:
            self.mark(kind, around)


def pencilled(
    rng: np.random.Generator,
    worn: str = "",
    *,
    dpi: float = 0,
    depth: float = 0,
    kinds: tuple[str, ...] = KINDS,
    high: float = 170.0,
) -> Pencilled:
    """`high` mm of an A4 page; `worn` of WEARS; `kinds` of marks, none at all for ()."""
    dpi = dpi or float(rng.choice((150, 200, 300)))
    sheet = _Sheet(rng, dpi, high, kinds)
    blocks = [_lines, _table, _options, _fields]
    y = 12.0 * sheet.unit
    for k in rng.permutation(4):
        sheet.say(20 * sheet.unit, y, sheet.words(4, 9).upper())
        y = blocks[int(k)](sheet, y + 9 * sheet.unit) + 6 * sheet.unit
    size = tuple(side // 2 for side in sheet.size)
    black, grey, tint, pencil = (
        cv2.resize(np.asarray(layer, np.float32) / 255, size, interpolation=cv2.INTER_AREA)
        for layer in (sheet.black, sheet.grey, sheet.tint, sheet.pencil)
    )
    shade = TINTS[int(rng.integers(len(TINTS)))]
    pale = tint[..., None] * (250 - np.float32(shade)) + grey[..., None] * float(rng.uniform(25, 90))
    deep = depth or float(rng.uniform(20, 60))
    image = scanned(rng, black, pencil, deep, worn, dpi, pale)
    return Pencilled(image, pencil, np.maximum(black, np.maximum(grey, tint)), deep, dpi, sheet.places)


def _lines(sheet: _Sheet, y: float) -> float:
    """Words with a dotted or solid line after them."""
    rng, mm = sheet.rng, sheet.unit
    dotted = bool(rng.random() < 0.5)
    for _ in range(4):
        box = sheet.say(20 * mm, y, f"{sheet.words(2, 5).capitalize()}:")
        base = box[3] - 0.5 * mm
        sheet.line(box[2] + 2 * mm, base, 190 * mm, base, dotted=dotted)
        x = float(rng.uniform(box[2] + 8 * mm, 170 * mm))
        up = base - float(rng.uniform(0.6, 2.5)) * mm
        kind = str(rng.choice(("dash", "cross", "strokes")))
        sheet.maybe(0.4, kind, (x, up, x, up))
        sheet.maybe(0.15, "check", (12 * mm, y + 2 * mm, 14 * mm, y + 3 * mm))
        y += 9 * mm
    return y


def _table(sheet: _Sheet, y: float) -> float:
    rng, mm = sheet.rng, sheet.unit
    columns, rows, high = int(rng.integers(4, 7)), 4, float(rng.uniform(7, 9)) * mm
    xs = [20 * mm, *(65 * mm + np.linspace(0, 125 * mm, columns))]
    if rng.random() < 0.3:
        ImageDraw.Draw(sheet.tint).rectangle((xs[0], y, xs[-1], y + high), fill=255)
    for x in xs:
        sheet.line(x, y, x, y + rows * high)
    for row in range(rows + 1):
        sheet.line(xs[0], y + row * high, xs[-1], y + row * high)
    for row in range(rows):
        top = y + row * high
        sheet.say(xs[0] + 1.5 * mm, top + 1.5 * mm, sheet.words(2, 4))
        for left, right in pairwise(xs[1:]):
            if row == 0 or rng.random() < 0.3:
                sheet.say(left + 1.5 * mm, top + 1.5 * mm, str(int(rng.integers(1, 999))))
            else:
                kind = str(rng.choice(("dash", "dash", "cross", "check", "strokes")))
                sheet.maybe(0.35, kind, (left, top, right, top + high))
    return y + rows * high


def _options(sheet: _Sheet, y: float) -> float:
    """Printed answers of which one is ringed, underlined or ticked beside."""
    rng, mm = sheet.rng, sheet.unit
    for _ in range(3):
        sheet.say(20 * mm, y, f"{sheet.words(2, 4).capitalize()}?")
        boxes = [sheet.say((100 + 30 * k) * mm, y, ("Nam", "Nữ", "Khác")[k]) for k in range(3)]
        if rng.random() < 0.7:
            box = boxes[int(rng.integers(3))]
            kind = str(rng.choice(("underline", "ring", "check")))
            beside = (box[0] - 5 * mm, box[1], box[0] - 2 * mm, box[3])
            sheet.maybe(1, kind, beside if kind == "check" else box)
        y += 9 * mm
    return y


def _fields(sheet: _Sheet, y: float) -> float:
    """A tinted field with white boxes, some of them with a rim."""
    rng, mm = sheet.rng, sheet.unit
    draw, side = ImageDraw.Draw(sheet.tint), float(rng.uniform(4, 6)) * mm
    draw.rectangle((18 * mm, y, 192 * mm, y + 3 * 1.6 * side + 2 * mm), fill=255)
    rimmed = rng.random() < 0.3
    for row in range(3):
        top = y + 2 * mm + row * 1.6 * side
        sheet.say(20 * mm, top, sheet.words(2, 5))
        for k in range(3):
            x = (100 + 30 * k) * mm
            box = (x, top, x + side, top + side)
            draw.rectangle(box, fill=0)
            if rimmed:
                ImageDraw.Draw(sheet.black).rectangle(box, outline=255, width=sheet.wide)
            sheet.say(x + side + 1.5 * mm, top, ("Có", "Không", "Khác")[k])
            sheet.maybe(0.3, "box", box)
    return y + 3 * 1.6 * side


def account(form: Pencilled, page: CleanPage) -> list[tuple[str, str]]:
    """Kind and "kept", "told" or "untold" of each mark."""
    grey = page.image if page.image.ndim == 2 else cv2.cvtColor(page.image, cv2.COLOR_BGR2GRAY)
    clear = cv2.dilate((form.printed > 0.02).astype(np.uint8), np.ones((5, 5), np.uint8)) == 0
    found = []
    for kind, (left, top, right, bottom) in form.places:
        there = np.s_[max(int(top) - 6, 0) : int(bottom) + 7, max(int(left) - 6, 0) : int(right) + 7]
        dark, marks = 255.0 - grey[there], form.marks[there]
        on, off = dark[(marks > 0.7) & clear[there]], dark[(marks < 0.05) & clear[there]]
        if len(on) < 8:
            continue
        kept = float(on.mean() - (np.median(off) if len(off) else 0)) >= LEAST_DARK
        said = any(_meets(form, box, (left, top, right, bottom)) for box in told(page))
        found.append((kind, "kept" if kept else "told" if said else "untold"))
    return found


def told(page: CleanPage) -> tuple[Box, ...]:
    return page.places.get(Verdict.FAINT, ())


def made_up(form: Pencilled, page: CleanPage) -> float:
    """Square millimetres that are dark where the form is bare."""
    grey = page.image if page.image.ndim == 2 else cv2.cvtColor(page.image, cv2.COLOR_BGR2GRAY)
    drawn = ((form.printed > 0.02) | (form.marks > 0.02)).astype(np.uint8)
    bare = cv2.dilate(drawn, np.ones((7, 7), np.uint8)) == 0
    return float(((grey < 200) & bare).sum()) * (25.4 / form.dpi) ** 2


def _meets(form: Pencilled, told_box: Box, place: Box) -> bool:
    high, wide = form.marks.shape
    left, top, width, height = told_box
    near = 0.02 * wide
    across = left * wide - near < place[2] and place[0] < (left + width) * wide + near
    return across and top * high - near < place[3] and place[1] < (top + height) * high + near
