"""Measures of a closed outline, straight or bent, how much it looks like the rim of a sheet of paper."""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from scanner.clean.arrays import Array, most_of
from scanner.clean.finder.eye import Seen
from scanner.clean.geometry.lines import Edges

PLACES = 40  # points a side
GRID = 12  # places a side, where the ink of an outline is looked at
RING = np.array([1.02, 1.06, 1.1])  # the outline, grown about its middle
ALIKE = 0.85  # cosine of edges that face one way
BESIDE_PX = np.array([3.0, 6.0, 9.0])  # where the two sides of an edge are compared
APART_PX = np.array([4.0, 8.0, 12.0])  # from a side, of the small picture: paper inside, table outside
ALONG_PX = np.array([-2.0, 0.0, 2.0])
PAST_PX = np.linspace(8, 28, 8)
ENDS = 5  # places at each end of a side
LOW = 0.1
WHOLE_RIM, WHOLE_OUT, WHOLE_THROUGH, WHOLE_AIR = 0.6, 0.3, 0.2, 0.5  # of a paper that is seen whole
PARTED_RIM = 0.5  # on the weakest third of a side with paper beyond: a book's gutter, seldom a fold
CUT_THROUGH, CUT_CORNER = 0.55, 0.35  # of 232 right pages 10 have so much, of 9 wrong ones 8
BARE_TIP = 0.3  # of paper close to two corners; 2 of 152 right pages have less
LEAST_SEEN, KNOWN = 0.69, 0.7  # of a rim, around what the eye knows: 12 of 821 right pages, 11 of 25 wrong
BARE_IN = 0.35  # of paper inside; 71 right pages on photographed tables have more than 0.64, a telephone 0.07
WINDOW = 7  # places in a row, where a side may run through paper or through the air
EDGE_MEASURES = (
    "covered", "covered_least", "same", "same_least", "beyond", "beyond_most", "step", "step_least", "rough",
    "rough_in", "agree", "chroma", "borders1", "borders2", "size", "outward", "ink_out",
    "ink_beside", "ink_in", "slant", "ratio", "bent",
)  # fmt: skip
EYE_MEASURES = (
    "eye_in", "eye_low", "eye_out", "eye_step", "eye_step_least", "eye_rim", "eye_rim_least", "eye_corner",
    "eye_past", "eye_within", "eye_left", "eye_through", "eye_air",
)  # fmt: skip
MEASURES = EDGE_MEASURES + EYE_MEASURES


@dataclass(frozen=True)
class Outlines:
    """`points` (N, 4, PLACES, 2): side k runs from corner k - 1 to corner k; `real` (N, 4): not a border."""

    points: Array
    real: Array

    @property
    def corners(self) -> Array:
        """(N, 4, 2) in ring order."""
        return self.points[:, :, -1]

    @cached_property
    def within(self) -> Array:
        """(N, GRID, GRID, 2) places spread evenly over them."""
        return grid_in(self.corners)


NONE = Outlines(np.zeros((0, 4, PLACES, 2)), np.zeros((0, 4), bool))


def one(points: Array) -> Outlines:
    """A single outline (4, PLACES, 2), none of its sides the picture's border."""
    return Outlines(points[None], np.ones((1, 4), bool))


def straight(corners: Array, real: Array) -> Outlines:
    """Outlines of quadrangles (N, 4, 2)."""
    starts = np.roll(corners, 1, axis=1)
    t = np.linspace(0, 1, PLACES)[:, None]
    return Outlines(starts[:, :, None] + (corners - starts)[:, :, None] * t, real)


def together(one: Outlines, other: Outlines) -> Outlines:
    """All outlines of both."""
    return Outlines(np.concatenate([one.points, other.points]), np.concatenate([one.real, other.real]))


def resampled(path: Array) -> Array:
    """(PLACES, 2) points spread evenly along a path (P, 2)."""
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    even = np.linspace(0, along[-1], PLACES)
    return np.stack([np.interp(even, along, path[:, k]) for k in (0, 1)], axis=1)


