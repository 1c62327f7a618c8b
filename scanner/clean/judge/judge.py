"""Judges whether a page will be readable for an officer, and where it is not: codes with words.

The portals ask for pictures that are clear, complete and intact. Sharpness is judged place by place, because
one corner out of focus is enough for a paper to be sent back.
"""

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from kioskcore.ports import Box
from scanner.clean.arrays import Array, grey_of, percentile, shades_of, shrink
from scanner.clean.finder.grain import hues
from scanner.clean.geometry.skew import letter_boxes
from scanner.clean.judge.glare import wiped_out
from scanner.clean.judge.legible import LEAST_DEPTH, LETTER_PX, TILE_PX, is_plainly_sharp, misread_odds

SHARP = 0.5
MOST_PLACES = 6  # along a side
FEW = 3  # places with text: so little is looked for where the ink lies
COARSE, AROUND = 8, 1.5  # px in one, to find it; letters' heights of paper that are left around it
MOSTLY = 0.5  # of the places with text: where more are blurred, all is
BEYOND_DOUBT = -2.0
SHALLOW = 0.14  # of the page's ink: a printed ground is paler, and letters are not even out of focus
CLIP = (-4.0, 2.0)  # one place alone may not outvote what lies around it
CRISP, STEEPEST = 0.3, 99.7  # of the ink's depth in a px of letters of LETTER_PX; percentile of a card's rims
INK_AND_GROUND = (0.5, 90.0)  # percentiles
LEAST_DPI = 140
DARK_PAPER, MOSTLY_PAPER, LEAST_PAPER = 70, 75, 97  # of 255; percentiles, of a page and with its table
SMALL_SIDE = 260
CUT_LINES, CUT_PX = 5, 4  # so many letters so near to one border of the picture
RIM_PX, LEAST_PX, SHOWN = 60, 2, 100  # looked at along a border; of a part of a letter; letters asked for ink
HALVED, PART, BESIDE = 6, 1.5, 2.0  # parts of letters in a row; letters' heights: their size, gaps
INKED, UNLIKE = 0.5, 0.15  # of the letters' depth; letters' heights, by which widths vary: dirt is more alike
SOLID = 0.8  # of its convex hull, that a finger fills
REACH = 0.5  # how far a finger comes in, in parts of what it covers of the edge

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Verdict(StrEnum):
    """What is wrong with a page: `scan.verdict.<code>` in the words."""

    BLURRED = "blurred"
    GLARE = "glare"
    MIRRORED = "mirrored"
    CUT = "cut"
    UNFOUND = "unfound"
    DARK = "dark"
    LOW_DPI = "low_dpi"
    FINGER = "finger"
    BLANK = "blank"
    ANOTHER = "another"
    SEVERAL = "several"
    FAINT = "faint"
    TURN = "turn"


SERIOUS = (
    Verdict.SEVERAL, Verdict.CUT, Verdict.DARK, Verdict.UNFOUND, Verdict.GLARE, Verdict.MIRRORED,
    Verdict.BLANK, Verdict.LOW_DPI, Verdict.BLURRED, Verdict.FINGER, Verdict.FAINT, Verdict.TURN,
    Verdict.ANOTHER,
)  # fmt: skip
"""The order in which they are told: first what must be done again, then what must be looked at."""

CAUSES = {
    Verdict.CUT: {Verdict.UNFOUND},
    Verdict.DARK: {Verdict.UNFOUND, Verdict.BLANK, Verdict.BLURRED, Verdict.FAINT, Verdict.TURN},
    Verdict.UNFOUND: {Verdict.BLANK, Verdict.LOW_DPI, Verdict.FAINT, Verdict.TURN},
    Verdict.LOW_DPI: {Verdict.BLURRED, Verdict.FAINT},
    Verdict.BLURRED: {Verdict.FAINT, Verdict.TURN},
    Verdict.BLANK: {Verdict.LOW_DPI, Verdict.TURN},
}
"""What follows from what: with the first cleared, the others are judged anew."""

Places = dict[Verdict, tuple[Box, ...]]
"""What is wrong and where; a verdict about the whole page names it all, ANOTHER the raw picture's part."""


@dataclass(frozen=True)
class Sharpness:
    """`value`: chance that the worst place of the page can be read; below SHARP it is called blurred."""

    value: float
    places: tuple[Box, ...] = ()


