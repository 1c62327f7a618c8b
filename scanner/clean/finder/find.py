"""Finds the paper in a photograph: four corners with a confidence, or nothing rather than a wrong crop.

Outlines are put together from straight edges, and from bent ones between two straight ones, and judged by how
much of each side is edge, how far the edges run on past the corners, and how differently the two sides of the
edge look: the contour and contrast scores of Tropin et al., "Advanced Hough-based method for on-device
document localization" (2021). How these weigh is learned from made-up photographs: tests/bench/fit_finder.py.
"""

from dataclasses import dataclass

import numpy as np

from scanner.clean.arrays import Array, grey_of, shrink
from scanner.clean.finder.doubt import doubtful, goes_on
from scanner.clean.finder.grain import hues, lies_on_wood
from scanner.clean.finder.look import ACCEPT, CERTAIN, ON_WOOD, Look, likeliest, look_at, overlapping_boxes
from scanner.clean.finder.outlines import Outlines, by_eye, in_order, one, seen_whole, sides_seen, straight
from scanner.clean.finder.refine import Side, refine_corners, refine_sides
from scanner.clean.finder.snap import snapped
from scanner.clean.finder.trust import agreed, trust_in
from scanner.clean.geometry.skew import WORK_SIDE as LETTER_SIDE
from scanner.clean.geometry.textlines import lines_past
from scanner.clean.geometry.turn import find_turn

TRUSTED = 3.0  # by the picture straightened, in what was not found else
DISTRUSTED = 0.0  # by the same, what was found
TRUSTED_WELL = 5.0  # ends of sides where nothing is seen are forgiven
FILLING = 0.2  # paper for the eye along three of the picture's sides; 3 of 510 photographs have more
MEASURED_PX = 8.0  # of the small picture, between what the net sees and what is measured
CURLED, MOST_OFF = 0.005, 1  # bend of two opposite sides, and how many corners may be farther off then
DOUBTED = 0.5  # the confidence in what a second look does not believe
PLAIN = 8.0  # of belief, that no rival could match
REAL = np.ones((1, 4), bool)  # sides of an outline that are no border


@dataclass(frozen=True)
class Found:
    """Corners (4, 2) float TL, TR, BR, BL as seen, in input pixels, or None; confidence 0..1."""

    corners: Array | None
    confidence: float

    def doubted(self) -> "Found":
        """Nothing, where a second look does not believe this."""
        return Found(None, min(self.confidence, DOUBTED))


NOTHING = Found(None, 0.0)


def find_page(image: Array, dpi: float | None = None) -> Found:
    """The most likely paper of a BGR or grey picture; never raises. `dpi`: None of a camera."""
    return page_in(image, look_at(image, dpi=dpi), dpi)


def page_in(image: Array, look: Look | None, dpi: float | None = None) -> Found:
    """The same of a picture at which the finder has looked."""
    if look is None:
        return NOTHING
    found = _find(image, look)
    if found.corners is None:
        found = _on_wood(image, look, dpi) or found
    if found.corners is None or _distrusted(look, found.corners):
        found = _snapped(image, look) or found.doubted()
    if found.corners is not None and _is_part(image, look, found.corners):
        return found.doubted()
    return found