def measure(outlines: Outlines, edges: Edges, ink: Array, bare: Array, seen: Seen | None) -> Array:
    """(N, F) the measures named in MEASURES, not a number where they are the eye's and it is shut.

    `ink`: where the small picture has dark strokes, as of `ink_in`; `bare`: (H, W, 3) the picture without
    them; `seen`: what the eye says of it.
    """
    if not len(outlines.points):
        return np.zeros((0, len(MEASURES)))
    inward, length = _inward(outlines)
    weight = outlines.real * length
    weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-6)
    named = _coverage(outlines, inward, length, weight, edges.there)
    named |= _steps(outlines, inward, weight, bare)
    named |= _shape(outlines, length, edges.shape)
    named |= _ink(outlines, ink)
    named |= _eye(outlines, inward, weight, seen)
    return np.stack([named[name] for name in MEASURES], axis=1)


def named(measures: Array) -> dict[str, Array]:
    """The columns of (N, F) measures by their names."""
    return dict(zip(MEASURES, measures.T, strict=True))


def seen_whole(named: dict[str, Array]) -> Array:
    """(N,) whether the eye sees the rim of one paper all along an outline, and the table all around."""
    result: Array = (
        (named["eye_rim_least"] > WHOLE_RIM) & (named["eye_out"] < WHOLE_OUT)
        & (named["eye_through"] < WHOLE_THROUGH) & (named["eye_air"] < WHOLE_AIR)
    )  # fmt: skip
    return result


def sides_seen(outlines: Outlines, seen: Seen | None) -> Array:
    """(N, 4) whether the eye sees a rim along a side, and table or another paper beyond: no sheet goes on."""
    if seen is None:
        return np.zeros(outlines.real.shape, bool)
    inward, _ = _inward(outlines)
    _, beyond, rim = _beside(outlines, inward, seen)
    result: Array = (rim.mean(axis=2) > WHOLE_RIM) & (_open(beyond, rim) < WHOLE_OUT)
    return result


def _beside(outlines: Outlines, inward: Array, seen: Seen) -> tuple[Array, Array, Array]:
    """(N, 4, P) paper within and beyond the sides, and rim along them."""
    line, normal = outlines.points[:, :, 1:-1, None], inward[:, :, 1:-1, None]
    within, beyond = (seen.paper(line + way * APART_PX[:, None] * normal).mean(axis=3) for way in (1, -1))
    return within, beyond, seen.rim(line + ALONG_PX[:, None] * normal).max(axis=3)


