"""Measures how much darker than its paper the ink of a page is, where it is faint.

A pale carbon copy or a worn ribbon is a few shades darker than its paper: what whitens usual paper would wipe
it out. Its ink is found by contrast close by, in parts as large as letters, against the grain of the paper;
the levels are then set between the ink and the paper that are really there. The same parts are looked for
again on the clean page (`restore`), so that none is lost unseen.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, halve, percentile, shades_of, straight_runs
from scanner.clean.ink.folds import folds_of, lying_on
from scanner.clean.ink.light import PAPER_WHITE
from scanner.clean.ink.pale import LEAST_BESIDE, REACH_PX, Pale, above_grain, even_of, rimmed
from scanner.clean.ink.strokes import LETTER_PX, Strokes, strokes_of
from scanner.clean.ink.tints import tint_of

LEAST_DEPTH = 6.0  # of 255 below the paper: less is grain, whatever the noise
LEAST_LETTERS = 40  # fewer say nothing of a page
CRISP = 0.65  # steepness in parts of the depth: what shows through from the other side is softer
THROUGH, BARE_BACK = (1.05, 1.9), 1.25  # softness of what shows through; more, and no writing is among it
PALE_BACK = 16.0, 45.0  # of 255 below the paper: no deeper, and it shows through, however crisp; if mirrored
THROUGH_DEPTH, EDGE_PX = 60.0, 30  # of 255 below the paper: print out of focus is darker; the page's edge
THROUGH_SPREADS = (0.7, 1.6, 3.5)  # of the soft copies at half the size
USUAL_DEPTH = 120.0  # of 255: darker ink is no faint ink
BAND_PX = 240  # of the page, in which black ink is looked for first
LEAST_BLACK = 20  # so many black letters, and what is pale beside them is dust or the other side's print
PALE_DEPTH = 110  # of 255: ink that is less deep is pale beside black print
LINE_PX = (24, 4.0)  # of a ruling or a fold: long at least, thick at most
PALE_BLACK = 60.0  # of 255 below the paper: what becomes black of it
SOLID_PX, SOLID_DEPTH, EVEN, SOLID = 150, 42, 0.75, 0.55  # a tint's area and depth; how even; of its depth
STRIP_PX, STRIP = 20, 0.75  # the same, of what is left of it between two boxes, as pale as the palest
ALIKE, PALEST = 0.33, 9.0  # its depth spreads by so much of it at most; but what is less deep
WHOLLY = 0.92  # of its depth where it is even; of pale words that are as large at most 0.7 is
ALIKE_DEPTH, LEAST_ALIKE, LEAST_LINES = 1.25, 20, 4  # times as deep; words, itself too; their lines
STRAIGHT_PX, STRAIGHT = 24, 0.3  # of its rims runs so far, straight
RIM_PX, ROW_PX, FRAMED = 11, 30, 0.5  # of boxes in a row: straight, together, no letter is; on rims, of that
SOME = 0.02  # of a drawing, that is pale: it may be lost
LEAST_LINE = 5.0  # letters' worth of pale writing on a page that is else empty
LEAST_PALE = 4  # letters of all rows
SURELY, MANY = 0.75, 10_000  # crispness of pale letters, more than of the other side's; more by 1 for so many
CRISPEST = 0.9  # is enough, however many
PLAINER = 2.0  # times the usual depth: a note on a back, and the rest may be the other side's print
STRONG = 85  # percentile of the letters, whose depth is that of the page's ink
MELTED = 1.2  # times the depth seen close by: the ink is darker than that, and out of focus
DARK_SHARE = 0.005  # of the page: so much that is truly dark is a picture, and black stays where it is
BARE, FULL = 0.2, (0.6, 1.0)  # of the ink's depth, above which all is paper, below which all is black
FULL_DEPTH = (60.0, USUAL_DEPTH)  # of ink for either: what is nearly black needs no more, and would grow bars


class Levels(NamedTuple):
    """What becomes black and what white, in 255ths of the paper's own light."""

    black: float
    white: float


GENTLE = Levels(0.0, 247.0)  # all but the grain of the paper stays


class Ink(NamedTuple):
    """`levels`: how faint ink is to be toned, None where there is none; `letters`: 0/255 in a small copy,
    without levels what is drawn, be it black.

    `beside`: it stands beside black print, and the rest of the page is cleaned as usual. `through`: it is so
    pale, or so soft, that it shows through from the other side; `bare`: so soft that no writing is among it.
    `tint`: as `letters`, what is printed between the white boxes of a form, and squares, never made stronger;
    `frames`: the same, the rims of boxes, which are to be there, and need not be read.
    """

    levels: Levels | None
    letters: Array
    beside: bool = False
    through: bool = False
    bare: bool = False
    tint: Array = NOTHING
    frames: Array = NOTHING

    @property
    def all_over(self) -> bool:
        """Whether the whole page is toned by the levels."""
        return self.levels is not None and not self.beside


