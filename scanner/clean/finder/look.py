"""What the finder sees of a picture, the outlines it puts together there, and how far it believes each."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, shrink
from scanner.clean.finder.eye import Seen, look_with_eye
from scanner.clean.finder.frames import enclosing, is_framed
from scanner.clean.finder.halves import going_on, joined
from scanner.clean.finder.lanes import parted
from scanner.clean.finder.outlines import (
    NONE,
    Outlines,
    areas,
    by_eye,
    in_order,
    ink_in,
    measure,
    named,
    one,
    rings_in_order,
    seen_cut,
    seen_whole,
    seen_wrong,
    sides_seen,
    straight,
    together,
)
from scanner.clean.finder.quads import make_quads, strips
from scanner.clean.finder.refine import Side
from scanner.clean.finder.rims import closed_rims
from scanner.clean.finder.seams import find_seams
from scanner.clean.finder.sketch import sketch
from scanner.clean.finder.weights import judge
from scanner.clean.geometry.flatten import has_card_shape
from scanner.clean.geometry.lines import (
    Edges,
    between,
    distinct,
    find_edges,
    find_lines,
    join,
    weighed,
    without,
)

WORK_SIDE = 480
ACCEPT = 0.8
CERTAIN = 0.97
ON_WOOD = 0.3  # where the hues on both sides of its rim agree besides
MOST_LINES = 40
LOOKED_PAST = 24  # outlines at once, the most believed first
NEARLY = 0.3  # as likely as the likeliest of its look-alikes
HALF, FRAMED = 14.0, 20.0  # of belief, that an outline loses past which its sheet goes on; in a rim
RIM, MOST_RIMS = (-1.0, 1.0), 24  # how far that rim must itself be believed, from hardly to wholly
LESS = 2.0  # of belief, than in a frame; of 93 frames in 24 pictures none had more than 0.8 over its rim
MOST_FRAMES = 12  # looked at one after the other
HOPELESS = -1.0  # of belief, that is no paper's
LEAST_RIM = 0.06  # of an edge, to be a rim for the eye
SURE, LEAST = 6.0, 1.5  # of belief: what is forgiven an outline, and what it needs, where the eye is open
NEARLY_SURE, UNSEEN_END = 4.0, 0.3  # of belief, of what is certain too; its sides are seen so near their ends
UNSEEN = 4.0  # of belief, that an outline loses over one that the eye sees whole
ALIKE_PX = 0.04 * WORK_SIDE  # between the corners of look-alikes
CARD, CARD_OUT, CARD_SLACK = 4.0, 0.5, 0.06  # of belief by edges; paper outside for the eye; of its shape
STARTS, START_PX = 7, 6.0  # outlines from which a net looks for a rim; apart, in the small picture
STROKE_PX = 9  # wider than a pen stroke or a letter's bar in the small picture


@dataclass(frozen=True)
class Look:
    """The small picture, the same without dark strokes, the edges of each and of both, small / input size.

    `shown`, `seen`: the picture in its own colours, and what the eye says of that. `papers`: (4, 2), what was
    parted while outlines were asked.
    """

    small: Array
    shown: Array
    bare: Array
    plain: Edges
    smooth: Edges
    edges: Edges
    seen: Seen | None
    factor: float
    papers: list[Array] = field(default_factory=list)

    @cached_property
    def lines(self) -> Array:
        """(K, 3) the straight lines of both pictures; a page that is drawn at once needs none."""
        with ThreadPoolExecutor(1) as side:
            smooth = side.submit(find_lines, self.smooth, MOST_LINES)
            plain = find_lines(self.plain, MOST_LINES)
            return distinct(np.concatenate([smooth.result(), plain]))

    @cached_property
    def ink(self) -> Array:
        """How dense its dark strokes are."""
        return ink_in(self.small, self.bare)

    @cached_property
    def candidates(self) -> tuple[Outlines, Array]:
        """The outlines in small pixels and their confidences.

        Straight ones and those that the eye draws; where none is certain, those of a closer look too.
        """
        outlines, beliefs = self.believed(together(self.straight(), self.drawn()))
        scores = self.scored(outlines, beliefs)
        if scores.max(initial=0) < CERTAIN:
            more, more_beliefs = self.believed(self.closer())
            outlines = together(outlines, more)
            scores = self.scored(outlines, np.concatenate([beliefs, more_beliefs]))
        return outlines, scores

    def scored(self, outlines: Outlines, beliefs: Array, *, sized: bool = False) -> Array:
        """(N,) confidences; what has a rim around it, or edges that may be its rim's, is a printed frame.

        What the eye sees whole has no other rim around it than one that is seen whole too. `sized`: they have
        a size that is known, and so no frame's; the grain of wood runs along a card as a rim along a frame.
        """
        whole = self.whole(outlines, beliefs, RIM[0])
        over = overlapping_boxes(outlines.corners)
        beliefs = beliefs - UNSEEN * (~whole & (over & whole).any(axis=1))
        rims = np.flatnonzero((beliefs > RIM[0]) & outlines.real.all(axis=1))
        rims = rims[np.argsort(-beliefs[rims])][:MOST_RIMS]
        sure = np.clip((beliefs[rims] - RIM[0]) / (RIM[1] - RIM[0]), 0, 1)
        around = enclosing(outlines.corners[rims], outlines.corners) * sure[:, None]
        around *= (whole[rims][:, None] | ~whole) & (beliefs[rims][:, None] > beliefs - LESS)
        beliefs = beliefs - FRAMED * around.max(axis=0, initial=0)
        corners = rings_in_order(outlines.corners)
        for _ in range(MOST_FRAMES):
            scores = _confidence(corners, beliefs)
            if scores.max(initial=0) < ON_WOOD:
                return scores
            best = int(np.argmax(scores))
            if self.is_parted(corners[best]):
                beliefs[np.abs(corners - corners[best]).max(axis=(1, 2)) < ALIKE_PX] -= FRAMED
            elif (
                scores[best] < ACCEPT
                or sized
                or whole[best]
                or not is_framed(corners[best], self.edges.there)
            ):
                return scores
            else:
                beliefs[best] -= FRAMED
        return np.zeros(len(beliefs))

    def without(self, taken: list[Array]) -> "Look":
        """The same but for the edges in and around papers (4, 2) in small pixels that are known already."""
        plain, smooth = self.plain, self.smooth
        for paper in taken:
            plain, smooth = without(plain, paper), without(smooth, paper)
        return replace(self, plain=plain, smooth=smooth, edges=join(plain, smooth), papers=[])

    def is_parted(self, corners: Array) -> bool:
        """Whether an outline (4, 2) holds two papers; these are kept, for the eye may not tell them apart."""
        papers = parted(corners, self.shown, self.edges.there, self.seen)
        self.papers.extend(papers)
        return bool(papers)

    def whole(self, outlines: Outlines, beliefs: Array, least: float) -> Array:
        """(N,) whether the eye sees them whole; it is asked of what is believed more than `least`."""
        some = np.flatnonzero(beliefs > least)
        result = np.zeros(len(beliefs), bool)
        result[some] = seen_whole(by_eye(Outlines(outlines.points[some], outlines.real[some]), self.seen))
        return result

    def straight(self) -> Outlines:
        """Outlines of straight lines."""
        return straight(*make_quads(self.edges, self.lines))

    @cached_property
    def sketched(self) -> Outlines:
        """Outlines around what the eye takes for paper."""
        return NONE if self.seen is None else sketch(self.seen, self.edges)

    def drawn(self) -> Outlines:
        """Outlines of straight lines along the rims that the eye sees, and around what it takes for paper."""
        if self.seen is None:
            return NONE
        rims = weighed(self.edges, self.seen.rims(self.edges.shape), LEAST_RIM)
        lines = distinct(find_lines(rims, MOST_LINES))
        return together(straight(*make_quads(rims, lines)), self.sketched)

    def closer(self) -> Outlines:
        """The ends of a page looked for between its two long sides alone, straight ones and bent ones.

        There the grain of the wood and the stripes of the cloth, which outvoted a short side, are hidden by
        the page.
        """
        pairs = strips(self.edges, self.lines)
        with ThreadPoolExecutor(1) as side:
            bent = side.submit(find_seams, self.edges, pairs)
            short = [find_lines(between(self.smooth, pair), MOST_LINES // 3) for pair in pairs]
            lines = distinct(np.concatenate([self.lines, *short]))
            more = straight(*make_quads(self.edges, lines, len(self.lines)))
            return together(together(more, closed_rims(self.edges)), bent.result())

    def second(self, outline: Array, score: float, sides: list[Side]) -> tuple[bool, bool]:
        """Whether an outline (4, PLACES, 2) is certain, and whether it is wrong, for its own sake.

        The score says how it stands among its rivals; where all are hardly papers, the best of them is too.
        `sides`: as they were measured.
        """
        if self.seen is None:
            return score >= CERTAIN, False
        it = one(outline)
        measures = measure(it, self.edges, self.ink, self.bare, self.seen)
        belief, said = float(judge(measures)[0]), named(measures)
        if self.is_card(it, said):
            return True, False
        trusted = belief > SURE or (score >= CERTAIN and belief > NEARLY_SURE)
        certain = trusted or (score >= CERTAIN and bool(seen_whole(said)[0]))
        ends = max(max(side.gaps) for side in sides)
        forgiven = belief > SURE or (trusted and ends < UNSEEN_END)
        cut = not forgiven and bool(seen_cut(said, it, self.seen)[0])
        return certain, cut or belief < LEAST or bool(seen_wrong(said)[0])

    def is_card(self, it: Outlines, said: dict[str, Array]) -> bool:
        """Whether one outline has a card's shape and edges, on what the eye sees bare: it knows few cards.

        `said`: what it says of that, of `by_eye`.
        """
        if said["eye_out"][0] > CARD_OUT or float(self.by_edges(it)[0]) < CARD:
            return False
        return has_card_shape(in_order(it.corners[0]), self.small.shape[1::-1], CARD_SLACK)

    def by_edges(self, outlines: Outlines) -> Array:
        """(N,) the beliefs in outlines, without the eye."""
        return judge(measure(outlines, self.edges, self.ink, self.bare, None))

    def believed(self, outlines: Outlines) -> tuple[Outlines, Array]:
        """The outlines and the sheets that halves among them make, and the belief in each.

        An outline past a side of which its sheet goes on is hardly believed, however sharp that side is.
        """
        beliefs = judge(measure(outlines, self.edges, self.ink, self.bare, self.seen))
        going = np.zeros((len(beliefs), 4))
        unseen = np.ones(len(beliefs), bool)
        while unseen.any() and unseen[np.argmax(beliefs)] and beliefs.max() > HOPELESS:
            best = np.argsort(np.where(unseen, -beliefs, np.inf))[: min(LOOKED_PAST, unseen.sum())]
            some = Outlines(outlines.points[best], outlines.real[best])
            going[best] = going_on(some, self.edges, self.bare) * ~sides_seen(some, self.seen)
            unseen[best] = False
            beliefs[best] -= HALF * going[best].max(axis=1)
        whole = joined(outlines, going)
        if not len(whole.points):
            return outlines, beliefs
        more = judge(measure(whole, self.edges, self.ink, self.bare, self.seen))
        more -= HALF * going_on(whole, self.edges, self.bare).max(axis=1)
        return together(outlines, whole), np.concatenate([beliefs, more])


def look_at(
    image: Array, seen: Seen | None = None, shown: Array | None = None, dpi: float | None = None
) -> Look | None:
    """What the finder sees of a picture; None of one that is too small.

    `seen`, `shown`: what the eye said before, and the small picture in its own colours.
    `dpi`: of the scanner, on whose glass the eye stays shut: it knows tables, and a photograph there is no
    paper to it.
    """
    if min(image.shape[:2]) < 32:
        return None
    small, factor = shrink(bgr_of(image), WORK_SIDE)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE_PX, STROKE_PX))
    bare = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    with ThreadPoolExecutor(1) as side:
        beside = side.submit(find_edges, bare)
        plain = find_edges(small)
        seen = look_with_eye(small) if seen is None and dpi is None else seen
        smooth = beside.result()
    own = small if shown is None or shown.shape != small.shape else shown
    return Look(small, own, bare, plain, smooth, join(plain, smooth), seen, factor)


def _confidence(corners: Array, beliefs: Array) -> Array:
    """(N,) 0..1: each quadrangle and its look-alikes against "no paper" and against all others."""
    odds = np.exp(np.clip(beliefs, -30, 30))
    flat = rings_in_order(corners).reshape(-1, 8).T
    apart = np.zeros((len(corners), len(corners)))
    for each in flat:  # much faster than one maximum over a third axis
        np.maximum(apart, np.abs(each[:, None] - each), out=apart)
    alike = apart < ALIKE_PX
    together = overlapping_boxes(corners)
    best_alike = np.where(alike, odds[None], 0).max(axis=1, initial=0)
    rivals = np.where(~alike & together, odds[None], 0).max(axis=1, initial=0)
    # of look-alikes about as likely the greatest: less is lost
    near = odds >= NEARLY * best_alike
    area = areas(corners)
    greatest = np.where(alike & near, area, 0).max(axis=1, initial=0)
    result: Array = best_alike / (best_alike + 1 + rivals) * (near & (area >= greatest))
    return result


def likeliest(outlines: Outlines, scores: Array) -> Array:
    """(K, 4, 2) the STARTS likeliest outlines, clockwise from top left; of look-alikes one."""
    corners = rings_in_order(outlines.corners)
    taken: list[Array] = []
    for quad in corners[np.argsort(-scores)]:
        if all(np.abs(quad - other).max() > START_PX for other in taken):
            taken.append(quad)
        if len(taken) == STARTS:
            break
    return np.array(taken).reshape(-1, 4, 2)


def overlapping_boxes(corners: Array) -> Array:
    """(N, N) whether the bounding boxes of quadrangles meet: papers apart are no rivals."""
    low, high = corners.min(axis=1).T, corners.max(axis=1).T
    before = [low[k][:, None] < high[k] for k in (0, 1)]
    result: Array = before[0] & before[1]
    return result & result.T