def _open(beyond: Array, rim: Array) -> Array:
    """(N, 4) paper beyond the sides, none where a rim parts it from that within: there lies another paper."""
    weakest = np.sort(rim, axis=2)[:, :, : rim.shape[2] // 3].mean(axis=2)
    result: Array = np.where(weakest > PARTED_RIM, 0, beyond.mean(axis=2))
    return result


def seen_cut(named: dict[str, Array], outlines: Outlines, seen: Seen) -> Array:
    """(N,) whether it sees a side run through paper and a corner without rim; or two corners in the air."""
    through = (named["eye_through"] > CUT_THROUGH) & (named["eye_corner"] < CUT_CORNER)
    paper = seen.paper(outlines.within)
    tips = np.stack([paper[:, 0, 0], paper[:, 0, -1], paper[:, -1, -1], paper[:, -1, 0]], axis=1)
    result: Array = through | (np.sort(tips, axis=1)[:, 1] < BARE_TIP)
    return result


def seen_wrong(named: dict[str, Array]) -> Array:
    """(N,) whether the eye sees rather paper around than inside, or hardly a rim around what it knows."""
    bare = (named["eye_in"] < BARE_IN) & (named["eye_step"] < 0)
    result: Array = bare | ((named["eye_rim"] < LEAST_SEEN) & (named["eye_in"] > KNOWN))
    return result


def by_eye(outlines: Outlines, seen: Seen | None) -> dict[str, Array]:
    """The measures of the eye alone, each (N,), not a number where it is shut."""
    inward, length = _inward(outlines)
    return _eye(outlines, inward, length / np.maximum(length.sum(axis=1, keepdims=True), 1e-6), seen)


def _inward(outlines: Outlines) -> tuple[Array, Array]:
    """(N, 4, PLACES, 2) unit normals to the paper's side, (N, 4) lengths of the sides."""
    step = np.gradient(outlines.points, axis=2)
    size = np.maximum(np.linalg.norm(step, axis=3, keepdims=True), 1e-6)
    normal = np.stack([-step[..., 1], step[..., 0]], axis=3) / size
    corners = outlines.corners
    ahead = np.roll(corners, -1, axis=1)
    turn = (corners[..., 0] * ahead[..., 1] - corners[..., 1] * ahead[..., 0]).sum(axis=1)
    return normal * np.sign(turn)[:, None, None, None], size[..., 0].mean(axis=2) * (PLACES - 1)


def _coverage(
    outlines: Outlines, inward: Array, length: Array, weight: Array, there: Array
) -> dict[str, Array]:
    """How much of the outline is edge, either way and the commoner way, and what runs on past corners."""
    inner = slice(1, PLACES - 1)
    inside, outside = facing(there, outlines.points[:, :, inner], inward[:, :, inner], 2)
    covered = (inside | outside).mean(axis=2)
    bright, dark = inside.mean(axis=2), outside.mean(axis=2)
    outward = (dark * weight).sum(axis=1) > (bright * weight).sum(axis=1)
    same = np.where(outward[:, None], dark, bright)
    past = np.minimum(0.25 * length, 40.0)
    beyond = np.zeros(length.shape)
    for end, before in ((-1, -5), (0, 4)):
        tip = outlines.points[:, :, end]
        way = tip - outlines.points[:, :, before]
        way = way / np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-6)
        far = 5 + (past[..., None] - 5).clip(1) * np.linspace(0, 1, 16)
        places = tip[:, :, None] + way[:, :, None] * far[..., None]
        normal = np.repeat(inward[:, :, end][:, :, None], 16, axis=2)
        beyond += np.logical_or(*facing(there, places, normal, 2)).mean(axis=2) / 2
    beyond = np.where(outlines.real, beyond, 0)
    return {
        "covered": (covered * weight).sum(axis=1),
        "covered_least": np.where(outlines.real, covered, 1).min(axis=1),
        "same": (same * weight).sum(axis=1),
        "same_least": np.where(outlines.real, same, 1).min(axis=1),
        "beyond": (beyond * weight).sum(axis=1),
        "beyond_most": beyond.max(axis=1),
        "outward": outward.astype(float),
    }


