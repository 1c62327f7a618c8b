"""Looks for pale strokes on the clean page, tells which of the lost are writing, and makes them stronger.

What whitens usual paper wipes faint ink out. Where strokes are gone, the page is taken once more with its
levels between ink and paper, in the colour of the ink, and laid over: line by line and drawing by drawing.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import (
    GREY_OF,
    NOTHING,
    Array,
    bgr_of,
    grey_of,
    halve,
    percentile,
    shades_of,
    straight_runs,
)
from scanner.clean.ink.faint import LEAST_PALE, PALE_BLACK, PALE_DEPTH, Ink, Levels
from scanner.clean.ink.light import PAPER_WHITE, divide_light
from scanner.clean.ink.strokes import ALONE, LETTER_PX, ROW_PX, Strokes, rows_of, strokes_of

AROUND_PX, BETWEEN_PX = 9, 31  # around a pale stroke; between the words of a line
LEAST_BIT = 3  # px of a bit of a letter
WRITING, MANY = 0.59, 4000  # how crisp pale writing is at least, and crisper by 1 where so many are lost
SHALLOW, CRISPER = 35.0, 0.0085  # of 255; for each that it is less deep it must be crisper by so much
CRISP, MAYBE, NEARLY = 0.75, 0.68, 0.03  # is enough; is doubted, as is so much less than enough
SURELY = 0.8  # crisper than what shows through ever is, however many and however pale
CELLS, INKED = (12, 16), 0.003  # of a page; of one that has some of a pattern
AMID = (9, 15)  # around letters: what lies between runs on amid print, where nobody writes
GROUND = 0.035  # share of cells that have, by that of the strokes which run on so
PRINT_RIM = 7  # px at 150 dots an inch, as the next two: what is so close to black print is its own
MARK_PX = 9  # up to a letter's mark
REMAINS = 0.8  # of what is dark, in a pale stroke: a piece that is left of it
RIM_WIDE = 7  # of a soft rim; a crisp one makes half of its step in three
GONE = 14  # of 255: a stroke that is not darker than this on the clean page is lost
TORN, LINE_TORN, WHOLE = 0.25, 0.02, 0.1  # of a drawing or a word; of a line; less of a word, and it is there
MOST_TORN = 0.5  # of all pale ink lies in torn lines: it is replaced whole
DOTTED_PX, DOTTED_THICK = 60, 5  # long, and thick, is a dotted line: words that hang together are thicker
LETTERS_PX = 5  # between the letters of a word, whatever is beside it
DARK_PART = 0.25  # of a word, that is dark on the clean page
PALE_LINE = 40  # of 255: what is not darker than this beside black print is hard to read
FRAMES_LOST = 0.5  # of all frames: less is there, be it pale
MOST_LOST = 0.1  # of the letters
GRAIN = 2  # of 255, that is left of softened paper, and is not stretched with its lines
SOFT_PX, SOFT_DPI, SHALLOWEST = 1.0, 300, 5.0  # grain is softened so at so many dots; and where ink is paler
SOFTENED = 1.2  # what a thin line was deeper before its grain was softened
RISE = 0.6  # times the depth of the grain, above which all ink is kept as deep as it came
MOST_GAIN, DARK = 4.0, 0.75  # of what is paler than the levels; of black, to which it is brought
LINE_PX = (31, 9)  # where the ink of a line is measured
HUE_PX = 1.2  # over which the colour of ink is taken, at a quarter of the size
NEUTRAL = (0.3, 0.45)  # of its depth, by which the colours of grey ink differ, and of coloured


def strengthened(flat: Array, paper: Array, levels: Levels, dpi: float, letters: Array = NOTHING) -> Array:
    """The picture over its paper with the levels stretched to black and white, its ink in its own hue; its
    grain is softened first, or it would be stretched too.

    `letters`: 0/255, a small copy of the pale strokes: lines of them that are paler are stretched more.
    """
    share = PAPER_WHITE / 255
    bare, full = (max(share * (255 - level) - GRAIN, 0) for level in (levels.white, levels.black))
    finer = SOFT_PX * min(1.0, max(dpi / SOFT_DPI, SHALLOWEST / max(bare, 1.0)))  # few dots lose whole points
    soft = cv2.GaussianBlur(grey_of(flat), (0, 0), finer)
    even = divide_light(soft, grey_of(paper), PAPER_WHITE)
    depth = cv2.subtract(np.full_like(even, PAPER_WHITE - GRAIN), even)
    if letters is not NOTHING:
        small = _gain(depth, letters, bare + DARK * min(full - bare, share * PALE_BLACK))
        gain = cv2.resize(small, depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
        depth = cv2.multiply(depth, gain, scale=MOST_GAIN / 255)
    depths = np.arange(256.0)
    kept = SOFTENED * (depths + GRAIN) / share * np.clip((depths - bare) / max(RISE * bare, 1.0), 0, 1)
    made = np.maximum((depths - bare) / (full - bare) * 255, kept)  # never paler than it was
    strength = cv2.LUT(depth, np.clip(made, 0, 255).astype(np.uint8))
    if flat.ndim == 2:
        return cv2.bitwise_not(strength)
    hue = cv2.resize(_hue(halve(halve(flat)), paper), depth.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.bitwise_not(cv2.multiply(bgr_of(strength), hue, scale=1 / 255))


def _gain(depth: Array, letters: Array, dark: float) -> Array:
    """uint8 as `letters`, 255 for MOST_GAIN: by how much lines of ink are paler than so dark."""
    peaks = cv2.resize(
        cv2.dilate(depth, np.ones((5, 5), np.uint8)), letters.shape[::-1], interpolation=cv2.INTER_NEAREST
    )
    ink = cv2.blur(letters, LINE_PX).astype(np.float32) / 255
    deep = cv2.blur(cv2.bitwise_and(peaks, letters).astype(np.float32), LINE_PX) / np.maximum(ink, 1e-3)
    gain = np.where(ink > 0.02, np.clip(dark / np.maximum(deep, 1), 1, MOST_GAIN), 1)
    return cv2.convertScaleAbs(gain, alpha=255 / MOST_GAIN)


def _hue(small: Array, paper: Array) -> Array:
    """uint8 (h, w, 3): what the ink at each place takes of each colour for its depth in grey; what has hardly
    a tint is grey, for pencil takes a little more of what coloured paper has most of."""
    even = divide_light(small, paper, PAPER_WHITE).astype(np.float32)
    depth = np.maximum(cv2.GaussianBlur(PAPER_WHITE - even, (0, 0), HUE_PX), 0)
    most, least = (each(axis=2, keepdims=True) for each in (depth.max, depth.min))
    tint = (1 - least / np.maximum(most, 1) - NEUTRAL[0]) / (NEUTRAL[1] - NEUTRAL[0])
    colour = least + (depth - least) * np.clip(tint, 0, 1)
    grey = (colour * GREY_OF).sum(axis=2, keepdims=True)
    result: Array = np.clip(255 * colour / np.maximum(grey, 1), 0, 255).astype(np.uint8)
    return result


def laid_over(page: Array, strong: Array, lost: Array, ink: Ink) -> Array:
    """The page, BGR or grey, with what was made stronger in the place of what was lost (mask as in `Ink`),
    but for the tint and the frames beside it.

    A line of writing of which a part is gone is replaced whole: half dark and half pale it is harder to read
    than either, and half a number reads as another number.
    """
    print_, lines = _words_there(ink.letters, lost, grey_of(page))
    letters = cv2.subtract(ink.letters, print_)
    rows = strokes_of(rows_of(letters, BETWEEN_PX))
    torn = rows.mask(_gone(rows, cv2.subtract(letters, lines), lost) > LINE_TORN)
    if cv2.countNonZero(cv2.bitwise_and(letters, torn)) > MOST_TORN * cv2.countNonZero(letters):
        torn = letters
    pale = cv2.bitwise_and(letters, cv2.bitwise_or(lost, torn))
    around = cv2.dilate(pale, np.ones((AROUND_PX, 2 * AROUND_PX + 1), np.uint8))
    around[cv2.dilate(print_, np.ones((3, 3), np.uint8)) > 0] = 0
    if ink.tint is not NOTHING:
        around[ink.tint > 0] = 0
    if ink.frames is not NOTHING:
        around[ink.frames > 0] = 0
    clear = cv2.resize(around, (2 * lost.shape[1], 2 * lost.shape[0]), interpolation=cv2.INTER_NEAREST)
    clear[_printed(page, pale, clear.shape[::-1]) > 0] = 0
    clear = cv2.resize(clear, page.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    result = page.copy()
    cv2.copyTo(strong, clear, result)
    return result


def _words_there(letters: Array, lost: Array, page: Array) -> tuple[Array, Array]:
    """0/255 of some letters (masks): the words that are there on a grey page, dark enough to be read, which
    would grow into bars; and the dotted lines that others hang together with."""
    lines = _dotted_lines(letters)
    writing = cv2.subtract(letters, lines)
    words = strokes_of(rows_of(writing, LETTERS_PX))
    size = lost.shape[::-1]
    dark = cv2.threshold(_darkest(_halved(page, size, 4), size), PALE_BLACK - 1, 255, cv2.THRESH_BINARY)[1]
    missing, there = (_gone(words, writing, cv2.bitwise_and(writing, each)) for each in (lost, dark))
    return cv2.bitwise_and(writing, words.mask((missing <= WHOLE) & (there > DARK_PART))), lines


def _dotted_lines(letters: Array) -> Array:
    """0/255 of what runs straight among some letters (mask), and is thin but where one has written on it."""
    runs = strokes_of(straight_runs(letters, DOTTED_PX))
    thin = np.zeros(len(runs.stats), bool)
    for part, (left, top, wide, high, _) in enumerate(runs.stats[1:].tolist(), 1):
        around = letters[max(top - LETTERS_PX, 0) : top + high + LETTERS_PX, left : left + wide]
        thin[part] = np.median(np.count_nonzero(around, axis=0)) <= DOTTED_THICK
    return cv2.dilate(runs.mask(thin), np.ones((3, 3), np.uint8))


def _gone(strokes: Strokes, inked: Array, lost: Array) -> Array:
    """(N,) the share of each part's ink that is lost (masks)."""
    share: Array = _count(strokes, lost) / np.maximum(_count(strokes, inked), 1)
    return share


