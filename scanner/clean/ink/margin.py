"""Finds what the scanner puts round a page and no one wrote: black borders and punched holes.

Works on a small copy and answers with a small mask, so that the full page is touched only where something
was found. Text near the edge, rulings that run off the page and photographs are left alone: a border is
black, without structure, hugs the frame along a good part of a side and is never as thin as a stroke.
"""

import itertools
from collections.abc import Sequence

import cv2
import numpy as np

from scanner.clean.arrays import NOTHING, Array, grey_of, percentile, shades_of, shrink

WORK_SIDE = 600  # A4 at 50 dpi: a pen stroke is one pixel
BLACK = 0.45  # of the paper's brightness
RIM = 0.85
STROKE_PX = 5  # what is thinner, and does not lie along the frame, is writing
WRITTEN_PX, WRITTEN = 15, 0.04  # how large letters are, and what part of a black bar they uncover
LEAST_ALONG = 0.12  # of a side, that a border must touch
DEEPEST = 0.16  # of the page, that a border may cover from one side
HOLE_MM, SOLID = (4.0, 8.5), 0.65  # of its size, that a disc holds as a square of its own
HOLE_REACH_MM = 24.0  # the middle of a hole is nearer to an edge than this
LEANING = 0.1  # how far from level the row of holes of a crooked page may be
PUNCHED_MM = (80.0, 160.0, 240.0, 107.95, 69.85)  # between holes, by ISO 838 and as Americans punch
INEXACT = 0.05  # parts of that: a photographed page is no exact measure
ROUND, UNROUND = 0.8, 0.14  # as it seems from afar; what part of the disc is another shape when seen closely
LEAST_APART = 0.9  # of the smallest of them: nearer ones are filled bubbles or the dots of a list
BESIDE = 0.3  # parts of its size around a hole where nothing is written
SPECKS = 0.01  # of there, that dust may cover
SHIFT = 4  # bits of a pixel in which corners are drawn
COARSE, LEAST_SEEN = 4, 0.02  # times smaller is paper looked at; of what is around, that must be seen of it
NEAR, FAR = (8,), (2, 8)  # parts of its longer side, from as far as which paper is carried
EVEN = 26.0  # standard deviation of the grey of a hole or a border; a photograph has more


def margin_mask(page: Array, width_mm: float) -> Array:
    """0/255 in a small copy of a flat page, BGR or grey: what is to become paper; (1, 1) where nothing is."""
    grey = grey_of(page)
    small, _ = shrink(grey, WORK_SIDE, cv2.INTER_LINEAR)
    if min(small.shape) < 60:
        return NOTHING
    paper = percentile(shades_of(small[::4, ::4]), 75)
    if paper < 40:
        return NOTHING
    border = _border(small, paper)
    holes = _holes(grey, small, border, paper, small.shape[1] / width_mm)
    mask = cv2.bitwise_or(border, holes)
    return mask if mask.any() else NOTHING


def _border(small: Array, paper: float) -> Array:
    """The black along the frame, with its soft rim."""
    pad = STROKE_PX
    rows, columns = small.shape[0] - 1, small.shape[1] - 1
    dark = _darker(small, BLACK * paper)
    if not dark[::rows, ::columns].any():  # no corner is black: no border begins there
        return np.zeros_like(small)
    framed = cv2.copyMakeBorder(dark, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=255)
    solid = cv2.morphologyEx(framed, cv2.MORPH_OPEN, np.ones((pad, pad), np.uint8))[pad:-pad, pad:-pad]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    kept = np.zeros(count, np.uint8)
    for label in range(1, count):
        if _is_border(labels == label, small, stats[label]):
            kept[label] = 255
    if not kept.any():
        return np.zeros_like(small)
    border = cv2.dilate(kept[labels], np.ones((5, 5), np.uint8))
    rim = cv2.bitwise_and(border, _darker(small, RIM * paper))
    return cv2.dilate(rim, np.ones((5, 5), np.uint8))


def _darker(image: Array, level: float) -> Array:
    return cv2.threshold(image, level, 255, cv2.THRESH_BINARY_INV)[1]


