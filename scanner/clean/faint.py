"""Measures how much darker than its paper the ink of a page is, and makes faint ink stronger.

A pale carbon copy or a worn ribbon is a few shades darker than its paper: what whitens usual paper would wipe
it out. Its ink is found by contrast close by, in parts as large as letters, against the grain of the paper;
the levels are then set between the ink and the paper that are really there. The same parts are looked for
again on the clean page, so that none is lost unseen.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, halve, parts_of
from scanner.clean.light import PAPER_WHITE, divide_light

REACH_PX = 11  # at 150 dots an inch: wider than any stroke of print
LEAST_DEPTH = 6.0  # of 255 below the paper: less is grain, whatever the noise
GRAINS = 5.0  # how far above the grain of the paper a stroke stands
LETTER_PX = (4, 80)  # height of a part that may be a letter or a word
LEAST_LETTERS = 40  # fewer say nothing of a page
CRISP = 0.65  # steepness in parts of the depth: what shows through from the other side is softer
THROUGH, BARE_BACK = (1.05, 1.9), 1.25  # softness of what shows through; more, and no writing is among it
THROUGH_DEPTH, EDGE_PX = 60.0, 30  # of 255 below the paper: print out of focus is darker; the page's edge
THROUGH_SPREADS = (0.7, 1.6, 3.5)  # of the soft copies at half the size
USUAL_DEPTH = 120.0  # of 255: darker ink is no faint ink
BAND_PX = 240  # of the page, in which black ink is looked for first
LEAST_BLACK = 20  # so many black letters, and what is pale beside them is dust or the other side's print
PALE_DEPTH = 110  # of 255: ink that is less deep is pale beside black print
PALE_BLACK = 60.0  # of 255 below the paper: what becomes black of it
RIM_PX, ROW_PX, AROUND_PX = 5, 11, 9  # soft rims of black letters; between those of a word; around a pale one
LEAST_LINE = 5.0  # letters' worth of pale writing on a page that is else empty
LEAST_ROW, LEAST_PALE, LEAST_BIT = 3, 4, 3  # letters in a row, and of all rows; px of a bit of one
LETTER_WIDE, WORD_WIDE = 0.5, 6.0  # of its height: of a letter, of the longest word that has grown together
WORD_FULL = 0.55  # of its box; the rims of stains fill less
WRITING, MANY = 0.59, 3000  # how crisp pale writing is at least, and crisper by 1 for so many strokes
PRINT_RIM = 7  # px at 150 dots an inch, as the next two: what is so close to black print is its own
MARK_PX = 9  # up to a letter's mark
RIM_WIDE = 7  # of a soft rim; a crisp one makes half of its step in three
DRAWN_PX, DRAWN_FULL = (16, 24, 300), 0.45  # height, width and most of both; of its box: of a signature
DUST_PX, ALONE = 20, 2.0  # area of a dot of dust; how many parts a row of writing has at least
PLAINER = 2.0  # times the usual depth: a note on a back, and the rest may be the other side's print
STRONG = 85  # percentile of the letters, whose depth is that of the page's ink
MELTED = 1.2  # times the depth seen close by: the ink is darker than that, and out of focus
DARK_SHARE = 0.005  # of the page: so much that is truly dark is a picture, and black stays where it is
BARE, FULL = 0.2, 0.6  # of the ink's depth, above which all is paper, below which all is black
GONE = 14  # of 255: a stroke that is not darker than this on the clean page is lost
TORN = 0.25  # of a line
PALE_LINE = 40  # of 255: what is not darker than this beside black print is hard to read
MOST_LOST = 0.1  # of the letters


class Levels(NamedTuple):
    """What becomes black and what white, in 255ths of the paper's own light."""

    black: float
    white: float


GENTLE = Levels(0.0, 247.0)  # all but the grain of the paper stays


class Ink(NamedTuple):
    """`levels`: how faint ink is to be toned, None where there is none; `letters`: 0/255 in a small copy.

    `beside`: it stands beside black print, and the rest of the page is cleaned as usual. `through`: it is so
    pale and soft that it shows through from the other side; `bare`: so soft that no writing is among it.
    """

    levels: Levels | None
    letters: Array
    beside: bool = False
    through: bool = False
    bare: bool = False

    @property
    def all_over(self) -> bool:
        """Whether the whole page is toned by the levels."""
        return self.levels is not None and not self.beside