class _Seen(NamedTuple):
    """The page on even paper, how deep its strokes are, and those in parts (N,): how deep and steep each is,
    which are crisp and which of these may be letters."""

    even: Array
    depth: Array
    strokes: Strokes
    deepest: Array
    steepest: Array
    crisp: Array
    letters: Array

    def black(self) -> float:
        """How many letters are black."""
        deep = self.deepest >= USUAL_DEPTH * PAPER_WHITE / 255
        high = self.strokes.stats[:, cv2.CC_STAT_HEIGHT] > 1.5 * LETTER_PX[0]
        return self.worth(self.letters & deep & high)

    def worth(self, chosen: Array) -> float:
        """How many letters some of the parts (N,) hold: those of a word may hang together."""
        wide, tall = self.strokes.stats[chosen, 2:4].T
        return float(np.maximum(1, wide / tall).sum())

    def few(self, chosen: Array) -> bool:
        """Whether some letters (N,) are no writing."""
        return bool(self.strokes.letters()[chosen].sum() < LEAST_PALE)

    def is_writing(self, chosen: Array) -> bool:
        """Whether some letters (N,) are too steep by their depth to be the other side's print, which covers
        whole pages: the more they are, the steeper."""
        crisp = float(np.median(self.steepest[chosen] / np.maximum(self.deepest[chosen], 1.0)))
        return crisp >= min(SURELY + int(chosen.sum()) / MANY, CRISPEST)

    def bare(self) -> float:
        """The paper's usual shade, of 255."""
        return percentile(shades_of(self.even[::4, ::4]), 50) * 255 / PAPER_WHITE

    def softness(self) -> float:
        """The coarse detail of a pale page by its fine: print out of focus has 1.9 and more, what shows
        through 1 to 1.9, and writing less, which has crisp rims. 0 where it is too dark to show through."""
        inner = self.even[EDGE_PX:-EDGE_PX, EDGE_PX:-EDGE_PX]
        some = inner[::4, ::4]
        if not some.size or np.median(some) - np.percentile(some, 1) >= THROUGH_DEPTH:
            return 0.0
        small = halve(inner).astype(np.float32)
        fine, even, coarse = (cv2.GaussianBlur(small, (0, 0), spread) for spread in THROUGH_SPREADS)
        return float(np.std(even - coarse)) / max(float(np.std(fine - even)), 1e-6)

    def real_depth(self) -> float:
        """Of 255 below bare paper, in the letters: out of focus that is more than what is close by tells."""
        darkest = self.strokes.most(cv2.bitwise_not(self.even))[0][self.letters]
        return (float(np.percentile(darkest, STRONG)) - (255 - PAPER_WHITE)) * 255 / PAPER_WHITE


def ink_of(
    preview: Array, paper: Array, letters: Array, beside: Callable[[], Ink], mirrored: Callable[[], bool]
) -> Ink:
    """The ink of a small flat copy at about 150 dots an inch, given its bare paper and letters' boxes (N, 4).

    Most pages have plainly black ink, which a few lines in the middle of the text tell; `beside`: of what is
    pale on such a page, as `ink_beside_black`. `mirrored`: whether its letters are, as `is_mirrored`.
    """
    if _black_at(preview, paper, letters) >= LEAST_BLACK:
        return beside()
    seen = _seen(*even_of(preview, paper))
    if seen.black() >= LEAST_BLACK:
        return beside()
    if seen.letters.sum() < LEAST_LETTERS:
        few = seen.letters & (seen.deepest < USUAL_DEPTH * PAPER_WHITE / 255)
        if seen.worth(few) < LEAST_LINE:
            return Ink(None, NOTHING)
        return Ink(GENTLE, seen.strokes.mask(seen.letters))  # a line in pencil on a page that is else empty
    depths = seen.deepest[seen.letters]
    plainer = seen.letters & (seen.deepest > PLAINER * np.median(depths))
    if seen.worth(plainer) >= 2 * LEAST_PALE and not seen.is_writing(seen.letters & ~plainer):
        return Ink(GENTLE, seen.strokes.mask(seen.letters))
    if THROUGH[0] < (softness := seen.softness()) < THROUGH[1]:
        bare = softness > BARE_BACK
        return Ink(None if bare else GENTLE, NOTHING, through=True, bare=bare)
    strong = float(np.percentile(depths, STRONG)) * 255 / PAPER_WHITE
    if strong < PALE_BACK[0] or (strong < PALE_BACK[1] and mirrored()):
        return Ink(GENTLE, NOTHING, through=True)
    if seen.real_depth() > MELTED * strong:  # stretched, its soft rims would grow into bars
        return Ink(GENTLE, seen.strokes.mask(seen.letters))
    dark = float((seen.even[::4, ::4] < PAPER_WHITE - USUAL_DEPTH).mean()) > DARK_SHARE
    full = strong * float(np.interp(strong, FULL_DEPTH, FULL))
    levels = Levels(0.0 if dark else seen.bare() - full, seen.bare() - BARE * strong)
    return Ink(levels, seen.strokes.mask(seen.letters))