def _count(strokes: Strokes, mask: Array) -> Array:
    """(N,) how many px of each part are masked."""
    labels = strokes.labels.ravel()
    result: Array = np.bincount(labels[np.flatnonzero(mask > 0)], minlength=len(strokes.stats))
    return result


def _remains(parts: Strokes, dark: Array, lost: Array) -> Array:
    """(N,) which parts of what is dark are only what is left of lost strokes (masks)."""
    result: Array = _gone(parts, dark, cv2.bitwise_and(dark, lost)) > REMAINS
    return result


def _printed(page: Array, pale: Array, size: tuple[int, int]) -> Array:
    """0/255 (width, height) of what is black: letters and their marks with their soft rims, which would grow
    into bars, and rulings and dots, on which one writes, without. What is left of a lost stroke is none."""
    small = cv2.resize(grey_of(page), size, interpolation=cv2.INTER_AREA)
    dark = cv2.threshold(small, 255 - PALE_BLACK, 255, cv2.THRESH_BINARY_INV)[1]
    parts = strokes_of(cv2.dilate(dark, np.ones((MARK_PX, PRINT_RIM), np.uint8)))
    letters = parts.stats[:, cv2.CC_STAT_HEIGHT] >= MARK_PX + 2 * LETTER_PX[0]
    letters[0] = False
    own = cv2.resize(pale, size, interpolation=cv2.INTER_NEAREST)
    dark[parts.mask(_remains(parts, dark, own)) > 0] = 0
    rimmed = cv2.dilate(dark, np.ones((PRINT_RIM, PRINT_RIM), np.uint8))
    return cv2.bitwise_or(dark, cv2.bitwise_and(rimmed, parts.mask(letters)))


