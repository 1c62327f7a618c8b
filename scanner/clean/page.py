"""One picture in, one clean page out: find, flatten, straighten, turn, light, tone, verdicts.

All decisions are taken on a small flat copy; the full picture is resampled once, divided by its light once
and toned once.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import cv2
import numpy as np

from kioskcore.ports import Box, ColourMode, Point
from scanner.clean.arrays import NOTHING, Array, bgr_of, grey_of, shrink, threads
from scanner.clean.finder.find import Found
from scanner.clean.finder.look import Look
from scanner.clean.geometry.flatten import Target, rotation, warp
from scanner.clean.geometry.skew import LEAST_FEET
from scanner.clean.geometry.unroll import unroll
from scanner.clean.ink.bars import BLACK_RUN, fine_bars
from scanner.clean.ink.binarise import BlackWhite, begun
from scanner.clean.ink.blank import WORK_SIDE
from scanner.clean.ink.blocks import deep_of, evened, pale_of, tinted, under_blocks
from scanner.clean.ink.faint import GENTLE, Ink, Levels
from scanner.clean.ink.inked import untold, with_marks
from scanner.clean.ink.light import MAP_SIDE, card_light, lit_evenly, paper_map
from scanner.clean.ink.margin import FAR, cornered, papered, turned, whitened
from scanner.clean.ink.restore import Sought, framed, laid_over, lost_of, strengthened, writing_of
from scanner.clean.judge.framing import Framing
from scanner.clean.judge.judge import (
    LEAST_DPI,
    SHARP,
    WHOLE,
    Places,
    Sharpness,
    Verdict,
    halves_letters,
    is_cut,
    judge_sharpness,
    runs_out,
    settled,
    without_table,
)
from scanner.clean.papers.place import Place, Watch, place_of
from scanner.clean.plan import Plan, plan_page

MOST_LEAN = 15.5  # a whole picture that leans more is no scan; turning it would cut it
STRAIGHT = 0.04  # degrees; less than this is left alone, so that a straight page is not resampled
Corners = tuple[Point, Point, Point, Point]


@dataclass(frozen=True)
class CleanPage:
    """A page ready for the PDF.

    `image`: uint8, (H, W, 3) BGR where `mode` is COLOUR, (H, W) otherwise, only 0 and 255 in BLACK_WHITE.
    `corners`: TL, TR, BR, BL in input pixels, None where the whole picture was taken.
    `turn_degrees`: the clockwise turn that was applied (0, 90, 180, 270); `skew_degrees`: the lean taken out.
    `verdicts`: codes of `Verdict`; `places`: for each code, left, top, width, height in parts of `image`,
    for ANOTHER of the picture that came. `laid`: the papers of a scan that are known to lie apart, this one
    among them; None where nobody looked for them. `look`: what the finder saw of the picture, if it looked.
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
    laid: tuple[Found, ...] | None = None
    look: Look | None = None


class Spoilt(NamedTuple):
    """What black-white would spoil on a page: it loses `fine` bars of a code, or print is `torn` in it."""

    fine: bool = False
    torn: bool = False


def clean_page(
    image: Array,
    *,
    dpi: float | None = None,
    coarse: float | None = None,
    tone: ColourMode = ColourMode.AUTO,
    corners: Sequence[Point] | Found | None = None,
    turn_degrees: int | None = None,
) -> CleanPage:
    """Clean a picture. `dpi` is what the scanner used, None for a camera; `coarse`: the fewer of one way.

    Corners and turn given by the person are obeyed, and a paper that was found; without them both are
    looked for.
    """
    watch = Watch()
    found_page, whole, several, laid, look = _placed(image, corners, dpi, watch)
    quad = found_page.corners
    with watch.stage("plan"):
        plan = whole if whole and quad is None else plan_page(image, quad, dpi)
    if coarse:
        plan = replace(plan, reach_dpi=min(plan.reach_dpi, coarse))
    turn = (plan.turn.degrees if turn_degrees is None else turn_degrees) // 90 % 4
    with watch.stage("choose"):
        mode = _mode_of(plan, tone)
    skew = _lean(plan, framed=quad is not None)
    with watch.stage("flatten"), threads(2):  # nothing beside: OpenCV's threads are one caller's at a time
        flat = _flatten(image if mode is ColourMode.COLOUR else grey_of(image), plan, skew)
        flat = shrink(flat, WORK_SIDE)[0] if plan.blank else flat  # no more was looked at, and grain weighs
    with watch.stage("light"), threads(2):
        own = plan.ink.levels if plan.ink.all_over else None
        lit = _lit(flat, plan, skew, own)
        plain = _lit(grey_of(flat), plan, skew) if own else lit  # made stronger, soft rims look sharp
    with threads(1), ThreadPoolExecutor(1) as side:
        sought = side.submit(_sought, plan, skew)
        with watch.stage("tone"):
            ended = _blackened(lit, plan, side) if mode is ColourMode.BLACK_WHITE else None
            sharpness = side.submit(judge_sharpness, plain, plan.letters_px(), card=bool(dpi and plan.waved))
            made, spoilt = _toned(ended, lit, mode, plan)
            spared = _spared(made, lit, spoilt, asked=tone)
            toned, mode, pale = _marked(_kept(spared, flat, sought.result(), plan, skew), flat, plan, skew)
            toned = _turned(toned, turn)
        with watch.stage("judge"):
            found = _verdicts(image, quad, plan, sharpness.result(), coarse or dpi) | _light_of(plan)
            found |= {code: at for code, at in ((Verdict.FAINT, pale), (Verdict.SEVERAL, several)) if at}
            found = settled(_unframed(found, image, plan.framing) if plan.framing else found)
    width_mm, height_mm = (plan.target.width_mm, plan.target.height_mm)[:: -1 if turn % 2 else 1]
    places = {code.value: tuple(_turned_box(box, turn) for box in boxes) for code, boxes in found.items()}
    return CleanPage(
        toned, width_mm, height_mm, _points(quad), found_page.confidence, skew, turn * 90, mode,
        tuple(places), watch.taken, places, laid, look,
    )  # fmt: skip