def _is_border(part: Array, small: Array, stats: Array) -> bool:
    touching = [part[0].mean(), part[-1].mean(), part[:, 0].mean(), part[:, -1].mean()]
    if max(touching) < LEAST_ALONG:
        return False
    if float(small[part].std()) > EVEN or not _of_a_scanner(part):
        return False
    height, width = small.shape
    # a border is shallow measured from the side that it touches most
    side = int(np.argmax(touching))
    depth = part.sum(axis=0 if side < 2 else 1) / (height if side < 2 else width)
    deep = float(np.percentile(depth[depth > 0], 50))
    return deep < DEEPEST and stats[cv2.CC_STAT_AREA] < 0.45 * part.size


def _of_a_scanner(part: Array) -> bool:
    """Whether a black part begins at a corner of the picture and bears no writing; else it is printed."""
    if not (part[0, 0] or part[0, -1] or part[-1, 0] or part[-1, -1]):
        return False
    solid = part.astype(np.uint8)
    whole = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((WRITTEN_PX, WRITTEN_PX), np.uint8))
    return cv2.countNonZero(whole) < (1 + WRITTEN) * cv2.countNonZero(solid)


def _holes(page: Array, small: Array, border: Array, paper: float, px_per_mm: float) -> Array:
    """Punched discs along one side: each alone on its spot, with a mate where a puncher makes one.

    `page` is looked at closely where `small` and its `border` (0/255) show something of the kind.
    """
    mask = np.zeros_like(small)
    dark = _darker(small, RIM * paper)
    least, most = (size * px_per_mm for size in HOLE_MM)
    solid = cv2.erode(dark, np.ones((max(1, int(SOLID * least)),) * 2, np.uint8))
    reach = round(HOLE_REACH_MM * px_per_mm + most)
    solid[reach:-reach, reach:-reach] = 0
    if not solid.any():
        return mask
    _, labels, stats, middles = cv2.connectedComponentsWithStats(dark, connectivity=4)
    width, height, area = stats[:, 2:].T
    size = (width + height) / 2
    shaped = (size >= least) & (size <= most) & (np.abs(width - height) <= 0.2 * size + 1)
    shaped &= np.abs(area / (np.pi / 4 * width * height) - 1) < 1 - ROUND
    shaped[0] = False
    rows, columns = small.shape
    for at, end, along in ((0, columns, 1), (1, rows, 0)):
        for offset in (middles[:, at], end - middles[:, at]):
            found: set[int] = set()
            lined = np.flatnonzero(shaped & (offset < HOLE_REACH_MM * px_per_mm)).tolist()
            for one, other in itertools.combinations(lined, 2):
                apart = np.abs(middles[other] - middles[one])
                if (
                    apart[at] < 2 * px_per_mm + LEANING * apart[along]
                    and abs(size[other] - size[one]) < 0.2 * size[one] + 1
                    and _is_punched(float(np.hypot(*apart)) / px_per_mm)
                    and all(_is_hole(page, small, border, paper, stats[k]) for k in (one, other))
                ):
                    found |= {one, other}
            places = np.sort(middles[sorted(found), along])
            if len(found) and np.diff(places).min() > LEAST_APART * min(PUNCHED_MM) * px_per_mm:
                mask[np.isin(labels, sorted(found))] = 255
    return cv2.dilate(mask, np.ones((5, 5), np.uint8)) if mask.any() else mask


def _is_punched(apart_mm: float) -> bool:
    return any(abs(apart_mm - gap) < INEXACT * gap for gap in PUNCHED_MM)


