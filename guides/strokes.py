"""A pictogram's lines as moves, straight lines and curves, which a PDF canvas can draw. Pure numbers.

Understands what the set in data/pictures uses: path (M L H V C S A Z in both cases), circle and rect.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_PART = re.compile(r"[A-Za-z]|-?(?:\d*\.\d+|\d+)")
_ROUND = 0.5523  # a quarter of a circle as one Bézier curve
_COUNT = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "a": 7, "z": 0}

Stroke = tuple[str, tuple[float, ...]]
"""("M", x y), ("L", x y), ("C", x1 y1 x2 y2 x y) or ("Z", ); origin top left, y down."""


@dataclass(frozen=True)
class Shape:
    """One drawn thing; `filled` with white to hide what is behind it."""

    strokes: tuple[Stroke, ...]
    filled: bool = False


def shapes(file: Path) -> list[Shape]:
    """The shapes of a pictogram in drawing order, in its 48 x 48 grid. ValueError for anything else."""
    root = ElementTree.fromstring(file.read_text("utf-8"))  # noqa: S314 - our own and the office's files
    return [shape for element in root if (shape := _shape(element))]


def _shape(element: ElementTree.Element) -> Shape | None:
    kind, given = element.tag.removeprefix(_SVG), element.attrib
    if kind == "title":
        return None
    if kind == "path":
        strokes = list(_path(given["d"]))
    elif kind == "circle":
        strokes = list(_ellipse(float(given["cx"]), float(given["cy"]), float(given["r"])))
    elif kind == "rect":
        strokes = list(_rect(*(float(given.get(name, 0)) for name in ("x", "y", "width", "height", "rx"))))
    else:
        raise ValueError(f"{kind}: not in the set's grammar")
    moved = tuple(_moved(strokes, given.get("transform", "")))
    return Shape(moved, filled="fill" in given)


def _moved(strokes: list[Stroke], transform: str) -> Iterator[Stroke]:
    """Apply scale and translate in the order that SVG means: the last one first."""
    steps = re.findall(r"(scale|translate)\(([^)]*)\)", transform)
    for kind, points in strokes:
        values = list(points)
        for name, text in reversed(steps):
            numbers = [float(part) for part in re.split(r"[ ,]+", text.strip())]
            x, y = (numbers * 2)[:2]
            for place in range(0, len(values), 2):
                values[place] = values[place] * x if name == "scale" else values[place] + x
                values[place + 1] = values[place + 1] * y if name == "scale" else values[place + 1] + y
        yield kind, tuple(values)


def _ellipse(x: float, y: float, r: float) -> Iterator[Stroke]:
    k = r * _ROUND
    yield "M", (x + r, y)
    yield "C", (x + r, y + k, x + k, y + r, x, y + r)
    yield "C", (x - k, y + r, x - r, y + k, x - r, y)
    yield "C", (x - r, y - k, x - k, y - r, x, y - r)
    yield "C", (x + k, y - r, x + r, y - k, x + r, y)
    yield "Z", ()


def _rect(x: float, y: float, w: float, h: float, r: float) -> Iterator[Stroke]:
    k = r * (1 - _ROUND)
    yield "M", (x + r, y)
    yield "L", (x + w - r, y)
    yield "C", (x + w - k, y, x + w, y + k, x + w, y + r)
    yield "L", (x + w, y + h - r)
    yield "C", (x + w, y + h - k, x + w - k, y + h, x + w - r, y + h)
    yield "L", (x + r, y + h)
    yield "C", (x + k, y + h, x, y + h - k, x, y + h - r)
    yield "L", (x, y + r)
    yield "C", (x, y + k, x + k, y, x + r, y)
    yield "Z", ()


def _path(text: str) -> Iterator[Stroke]:
    parts = _PART.findall(text)
    x = y = start_x = start_y = 0.0
    last: tuple[float, float] | None = None  # the second control point of the curve before
    command, place = "", 0
    while place < len(parts):
        if parts[place].isalpha():
            command, place = parts[place], place + 1
        count = _COUNT[command.lower()]
        raw = [float(part) for part in parts[place : place + count]]
        place += count
        kind = command.lower()
        dx, dy = (x, y) if command.islower() else (0.0, 0.0)
        control: tuple[float, float] | None = None
        if kind == "z":
            x, y = start_x, start_y
            yield "Z", ()
        elif kind in "mlhv":
            x = raw[0] + dx if kind != "v" else x
            y = (raw[0] if kind == "v" else raw[1]) + dy if kind != "h" else y
            yield "M" if kind == "m" else "L", (x, y)
            if kind == "m":
                start_x, start_y = x, y
                command = "l" if command == "m" else "L"
        elif kind == "a":
            end = (raw[5] + dx, raw[6] + dy)
            yield from _arc((x, y), end, raw[0], bool(raw[3]), bool(raw[4]))
            x, y = end
        else:
            points = [value + (dy if number % 2 else dx) for number, value in enumerate(raw)]
            if kind == "s":
                first = (2 * x - last[0], 2 * y - last[1]) if last else (x, y)
                points = [*first, *points]
            x, y, control = points[4], points[5], (points[2], points[3])
            yield "C", tuple(points)
        last = control


def _arc(
    start: tuple[float, float], end: tuple[float, float], r: float, large: bool, sweep: bool
) -> Iterator[Stroke]:
    """A circle's arc as curves of at most a quarter; ellipses are drawn as circles of their first radius."""
    (x1, y1), (x2, y2) = start, end
    half = math.hypot(x2 - x1, y2 - y1) / 2
    if half == 0:
        return
    r = max(r, half)
    lift = math.sqrt(max(0.0, r * r - half * half)) * (1 if large != sweep else -1)
    cx = (x1 + x2) / 2 + lift * (y1 - y2) / (2 * half)
    cy = (y1 + y2) / 2 + lift * (x2 - x1) / (2 * half)
    first, last = math.atan2(y1 - cy, x1 - cx), math.atan2(y2 - cy, x2 - cx)
    turn = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    pieces = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / pieces
    k = 4 / 3 * math.tan(step / 4) * r
    for number in range(pieces):
        a, b = first + number * step, first + (number + 1) * step
        yield (
            "C",
            (
                cx + r * math.cos(a) - k * math.sin(a),
                cy + r * math.sin(a) + k * math.cos(a),
                cx + r * math.cos(b) + k * math.sin(b),
                cy + r * math.sin(b) - k * math.cos(b),
                cx + r * math.cos(b),
                cy + r * math.sin(b),
            ),
        )
