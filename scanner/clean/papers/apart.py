"""Decides whether rectangles on a scanner's glass are papers that lie apart, or boxes of one page.

The lamp stands on one side: a paper throws its shadow there and no other way, and all papers the same way,
while a box is drawn alike on its four sides. Or they lean differently, which nobody prints; or they are paler
than the lid, as no ink is paler than its paper.
"""

from enum import Enum, auto
from itertools import combinations
from typing import NamedTuple

import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.geometry.flatten import ID1_MM, MM_PER_INCH

PX = 75.0 / MM_PER_INCH
"""Px a millimetre of the small picture."""
SHADED, DRAWN, ALIKE = 1.5, 4.0, 0.5  # steps of 255: a shadow on one side; a line on all sides, each so deep
DARKER, SOFT = 40.0, 0.05  # steps of 255, of a picture all around; parts of them, beside its soft rim
ONE_WAY, FADING = 0.7, 0.3  # cosine of all shadows; what is left of them a little away from the rim
LEANING, PLAINLY = (1.2, 0.5), 0.9  # degrees between papers; where so many places of all sides agree
EACH_MORE = 0.03  # degrees: of many boxes on a bent page two lean more differently
PALER, TINT = (1.0, 2.5), 8.0  # steps of 255: a paper than the lid all around; between a grey lid's channels
PRINTABLE, IN_LINE_MM = 12.0, 0.25  # steps of 255, of the palest printed grounds; that boxes lie off one line
PART = 0.3  # of the glass, around a few papers
DUST, MUCH = 0.0008, 0.004  # of the glass, what else may lie there
GLUED_MM, PAGE_MM = 50.0, 215.0  # sides: a photograph on a form is smaller, a page that is alone is larger
CARD_OFF_MM = 1.5


class Apart(Enum):
    """What is known of rectangles on the glass."""

    NO = auto()
    MAYBE = auto()
    SURELY = auto()


class Sides(NamedTuple):
    """Of a rectangle's sides (4,): seen as a paper's, at the border; the shadow outside, the line on them; by
    how much (4, 3) the rectangle is paler than what lies around it, in each channel."""

    seen: Array
    border: Array
    shadow: Array
    line: Array
    paler: Array


class Rectangle(NamedTuple):
    """Corners (4, 2) px with the sides measured there; the same squared, from top left, and how sure."""

    corners: Array
    sides: Sides
    squared: Array
    sure: float


def are_apart(papers: list[Rectangle], beside: float, *, grey: bool, shape: tuple[int, ...]) -> Apart:
    """`beside`: what else is seen on the glass, of the picture's `shape`. `grey`: the lid has no tint, as a
    printed ground has."""
    plainly = beside <= DUST and min(paper.sure for paper in papers) > PLAINLY
    differ = _lean(papers) - EACH_MORE * (len(papers) - 2)
    shaded = differ > LEANING[plainly] or _shaded_one_way(papers)
    if beside > DUST or len(papers) < 2:
        return Apart.MAYBE if shaded and _are_large(papers, beside) else Apart.NO
    paler = _paler(papers) if grey else 0.0
    maybe, surely = PALER
    if shaded or surely < paler < PRINTABLE or (paler > surely and not _are_in_line(papers)):
        return Apart.SURELY
    return Apart.MAYBE if paler > maybe or _take_a_part(papers, shape) else Apart.NO


def ways_of(ring: Array) -> tuple[Array, Array, Array]:
    """(4, 2) unit vectors along the sides and inwards, (4, 1) px of their lengths."""
    way = np.roll(ring, -1, axis=0) - ring
    length = np.linalg.norm(way, axis=1, keepdims=True)
    way = way / length
    inward = np.stack([-way[:, 1], way[:, 0]], axis=1)
    inward *= np.sign(((ring.mean(axis=0) - ring) * inward).sum(axis=1))[:, None]
    return way, inward, length


def is_whole(sides: Sides) -> bool:
    """Whether all sides are seen, or are the glass's."""
    return bool((sides.seen | sides.border).all())


def is_paper(sides: Sides) -> bool:
    """Whether all sides but one are seen, or are the glass's; and it is no box drawn with one line."""
    line = sides.line[sides.seen]
    if len(line) < 2 or (sides.seen | sides.border).sum() < 3:
        return False
    return bool(line.min() < max(DRAWN, ALIKE * line.max()))