def _placed(image: Array, corners: Sequence[Point] | Found | None, dpi: float | None, watch: Watch) -> Place:
    """Where the page is, by whom it was given or found."""
    if corners is None:
        return place_of(image, dpi, watch)
    given = corners if isinstance(corners, Found) else Found(np.array(corners, np.float64), 1.0)
    return Place(given, laid=None)


def _lit(flat: Array, plan: Plan, skew: float, levels: Levels | None = None) -> Array:
    """Paper white, borders and holes too; a photograph has no paper, and a card little of it.

    `levels`: between which faint ink is made stronger.
    """
    if plan.blank or plan.photograph:
        return flat
    if plan.card:
        return card_light(flat)
    margin, fields, tints = turned(plan.margin, -skew), plan.laid(plan.fields, skew), plan.laid_tints(skew)
    if plan.sheet is None:
        paper = plan.paper if flat.ndim == 3 else grey_of(plan.paper)
        same = Target(plan.target.width_mm, plan.target.height_mm, *paper.shape[1::-1])
        paper = warp(paper, rotation(same, -skew), same)
    else:
        bare = papered(papered(shrink(flat, MAP_SIDE)[0], margin), fields, FAR)
        paper = paper_map(under_blocks(bare, tints))
    if levels is None:
        page = lit_evenly(evened(flat, pale_of(tints)), paper, fields)
    else:
        pale = NOTHING if levels == GENTLE else plan.laid(plan.ink.letters, skew)
        page = tinted(strengthened(evened(flat, tints), paper, levels, plan.dpi(), pale), deep_of(tints))
    if plan.sheet is None:
        page = cornered(page, -skew)
    return whitened(page, margin)


def _sought(plan: Plan, skew: float) -> Sought:
    ink = plan.ink
    if ink.levels is None:
        return Sought.of(Ink(None, NOTHING))
    letters, tint, frames = (plan.laid(each, skew) for each in (ink.letters, ink.tint, ink.frames))
    return Sought.of(ink._replace(letters=letters, tint=tint, frames=frames))


def _kept(
    made: tuple[Array, ColourMode, bool], flat: Array, sought: Sought, plan: Plan, skew: float
) -> tuple[Array, ColourMode, bool]:
    """The page as it was toned, or one that was cleaned more gently where letters are lost on it; and whether
    they are lost on that one too, or may be, or print is."""
    toned, mode, torn = made
    sought = framed(sought, toned)
    ink = sought.ink
    lost = lost_of(sought, toned, pale=ink.beside)
    maybe, beside = False, ink.beside
    if lost is not None and beside:
        lost, maybe, soft = writing_of(lost, flat, toned)
        beside = not soft
    if lost is None:
        return toned, mode, maybe or torn
    mode = ColourMode.GREY if mode is ColourMode.BLACK_WHITE else mode
    gentle = _in_tone(_lit(flat, plan, skew, ink.levels if beside else GENTLE), mode)
    if beside:
        gentle = laid_over(toned, gentle, lost, ink)
    return gentle, mode, lost_of(sought, gentle) is not None


def _spared(
    made: tuple[Array, ColourMode], lit: Array, spoilt: Spoilt, *, asked: ColourMode
) -> tuple[Array, ColourMode, bool]:
    """What was toned, but in grey where black-white spoils it; and whether print is torn on it all the same:
    where black-white was asked for, that is told and stays."""
    toned, mode = made
    if mode is not ColourMode.BLACK_WHITE or not any(spoilt):
        return toned, mode, False
    if asked is mode and not spoilt.fine:
        return toned, mode, True
    return lit, ColourMode.GREY, False