def judge_sharpness(light: Array, letters_px: Sequence[float], *, card: bool = False) -> Sharpness:
    """Of a page on white paper before it is made black-white; `letters_px`: the height that its letters have,
    and others to be tried where nothing so high is text.

    A place counts together with its neighbours, so that a logo or a scribble is not taken for a bad focus.
    `card`: one that lies flat on the glass: with any crisp rims all is sharp, and what seems soft are the
    waves of its ground.
    """
    for letter_px in letters_px:
        odds = _odds_by_place(light, letter_px)
        if np.isfinite(odds).sum() >= min(FEW, odds.size):
            break
    else:
        odds = _odds_on_ink(light, letters_px[-1])
    known = np.isfinite(odds)
    around = cv2.boxFilter(np.where(known, odds, 0.0), -1, (3, 3), borderType=cv2.BORDER_CONSTANT)
    weight = cv2.boxFilter(known.astype(np.float64), -1, (3, 3), borderType=cv2.BORDER_CONSTANT)
    mean = np.where(known, (odds + around / np.maximum(weight, 1e-9)) / 2, -np.inf)
    blurred = known & (mean > 0) & (odds > 0)
    if card and blurred.any() and _has_crisp_rims(light, letters_px[-1]):
        return Sharpness(1.0)
    everywhere = blurred.sum() > MOSTLY * known.sum()
    places = (WHOLE,) if everywhere else tuple(_boxes(blurred))
    return Sharpness(1 / (1 + math.exp(float(mean.max()))), places)


def _has_crisp_rims(light: Array, usual_px: float) -> bool:
    """Whether the steepest rims are as steep as those of print in focus, whose usual letters are so high."""
    grey = grey_of(light)
    across, down = cv2.spatialGradient(grey)
    steep = cv2.magnitude(across.astype(np.float32), down.astype(np.float32))[::2, ::2]
    ink, ground = (percentile(shades_of(grey[::2, ::2]), share) for share in INK_AND_GROUND)
    crisp = np.percentile(steep, STEEPEST) / 8 * usual_px / LETTER_PX
    return bool(crisp > CRISP * (ground - ink))