class _Seen(NamedTuple):
    """The page on even paper, how deep its strokes are, and those in parts: how deep and high each is, which
    may be letters."""

    even: Array
    depth: Array
    labels: Array
    stats: Array
    deepest: Array
    letters: Array

    def black(self) -> int:
        """How many letters are black."""
        deep = self.deepest >= USUAL_DEPTH * PAPER_WHITE / 255
        return int((self.letters & deep & (self.stats[:, cv2.CC_STAT_HEIGHT] > 1.5 * LETTER_PX[0])).sum())

    def worth(self, chosen: Array) -> float:
        """How many letters some of the parts (N,) hold: those of a word may hang together."""
        wide, tall = self.stats[chosen, cv2.CC_STAT_WIDTH], self.stats[chosen, cv2.CC_STAT_HEIGHT]
        return float(np.maximum(1, wide / tall).sum())

    def bare(self) -> float:
        """The paper's usual shade, of 255."""
        return float(np.median(self.even[::4, ::4])) * 255 / PAPER_WHITE

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
        darkest = _most(self.labels, len(self.stats), cv2.bitwise_not(self.even))[0][self.letters]
        return (float(np.percentile(darkest, STRONG)) - (255 - PAPER_WHITE)) * 255 / PAPER_WHITE

    def mask(self, chosen: Array) -> Array:
        """0/255 of some of the parts (N,)."""
        return _masked(chosen, self.labels)


def ink_of(preview: Array, paper: Array, letters: Array, beside: Callable[[], Ink]) -> Ink:
    """The ink of a small flat copy at about 150 dots an inch, given its bare paper and letters' boxes (N, 4).

    Most pages have plainly black ink, which a few lines in the middle of the text tell; `beside`: of what is
    pale on such a page, as `ink_beside_black`.
    """
    if _black_at(preview, paper, letters) >= LEAST_BLACK:
        return beside()
    seen = _seen(*_even(preview, paper))
    if seen.black() >= LEAST_BLACK:
        return beside()
    if seen.letters.sum() < LEAST_LETTERS:
        few = seen.letters & (seen.deepest < USUAL_DEPTH * PAPER_WHITE / 255)
        if seen.worth(few) < LEAST_LINE:
            return Ink(None, NOTHING)
        return Ink(GENTLE, seen.mask(seen.letters))  # a line in pencil on a page that is else empty
    depths = seen.deepest[seen.letters]
    if seen.worth(seen.letters & (seen.deepest > PLAINER * np.median(depths))) >= 2 * LEAST_PALE:
        return Ink(GENTLE, seen.mask(seen.letters))
    if THROUGH[0] < (softness := seen.softness()) < THROUGH[1]:
        bare = softness > BARE_BACK
        return Ink(None if bare else GENTLE, NOTHING, through=True, bare=bare)
    strong = float(np.percentile(depths, STRONG)) * 255 / PAPER_WHITE
    if seen.real_depth() > MELTED * strong:  # stretched, its soft rims would grow into bars
        return Ink(GENTLE, seen.mask(seen.letters))
    dark = float((seen.even[::4, ::4] < PAPER_WHITE - USUAL_DEPTH).mean()) > DARK_SHARE
    levels = Levels(0.0 if dark else seen.bare() - FULL * strong, seen.bare() - BARE * strong)
    return Ink(levels, seen.mask(seen.letters))


def ink_beside_black(preview: Array, paper: Array) -> Ink:
    """What may be pencil or a pale copy on a form that is printed black: letters clear of the black ones.

    Seen at 75 dots an inch, where a stroke is a pixel wide; most pages have none.
    """
    even, depth = _even(halve(preview), paper)
    print_ = cv2.threshold(depth, PALE_DEPTH, 255, cv2.THRESH_BINARY)[1]
    rims = cv2.dilate(print_, np.ones((RIM_PX, RIM_PX), np.uint8))
    seen = _seen(even, cv2.subtract(depth, rims))
    drawn = (seen.letters & drawn_of(seen.stats)).any()
    if not drawn and _letters_in(seen.stats)[seen.letters].sum() < LEAST_PALE:
        return Ink(None, NOTHING)
    levels = Levels(seen.bare() - PALE_BLACK, seen.bare() - _above_grain(depth))
    return Ink(levels, seen.mask(seen.letters), beside=True)