class Sought(NamedTuple):
    """The pale ink as it lies on the clean page, where it is looked for again; its strokes, how many letters
    they are, and which (N,) are drawn."""

    ink: Ink
    strokes: Strokes
    letters: float
    drawn: Array

    @classmethod
    def of(cls, ink: Ink) -> "Sought":
        strokes = strokes_of(ink.letters)
        return cls(ink, strokes, float(strokes.letters().sum()), strokes.drawn())


def framed(sought: Sought, clean: Array) -> Sought:
    """The same, its frames only where most of them are on the clean page; else they are like other ink."""
    frames = sought.ink.frames
    if frames is NOTHING:
        return sought
    gone = cv2.subtract(frames, _seen_on(clean, frames.shape[::-1], pale=False))
    lost = cv2.countNonZero(gone) > FRAMES_LOST * cv2.countNonZero(frames)
    return sought._replace(ink=sought.ink._replace(frames=NOTHING)) if lost else sought


def lost_of(sought: Sought, clean: Array, *, pale: bool = False) -> Array | None:
    """The strokes that are no more on the clean page, masked as in `Ink`; None where few are gone.

    `pale`: what is hard to read counts as gone.
    """
    ink, strokes, all_, drawn = sought
    if all_ < LEAST_PALE and not drawn.any():
        return None
    gone = cv2.subtract(ink.letters, _seen_on(clean, ink.letters.shape[::-1], pale=pale))
    if ink.frames is not NOTHING:
        gone[ink.frames > 0] = 0
    much = _gone(strokes, ink.letters, gone) > TORN
    torn = drawn & much
    bits = strokes_of(gone)
    lost = (bits.stats[:, cv2.CC_STAT_AREA] >= LEAST_BIT) & ~_slivers(bits, gone, strokes.mask(much))
    lost[0] = False
    high = lost & (bits.stats[:, cv2.CC_STAT_HEIGHT] >= LETTER_PX[0])
    few = LEAST_PALE if ink.beside else max(MOST_LOST * all_, 2 * LEAST_PALE)
    letters = bits.letters()
    enough = letters[high].sum() >= few  # in rows there are but fewer of them
    if enough and ink.beside:
        enough = letters[bits.in_rows(high)].sum() >= few
    if not enough and not torn.any():
        return None
    return cv2.bitwise_or(bits.mask(high | bits.in_rows(lost)), strokes.mask(torn))