def ink_beside_black(pale: Pale, rims: Array = NOTHING) -> Ink:
    """What may be pencil or a pale copy on a form that is printed black: letters clear of the black ones.

    `rims`: of boxes (mask); thin grey ones are as pale as pencil. Most pages have none.
    """
    even, depth = pale.even, pale.depth
    deep = cv2.threshold(depth, PALE_DEPTH, 255, cv2.THRESH_BINARY)[1]
    seen = _seen(even, cv2.subtract(depth, rimmed(deep)), LEAST_BESIDE)
    drawn = seen.crisp & seen.strokes.drawn()
    if seen.few(seen.letters) and not drawn.any():
        return Ink(None, NOTHING)
    bare = _seen(even, cv2.subtract(depth, rimmed(cv2.max(deep, pale.black))), LEAST_BESIDE)
    if bare.few(bare.letters) and not _partly(seen.strokes, bare.strokes.labels > 0)[drawn].any():
        # black print and rulings, that are diluted in the small copy
        return Ink(None, seen.strokes.mask(drawn) if drawn.any() else NOTHING, beside=True)
    solid, tint = _tinted(seen, bare, depth)
    band = tint_of(pale)
    if band is not NOTHING:
        clear = cv2.max(tint, cv2.dilate(band, np.ones((3, 3), np.uint8)))
        seen, bare = (_seen(even, cv2.subtract(each.depth, clear), LEAST_BESIDE) for each in (seen, bare))
        drawn = seen.crisp & seen.strokes.drawn()
        solid, more = _tinted(seen, bare, depth)
        tint = cv2.max(cv2.max(tint, band), more)
    none = solid | _lines(pale, seen)
    letters, drawn = seen.letters & ~none, drawn & ~none
    if seen.few(letters) and not drawn.any():
        return Ink(None, NOTHING)
    levels = Levels(seen.bare() - PALE_BLACK, seen.bare() - pale.least)
    writing = cv2.subtract(seen.strokes.mask(letters | drawn), cv2.dilate(tint, np.ones((3, 3), np.uint8)))
    tint = cv2.max(tint, pale.squares)
    return Ink(levels, writing, True, tint=tint if tint.any() else NOTHING, frames=_frames(pale, rims))


def _frames(pale: Pale, rims: Array) -> Array:
    """0/255, what runs straight along the rims of boxes in a row, and on from them."""
    if rims is NOTHING or not rims.any():
        return NOTHING
    ink = cv2.morphologyEx(pale.ink(), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    runs = strokes_of(straight_runs(ink, RIM_PX))
    on_rims = np.bincount(runs.labels[rims > 0], minlength=len(runs.stats))
    frames = (on_rims > FRAMED * runs.stats[:, cv2.CC_STAT_AREA]) & (runs.stats[:, 2:4].max(axis=1) >= ROW_PX)
    frames[0] = False
    return cv2.dilate(runs.mask(frames), np.ones((3, 3), np.uint8)) if frames.any() else NOTHING


def _tinted(seen: _Seen, bare: _Seen, depth: Array) -> tuple[Array, Array]:
    """(N,) which strokes are tint, and 0/255 these and those that are clear of what is black."""
    solid = _solid(seen.strokes, depth)
    return solid, cv2.max(bare.strokes.mask(_solid(bare.strokes, depth)), seen.strokes.mask(solid))


def _partly(strokes: Strokes, pale: Array) -> Array:
    """(N,) of which parts some is pale (mask)."""
    count = np.bincount(strokes.labels[pale], minlength=len(strokes.stats))
    result: Array = count > SOME * strokes.stats[:, cv2.CC_STAT_AREA]
    return result


def _solid(strokes: Strokes, depth: Array) -> Array:
    """(N,) which parts are the tint between the white boxes of a form: pale, and most of their depth lies
    where it is even, for a pen's stroke is a pixel or two wide. It has straight rims, for it is printed, or
    is as deep all over, but for the palest and what has no thin part."""
    wide = cv2.morphologyEx(depth, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)).ravel()
    where = np.flatnonzero(strokes.labels > 0)
    part, deep = strokes.labels.ravel()[where], depth.ravel()[where].astype(np.float32)
    inner = wide[where] > EVEN * deep

    def sums(values: Array) -> Array:
        result: Array = np.bincount(part, values, len(strokes.stats))
        return result

    total, even, squares = sums(deep), sums(deep * inner), sums(deep**2 * inner)
    alike = squares * sums(inner) < (1 + ALIKE**2) * even**2
    area = strokes.stats[:, cv2.CC_STAT_AREA]
    alike |= (total < PALEST * area) | (even > WHOLLY * total)
    large = (area >= SOLID_PX) & (even > SOLID * total)
    large |= (area >= STRIP_PX) & (even > STRIP * total) & (total < PALEST * area)
    result: Array = large & (total < SOLID_DEPTH * area)
    result &= alike | (_straight(strokes, result & ~alike) > STRAIGHT)
    return result & ~_words(strokes, total / np.maximum(area, 1), result)


