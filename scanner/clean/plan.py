"""Decides on a small flat copy of a picture what shall be done with its page.

How large the page is, which way up, how its lines lean and bend, what on it is paper, border and ink, and
whether anything is written on it; the full picture is not touched.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.arrays import NOTHING, Array, bgr_of, darkest_half, grey_of, halve, shrink, threads
from scanner.clean.geometry.flatten import (
    ID1_MM,
    MM_PER_INCH,
    Target,
    homography,
    rotation,
    side_lengths,
    target_size,
    true_aspect,
    warp,
)
from scanner.clean.geometry.mirror import is_mirrored
from scanner.clean.geometry.skew import WORK_SIDE, Skew
from scanner.clean.geometry.textlines import Lines, text_lines, upright
from scanner.clean.geometry.turn import Turn, find_turn, is_no_card, trusted
from scanner.clean.geometry.unroll import Sheet, find_sheet, unroll
from scanner.clean.ink.blank import is_blank, is_picture
from scanner.clean.ink.blocks import blocks_of, evened, pale_of, under_blocks
from scanner.clean.ink.boxes import Place, boxes_of, rims_of
from scanner.clean.ink.cover import is_cover
from scanner.clean.ink.faint import Ink, ink_beside_black, ink_of
from scanner.clean.ink.fields import fields_of, is_tinted
from scanner.clean.ink.filled import is_filled
from scanner.clean.ink.inked import Marks
from scanner.clean.ink.light import MAP_SIDE, PAPER_WHITE, divide_light, lit_evenly, paper_map, with_edges
from scanner.clean.ink.margin import FAR, margin_mask, papered
from scanner.clean.ink.marks import marks_of
from scanner.clean.ink.pale import Pale
from scanner.clean.ink.ticks import ticks_of
from scanner.clean.ink.tone import INK_SIDE, choose_mode, has_tinted_stroke, is_tinted_ink, mid_toned
from scanner.clean.judge.framing import Framing, framing_of
from scanner.clean.judge.judge import Places, is_cut, judge_light

LEVEL = Skew(0.0, False)
CHOOSE_SIDE = 877  # half of WORK_SIDE: exact halves are quick
INK_DPI, LARGER = 150, (1.2, 2.0)  # at which pale ink is looked for; times a page is made larger for it
LEAST_SIDE = 24  # px of the small copy, on which something may be marked
USUAL_LETTER_MM = 2.6  # an 11 point letter with its mark
PORTRAIT_MM = (52.0, 72.0)  # no more, and it is a photograph: every paper is at least as big as a card
TINT, MOSTLY = 90, 0.35  # coloured deeper than a wooden table over so much, no letters: a photograph


@dataclass(frozen=True)
class Plan:
    """What shall be done: the way from picture to page before it is turned, and the small flat copy.

    `paper`: the bare paper of the small copy; `margin`: mask of borders and holes, which it shows no more.
    `ink`: how faint it is, and where letters are on the small copy.
    `light`: what is wrong with its light. `filled`: its text runs all over it, and no rim can be seen around.
    `marks`: what is marked on it in pale ink beside its rows, seen on the small copy.
    `fields`: mask of what is printed on it with a ground of its own, in a small copy; `tints`: of its blocks.
    `blank`: nothing is seen on it; then nothing is wiped either, so that keeping it keeps all.
    `framing`: what lies around the paper of a photograph in which no page was found; where more than a
    wedge of table does, it is no more than turned.
    """

    target: Target
    matrix: Array
    preview: Array
    paper: Array
    margin: Array
    turn: Turn
    reach_dpi: float
    sheet: Sheet | None
    photograph: bool
    blank: bool
    ink: Ink
    light: Places
    marks: Marks
    filled: bool
    fields: Array
    tints: Array
    framing: Framing | None

    @property
    def card(self) -> bool:
        """Whether it has the size of an identity card."""
        return _is_card(self.target)

    @property
    def waved(self) -> bool:
        """Whether some of it is printed with waves, which are soft, as a card is."""
        return self.card or self.fields is not NOTHING

    def mode(self) -> ColourMode:
        """The tone that loses nothing of the page."""
        if self.card or self.photograph:
            return ColourMode.COLOUR
        small, _ = shrink(self.preview, CHOOSE_SIDE)
        flat = lit_evenly(evened(small, pale_of(self.tints)), self.paper, self.fields)
        mode = choose_mode(flat)
        if mode is ColourMode.BLACK_WHITE and self.tints is not NOTHING:
            mode = ColourMode.GREY  # a form to be filled in: pencil between its boxes is kept as it came
        if mode is ColourMode.COLOUR or (small.ndim == 2 and self.fields is NOTHING):
            return mode
        if self.fields is not NOTHING:
            return ColourMode.COLOUR if is_tinted(flat, self.fields) else ColourMode.GREY
        if self.ink.beside and has_tinted_stroke(self.ink.letters, self.preview):
            return ColourMode.COLOUR
        smaller, _ = shrink(small, INK_SIDE)
        return ColourMode.COLOUR if is_tinted_ink(divide_light(smaller, self.paper, PAPER_WHITE)) else mode

    def dpi(self) -> float:
        """Dots an inch of the full page."""
        return self.target.width / self.target.width_mm * MM_PER_INCH

    def letters_px(self) -> tuple[float, ...]:
        """Heights of the letters in px of the full page: as measured, and that of usual print, for blur melts
        them together."""
        usual = USUAL_LETTER_MM * self.target.width / self.target.width_mm
        measured = self._large() * usual
        return (measured, usual) if 0.4 * usual < measured < 1.6 * usual else (usual,)

    def _large(self) -> float:
        """How many times as high as usual print its letters are."""
        return float(self.turn.letter_px * self.target.height_mm / self.preview.shape[0] / USUAL_LETTER_MM)

    def fine_dpi(self) -> float:
        """Dots an inch for letters of usual size; those of a slip that is held for a sheet are large."""
        return self.reach_dpi * (max(1.0, self._large()) if self.turn.sure else 1.0)

    def laid(self, mask: Array, skew: float) -> Array:
        """A mask of the small copy as the flattened page lies, `skew` degrees of lean taken out."""
        if mask is NOTHING:
            return mask
        small = _sized(self.target, mask)
        if self.sheet is not None:
            return _unrolled(mask, small, self.sheet, self.turn, 127)
        if not skew:
            return mask
        return cv2.warpPerspective(mask, rotation(small, -skew), mask.shape[::-1], flags=cv2.INTER_NEAREST)

    def laid_tints(self, skew: float) -> Array:
        """The same of the tints of its blocks."""
        if self.tints is NOTHING or not (skew or self.sheet):
            return self.tints
        taken, small = cv2.bitwise_not(self.tints), _sized(self.target, self.tints)
        if self.sheet is not None:
            laid = unroll(taken, np.eye(3), small, self.sheet, self.turn.degrees // 90)
        else:
            size, way = taken.shape[1::-1], cv2.INTER_NEAREST
            laid = cv2.warpPerspective(taken, rotation(small, -skew), size, flags=way)
        return cv2.bitwise_not(laid)


@threads(1)
def plan_page(image: Array, quad: Array | None, dpi: float | None, *, card: bool = True) -> Plan:
    """The plan of the page between corners (4, 2), or of the whole picture.

    `dpi`: what the scanner used, None for a camera. `card`: it may be one; what had its shape and letters
    too small for it is planned anew.
    """
    target, matrix, reach = _way(image, quad, dpi, card)
    with threads(2):
        seen = _preview(image, matrix, target)
    carded, portrait = _is_card(target), _is_portrait(target)
    sheet_like = not (carded or portrait)
    preview, grey, margin = _within(seen, target) if sheet_like else (seen, grey_of(seen), NOTHING)
    with ThreadPoolExecutor(1) as side:
        ground = side.submit(_Ground.of, preview, grey, target if sheet_like else None)
        # most pages are asked for it: it is ready by the time that their letters are known
        beside = marked = None
        if sheet_like:
            pale = side.submit(lambda: ground.result().pale())
            boxes = side.submit(lambda: _boxes(pale.result(), target.width_mm))
            beside = side.submit(lambda: ink_beside_black(pale.result(), boxes.result().rims))
            marked = side.submit(lambda: _marks(ground.result().grey, pale.result(), boxes.result()))
        shown, scanned = (preview, False) if dpi is None else (grey, True)
        lit = side.submit(judge_light, shown, scanned=scanned, found=quad is not None)
        turn = find_turn(grey)
        cover = not portrait and is_cover(seen, image, quad, scanned=dpi is not None)
        if carded and not dpi and (cover or is_no_card(turn, preview.shape)):
            return plan_page(image, quad, dpi, card=False)
        if quad is None and not dpi:
            turn = trusted(turn)
        text = turn.sure or turn.plain or carded
        photograph = portrait or cover or (not text and _is_bare(seen, preview))
        blank = not photograph and not turn.sure and is_blank(preview)
        framing = None if quad is not None or dpi else _framing_of(image, preview, turn, text=not photograph)
        lines, sheet = _lines_of(turn, preview.shape)
        if framing in (Framing.TABLE, Framing.BOTH):
            turn, sheet = replace(turn, skew=LEVEL), None
        plain = quad is None and dpi and margin is NOTHING and sheet is None
        filled = bool(plain and is_filled(preview.shape, ground.result().coarse, turn, lines))
        if sheet is not None and margin is not NOTHING:  # it was seen before the lines were made level
            margin = _unrolled(margin, _sized(target, margin), sheet, turn, 0)
        found, (ticks, marks) = Ink(None, NOTHING), (Marks(), Marks())
        if beside and marked and not (photograph or blank):
            found = _ink_of(turn, grey, ground.result(), beside.result)
            lies = turn.degrees % 180
            ticks, marks = _lying_marks(ground.result(), pale.result(), target) if lies else marked.result()
    return Plan(
        target, matrix, preview, ground.result().paper, margin, turn, reach, sheet, photograph,
        blank or found.bare, found, lit.result(), ticks if found.all_over else ticks.beside(marks), filled,
        ground.result().fields, ground.result().tints, framing,
    )  # fmt: skip


def _within(seen: Array, target: Target) -> tuple[Array, Array, Array]:
    """A page with paper in the place of its borders and holes, that in grey, and the mask of these."""
    grey = grey_of(seen)
    margin = margin_mask(grey, target.width_mm)
    if margin is NOTHING:
        return seen, grey, margin
    preview = papered(seen, margin)
    return preview, grey_of(preview), margin


def _lines_of(turn: Turn, shape: tuple[int, ...]) -> tuple[Lines, Sheet | None]:
    """The lines of a page (H, W) upright, and the sheet that they lie on where they bend."""
    letters, upright_shape = upright(turn.letters, shape, turn.degrees // 90)
    lines = text_lines(letters)
    return lines, find_sheet(lines, upright_shape)


def _framing_of(image: Array, preview: Array, turn: Turn, *, text: bool) -> Framing:
    letters = turn.letters * (max(image.shape[:2]) / max(preview.shape[:2]))
    return framing_of(image, letters, turn.degrees, text=text)


class _Ground(NamedTuple):
    """What a page stands on: a coarse copy, its fields, the tints of its blocks, the page with paper in the
    place of its fields, BGR and grey, in enough dots to look for pale ink, and its bare paper."""

    coarse: Array
    fields: Array
    tints: Array
    page: Array
    grey: Array
    paper: Array

    @classmethod
    def of(cls, preview: Array, grey: Array, sheet: Target | None) -> "_Ground":
        coarse, _ = shrink(preview, MAP_SIDE)
        fields = fields_of(coarse) if sheet else NOTHING
        plain = papered(coarse, fields, FAR)
        tints = blocks_of(plain) if sheet else NOTHING
        paper = with_edges(paper_map(under_blocks(plain, tints)), preview)
        larger = INK_DPI / MM_PER_INCH * sheet.width_mm / grey.shape[1] if sheet else 1.0
        if larger > LARGER[0]:
            larger = min(larger, LARGER[1])
            preview = cv2.resize(preview, None, fx=larger, fy=larger, interpolation=cv2.INTER_CUBIC)
            grey = grey_of(preview)
        page = preview
        if fields is not NOTHING:
            page = papered(preview, fields, FAR)
            grey = grey_of(page)
        return cls(coarse, fields, tints, page, grey, paper)

    def pale(self) -> Pale:
        return Pale.of(self.page, darkest_half(self.grey), self.paper)


def _ink_of(turn: Turn, grey: Array, ground: _Ground, beside: Callable[[], Ink]) -> Ink:
    """The ink of a page whose letters were seen in grey; what of it is no field, is mostly bare."""
    if ground.fields is not NOTHING:
        return beside()
    letters = turn.letters * (len(ground.grey) / len(grey))
    page = evened(ground.page, ground.tints)
    return ink_of(page, ground.paper, letters, beside, lambda: is_mirrored(grey, turn))


class _Boxes(NamedTuple):
    """The boxes of a page of `unit` px a millimetre, and 0/255 at half the size their rims."""

    places: list[Place]
    rims: Array
    unit: float


def _boxes(pale: Pale, width_mm: float) -> _Boxes:
    unit = 2 * pale.depth.shape[1] / width_mm
    places = boxes_of(pale, unit)
    return _Boxes(places, rims_of(places, pale.depth.shape), unit)


def _marks(grey: Array, pale: Pale, boxes: _Boxes) -> tuple[Marks, Marks]:
    """What is ticked on a grey page, and what else is marked in pale ink."""
    if min(grey.shape) < LEAST_SIDE:
        return Marks(), Marks()
    return ticks_of(grey, boxes.places, boxes.unit), marks_of(pale, grey, boxes.rims)


def _lying_marks(ground: _Ground, pale: Pale, target: Target) -> tuple[Marks, Marks]:
    """The same of a page whose lines run down it: rows of letters are told from marks by what lies beside."""
    pale = pale.turned()
    ticks, marks = _marks(np.rot90(ground.grey).copy(), pale, _boxes(pale, target.height_mm))
    return ticks.turned_back(), marks.turned_back()


def _way(image: Array, quad: Array | None, dpi: float | None, card: bool) -> tuple[Target, Array, float]:
    """The page's size, the way (3, 3) from picture to page, and the dots an inch the picture has of it."""
    height, width = image.shape[:2]
    if quad is None:
        across, down = float(width), float(height)
        target = target_size(width / height, width, height, dpi, exact=True, card=card)
        if target.width > width or abs(target.width / width - 1) < 0.04:
            target = Target(target.width_mm, target.height_mm, width, height)
        frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
    else:
        across, down = side_lengths(quad)
        aspect, cut = true_aspect(quad, (width, height)), is_cut(quad, image.shape)
        target = target_size(aspect, across, down, dpi, cut=cut, card=card)
        frame = quad
    reach = min(across / target.width_mm, down / target.height_mm) * MM_PER_INCH
    return target, homography(frame, target), reach