def has_card_size(ring: Array) -> bool:
    """Whether it may be a card, whose ground changes from one colour to another along its rim."""
    return bool(np.abs(np.sort(ways_of(ring)[2][:, 0])[[0, 3]] / PX - np.sort(ID1_MM)).max() < CARD_OFF_MM)


def _are_large(papers: list[Rectangle], beside: float) -> bool:
    """Whether some are no photographs glued on a form, with much else beside them on the glass.

    One alone is the page, unless much lies beside it, or a picture on it.
    """
    large = [
        paper for paper in papers
        if ways_of(paper.corners)[2].min() > GLUED_MM * PX and is_whole(paper.sides)
    ]  # fmt: skip
    first = papers[0]
    whole = ways_of(first.corners)[2].max() > PAGE_MM * PX or _is_picture(first.sides)
    alone = len(papers) == 1 and whole
    return bool(large and not alone and (len(large) > 1 or beside > MUCH))


def _is_picture(sides: Sides) -> bool:
    """Whether it is far darker than what it lies on, and outside no darker than its own soft rim makes it."""
    depth = -sides.paler.mean(axis=1)
    picture: Array = sides.border | ((depth > DARKER) & (sides.shadow < SOFT * depth))
    return bool(picture.all())


def _paler(papers: list[Rectangle]) -> float:
    """By how much each is paler than the lid, all around in one channel: no ink is paler than its paper."""
    least = [paper.sides.paler[~paper.sides.border].min(axis=0).max() for paper in papers]
    return float(min(least)) if all(is_whole(paper.sides) for paper in papers) else 0.0


def _are_in_line(papers: list[Rectangle]) -> bool:
    """Whether each has a side or a middle in one line with one of another's, as the boxes of a page have."""
    starts = np.stack([paper.squared for paper in papers])
    sides = np.stack([starts, np.roll(starts, -1, axis=1)], axis=2)
    middles = (sides + np.roll(sides, 2, axis=1)[:, :, ::-1]) / 2
    lines = np.concatenate([sides, middles[:, :2]], axis=1)  # (papers, 6, 2 ends, 2)
    lined = np.zeros(len(papers), bool)
    for one, other in combinations(range(len(papers)), 2):
        ends = np.concatenate([lines[one], lines[other]], axis=1)
        off = np.linalg.svd(ends - ends.mean(axis=1, keepdims=True), compute_uv=False)[:, -1] / 2
        lined[[one, other]] |= off.min() < IN_LINE_MM * PX
    return bool(lined.all())


def _take_a_part(papers: list[Rectangle], shape: tuple[int, ...]) -> bool:
    """Whether they leave most of the glass bare, as print hardly does; and are no cards' copies."""
    corners = np.concatenate([paper.corners for paper in papers])
    part = (np.ptp(corners, axis=0) / shape[1::-1]).prod()
    return bool(part < PART and not all(has_card_size(paper.corners) for paper in papers))


def _shaded_one_way(papers: list[Rectangle]) -> bool:
    """Whether most of them throw a shadow, and all of those the same way."""
    ways = []
    for corners, sides, *_ in papers:
        dark = sides.line if sides.line[sides.seen].max() > SHADED else sides.shadow
        dark = np.maximum(np.where(sides.seen, dark, dark[sides.seen].min()), 0)
        way = -(ways_of(corners)[1] * dark[:, None]).sum(axis=0)
        length = np.linalg.norm(way)
        fades = sides.shadow[dark.argmax()] > FADING
        if fades and length > max(SHADED, ALIKE * dark.max()):
            ways.append(way / length)
    shaded = np.array(ways)
    if 2 * len(shaded) < len(papers):
        return False
    return bool((shaded @ shaded.mean(axis=0) > ONE_WAY).all())


def _lean(papers: list[Rectangle]) -> float:
    """Degrees between the papers that lean most differently, each taken for straight or lying."""
    ways = np.stack([ways_of(paper.squared)[0][0] for paper in papers])
    lean = np.rad2deg(np.arctan2(ways[:, 1], ways[:, 0])) % 90
    lean = (lean - lean[0] + 45) % 90
    return float(np.ptp(lean))
