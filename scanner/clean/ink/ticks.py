"""Finds what is ticked in the printed boxes of a form, be it ever so pale, and keeps it on the clean page.

A tick is the answer on a form, and the shortest of all writing: no letter, in no row, and its black frame
hides it from what looks for pale ink beside print. But it stands where nothing else does. The boxes are found
as small bare places that black rims close in. What is in one is writing where it is long and crisp, where it
has as much ink as the other ticks of the form, and where hardly any of the bare places beside the boxes have
the like: dust, grain, stains and the other side's print lie there too. It is laid over in the depth of ink,
black where the page is black-white; what is doubted is told.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, halve, parts_of, percentile, shades_of, straight_runs
from scanner.clean.ink.boxes import RIMS, Place
from scanner.clean.ink.inked import Marks

RIM = 0.7  # the same: black print
LEAST_DEPTH, GRAINS = 8.0, 4.0  # of 255 below the paper; times the grain
LONG, SHORT, MUCH = 0.5, 0.3, 0.05  # of the box's side; the same, of a torn one; of its area
SURELY = 0.7  # of the side: a speck or half a hair is not so long
CRISP = (12, 20, 40), (0.75, 0.62, 0.52)  # steepness in parts of the depth, by that: the paler, the crisper
PAPER = 85  # percentile of a box: a scribble covers half of it
ASIDE = 1.7  # sides from box to box: where bare paper beside it is looked at
MOST_BOXES = 60  # beside which it is
STEEP, SOFT = 1.4, 0.8  # is a rim of the box, or of a letter taken for one; in parts of a tick's
RARE, MORE = 0.35, 2.0  # so much as many places beside boxes have the like: ink must be so much more
HOLE_MM, NEXT = 3.0, 0.45  # the hole of a letter is smaller; of that, where the next one begins
LEAST_INK = 1.8  # depth of 255 over so much of the box: less is what the rim and the grain make
ALIKE, TORN = 0.35, 0.2  # of the ink that the ticks of a form have, for one hand made them; less is dust
RUBBED = 0.6  # of their depth: less may have been rubbed out
NEAR, CLOSE = 0.36, 0.6  # of the side, outside of a box: what begins there may go on; print is a label there
TIP, BEYOND, ONWARD = 0.15, 0.52, 0.85  # so far come several tips of a cross, with one so far; nothing more
ALSO = 0.4  # of a tick's depth: what goes on is that dark
AROUND, OUTER = 0.5, 0.5  # of the side, that a tick comes out of its box; of its depth, that it has there
RUN = 0.75  # of the side, that a rim runs straight
GAP_PX = 5  # in a stroke, for pencil lies on the hills of the paper
CLEAR_PX = 5  # of black print, around which nothing is a tick's
_CROSS = np.ones((3, 3), np.uint8)


class _Mark(NamedTuple):
    """What is dark in a box: which pixels (0/1), the shade of its paper, how deep below that, on how much of
    it, how long in parts of the side, and how crisp in parts of what a tick is at least."""

    mask: Array
    paper: float
    deep: float
    much: float
    length: float
    crisp: float

    @property
    def ink(self) -> float:
        return self.deep * self.much


def ticks_of(grey: Array, places: Sequence[Place], unit: float) -> Marks:
    """What is ticked on a grey page of `unit` px a millimetre; `places`: its boxes."""
    if not places:
        return Marks()
    soft = cv2.GaussianBlur(grey, (0, 0), 0.8)
    grain = percentile(shades_of(cv2.absdiff(grey[::4, ::4], soft[::4, ::4])), 50)
    least = max(LEAST_DEPTH, GRAINS * grain)
    marks = [_mark(soft[place.there], place.hole, least) for place in places]
    marks = [
        None if mark and place.side < HOLE_MM * unit and _in_word(soft, place, mark.paper) else mark
        for place, mark in zip(places, marks, strict=True)
    ]
    found, doubted = np.zeros_like(grey), np.zeros_like(grey)
    ground, most = _ground(soft, places, marks, least)
    plain = [mark for mark in marks if mark and mark.crisp >= 1 and mark.length >= LONG and mark.ink > ground]
    usual = float(np.median([mark.ink for mark in plain])) if plain else 0.0
    deep = float(np.median([mark.deep for mark in plain])) if plain else 0.0
    for place, mark in zip(places, marks, strict=True):
        if mark is None or mark.ink < max(TORN * usual or LEAST_INK, MORE * ground):
            continue
        long = mark.length >= LONG
        enough = mark.ink >= max(LEAST_INK, ALIKE * usual, MORE * most) and mark.deep >= RUBBED * deep
        if mark.length >= SURELY and mark.crisp >= 1 and enough and not _goes_on(soft, place, mark, least):
            _draw(found, soft, place, mark, 255.0 if ground else max(least, OUTER * mark.deep))
        elif mark.crisp >= (SOFT if long else 1) and (long or (usual and mark.length >= SHORT)):
            doubted[place.there][mark.mask > 0] = 255
    return Marks(*(_half(each) if each.any() else NOTHING for each in (found, doubted)))


def _half(mask: Array) -> Array:
    """0/255 at half the size: what is masked in one pixel of four."""
    return cv2.threshold(halve(mask), 60, 255, cv2.THRESH_BINARY)[1]


def _mark(seen: Array, hole: Array, least: float) -> _Mark | None:
    """What is darker than its paper in a box, or None."""
    inside = seen[hole > 0]
    if not inside.size:
        return None
    paper = percentile(shades_of(inside), PAPER)
    if (paper - float(inside.min())) * 255 < least * paper:
        return None
    core = cv2.erode(hole, _CROSS, borderValue=0)
    depth = cv2.subtract(np.full_like(seen, round(paper)), seen) * core
    dark = cv2.threshold(depth, least * paper / 255, 1, cv2.THRESH_BINARY)[1]
    labels, stats = parts_of(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((GAP_PX, GAP_PX), np.uint8)))
    if len(stats) == 1:
        return None
    across = np.hypot(stats[:, 2], stats[:, 3])
    across[0] = 0
    mask = (labels == across.argmax()) & (dark > 0)
    deep = percentile(shades_of(depth[mask]), 90)
    steep = percentile(shades_of(cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, _CROSS)[mask]), 90)
    much = np.count_nonzero(mask) / cv2.countNonZero(core)
    length = float(across.max()) / min(hole.shape) if much >= MUCH else 0.0
    steepness = steep / max(deep, 1.0)
    if steepness > STEEP:
        return None
    return _Mark(dark, paper, deep * 255 / paper, much, length, steepness / float(np.interp(deep, *CRISP)))


def _in_word(soft: Array, place: Place, paper: float) -> bool:
    """Whether what closes it in is a letter: thicker than a rim to one side, or the next one begins there."""
    left, top, wide, high = place.box
    reach = round(NEXT * place.side) + 1  # a soft rim is wider
    rows = soft[top : top + high]
    right = left + wide
    for aside in (rows[:, max(left - 2 * reach, 0) : left][:, ::-1], rows[:, right : right + 2 * reach]):
        dark = aside.min(axis=0, initial=255) < RIM * paper
        first = int(dark[:reach].argmax()) if dark.size else 0  # the hole, found at half size, ends sooner
        ends = np.count_nonzero(np.diff(dark[first : first + reach], prepend=False))
        if ends not in (0, 2):  # no rim, or one that is left behind
            return True
    return False


def _ground(
    soft: Array, places: Sequence[Place], marks: list[_Mark | None], least: float
) -> tuple[float, float]:
    """The ink that bare places beside the boxes have, where it is nearly as often there as in them: of a
    printed ground, a stain or the other side's print, else 0; and the most that any of them has."""
    long = sum(1 for mark in marks if mark and mark.length >= LONG)
    if not long:
        return 0.0, 0.0
    beside = [_mark(soft[each.there], each.hole, least) for each in _beside(soft, places)]
    alike = [mark.ink for mark in beside if mark and mark.length >= LONG]
    rare = len(alike) * len(places) <= RARE * long * len(beside)
    return 0.0 if rare else float(np.percentile(alike, 90)), max(alike, default=0.0)