def _words(strokes: Strokes, depths: Array, solid: Array) -> Array:
    """(N,) which `solid` parts have the shape of words, as many do in other lines that are about as deep
    (N,): small print hangs together in the small copy, and looks as even as a tint."""
    words = strokes.letters() > 1
    others, lines = depths[words], strokes.stats[words, cv2.CC_STAT_TOP] // LINE_PX[0]
    result = np.zeros(len(words), bool)
    for part in np.flatnonzero(words & solid & (depths >= LEAST_DEPTH)):
        alike = np.abs(np.log(others / depths[part])) < np.log(ALIKE_DEPTH)
        result[part] = alike.sum() >= LEAST_ALIKE and len(np.unique(lines[alike])) >= LEAST_LINES
    return result


def _straight(strokes: Strokes, chosen: Array) -> Array:
    """(N,) the share of the rims of some parts that runs straight, and about across or down the page."""
    mask = strokes.mask(chosen)
    all_, straight = np.zeros((2, len(strokes.stats)))
    for side, long in (((3, 1), (1, STRAIGHT_PX)), ((1, 3), (STRAIGHT_PX, 1))):
        rim = cv2.subtract(mask, cv2.erode(mask, np.ones(side, np.uint8)))
        leaning = cv2.dilate(rim, np.ones(side, np.uint8))
        runs = cv2.morphologyEx(leaning, cv2.MORPH_OPEN, np.ones(long, np.uint8))
        for count, each in ((all_, rim), (straight, cv2.bitwise_and(rim, runs))):
            np.add(count, np.bincount(strokes.labels[each > 0], minlength=len(count)), out=count)
    result: Array = straight / np.maximum(all_, 1)
    return result


def _lines(pale: Pale, seen: _Seen) -> Array:
    """Which parts (N,) are rulings or folds, which are as crisp as writing."""
    strokes = seen.strokes
    long = np.hypot(*strokes.stats[:, 2:4].T)
    thin = (long >= LINE_PX[0]) & (strokes.stats[:, cv2.CC_STAT_AREA] <= LINE_PX[1] * long)
    chosen = np.flatnonzero(seen.crisp & thin)
    result = np.zeros(len(long), bool)
    if len(chosen):
        lines = cv2.max(pale.rulings, folds_of(pale, strokes, chosen))
        result[chosen] = lying_on(lines, strokes, chosen)
    return result


def _black_at(preview: Array, paper: Array, letters: Array) -> float:
    """How many black letters a band of the page has, around the middle one of its letters."""
    height = preview.shape[0]
    if not len(letters) or height <= 2 * BAND_PX:
        return 0
    middle = int(np.median(letters[:, 3]))
    first = min(max(middle - BAND_PX // 2, 0), height - BAND_PX)
    rows = paper.shape[0] / height
    light = paper[int(first * rows) : int((first + BAND_PX) * rows) + 1]
    return _seen(*even_of(preview[first : first + BAND_PX], light)).black()


def _seen(even: Array, depth: Array, least: float = LEAST_DEPTH) -> _Seen:
    strokes = strokes_of(cv2.threshold(depth, above_grain(depth, least), 255, cv2.THRESH_BINARY)[1])
    rims = cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    deepest, steepest = strokes.most(depth, rims)
    crisp = (steepest > CRISP * deepest) & ~strokes.framed(REACH_PX)
    return _Seen(even, depth, strokes, deepest, steepest, crisp, crisp & strokes.tall())
