"""Tells the empty backs of a feeder job from pages with only a little on them.

What shows through from the other side is soft and faint, dust is tiny, punch holes and shadows lie at the
edge; a written page has sharp strokes, be they faint or few.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, parts_of, shrink
from scanner.clean.ink.light import divide_light, paper_map

WORK_SIDE = 1100  # A4 at 94 dpi: strokes of a pen are one or two pixels
EDGE = 0.05
STEEP = 9.0  # grey levels a pixel
LEAST_STROKES = 3
LEAST_SOFT, LEAST_FAINT = 30, 15  # a pencilled page has many strokes; rollers and show-through few sharp ones
STRONG = 45
LEAST_LENGTH = 7
LETTER = 12  # pixels; what is longer counts as so many letters: a signature is one stroke
LEAST_ROW, LONGEST_WORD = 4, 90  # so many one beside the other are a line; pixels
LONGEST = 0.25  # of the page's longer side; what is longer is the rim of a shadow as well as anything
SOFT, FAINT = 22.0, 14.0  # of 255 below the paper; the fainter must be the sharper
PALER, MANY = (4.5, 7.0), 30  # steepness and depth of strokes of which so many stand in lines; stains have 15
CRISP = 0.75  # steepness in parts of the depth, that what shows through never has
COARSE = 12.0  # grain by which no stroke could be seen
DEEPEST_SHADOW = 0.5  # of the brightest paper; what has darker areas is a picture
AREAS_SIDE, SOME = 275, 5  # px; per cent of them
TINTED = 1.35  # how far the balance of colours changes over one paper
CREASE = 5  # longer against its width than this is a fold or the feeder's rollers, not writing


def is_blank(image: Array) -> bool:
    """Whether a page, BGR or grey, before or after its light was taken out, has nothing on it.

    What is no bare paper at all, a picture or mere grain, is not blank: nothing can be said of it.
    """
    seen, _ = shrink(image, WORK_SIDE)
    small = grey_of(seen)
    if min(small.shape) < 24:
        return bool(np.ptp(small) < 40)
    if is_picture(_inner(seen)):
        return False
    flat = _inner(cv2.medianBlur(divide_light(small, paper_map(small)), 3))
    noise = float(np.median(np.abs(cv2.Laplacian(flat, cv2.CV_32F)))) + 0.5
    if noise > COARSE:
        return False
    depth = cv2.morphologyEx(flat, cv2.MORPH_BLACKHAT, np.ones((9, 9), np.uint8))
    across = cv2.Sobel(flat, cv2.CV_32F, 1, 0, scale=1 / 4)
    down = cv2.Sobel(flat, cv2.CV_32F, 0, 1, scale=1 / 4)
    slope = cv2.magnitude(across, down)
    steep = slope > max(STEEP, 3 * noise)
    if _letters(_beside(steep) & (depth > max(SOFT, 6 * noise)), depth) >= LEAST_SOFT:
        return False
    sharp = slope > CRISP * cv2.dilate(depth, np.ones((5, 5), np.uint8))
    faint = _beside(steep & sharp) & (depth > max(FAINT, 6 * noise))
    if _letters(faint, depth) >= LEAST_FAINT or _in_lines(faint):
        return False
    steep = slope > max(PALER[0], 3 * noise)
    return _in_lines(_beside(steep & sharp) & (depth > max(PALER[1], 6 * noise))) < MANY


def _beside(mask: Array) -> Array:
    result: Array = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return result


def _letters(strokes: Array, depth: Array) -> float:
    """How many letters' worth of strokes a mask holds; a few strong ones are as good as any number."""
    labels, stats = parts_of(strokes.astype(np.uint8))
    longer, shorter = stats[1:, 2:4].max(axis=1), stats[1:, 2:4].min(axis=1)
    several = np.where(longer > LONGEST * max(strokes.shape), 1, np.maximum(1, longer / LETTER))
    letters = several * ((longer >= LEAST_LENGTH) & (longer <= CREASE * shorter))
    strong = np.unique(labels[depth > STRONG])
    plain = letters[strong[strong > 0] - 1].sum()
    return float("inf") if plain >= LEAST_STROKES else float(letters.sum())


def _in_lines(strokes: Array) -> int:
    """How many parts of a mask stand side by side as in lines, lying or upright; dust does not."""
    labels, stats = parts_of(strokes.astype(np.uint8))
    longer, shorter = stats[:, 2:4].max(axis=1), stats[:, 2:4].min(axis=1)
    like = (longer >= LEAST_LENGTH) & (longer <= np.minimum(LONGEST_WORD, CREASE * shorter))
    like[0] = False
    parts = np.where(like[labels], np.uint8(1), np.uint8(0))
    most = 0
    for reach in ((1, 4 * LETTER + 1), (4 * LETTER + 1, 1)):
        rows, _ = parts_of(cv2.dilate(parts, np.ones(reach, np.uint8)))
        held = np.bincount(np.unique(np.stack([rows[parts > 0], labels[parts > 0]]), axis=1)[0])
        most = max(most, int(held[held >= LEAST_ROW].sum()))
    return most


def _inner(image: Array) -> Array:
    """Without the edges, where punch holes and shadows lie."""
    rows, columns = (round(size * EDGE) for size in image.shape[:2])
    return image[rows : image.shape[0] - rows, columns : image.shape[1] - columns]


def is_picture(seen: Array) -> bool:
    """Whether much of it is darker than a shadow, or of another tint than the rest."""
    areas, _ = shrink(cv2.medianBlur(seen, 5), AREAS_SIDE)
    dim, bright = np.percentile(grey_of(areas), (SOME, 100 - SOME))
    if dim < DEEPEST_SHADOW * bright:
        return True
    if areas.ndim == 2:
        return False
    blue, green, red = (areas[..., k].astype(np.float32) + 8 for k in range(3))
    balances = [np.percentile(ratio, (SOME, 100 - SOME)) for ratio in (blue / green, red / green)]
    return any(most > TINTED * least for least, most in balances)