def _odds_by_place(light: Array, letter_px: float) -> Array:
    """(rows, columns) of `misread_odds` at the middle of each place, nan where there is no text.

    Every second place and the corners are looked at, of the others those beside one that is not sharp beyond
    doubt. The rest are left out as nan: bad focus covers more than one place.
    """
    height, width = light.shape[:2]
    odds, side, least_depth = _unjudged(light, letter_px)
    rows, columns = odds.shape

    def tile(place: tuple[int, int]) -> Array:
        y, x = (max(0, (2 * k + 1) * length // (2 * n) - side // 2)
                for k, n, length in zip(place, odds.shape, (height, width), strict=True))  # fmt: skip
        return grey_of(light[y : y + side, x : x + side])

    def look_at(place: tuple[int, int]) -> float:
        found = misread_odds(tile(place), letter_px, least_depth)
        return np.nan if found is None else float(np.clip(found, *CLIP))

    def look(chosen: Array) -> None:
        rest = chosen.copy()
        for place in zip(*np.nonzero(chosen), strict=True):
            rest[place] = not is_plainly_sharp(tile(place), letter_px, least_depth)
        odds[chosen] = CLIP[0]
        with ThreadPoolExecutor(2) as pair:
            odds[rest] = list(pair.map(look_at, zip(*np.nonzero(rest), strict=True)))

    first = np.indices(odds.shape).sum(axis=0) % 2 == 0
    first[:: max(1, rows - 1), :: max(1, columns - 1)] = True
    look(first)
    doubted = odds > BEYOND_DOUBT
    if not np.isfinite(odds).any():
        doubted[:] = True
    look(~first & (cv2.dilate(doubted.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0))
    return odds


def _odds_on_ink(light: Array, letter_px: float) -> Array:
    """As `_odds_by_place`, of the text around the most ink in each place's part of the page.

    A line or two fill little of a tile, and their ink would be taken for paler than it is: the bare paper is
    cut off.
    """
    odds, side, least_depth = _unjudged(light, letter_px)
    half, around = max(1, side // COARSE // 2), math.ceil(AROUND * letter_px / COARSE)
    grey = grey_of(light)
    if min(grey.shape) < COARSE:
        return odds
    small = cv2.resize(grey, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA)
    dark = (small < 255 - least_depth).astype(np.uint8)
    inked = cv2.boxFilter(dark, cv2.CV_32F, (2 * half, 2 * half), borderType=cv2.BORDER_CONSTANT)
    for place in np.ndindex(odds.shape):
        (top, bottom), (left, right) = (
            (k * length // n, (k + 1) * length // n)
            for k, n, length in zip(place, odds.shape, small.shape, strict=True)
        )
        if top == bottom or left == right:  # a strip: OpenCV's search ends the process where there is nothing
            continue
        _, _, _, (x, y) = cv2.minMaxLoc(inked[top:bottom, left:right])
        top, left = max(0, top + y - half), max(0, left + x - half)
        x, y, wide, high = cv2.boundingRect(dark[top : top + 2 * half, left : left + 2 * half])
        rows, columns = (
            slice(COARSE * max(0, first - around), COARSE * (first + length + around))
            for first, length in ((top + y, high), (left + x, wide))
        )
        found = misread_odds(grey[rows, columns], letter_px, least_depth)
        odds[place] = np.nan if found is None else np.clip(found, *CLIP)
    return odds


def _unjudged(light: Array, letter_px: float) -> tuple[Array, int, float]:
    """(rows, columns) of nan, one a place; the side of a place's tile in px; how dark text is at least."""
    side = max(1, round(TILE_PX * letter_px / LETTER_PX))
    rows, columns = (min(MOST_PLACES, max(1, round(length / (1.5 * side)))) for length in light.shape[:2])
    ink = 255.0 - percentile(shades_of(grey_of(light[::16, ::4])), 0.5)
    return np.full((rows, columns), np.nan), side, max(LEAST_DEPTH, SHALLOW * ink)


def _boxes(places: Array) -> list[Box]:
    """The rectangles around the marked places that hang together, in parts of the page."""
    rows, columns = places.shape
    _, _, stats, _ = cv2.connectedComponentsWithStats(places.astype(np.uint8), connectivity=8)
    return [
        (left / columns, top / rows, width / columns, height / rows)
        for left, top, width, height, _ in stats[1:].tolist()
    ]


def judge_light(seen: Array, *, scanned: bool = False, found: bool = True) -> Places:
    """Dark, glare and finger, of a flat page in colour as the camera saw it, and where they are; what a
    scanner's own lamp hid. `found`: it is known where the page lies, and so that no dark table is seen."""
    if scanned:
        hidden = wiped_out(seen, scanned=True)
        return {Verdict.MIRRORED: hidden} if hidden else {}
    small, _ = shrink(seen, SMALL_SIDE)
    grey = grey_of(small)
    paper = cv2.dilate(grey, np.ones((5, 5), np.uint8))
    told: Places = {}
    if float(np.percentile(paper, MOSTLY_PAPER if found else LEAST_PAPER)) < DARK_PAPER:
        told[Verdict.DARK] = (WHOLE,)
    glare = wiped_out(seen)
    if glare:
        told[Verdict.GLARE] = glare
    finger = _fingers(small) if small.ndim == 3 else ()
    if finger:
        told[Verdict.FINGER] = finger
    return told


def _fingers(small: Array) -> tuple[Box, ...]:
    """Skin reaching in from an edge: its tint against the paper's own, over a solid area."""
    mean_paper = np.median(small.reshape(-1, 3), axis=0)
    balanced = np.clip(small * (200.0 / np.maximum(mean_paper, 30)), 0, 255).astype(np.uint8)
    luma, red, blue = cv2.split(cv2.cvtColor(balanced, cv2.COLOR_BGR2YCrCb))
    skin = (red > 141) & (red < 178) & (blue > 85) & (blue < 121) & (luma > 50) & (luma < 200)
    solid = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    rows, columns = solid.shape
    found = []
    for label in range(1, count):
        left, top, width, height, area = stats[label].tolist()
        slim = min(width, height) < 0.35 * min(rows, columns)
        if slim and 0.003 * solid.size < area < 0.2 * solid.size and _reaches_in(labels == label):
            found.append((left / columns, top / rows, width / columns, height / rows))
    return tuple(found)


def _reaches_in(part: Array) -> bool:
    """Whether a part of a mask comes in from one edge as a finger does: round, and not a strip along it.

    Wood, cloth and the leaves of a book show beside a page as strips along its whole side.
    """
    touching = [side.sum() for side in (part[0], part[-1], part[:, 0], part[:, -1])]
    most = int(np.argmax(touching))
    if not touching[most]:
        return False
    across = part.any(axis=0 if most < 2 else 1)
    depth = part.sum(axis=0 if most < 2 else 1)
    outline = max(
        cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len
    )
    round_ = float(part.sum()) > SOLID * cv2.contourArea(cv2.convexHull(outline))
    return round_ and float(depth.max()) > REACH * float(across.sum())


def settled(found: Places) -> Places:
    """One sentence for one cause, the most serious first."""
    told: Places = {}
    for code in SERIOUS:
        if code in found and not any(code in CAUSES.get(cause, ()) for cause in told):
            told[code] = found[code]
    return told


def without_table(found: Places, image: Array, *, seen: bool = False) -> Places:
    """What was found in a photograph in which no page was, less what may be said of its table.

    Soft grain looks blurred, varnish shines, brown is the colour of skin. The page is judged anew once its
    corners are given. `seen`: a table was seen, also one that is not of wood.
    """
    table = seen or hues(image) is not None
    wood = {Verdict.BLURRED, Verdict.GLARE, Verdict.FINGER} if table else set()
    doubted = wood | ({Verdict.GLARE} if Verdict.CUT in found else set())
    return {code: places for code, places in found.items() if code not in doubted}


def is_cut(corners: Array, shape: tuple[int, ...]) -> bool:
    """Whether a side of the page lies on the picture's border or beyond it."""
    height, width = shape[:2]
    near = 0.005 * max(height, width)
    x, y = corners[:, 0], corners[:, 1]
    outside = (x < -near) | (y < -near) | (x > width - 1 + near) | (y > height - 1 + near)
    touching = [x < near, x > width - 1 - near, y < near, y > height - 1 - near]
    return bool(outside.any() or any(side.sum() >= 2 for side in touching))


def runs_out(letters: Array, shape: tuple[int, ...]) -> bool:
    """Whether text ends at the border of a picture taken whole: the rest lies outside of it.

    `letters`: (N, 4) boxes left, top, right, bottom in pixels of the picture.
    """
    height, width = shape[:2]
    left, top, right, bottom = letters.T
    at = (left < CUT_PX, right > width - CUT_PX, top < CUT_PX, bottom > height - CUT_PX)
    return max(int(side.sum()) for side in at) >= CUT_LINES


def halves_letters(page: Array, letters: Array) -> bool:
    """Whether a border of a picture taken whole, BGR or grey, leaves parts of a line of letters along it.

    `letters`: (N, 4) whole ones, boxes left, top, right, bottom in pixels of the picture.
    """
    if not len(letters):
        return False
    grey, usual = grey_of(page), float(np.median(letters[:, 3] - letters[:, 1]))
    ink = INKED * float(np.median([_depth(grey, box) for box in letters[:: -(-len(letters) // SHOWN)]]))
    for quarters in range(4):
        rim = np.ascontiguousarray(np.rot90(grey, quarters)[:RIM_PX])
        parts = letter_boxes(rim)
        size = parts[:, 2:] - parts[:, :2]
        fits = (parts[:, 1] < CUT_PX) & (size.min(axis=1) >= LEAST_PX) & (size.max(axis=1) <= PART * usual)
        parts = np.array([box for box in parts[fits] if _depth(rim, box) >= ink]).reshape(-1, 4)
        parts = parts[np.argsort(parts[:, 0])]
        apart = np.flatnonzero(parts[1:, 0] - parts[:-1, 2] >= BESIDE * usual) + 1
        rows = [row for row in np.split(parts[:, 2] - parts[:, 0], apart) if len(row) >= HALVED]
        if any(float(row.std()) >= UNLIKE * usual for row in rows):
            return True
    return False


def _depth(grey: Array, box: Array) -> float:
    """How much darker the darkest in a box is than the brightest in it or close around."""
    left, top, right, bottom = box.astype(int).tolist()
    return float(np.ptp(grey[max(0, top - CUT_PX) : bottom + CUT_PX, max(0, left - CUT_PX) : right + CUT_PX]))