def _goes_on(soft: Array, place: Place, mark: _Mark, least: float) -> bool:
    """Whether something like a mark lies around its box too: a fold, a hair or a stain goes on there, where a
    tick comes out once and ends."""
    there, inner = _around(place, soft.shape, place.side)
    out = round(CLOSE * place.side)
    seen, least = soft[there], max(least, ALSO * mark.deep)
    dark = cv2.threshold(seen, mark.paper * (1 - least / 255), 255, cv2.THRESH_BINARY_INV)[1]
    near = tuple(slice(max(each.start - out, 0), each.stop + out) for each in inner)
    dark[near] = _dark(seen[near], mark.paper, least)  # what goes on behind print is not lost there
    dark[inner] = 0
    _, stats = parts_of(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((GAP_PX, GAP_PX), np.uint8)))
    left, top, wide, high = stats[1:, :4].T
    from_left, from_top = inner[1].start - left, inner[0].start - top
    sides = from_left, from_top, left + wide - inner[1].stop, top + high - inner[0].stop
    reach = np.max(sides, axis=0) / place.side
    gap = np.max([from_left - wide, from_top - high, left - inner[1].stop, top - inner[0].stop], axis=0)
    tips = reach[gap < NEAR * place.side]
    farthest = float(tips.max(initial=0))
    return farthest > ONWARD or (farthest > BEYOND and int(np.count_nonzero(tips > TIP)) > 1)