def _is_part(image: Array, look: Look, corners: Array) -> bool:
    """Whether a page seems to fill the picture, and lines of its text stand past what was found in it."""
    if look.seen is None or np.sort(look.seen.along_border())[1] < FILLING:
        return False
    grey, factor = shrink(grey_of(image), LETTER_SIDE)
    turn = find_turn(grey)
    return lines_past(turn.letters, grey.shape, turn.degrees // 90, [(corners + 0.5) * factor - 0.5])


def _distrusted(look: Look, corners: Array) -> bool:
    """Whether the picture straightened by corners in input pixels looks like no paper's.

    Not asked of a card, or of one of two that were parted: of these the nets know few.
    """
    if look.seen is None or look.papers:
        return False
    it = straight(((corners + 0.5) * look.factor - 0.5)[None], REAL)
    trust = trust_in(look.shown, look.seen, it.corners)
    if trust is None or trust[0] >= DISTRUSTED:
        return False
    return not look.is_card(it, by_eye(it, look.seen))


def _on_wood(image: Array, look: Look, dpi: float | None) -> Found | None:
    """A page on a warm table by light, told from it by its hue."""
    if (hue := hues(image)) is None:
        return None
    colours, factor = hue
    on_wood = look_at(colours, seen=look.seen, shown=look.small, dpi=dpi)
    page = NOTHING if on_wood is None else _find(colours, on_wood, ON_WOOD)
    if page.corners is None or not lies_on_wood(colours, page.corners):
        return None
    corners = (page.corners + 0.5) / factor - 0.5
    it = straight(((corners + 0.5) * look.factor - 0.5)[None], REAL)
    sides = [Side(*tips, np.zeros(1), 1.0) for tips in zip(np.roll(corners, 1, axis=0), corners, strict=True)]
    if goes_on(image, sides, corners, look.bare, look.factor, ends=sides_seen(it, look.seen)[0]):
        return None
    return Found(corners, page.confidence)


def _snapped(image: Array, look: Look) -> Found | None:
    """The paper whose rim a net sees from several outlines, though none was believed; with measured sides."""
    if look.seen is None:
        return None
    corners = snapped(look.shown, look.seen, likeliest(*look.candidates))
    trust = None if corners is None else trust_in(look.shown, look.seen, corners)
    if corners is None or trust is None or not len(corners):
        return None
    rim, most = agreed(corners, trust)
    if most < TRUSTED or look.is_parted(rim):
        return None
    it = straight(rim[None], REAL)
    sides, measured = _measured(image, look, it.points[0])
    said = (rim + 0.5) / look.factor - 0.5
    off = np.abs(measured - said).max(axis=1) * look.factor > MEASURED_PX
    if off.sum() > MOST_OFF * _is_curled(sides):
        return None
    measured = np.where(off[:, None], said, measured)
    ends = sides_seen(it, look.seen)[0]
    if doubtful(image, sides, measured, look.bare, look.factor, certain=most >= TRUSTED_WELL, ends=ends):
        return None
    return Found(in_order(measured), _share(most))


def _is_curled(sides: list[Side]) -> bool:
    """Whether two sides that face each other are bent, as those of a curled sheet are."""
    bends = np.array([side.bend() for side in sides])
    return bool((np.minimum(bends[:2], bends[2:]) > CURLED).any())


def _find(image: Array, look: Look, accept: float = ACCEPT) -> Found:
    at_once = _drawn_at_once(image, look)
    if at_once is not None:
        return at_once
    outlines, scores = look.candidates
    if not len(scores):
        return NOTHING
    best = int(np.argmax(scores))
    page = Found(None, float(scores[best]))
    if scores[best] >= accept:
        page = page_of(image, look, outlines.points[best], float(scores[best]))
        if page.corners is None:
            page = _apart(image, look, outlines, scores) or page
    return page if page.corners is not None else _one_of_two(image, look) or page


def _one_of_two(image: Array, look: Look) -> Found | None:
    """A paper of two that were taken for one; what the eye says, which took them for one, is not asked."""
    for rough in look.papers:
        _, corners = _measured(image, look, straight(rough[None], REAL).points[0])
        near = straight(((corners + 0.5) * look.factor - 0.5)[None], REAL)
        score = _share(float(look.by_edges(near)[0]))
        if score >= ACCEPT:
            page = page_of(image, look, near.points[0], score, known=True)
            if page.corners is not None:
                return page
    return None


def _apart(image: Array, look: Look, outlines: Outlines, scores: Array) -> Found | None:
    """A paper apart from the best, which is doubted: as certain as that, and seen whole."""
    apart = ~overlapping_boxes(outlines.corners)[int(np.argmax(scores))]
    other = int(np.argmax(scores * apart))
    if scores[other] * apart[other] < CERTAIN:
        return None
    if not seen_whole(by_eye(one(outlines.points[other]), look.seen))[0]:
        return None
    page = page_of(image, look, outlines.points[other], float(scores[other]))
    return None if page.corners is None else page


def _drawn_at_once(image: Array, look: Look) -> Found | None:
    """The page that the eye draws and sees whole, believed beyond what rivals could say; in half the time."""
    if look.seen is None:
        return None
    outlines, beliefs = look.believed(look.sketched)
    scores = look.scored(outlines, beliefs)
    if scores.max(initial=0) < CERTAIN:
        return None
    best = int(np.argmax(scores))
    if beliefs[best] < PLAIN or not seen_whole(by_eye(one(outlines.points[best]), look.seen))[0]:
        return None
    page = page_of(image, look, outlines.points[best], float(scores[best]))
    return None if page.corners is None else page


def page_of(image: Array, look: Look, outline: Array, score: float, *, known: bool = False) -> Found:
    """The page of an outline in small pixels; nothing where a second look at the whole picture doubts it.

    `known`: its shape and size are; then the eye is not asked.
    """
    sides, corners = _measured(image, look, outline)
    certain, wrong = (score >= CERTAIN, False) if known else look.second(outline, score, sides)
    wrong = wrong or look.is_parted((corners + 0.5) * look.factor - 0.5)
    ends = sides_seen(one(outline), look.seen)[0] & (not known)
    if wrong or doubtful(image, sides, corners, look.bare, look.factor, certain=certain, ends=ends):
        return Found(None, score).doubted()
    return Found(in_order(corners), score)


def _measured(image: Array, look: Look, outline: Array) -> tuple[list[Side], Array]:
    """The sides of an outline (4, PLACES, 2) in small pixels as they are in the picture, and its corners."""
    rough = (outline + 0.5) / look.factor - 0.5
    sides = refine_sides(image, rough)
    return sides, refine_corners(image, rough, sides)


def _share(belief: float) -> float:
    """The confidence in what has no rival."""
    return float(1 / (1 + np.exp(-belief)))
