"""One picture in, one clean page out: find, flatten, straighten, turn, light, tone, verdicts.

All decisions are taken on a small flat copy; the full picture is resampled once, divided by its light once
and toned once.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from kioskcore.ports import Box, ColourMode, Point
from scanner.clean.arrays import Array, bgr_of, grey_of, halve, shrink
from scanner.clean.binarise import binarise
from scanner.clean.blank import is_blank, is_picture
from scanner.clean.cards import find_cards
from scanner.clean.faint import GENTLE, Ink, Levels, ink_of, is_lost, strengthened
from scanner.clean.find import Found, find_page
from scanner.clean.flatten import (
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
from scanner.clean.judge import (
    LEAST_DPI,
    SHARP,
    WHOLE,
    Places,
    Sharpness,
    Verdict,
    is_cut,
    judge_light,
    judge_sharpness,
    runs_out,
    without_table,
)
from scanner.clean.light import MAP_SIDE, PAPER_WHITE, card_light, divide_light, paper_map
from scanner.clean.margin import NOTHING, margin_mask, papered, turned, whitened
from scanner.clean.skew import WORK_SIDE
from scanner.clean.tone import choose_mode, mid_toned
from scanner.clean.turn import Turn, find_turn, is_fine, trusted
from scanner.clean.unroll import Sheet, sheet_of, unroll

CHOOSE_SIDE = 877  # half of WORK_SIDE: exact halves are quick
MOST_LEAN = 15.5  # a whole picture that leans more is no scan; turning it would cut it
USUAL_LETTER_MM = 2.6  # an 11 point letter with its mark
PORTRAIT_MM = (52.0, 72.0)  # no more, and it is a photograph: every paper is at least as big as a card
TINT, MOSTLY = 90, 0.35  # coloured deeper than a wooden table over so much, no letters: a photograph
STRAIGHT = 0.04  # degrees; less than this is left alone, so that a straight page is not resampled
Corners = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class CleanPage:
    """A page ready for the PDF.

    `image`: uint8, (H, W, 3) BGR where `mode` is COLOUR, (H, W) otherwise, only 0 and 255 in BLACK_WHITE.
    `corners`: TL, TR, BR, BL in input pixels, None where the whole picture was taken.
    `turn_degrees`: the clockwise turn that was applied (0, 90, 180, 270); `skew_degrees`: the lean taken out.
    `verdicts`: codes of `Verdict`; `places`: for each code, left, top, width, height in parts of `image`,
    for ANOTHER of the picture that came.
    """

    image: Array
    width_mm: float
    height_mm: float
    corners: Corners | None
    confidence: float
    skew_degrees: float
    turn_degrees: int
    mode: ColourMode
    verdicts: tuple[str, ...] = ()
    milliseconds: dict[str, float] = field(default_factory=dict)
    places: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Plan:
    """What shall be done: the way from picture to page before it is turned, and the small flat copy.

    `paper`: the bare paper of the small copy; `margin`: mask of borders and holes, which it shows no more.
    `ink`: how faint it is, and where letters are on the small copy.
    `blank`: nothing is seen on it; then nothing is wiped either, so that keeping it keeps all.
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


class _Watch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.taken[name] = round((time.perf_counter() - start) * 1000, 1)


def clean_page(
    image: Array,
    *,
    dpi: float | None = None,
    tone: ColourMode = ColourMode.AUTO,
    corners: Sequence[Point] | Found | None = None,
    turn_degrees: int | None = None,
) -> CleanPage:
    """Clean a picture. `dpi` is what the scanner used, None for a camera.

    Corners and turn given by the person are obeyed, and a paper that was found; without them both are
    looked for.
    """
    watch = _Watch()
    # a scanner's page mostly fills the picture: it is planned so while the page edge is still looked for
    with ThreadPoolExecutor(1) as side:
        guess = side.submit(_plan, image, None, dpi) if dpi and corners is None else None
        with watch.stage("find"):
            quad, confidence = _corners(image, corners, dpi)
        with watch.stage("plan"):
            plan = guess.result() if guess and quad is None else _plan(image, quad, dpi)
    turn = (plan.turn.degrees if turn_degrees is None else turn_degrees) // 90 % 4
    with watch.stage("choose"):
        mode = _choose(plan) if tone is ColourMode.AUTO else tone
        if mode is ColourMode.BLACK_WHITE and (plan.blank or plan.ink.levels):
            mode = ColourMode.GREY  # also where it was asked for: what is faint, or its marks, would be gone
    with watch.stage("flatten"):
        source = image if mode is ColourMode.COLOUR else grey_of(image)
        flat, skew = _flatten(source, plan)
    with watch.stage("light"):
        lit = _lit(flat, plan, skew)
    with ThreadPoolExecutor(1) as side:
        sharpness = side.submit(judge_sharpness, lit, _letter_px(plan, flat))
        with watch.stage("tone"):
            toned, mode, faint = _kept(_toned(lit, mode, _dpi_of(lit, plan.target)), flat, plan, skew, mode)
            toned = _turned(toned, turn)
        with watch.stage("judge"):
            sharp = sharpness.result()
            found = _verdicts(image, quad, plan, sharp, dpi)
            if faint:
                found[Verdict.FAINT] = (WHOLE,)
    size = (plan.target.width_mm, plan.target.height_mm)
    width_mm, height_mm = size[::-1] if turn % 2 else size
    places = {code.value: tuple(_turned_box(box, turn) for box in boxes) for code, boxes in found.items()}
    return CleanPage(
        toned, width_mm, height_mm, _points(quad), confidence, skew, turn * 90, mode,
        tuple(places), watch.taken, places,
    )  # fmt: skip