def _beside(soft: Array, places: Sequence[Place]) -> Iterator[Place]:
    """Places as large as the boxes on the bare paper beside them."""
    left, top, wide, high = np.array([each.box for each in places]).T
    for place in places[:: 1 + len(places) // MOST_BOXES]:
        away = ASIDE * place.side
        for across, down in ((0.0, -away), (0.0, away), (-away, 0.0), (away, 0.0)):
            moved = place.moved(across, down, soft.shape)
            if moved is None:
                continue
            x, y, size = moved.box[0], moved.box[1], place.side
            apart = (x >= left + wide) | (x + size <= left) | (y >= top + high) | (y + size <= top)
            seen = soft[moved.there]
            if apart.all() and seen.min() > RIMS[0] * percentile(shades_of(seen), PAPER):
                yield moved


def _around(
    place: Place, shape: tuple[int, ...], out: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """A box with `out` px more to each side, on the page; and the box in that."""
    left, top, wide, high = place.box
    first = max(top - out, 0), max(left - out, 0)
    around = (
        slice(first[0], min(top + high + out, shape[0])),
        slice(first[1], min(left + wide + out, shape[1])),
    )
    top, left = top - first[0], left - first[1]
    return around, (slice(top, top + high), slice(left, left + wide))


def _dark(seen: Array, paper: float, least: float) -> Array:
    """0/255, what lies `least` of 255 below the paper, clear of print."""
    black = cv2.threshold(seen, RIM * paper, 255, cv2.THRESH_BINARY_INV)[1]
    dark = cv2.threshold(seen, paper * (1 - least / 255), 255, cv2.THRESH_BINARY_INV)[1]
    return cv2.subtract(dark, cv2.dilate(black, np.ones((CLEAR_PX, CLEAR_PX), np.uint8)))


def _draw(found: Array, soft: Array, place: Place, mark: _Mark, least: float) -> None:
    """Adds a tick to a mask of the page, in place, with what of it comes out of its box, clear of print.

    `least`: how deep that is at least.
    """
    around, inner = _around(place, soft.shape, round(AROUND * place.side))
    dark = cv2.subtract(_dark(soft[around], mark.paper, least), _rims_beside(soft, place, mark.paper, least))
    dark[inner][mark.mask > 0] = 255
    labels, stats = parts_of(dark)
    stroke = np.hypot(stats[:, 2], stats[:, 3]) >= AROUND * LONG * place.side
    stroke[0] = False
    found[around] |= np.where(stroke, np.uint8(255), np.uint8(0)).take(labels)


def _rims_beside(soft: Array, place: Place, paper: float, least: float) -> Array:
    """0/255 around a box, as far as a tick comes out of it: its rims and those of boxes beside it, which run
    straight across or down; pale ones are no print."""
    there, inner = _around(place, soft.shape, place.side)
    dark = cv2.threshold(soft[there], paper * (1 - least / 255), 255, cv2.THRESH_BINARY_INV)[1]
    dark[inner] = 0  # a stroke may be straight
    rims = cv2.dilate(straight_runs(dark, round(RUN * place.side)), np.ones((CLEAR_PX, CLEAR_PX), np.uint8))
    around, _ = _around(place, soft.shape, round(AROUND * place.side))
    rows, columns = (
        slice(one.start - all_.start, one.stop - all_.start) for one, all_ in zip(around, there, strict=True)
    )
    result: Array = rims[rows, columns]
    return result