def _black_at(preview: Array, paper: Array, letters: Array) -> int:
    """How many black letters a band of the page has, around the middle one of its letters."""
    height = preview.shape[0]
    if not len(letters) or height <= 2 * BAND_PX:
        return 0
    middle = int(np.median(letters[:, 3]))
    first = min(max(middle - BAND_PX // 2, 0), height - BAND_PX)
    rows = paper.shape[0] / height
    light = paper[int(first * rows) : int((first + BAND_PX) * rows) + 1]
    return _seen(*_even(preview[first : first + BAND_PX], light)).black()


def _even(preview: Array, paper: Array) -> tuple[Array, Array]:
    """The page in grey on even paper, and how much darker than what is close by each of its pixels is."""
    even = cv2.GaussianBlur(divide_light(grey_of(preview), grey_of(paper), PAPER_WHITE), (0, 0), 0.8)
    return even, cv2.morphologyEx(even, cv2.MORPH_BLACKHAT, np.ones((REACH_PX, REACH_PX), np.uint8))


def _seen(even: Array, depth: Array) -> _Seen:
    labels, stats = parts_of(cv2.threshold(depth, _above_grain(depth), 255, cv2.THRESH_BINARY)[1])
    rims = cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    deepest, steepest = _most(labels, len(stats), depth, rims)
    tall = stats[:, cv2.CC_STAT_HEIGHT]
    letters = (tall >= LETTER_PX[0]) & (tall <= LETTER_PX[1])
    letters &= steepest > CRISP * deepest
    letters &= ~_framed(stats, even.shape)
    letters[0] = False
    return _Seen(even, depth, labels, stats, deepest, letters)


def _above_grain(depth: Array) -> float:
    some = depth[::4, ::4].astype(np.float32)
    usual = float(np.median(some))
    return max(LEAST_DEPTH, usual + GRAINS * (float(np.median(np.abs(some - usual))) + 0.5))


def _masked(chosen: Array, labels: Array) -> Array:
    """0/255 of the chosen parts (N,)."""
    return np.where(chosen, np.uint8(255), np.uint8(0)).take(labels)


def _framed(stats: Array, shape: tuple[int, ...]) -> Array:
    """Which parts lie at the frame, where the table shows and the paper's rim is no writing."""
    left, top, width, height, _ = stats.T
    right, bottom = left + width, top + height
    at_left, at_right = left < REACH_PX, right > shape[1] - REACH_PX
    framed: Array = at_left | at_right | (top < REACH_PX) | (bottom > shape[0] - REACH_PX)
    return framed


def _most(labels: Array, count: int, *values: Array) -> list[Array]:
    """For each picture (count,) the greatest value of each part; 0 for what is no part."""
    where = np.flatnonzero(labels > 0)
    part = labels.ravel()[where]
    found = [np.zeros(count, each.dtype) for each in values]
    for most, each in zip(found, values, strict=True):
        np.maximum.at(most, part, each.ravel()[where])
    return found


def strengthened(image: Array, paper: Array, levels: Levels) -> Array:
    """The picture over its paper, with the levels stretched to black and white; its grain is softened first,
    or it would be stretched too."""
    even = divide_light(cv2.GaussianBlur(image, (0, 0), 1.0), paper, PAPER_WHITE)
    shade = np.arange(256) * (255 / PAPER_WHITE)
    ramp = (shade - levels.black) / (levels.white - levels.black) * 255
    return cv2.LUT(even, np.clip(ramp, 0, 255).astype(np.uint8))


def laid_over(page: Array, strong: Array, lost: Array, letters: Array) -> Array:
    """The page, BGR or grey, with what was made stronger in the place of what was lost (masks as in `Ink`).

    A line of writing of which a part is gone is replaced whole: half dark and half pale it is harder to read
    than either, and half a number reads as another number.
    """
    lines, _ = parts_of(cv2.dilate(letters, np.ones((1, ROW_PX), np.uint8)))
    inked, gone = (np.bincount(lines[each > 0], minlength=int(lines.max()) + 1) for each in (letters, lost))
    torn = _masked(gone > TORN * np.maximum(inked, 1), lines)
    around = cv2.dilate(
        cv2.bitwise_or(lost, cv2.bitwise_and(letters, torn)),
        np.ones((AROUND_PX, 2 * AROUND_PX + 1), np.uint8),
    )
    clear = cv2.resize(around, (2 * lost.shape[1], 2 * lost.shape[0]), interpolation=cv2.INTER_NEAREST)
    clear[_printed(page, clear.shape[::-1]) > 0] = 0
    there = cv2.resize(clear, page.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    result = page.copy()
    cv2.copyTo(strong, there, result)
    return result


def _printed(page: Array, size: tuple[int, int]) -> Array:
    """0/255 (width, height) of what is black: letters and their marks with their soft rims, which would grow
    into bars, and rulings and dots, on which one writes, without."""
    small = cv2.resize(grey_of(page), size, interpolation=cv2.INTER_AREA)
    dark = cv2.threshold(small, 255 - PALE_DEPTH, 255, cv2.THRESH_BINARY_INV)[1]
    labels, stats = parts_of(cv2.dilate(dark, np.ones((MARK_PX, PRINT_RIM), np.uint8)))
    letters = stats[:, cv2.CC_STAT_HEIGHT] >= MARK_PX + 2 * LETTER_PX[0]
    letters[0] = False
    rimmed = cv2.dilate(dark, np.ones((PRINT_RIM, PRINT_RIM), np.uint8))
    return cv2.bitwise_or(dark, cv2.bitwise_and(rimmed, _masked(letters, labels)))


def lost_of(ink: Ink, clean: Array, *, pale: bool = False) -> Array | None:
    """The strokes that are no more on the clean page, masked as in `Ink`; None where few are gone.

    `ink`: its mask lies as the clean page. `pale`: what is hard to read counts as gone.
    """
    _, parts = parts_of(ink.letters)
    all_ = _letters_in(parts)[1:].sum()
    if all_ < LEAST_PALE and not drawn_of(parts)[1:].any():
        return None
    size = ink.letters.shape[::-1]
    page = _halved(grey_of(clean), size, 4)
    seen = 255 - _resized(page, size)
    there = cv2.threshold(seen, GONE - 1, 255, cv2.THRESH_BINARY)[1]
    if pale:
        there[_darkest(page, size) < PALE_LINE] = 0
    there = cv2.dilate(there, np.ones((3, 3), np.uint8))
    labels, stats = parts_of(cv2.subtract(ink.letters, there))
    lost = stats[:, cv2.CC_STAT_AREA] >= LEAST_BIT
    lost[0] = False
    high = lost & (stats[:, cv2.CC_STAT_HEIGHT] >= LETTER_PX[0])
    few = LEAST_PALE if ink.beside else max(MOST_LOST * all_, 2 * LEAST_PALE)
    counted = _in_rows(high, labels, stats) if ink.beside else high
    if _letters_in(stats)[counted].sum() < few and not (lost & drawn_of(stats)).any():
        return None
    return _masked(high | _in_rows(lost, labels, stats), labels)


def _is_dust(lost: Array) -> bool:
    """Whether the strokes of a mask are dots, most of them alone: letters of that size stand in rows."""
    _, stats = parts_of(lost)
    rows, _ = parts_of(cv2.dilate(lost, np.ones((1, ROW_PX), np.uint8)))
    left, top, wide, high, area = stats[1:].T
    in_row = np.bincount(rows[top + high // 2, left + wide // 2])
    others = float((in_row**2).sum()) / max(1, len(area))  # how many the row of a part has, on average
    return bool(np.median(area) < DUST_PX and others < ALONE)


def _resized(page: Array, size: tuple[int, int]) -> Array:
    """To (width, height); exact halves first, which take a fifth of the time."""
    page = _halved(page, size, 2)
    way = cv2.INTER_AREA if page.shape[0] > size[1] else cv2.INTER_LINEAR
    return cv2.resize(page, size, interpolation=way)


def _halved(page: Array, size: tuple[int, int], least: int) -> Array:
    """By exact halves while it is `least` times the size (width, height)."""
    while min(page.shape) >= least * max(1, min(size)) and max(page.shape) >= least * max(size):
        page = halve(page)
    return page


def _darkest(page: Array, size: tuple[int, int]) -> Array:
    """How dark a page is at most around each pixel of a small copy (width, height): its own thin strokes are
    diluted there."""
    return 255 - cv2.resize(cv2.erode(page, np.ones((5, 5), np.uint8)), size, interpolation=cv2.INTER_NEAREST)


def drawn_of(stats: Array) -> Array:
    """Which parts (N,) are as large and as empty as a signature."""
    _, _, wide, high, area = stats.T
    large = (high >= DRAWN_PX[0]) & (wide >= DRAWN_PX[1]) & (np.maximum(wide, high) <= DRAWN_PX[2])
    result: Array = large & (area < DRAWN_FULL * wide * high)
    return result


def _letters_in(stats: Array) -> Array:
    """How many letters each part (N,) may be: words grow together in the small copy, and fill their box; a
    sliver of a rim is less than one."""
    _, _, wide, high, area = stats.T
    word = (high >= LETTER_PX[0]) & (wide <= WORD_WIDE * high) & (area >= WORD_FULL * wide * high)
    letters: Array = np.minimum(wide / (LETTER_WIDE * high), np.where(word, np.inf, 1.0))
    return letters


def _in_rows(chosen: Array, labels: Array, stats: Array) -> Array:
    """Those of the chosen parts (N,) that stand in a row with some others."""
    rows, _ = parts_of(cv2.dilate(_masked(chosen, labels), np.ones((1, ROW_PX), np.uint8)))
    left, top, wide, high, _ = stats.T
    row = rows[top + high // 2, left + wide // 2]
    letters = np.bincount(row[chosen], _letters_in(stats)[chosen], minlength=int(rows.max()) + 1)
    several: Array = letters[row] >= LEAST_ROW
    return chosen & several


def writing_of(lost: Array, flat: Array, clean: Array) -> Array | None:
    """What of the strokes lost beside black print (mask) is writing, no dust and not the other side's
    print: all, or what is drawn among dust, as a signature; None where nothing is.

    `flat`: the page before its light was divided, `clean`: after it was toned. Writing has crisp rims: most
    of their step is made in three pixels; what shows through is soft and covers whole pages. What lies close
    to black ink says nothing.
    """
    parts, sizes = parts_of(lost)
    drawn = drawn_of(sizes)
    drawn[0] = False
    dust = _is_dust(lost)
    if dust and not drawn.any():
        return None
    size = (2 * lost.shape[1], 2 * lost.shape[0])
    even = cv2.GaussianBlur(cv2.resize(grey_of(flat), size, interpolation=cv2.INTER_AREA), (0, 0), 0.8)
    seen = cv2.resize(grey_of(clean), size, interpolation=cv2.INTER_AREA)
    bright = cv2.threshold(seen, PALE_DEPTH, 255, cv2.THRESH_BINARY)[1]
    clear = cv2.erode(bright, np.ones((ROW_PX, ROW_PX), np.uint8))
    step, wide = (
        cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((side, side), np.uint8)) for side in (3, RIM_WIDE)
    )
    grain = float(np.median(step[::4, ::4]))
    steepest = cv2.dilate(step, np.ones((RIM_WIDE - 2, RIM_WIDE - 2), np.uint8))
    twice = cv2.resize(parts, size, interpolation=cv2.INTER_NEAREST)
    rims = (cv2.copyTo(each, clear) for each in (steepest, wide))
    steep, deep = (each - grain for each in _most(twice, len(sizes), *rims))
    for chosen in (np.full(len(sizes), not dust), drawn):
        known = chosen & (deep > 0)
        known[0] = False
        if known.any():
            crisp = float(np.median(steep[known] / np.maximum(deep[known], 1)))
            if crisp - int(known.sum()) / MANY >= WRITING:
                return _masked(chosen, parts) if chosen is drawn else lost
    return None