def _slivers(bits: Strokes, gone: Array, much: Array) -> Array:
    """Which bits of lost ink are but what lies between two letters that are there: thin, and little of the
    part that they are of. `much`: mask of the parts of which much is gone."""
    solid, of_much = bits.most(cv2.morphologyEx(gone, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), much)
    slivers: Array = (solid == 0) & (of_much == 0)
    return slivers


def _seen_on(clean: Array, size: tuple[int, int], *, pale: bool) -> Array:
    """0/255 (width, height): where something is dark on the clean page, and around."""
    page = _halved(grey_of(clean), size, 4)
    seen = cv2.threshold(255 - _resized(page, size), GONE - 1, 255, cv2.THRESH_BINARY)[1]
    if pale:
        seen[_darkest(page, size) < PALE_LINE] = 0
    return cv2.dilate(seen, np.ones((3, 3), np.uint8))


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


class Writing(NamedTuple):
    """What is writing of some lost strokes (mask), None where nothing is; `maybe`: it may be all the same,
    too pale to be sure; `soft`: it is of soft print that is partly there, and would be torn if laid over."""

    lost: Array | None
    maybe: bool = False
    soft: bool = False


def writing_of(lost: Array, flat: Array, clean: Array) -> Writing:
    """What of the strokes lost beside black print (mask) is writing, no dust, no printed ground and not the
    other side's print: all, or what is drawn among dust, as a signature.

    `flat`: the page before its light was divided, `clean`: after it was toned. Writing has crisp rims;
    what shows through has softer ones, is pale and covers whole pages.
    """
    strokes = strokes_of(lost)
    drawn = strokes.drawn()
    dust = strokes.dusty()
    if dust and not drawn.any():
        return Writing(None)
    steep, deep, there = _rims_of(strokes, flat, clean)
    seen = deep > 0
    seen[0] = False
    if seen.any() and np.median(deep[seen]) < SHALLOW and _is_ground(lost, clean):
        return Writing(None)
    maybe = False
    for chosen in (np.full(len(drawn), not dust), drawn):
        known = chosen & seen
        if known.any():
            crispest = float(np.median(steep[known] / np.maximum(deep[known], 1)))
            crisp = crispest - int(seen.sum()) / MANY
            pale = max(0.0, SHALLOW - float(np.median(deep[known])))
            least = min(WRITING + CRISPER * pale, CRISP)
            if crispest >= SURELY or crisp >= least:
                soft = crispest < CRISP and bool(np.median(there[known]) >= PALE_LINE)
                return Writing(strokes.mask(chosen) if chosen is drawn else lost, soft=soft)
            maybe |= crisp >= min(MAYBE, least - NEARLY) and (chosen is drawn or strokes.together() >= ALONE)
    return Writing(None, maybe)