def _corners(
    image: Array, given: Sequence[Point] | Found | None, dpi: float | None
) -> tuple[Array | None, float]:
    if isinstance(given, Found):
        return given.corners, given.confidence
    if given is not None:
        return np.array(given, np.float64), 1.0
    cards = find_cards(image, dpi)
    found = cards[0] if cards else find_page(image)
    return found.corners, found.confidence


def _plan(image: Array, quad: Array | None, dpi: float | None, *, card: bool = True) -> _Plan:
    """`card`: it may be one; what had its shape and letters too small for it is planned anew."""
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
    matrix = homography(frame, target)
    preview = _preview(image, matrix, target)
    reach = min(across / target.width_mm, down / target.height_mm) * MM_PER_INCH
    grey = grey_of(preview)
    margin = NOTHING if _is_card(target) or _is_portrait(target) else margin_mask(grey, target.width_mm)
    tinted = _is_tinted(preview)
    if margin is not NOTHING:
        preview = papered(preview, margin)
        grey = grey_of(preview)
    turn = find_turn(grey)
    if _is_card(target) and not dpi and is_fine(turn, preview.shape):
        return _plan(image, quad, dpi, card=False)
    if quad is None and not dpi:
        turn = trusted(turn)
    sheet = sheet_of(turn.letters, preview.shape[:2], turn.degrees // 90)
    if sheet is not None and margin is not NOTHING:  # it was seen before the lines were made level
        small = Target(target.width_mm, target.height_mm, *margin.shape[::-1])
        margin = unroll(margin, np.eye(3), small, sheet, turn.degrees // 90)
        margin = cv2.threshold(margin, 0, 255, cv2.THRESH_BINARY)[1]
    bare = tinted or (is_picture(preview) and mid_toned(preview) > MOSTLY)
    photograph = _is_portrait(target) or (bare and not turn.sure and not _is_card(target))
    blank = not photograph and not turn.sure and is_blank(preview)
    light = paper_map(preview)
    if photograph or blank or _is_card(target):
        ink = Ink(None, np.zeros(preview.shape[:2], np.uint8))
    else:
        ink = ink_of(preview, light)
    return _Plan(target, matrix, preview, light, margin, turn, reach, sheet, photograph, blank, ink)


def _is_card(target: Target) -> bool:
    return {target.width_mm, target.height_mm} == set(ID1_MM)


def _is_portrait(target: Target) -> bool:
    """Whether it is as small as the photographs that are filed: 3 x 4, 4 x 6, 5 x 7 cm."""
    sides = sorted((target.width_mm, target.height_mm))
    return all(side <= most for side, most in zip(sides, PORTRAIT_MM, strict=True))


def _is_tinted(preview: Array) -> bool:
    small, _ = shrink(bgr_of(preview), CHOOSE_SIDE // 4)
    tint = small.max(axis=2) - small.min(axis=2)
    return float((tint > TINT).mean()) > MOSTLY


def _lit(flat: Array, plan: _Plan, skew: float, levels: Levels | None = None) -> Array:
    """Paper white, borders and holes too; a photograph has no paper, and a card little of it.

    `levels`: others than the page's own.
    """
    if plan.blank or plan.photograph:
        return flat
    if _is_card(plan.target):
        return card_light(flat)
    margin = turned(plan.margin, -skew)
    if plan.sheet is None:
        paper = plan.paper if flat.ndim == 3 else grey_of(plan.paper)
        same = Target(plan.target.width_mm, plan.target.height_mm, *paper.shape[1::-1])
        paper = warp(paper, rotation(same, -skew), same)
    else:
        paper = paper_map(papered(shrink(flat, MAP_SIDE)[0], margin))
    levels = levels or plan.ink.levels
    lit = strengthened(flat, paper, levels) if levels else divide_light(flat, paper, 255 * 255 / PAPER_WHITE)
    return whitened(lit, margin)


def _kept(
    toned: Array, flat: Array, plan: _Plan, skew: float, mode: ColourMode
) -> tuple[Array, ColourMode, bool]:
    """The toned page, or one that was cleaned more gently where letters are lost on it; and whether they
    are lost on that one too."""
    letters = _laid(plan.ink.letters, plan, skew)
    if not is_lost(letters, toned):
        return toned, mode, False
    mode = ColourMode.GREY if mode is ColourMode.BLACK_WHITE else mode
    gentle = _toned(_lit(flat, plan, skew, GENTLE), mode, _dpi_of(flat, plan.target))
    return gentle, mode, is_lost(letters, gentle)


def _laid(mask: Array, plan: _Plan, skew: float) -> Array:
    """A mask of the small copy as the flattened page lies."""
    small = Target(plan.target.width_mm, plan.target.height_mm, *mask.shape[::-1])
    if plan.sheet is not None:
        mask = unroll(mask, np.eye(3), small, plan.sheet, plan.turn.degrees // 90)
        return cv2.threshold(mask, 127, 255, cv2.THRESH_BINARY)[1]
    if not skew:
        return mask
    return cv2.warpPerspective(mask, rotation(small, -skew), mask.shape[::-1], flags=cv2.INTER_NEAREST)


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


def _choose(plan: _Plan) -> ColourMode:
    if _is_card(plan.target) or plan.photograph:
        return ColourMode.COLOUR
    small, _ = shrink(plan.preview, CHOOSE_SIDE)
    return choose_mode(divide_light(small, plan.paper, 255 * 255 / PAPER_WHITE))


def _flatten(source: Array, plan: _Plan) -> tuple[Array, float]:
    """The flat page and the lean that was taken out; one resampling, none for a straight full picture."""
    if plan.sheet is not None:
        return unroll(source, plan.matrix, plan.target, plan.sheet, plan.turn.degrees // 90), 0.0
    lean = plan.turn.skew.degrees if plan.turn.skew.sure else 0.0
    if not STRAIGHT <= abs(lean) <= MOST_LEAN:
        return warp(source, plan.matrix, plan.target), 0.0
    paper = np.median(plan.preview[::8, ::8].reshape(-1, 3), axis=0)  # what the turned-in corners show
    fill = paper if source.ndim == 3 else paper[1:2]
    return warp(source, rotation(plan.target, -lean) @ plan.matrix, plan.target, fill), lean


def _dpi_of(flat: Array, target: Target) -> float:
    return float(flat.shape[1] / target.width_mm * MM_PER_INCH)


def _toned(lit: Array, mode: ColourMode, dpi: float) -> Array:
    if mode is ColourMode.COLOUR:
        return bgr_of(lit)
    return lit if mode is ColourMode.GREY else binarise(lit, dpi)


def _turned(image: Array, quarters: int) -> Array:
    if not quarters:
        return image
    ways = (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)
    return cv2.rotate(image, ways[quarters - 1])


def _turned_box(box: Box, quarters: int) -> Box:
    left, top, width, height = box
    for _ in range(quarters):
        left, top, width, height = 1 - top - height, left, height, width
    return left, top, width, height


def _letter_px(plan: _Plan, flat: Array) -> float:
    """Height of the letters in px of the full page; that of usual print where blur melted them together."""
    usual = USUAL_LETTER_MM * flat.shape[1] / plan.target.width_mm
    measured = plan.turn.letter_px * max(flat.shape[:2]) / max(plan.preview.shape[:2])
    return float(measured if 0.4 * usual < measured < 1.6 * usual else usual)


def _verdicts(image: Array, quad: Array | None, plan: _Plan, sharp: Sharpness, dpi: float | None) -> Places:
    found: Places = {}
    if plan.blank:
        found[Verdict.BLANK] = (WHOLE,)
    elif sharp.value < SHARP and not plan.photograph:
        found[Verdict.BLURRED] = sharp.places
    if not plan.photograph and plan.reach_dpi < LEAST_DPI and (dpi is None or dpi < LEAST_DPI):
        found[Verdict.LOW_DPI] = (WHOLE,)
    unframed = quad is None and dpi is None
    if (
        is_cut(quad, image.shape)
        if quad is not None
        else unframed and plan.turn.sure and runs_out(plan.turn.letters, plan.preview.shape)
    ):
        found[Verdict.CUT] = (WHOLE,)
    if plan.turn.doubted and not plan.photograph:
        found[Verdict.TURN] = (WHOLE,)
    if dpi is None and not plan.photograph:
        found.update(judge_light(plan.preview))
    return without_table(found, image) if unframed else found


def with_another(page: CleanPage, places: tuple[Box, ...]) -> CleanPage:
    """The page of a picture in which one more paper may lie, at places in parts of that picture."""
    if not places:
        return page
    code = Verdict.ANOTHER.value
    return replace(page, verdicts=(*page.verdicts, code), places={**page.places, code: places})


def _points(quad: Array | None) -> Corners | None:
    if quad is None:
        return None
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad)
    return first, second, third, fourth