def _marked(
    kept: tuple[Array, ColourMode, bool], flat: Array, plan: Plan, skew: float
) -> tuple[Array, ColourMode, tuple[Box, ...]]:
    """What is kept with its pale marks drawn, its tone, and where others, or all of it, may be lost."""
    toned, mode, faint = kept
    marks, doubted = (plan.laid(each, skew) for each in plan.marks)
    toned = with_marks(toned, flat, marks, black=mode is ColourMode.BLACK_WHITE)
    return toned, mode, (WHOLE,) if faint else untold(toned, doubted)


def _mode_of(plan: Plan, tone: ColourMode) -> ColourMode:
    """The tone of the page; black-white would lose what is faint, also where it was asked for."""
    mode = plan.mode() if tone is ColourMode.AUTO else tone
    faint = plan.blank or plan.ink.all_over
    return ColourMode.GREY if faint and mode is ColourMode.BLACK_WHITE else mode


def _lean(plan: Plan, *, framed: bool) -> float:
    """The lean in degrees that is taken out of a page; `framed` by rims: only many letters tell it."""
    turn = plan.turn
    known = turn.skew.sure and plan.sheet is None and not (framed and len(turn.letters) < LEAST_FEET)
    lean = turn.skew.degrees if known else 0.0
    return lean if STRAIGHT <= abs(lean) <= MOST_LEAN else 0.0


def _flatten(source: Array, plan: Plan, lean: float) -> Array:
    """The flat page, its lean taken out; one resampling, none for a straight full picture."""
    if plan.sheet is not None:
        return unroll(source, plan.matrix, plan.target, plan.sheet, plan.turn.degrees // 90)
    if not lean:
        return warp(source, plan.matrix, plan.target)
    shown = bgr_of(plan.preview[::16, ::16])
    paper = np.median(shown.reshape(-1, 3), axis=0)  # what the turned-in corners show
    fill = paper if source.ndim == 3 else paper[1:2]
    return warp(source, rotation(plan.target, -lean) @ plan.matrix, plan.target, fill)


def _blackened(lit: Array, plan: Plan, side: Executor) -> Callable[[], tuple[BlackWhite, Spoilt]]:
    """A grey page in black-white, and what that spoils: it ends what the second core has begun."""
    ended, fine = begun(lit, plan.dpi(), side), side.submit(fine_bars, lit, BLACK_RUN)

    def whole() -> tuple[BlackWhite, Spoilt]:
        black = ended()
        return black, Spoilt(bool(fine.result()), black.torn)

    return whole


def _toned(
    ended: Callable[[], tuple[BlackWhite, Spoilt]] | None, lit: Array, mode: ColourMode, plan: Plan
) -> tuple[tuple[Array, ColourMode], Spoilt]:
    """The page in that tone, or in grey where black-white would melt the marks with its letters; and what
    black-white spoils, which is `ended` where it is the tone."""
    if ended is None:
        return (_in_tone(lit, mode), mode), Spoilt()
    black, spoilt = ended()
    if black.melts(plan.letters_px()[0]):
        return (lit, ColourMode.GREY), spoilt
    return (black.page, mode), spoilt


def _in_tone(lit: Array, mode: ColourMode) -> Array:
    return bgr_of(lit) if mode is ColourMode.COLOUR else lit


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


def _verdicts(image: Array, quad: Array | None, plan: Plan, sharp: Sharpness, dpi: float | None) -> Places:
    found: Places = {}
    if plan.blank:
        found[Verdict.BLANK] = (WHOLE,)
    elif sharp.value < SHARP and not plan.photograph and not plan.ink.through:
        found[Verdict.BLURRED] = sharp.places
    if not plan.photograph and (plan.fine_dpi() if dpi is None else max(dpi, plan.reach_dpi)) < LEAST_DPI:
        found[Verdict.LOW_DPI] = (WHOLE,)
    if is_cut(quad, image.shape) if quad is not None else _text_is_cut(plan):
        found[Verdict.CUT] = (WHOLE,)
    if plan.turn.doubted and not plan.photograph:
        found[Verdict.TURN] = (WHOLE,)
    return found


def _text_is_cut(plan: Plan) -> bool:
    turn, seen = plan.turn, plan.preview
    ends = turn.sure and runs_out(turn.letters, seen.shape)
    return ends or (turn.skew.sure and halves_letters(seen, turn.letters))


def _unframed(found: Places, image: Array, framing: Framing) -> Places:
    """What is said of a photograph in which no page was found."""
    if framing is Framing.PAPER:
        return without_table(found, image)
    found.pop(Verdict.CUT, None)  # a table's pattern was taken for letters
    found = without_table(found, image, seen=True)
    return found | {Verdict.UNFOUND if framing is Framing.TABLE else Verdict.CUT: (WHOLE,)}


def _light_of(plan: Plan) -> Places:
    """What is to be said of the light of the page."""
    said = set(plan.light)
    if plan.photograph:  # a coloured page of text is taken for one
        said &= {Verdict.GLARE, Verdict.MIRRORED}
    return {code: places for code, places in plan.light.items() if code in said}


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