def _is_ground(lost: Array, clean: Array) -> bool:
    """Whether it is a pattern that the paper is printed with: it runs on between letters all over."""
    cells = cv2.resize(lost.astype(np.float32) / 255, CELLS, interpolation=cv2.INTER_AREA)
    spread = float((cells > INKED).mean())
    if spread < GROUND:
        return False
    page = _resized(grey_of(clean), lost.shape[::-1])
    dark = cv2.threshold(page, 255 - PALE_DEPTH, 255, cv2.THRESH_BINARY_INV)[1]
    print_ = strokes_of(dark)
    letters = print_.mask(print_.tall() & ~_remains(print_, dark, lost))
    near, far = (cv2.dilate(letters, np.ones((side, side), np.uint8)) for side in AMID)
    amid = cv2.countNonZero(cv2.bitwise_and(lost, cv2.subtract(far, near)))
    return spread * amid > GROUND * cv2.countNonZero(lost)


def _rims_of(strokes: Strokes, flat: Array, clean: Array) -> tuple[Array, Array, Array]:
    """(N,) the steps of each part's rims within three pixels at 150 dots an inch, and all of them: writing
    makes most of it in three. What lies close to black ink says nothing, 0. And how dark, of 255, what is
    beside them on the clean page is."""
    height, width = strokes.labels.shape
    size = (2 * width, 2 * height)
    even = cv2.GaussianBlur(cv2.resize(grey_of(flat), size, interpolation=cv2.INTER_AREA), (0, 0), 0.8)
    seen = cv2.resize(grey_of(clean), size, interpolation=cv2.INTER_AREA)
    bright = cv2.threshold(seen, PALE_DEPTH, 255, cv2.THRESH_BINARY)[1]
    clear = cv2.erode(bright, np.ones((ROW_PX, ROW_PX), np.uint8))
    step, wide = (
        cv2.morphologyEx(even, cv2.MORPH_GRADIENT, np.ones((side, side), np.uint8)) for side in (3, RIM_WIDE)
    )
    grain = percentile(shades_of(step[::4, ::4]), 50)
    steepest = cv2.dilate(step, np.ones((RIM_WIDE - 2, RIM_WIDE - 2), np.uint8))
    twice = Strokes(cv2.resize(strokes.labels, size, interpolation=cv2.INTER_NEAREST), strokes.stats)
    there = cv2.bitwise_not(cv2.erode(seen, np.ones((RIM_WIDE, RIM_WIDE), np.uint8)))
    steep, deep, dark = twice.most(*(cv2.copyTo(each, clear) for each in (steepest, wide, there)))
    return steep - grain, deep - grain, dark