def _is_hole(page: Array, small: Array, border: Array, paper: float, stats: Array) -> bool:
    """Whether a part of the small copy is one even disc without a counter, and nothing is written beside it.

    A letter is neither: O, G and Q are open inside, and letters stand in words.
    """
    left, top, wide, tall, _ = (int(value) for value in stats)
    scale = page.shape[0] / small.shape[0]
    around = round(BESIDE * max(wide, tall))
    ends = (top - around, top + tall + around, left - around, left + wide + around)
    rows, columns = small.shape
    first, last, near, far = np.clip(ends, 0, (rows, rows, columns, columns))
    seen = page[round(first * scale) : round(last * scale), round(near * scale) : round(far * scale)]
    seen = cv2.medianBlur(np.ascontiguousarray(seen), 3)
    middle = (int((top + tall / 2 - first) * scale), int((left + wide / 2 - near) * scale))
    core = float(seen[middle])
    inked = _darker(seen, (core + paper) / 2)
    _, labels, parts, middles = cv2.connectedComponentsWithStats(inked, connectivity=4)
    label = labels[middle]
    if not label:
        return False
    own = np.where(labels == label, np.uint8(255), np.uint8(0))
    radius = float(np.sqrt(parts[label, cv2.CC_STAT_AREA] / np.pi))
    at = np.rint(middles[label]).astype(int).tolist()
    disc = cv2.circle(np.zeros_like(own), at, round(radius), 255, -1)
    differing = cv2.countNonZero(cv2.bitwise_xor(disc, own)) / max(1, cv2.countNonZero(disc))
    inside = cv2.erode(own, np.ones((5, 5), np.uint8)) > 0
    if differing > UNROUND or not inside.any() or float(seen[inside].std()) > EVEN:
        return False
    shadow = max(3, round(0.4 * radius)) | 1
    others = _darker(seen, RIM * paper)
    others[cv2.dilate(own, np.ones((shadow, shadow), np.uint8)) > 0] = 0
    bordered = cv2.resize(border[first:last, near:far], seen.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    others[bordered > 0] = 0
    return cv2.countNonZero(others) < SPECKS * others.size


def turned(mask: Array, degrees: float) -> Array:
    """The mask of a page that is turned clockwise about its middle."""
    if mask is NOTHING or not degrees:
        return mask
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    there = cv2.warpAffine(mask, matrix, (width, height), flags=cv2.INTER_NEAREST)
    return cv2.dilate(there, np.ones((3, 3), np.uint8))  # also beyond the frame, where the page was not


def cornered(image: Array, degrees: float) -> Array:
    """The full page that was turned clockwise about its middle, in place, with white in the corners where it
    shows what was beyond its frame."""
    if not degrees:
        return image
    height, width = image.shape[:2]
    frame = np.array([[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]], np.float32)
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -degrees, 1.0)
    within = cv2.transform(frame[None], matrix)[0]
    within -= np.sign(within - frame.mean(axis=0))  # the outermost pixels are mixed with what was beyond
    rings = [np.round(each * (1 << SHIFT)).astype(np.int32) for each in (frame, within)]
    result: Array = cv2.fillPoly(image, rings, (255, 255, 255), shift=SHIFT)  # what is in one ring alone
    return result


def papered(image: Array, mask: Array, parts: Sequence[int] = NEAR) -> Array:
    """A small picture with the paper around carried over what is masked, as it is lit there.

    `parts`: of its longer side, from as far as which it is, the nearest last; else it is as usual.
    """
    if mask is NOTHING:
        return image
    shown = cv2.bitwise_not(cv2.resize(mask, image.shape[1::-1], interpolation=cv2.INTER_NEAREST))
    part = _coarse(cv2.bitwise_and(image, image, mask=shown))  # paper is smooth; what is hidden counts as 0
    weight = _coarse(shown).astype(np.float32) / 255
    whole = part[weight == 1]
    if not len(whole):
        return image
    paper = np.median(whole, axis=0)
    for share in parts:
        side = max(3, max(weight.shape) // share) | 1
        near, seen = (cv2.boxFilter(each, cv2.CV_32F, (side, side)) for each in (part, weight))
        if image.ndim == 3:
            seen = seen[..., None]
        paper = np.where(seen > LEAST_SEEN, near / np.maximum(seen, LEAST_SEEN), paper)
    result: Array = cv2.resize(paper.astype(np.uint8), image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    cv2.copyTo(image, shown, result)
    return result


def _coarse(image: Array) -> Array:
    """A small copy, each pixel the mean of what was there."""
    height, width = image.shape[:2]
    size = (max(1, width // COARSE), max(1, height // COARSE))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)


def whitened(image: Array, mask: Array) -> Array:
    """The full page, in place, with white where it is masked."""
    if mask is NOTHING:
        return image
    full = cv2.resize(mask, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return cv2.max(image, full if image.ndim == 2 else cv2.cvtColor(full, cv2.COLOR_GRAY2BGR), image)