def facing(there: Array, points: Array, normals: Array, reach: int) -> tuple[Array, Array]:
    """Whether an edge within `reach` px across the outline, at (..., 2), faces along the normals; against."""
    shape = points.shape[:-1]
    x, y, nx, ny = (
        np.ascontiguousarray(each[..., k], np.float32).reshape(-1, shape[-1])
        for each in (points, normals) for k in (0, 1)
    )  # fmt: skip
    along, against = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    for off in range(-reach, reach + 1):
        seen = cv2.remap(there, x + off * nx, y + off * ny, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
        dot = seen[..., 0] * nx + seen[..., 1] * ny
        along |= dot > ALIKE
        against |= dot < -ALIKE
    return along.reshape(shape), against.reshape(shape)


def _steps(outlines: Outlines, inward: Array, weight: Array, bare: Array) -> dict[str, Array]:
    """How differently bare paper and table look across the sides, and how evenly along them."""
    inner = slice(2, PLACES - 2, 2)
    line, normal = outlines.points[:, :, inner], inward[:, :, inner]
    apart = np.concatenate([BESIDE_PX, -BESIDE_PX])
    count, _, places, depths = (*line.shape[:3], len(apart))
    x, y = (
        (line[..., k, None] + apart * normal[..., k, None]).reshape(count * 4, -1).astype(np.float32)
        for k in (0, 1)
    )
    values = cv2.remap(bare, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = values.reshape(count, 4, places, 2, depths // 2, 3).astype(np.float32).mean(axis=4)
    inside, outside = seen[..., 0, :], seen[..., 1, :]
    change = inside - outside
    middle = np.median(change, axis=2)
    strongest = np.argmax(np.abs(middle), axis=2)[..., None, None]
    one = np.take_along_axis(change, strongest, 3)[..., 0]
    step = np.abs(np.median(one, axis=2))
    spread = np.abs(one - np.median(one, axis=2)[..., None]).mean(axis=2)
    paper = np.take_along_axis(inside, strongest, 3)[..., 0]
    unrest = np.abs(np.diff(paper, axis=2)).mean(axis=2) / (step + 2)
    agree = (np.sign(one) == np.sign(np.median(one, axis=2))[..., None]) & (np.abs(one) > 3)
    hue = seen / (seen.sum(axis=4, keepdims=True) + 20)
    chroma = np.abs(np.median(hue[..., 0, :] - hue[..., 1, :], axis=2)).max(axis=2)
    loud = np.log1p(step) / 4
    return {
        "step": (loud * weight).sum(axis=1),
        "step_least": np.where(outlines.real, loud, 2).min(axis=1),
        "rough": np.minimum((spread / (step + 2) * weight).sum(axis=1), 2),
        "rough_in": np.minimum((unrest * weight).sum(axis=1), 2),
        "agree": (agree.mean(axis=2) * weight).sum(axis=1),
        "chroma": np.minimum((chroma * weight).sum(axis=1) * 10, 2),
    }


def _shape(outlines: Outlines, length: Array, shape: tuple[int, int]) -> dict[str, Array]:
    """Border sides, size, squareness of the corners, nearness to a paper's ratio, how bent the sides are."""
    corners = outlines.corners
    sides = np.roll(corners, -1, axis=1) - corners
    lengths = np.linalg.norm(sides, axis=2)
    following = np.roll(sides, -1, axis=1)
    turns = np.abs(sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0])
    sine = turns / np.maximum(lengths * np.roll(lengths, -1, axis=1), 1e-6)
    ratio = (lengths[:, 0] + lengths[:, 2]) / np.maximum(lengths[:, 1] + lengths[:, 3], 1e-6)
    ratio = np.abs(np.log(np.maximum(ratio, 1 / np.maximum(ratio, 1e-6))) - np.log(1.45))
    borders = (~outlines.real).sum(axis=1)
    chord = np.maximum(np.roll(lengths, 1, axis=1), 1e-6)  # the side that ends in each corner
    return {
        "borders1": (borders == 1).astype(float),
        "borders2": (borders >= 2).astype(float),
        "size": np.sqrt(turns.mean(axis=1) / (shape[0] * shape[1])),
        "slant": sine.min(axis=1),
        "ratio": np.minimum(ratio, 1),
        "bent": np.minimum((length / chord - 1).max(axis=1) * 20, 2),
    }


def areas(corners: Array) -> Array:
    """(N,) of quadrangles (N, 4, 2)."""
    following = np.roll(corners, -1, axis=1)
    cross = corners[..., 0] * following[..., 1] - corners[..., 1] * following[..., 0]
    result: Array = np.abs(cross.sum(axis=1)) / 2
    return result


def in_order(corners: Array) -> Array:
    """Clockwise from the corner that is seen top left."""
    result: Array = rings_in_order(corners[None])[0]
    return result


def rings_in_order(corners: Array) -> Array:
    """(N, 4, 2) each clockwise from the corner that is seen top left."""
    centred = corners - corners.mean(axis=1, keepdims=True)
    turn = np.argsort(np.arctan2(centred[..., 1], centred[..., 0]), axis=1)
    rows = np.arange(len(corners))[:, None]
    ring = corners[rows, turn]
    first = np.argmin(ring.sum(axis=2), axis=1)[:, None]
    result: Array = ring[rows, (first + np.arange(4)) % 4]
    return result


def grid_in(corners: Array) -> Array:
    """(N, GRID, GRID, 2) places spread evenly over quadrangles (N, 4, 2)."""
    a, b, c, d = corners.transpose(1, 0, 2)[:, :, None, None]
    even = (np.arange(GRID) + 0.5) / GRID
    u, v = even[:, None, None], even[None, :, None]
    above, below = a + (b - a) * v, d + (c - d) * v
    result: Array = above + (below - above) * u
    return result


def ink_in(small: Array, bare: Array) -> Array:
    """Float (H / 4, W / 4) 0..1 how dense the dark strokes of a picture are, which it is `bare` of."""
    strokes = most_of(cv2.subtract(bare, small))
    strokes = cv2.threshold(strokes, 12, 1, cv2.THRESH_BINARY)[1].astype(np.float32)
    return cv2.resize(strokes, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)


def _ink(outlines: Outlines, coarse: Array) -> dict[str, Array]:
    """Share of the picture's dark strokes outside, how dense they are close outside, and inside."""
    middle = outlines.corners.mean(axis=1)[:, None, None, None]
    beside = middle + (outlines.points[:, :, 1::2, None] - middle) * RING[:, None]
    inside, outside = (_seen(coarse, (each + 0.5) / 4 - 0.5) for each in (outlines.within, beside))
    density = inside.mean(axis=1)
    return {
        "ink_out": np.clip(1 - density * areas(outlines.corners) / 16 / (float(coarse.sum()) + 1e-3), 0, 1),
        "ink_beside": outside.mean(axis=1),
        "ink_in": density,
    }


def _eye(outlines: Outlines, inward: Array, weight: Array, seen: Seen | None) -> dict[str, Array]:
    """Paper inside, on the least of it, outside; the step between; rim along the sides, past them, within."""
    if seen is None or not len(outlines.points):
        return {name: np.full(len(outlines.points), np.nan) for name in EYE_MEASURES}
    within, beyond, rim = _beside(outlines, inward, seen)
    inside, outside = within.mean(axis=2), _open(beyond, rim)
    step = inside - outside
    ends = np.minimum(rim[:, :, :ENDS].mean(axis=2), rim[:, :, -ENDS:].mean(axis=2))
    tip = np.stack([outlines.points[:, :, 0], outlines.points[:, :, -1]], axis=2)
    way = tip - np.stack([outlines.points[:, :, 4], outlines.points[:, :, -5]], axis=2)
    way = way / np.maximum(np.linalg.norm(way, axis=3, keepdims=True), 1e-6)
    past = seen.rim(tip[:, :, :, None] + way[:, :, :, None] * PAST_PX[:, None]).mean(axis=3)
    paper, other = seen.both(outlines.within)
    total = float(seen.maps[..., 0].sum()) / float(np.prod(seen.scale))
    return {
        "eye_in": paper.mean(axis=(1, 2)),
        "eye_low": np.quantile(paper.reshape(len(paper), -1), LOW, axis=1),
        "eye_out": np.where(outlines.real, outside, 0).max(axis=1),
        "eye_step": (step * weight).sum(axis=1),
        "eye_step_least": np.where(outlines.real, step, 1).min(axis=1),
        "eye_rim": (rim.mean(axis=2) * weight).sum(axis=1),
        "eye_rim_least": np.where(outlines.real, rim.mean(axis=2), 1).min(axis=1),
        "eye_corner": np.where(outlines.real, ends, 1).min(axis=1),
        "eye_past": (past * outlines.real[..., None]).max(axis=(1, 2)),
        "eye_within": np.quantile(other[:, 1:-1, 1:-1].reshape(len(other), -1), 1 - LOW / 2, axis=1),
        "eye_through": np.where(outlines.real, _longest(within * beyond * (1 - rim)), 0).max(axis=1),
        "eye_air": np.where(outlines.real, _longest(1 - within), 0).max(axis=1),
        "eye_left": np.clip(1 - paper.mean(axis=(1, 2)) * areas(outlines.corners) / (total + 1), 0, 1),
    }


def _longest(along: Array) -> Array:
    """(N, 4) the greatest mean of WINDOW places in a row, of (N, 4, P)."""
    sums = np.cumsum(np.pad(along, ((0, 0), (0, 0), (1, 0))), axis=2)
    result: Array = (sums[..., WINDOW:] - sums[..., :-WINDOW]).max(axis=2) / WINDOW
    return result


def _seen(coarse: Array, places: Array) -> Array:
    """(N, P) values at (N, ..., 2) places."""
    x, y = (places[..., k].reshape(len(places), -1).astype(np.float32) for k in (0, 1))
    return cv2.remap(coarse, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