def _is_card(target: Target) -> bool:
    return {target.width_mm, target.height_mm} == set(ID1_MM)


def _is_portrait(target: Target) -> bool:
    """Whether it is as small as the photographs that are filed: 3 x 4, 4 x 6, 5 x 7 cm."""
    sides = sorted((target.width_mm, target.height_mm))
    return all(side <= most for side, most in zip(sides, PORTRAIT_MM, strict=True))


def _is_bare(seen: Array, preview: Array) -> bool:
    """Whether what shows no text is a photograph: deeply coloured with its borders, or of middle tones."""
    small, _ = shrink(bgr_of(seen), CHOOSE_SIDE // 4)
    tint = small.max(axis=2) - small.min(axis=2)
    if float((tint > TINT).mean()) > MOSTLY:
        return True
    return is_picture(preview) and mid_toned(preview) > MOSTLY


def _sized(target: Target, copy: Array) -> Target:
    """The same page in the pixels of a small copy of it."""
    return Target(target.width_mm, target.height_mm, *copy.shape[1::-1])


def _unrolled(mask: Array, small: Target, sheet: Sheet, turn: Turn, level: int) -> Array:
    """A mask of a bent page on the level one: what is more than `level` of 255 masked."""
    mask = unroll(mask, np.eye(3), small, sheet, turn.degrees // 90)
    return cv2.threshold(mask, level, 255, cv2.THRESH_BINARY)[1]


def _preview(image: Array, matrix: Array, target: Target) -> Array:
    """The flat page with its long side at most WORK_SIDE, from halved copies of the picture."""
    scale = min(1.0, WORK_SIDE / max(target.width, target.height))
    size = Target(
        target.width_mm, target.height_mm,
        max(1, round(target.width * scale)), max(1, round(target.height * scale)),
    )  # fmt: skip
    down = np.array([[scale, 0, (scale - 1) / 2], [0, scale, (scale - 1) / 2], [0, 0, 1]])
    way = down @ matrix
    while _shrinks(way, image) and min(image.shape[:2]) >= 8:
        image = halve(image)
        way = way @ np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1.0]])
    return warp(image, way, size)


def _shrinks(way: Array, image: Array) -> bool:
    """Whether the picture has more than 1.9 times the pixels needed, a side."""
    middle = np.array([image.shape[1] / 2, image.shape[0] / 2, 1])
    spot = way @ middle
    beside = way @ (middle + np.array([1, 0, 0])), way @ (middle + np.array([0, 1, 0]))
    steps = [np.linalg.norm(one[:2] / one[2] - spot[:2] / spot[2]) for one in beside]
    return bool(max(steps) < 0.53)
