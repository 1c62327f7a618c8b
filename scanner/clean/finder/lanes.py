"""Tells two papers that lie in a row from one: a lane of the table runs between them from side to side.

The long sides of an outline around both are sharp and straight, and so are its ends. But the lane looks as
the table does beside it; or both long sides have a gap, and from the one to the other run the rims of the two
papers, which end there.
"""

from collections.abc import Iterator
from itertools import chain, pairwise, product
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array
from scanner.clean.finder.eye import Seen
from scanner.clean.finder.outlines import facing, grid_in, in_order
from scanner.clean.geometry.flatten import has_card_shape

ALONG, ACROSS = 160, np.linspace(0.02, 0.98, 36)  # places along two sides; from the one to the other
ENDS, NARROWEST_PX = 0.1, 4.0  # of the sides, where no paper would end yet; of a lane
OUTSIDE_PX, NEAR = np.array([4.0, 6.0, 8.0]), 3  # where the table is; so many places across are near a side
PLAIN = 20.0  # of 255, that paper and table differ
LIKE, NEARLY_ALL = 0.35, 0.94  # of that difference, how far a lane is from the table beside it; of its places
SOFT, RIMS, MOSTLY = 3, 10, 0.8  # places: of a lane's soft rim, of the papers' sides before and after it
LEAN, NARROW_END_PX = 0.1, NARROWEST_PX / 3  # of the sides, between both ends of a wedge; of one of them
SIDE_PX, RIM_PX = 2, 3  # how far an edge may be off
PAST_PX = np.arange(8.0, 26.0, 2.0)  # outside, where what crosses a paper and the table goes on
RIM, GOES_ON, SIDE, GAP = 0.75, 0.5, 0.4, 0.7  # share: edge of a rim, past it, of a side; bare in a lane
TIP, TIPS = 4, 0.7  # places near each end of a rim, and how many of them are edge
MIDDLE = np.linspace(0.32, 0.68, 49)  # of the sides, where ends what parts two papers of about one size
LEANS = np.linspace(-0.1, 0.1, 11)  # how much farther along the other side it ends
HIDDEN, FAINT = 0.15, 0.03  # share of such a line that may have no rim; the eye's least trust elsewhere
FAINTEST, CARD_SLACK = 0.004, 0.06  # between two cards; of their shape
PAPER = 0.85  # of both pieces, that the eye sees as paper
FOLD = 0.97  # of paper along it; what has more is a fold


class _Rungs(NamedTuple):
    """Places (ALONG, 2) on two opposite sides, unit vectors from one to the other; px between places."""

    starts: Array
    ends: Array
    way: Array
    pace: float


def parted(corners: Array, small: Array, there: Array, seen: Seen | None = None) -> list[Array]:
    """The two papers (4, 2), roughly, between which a lane runs through an outline (4, 2); none without one.

    All are in px of a BGR picture; `there`: (H, W, 2) of its `Edges`; `seen`: what the eye says of it.
    """
    for turn in (0, 1):
        ring = np.roll(corners, turn, axis=0)
        found = _lane(ring, small, there)
        if found is not None:
            rungs, start, end = found
            first, second, third, fourth = ring
            return [
                np.stack([first, rungs.starts[start], rungs.ends[start], fourth]),
                np.stack([rungs.starts[end - 1], second, third, rungs.ends[end - 1]]),
            ]
    return [] if seen is None else seen_parted(corners, seen, small.shape[1::-1])


def seen_parted(corners: Array, seen: Seen, size: tuple[int, int]) -> list[Array]:
    """The two, where the eye sees a rim run through the middle from side to side, in a picture of `size`.

    It does so where the lane is full of other things, or hardly a pixel wide. Of 140 right pages none has
    more than 0.02 there, of eight outlines around two papers none less than 0.03; but where it does not know
    the paper as such, the end of a column of text has 0.13. Between two cards that nearly touch it is as
    little as 0.006, but each of the two has the shape of one. What itself has a card's
    shape may have a photograph and lines of letters whose edges lie a third from its sides.
    """
    middle = MIDDLE[15:-15] if has_card_shape(in_order(corners), size, CARD_SLACK) else MIDDLE
    across = np.linspace(0.06, 0.94, 30)
    best, found = 0.0, []
    for turn in (0, 1):
        first, second, third, fourth = np.roll(corners, turn, axis=0)
        start = first + (second - first) * middle[:, None]
        end = fourth + (third - fourth) * (middle + LEANS[:, None])[..., None]
        lines = start[:, None] + (end[:, :, None] - start[:, None]) * across[:, None]
        rim = np.quantile(seen.rim(lines), HIDDEN, axis=2)
        lean, place = np.unravel_index(int(rim.argmax()), rim.shape)
        if rim[lean, place] > best and seen.paper(lines[lean, place][None]).mean() < FOLD:
            one, other = start[place], end[lean, place]
            best = float(rim[lean, place])
            found = [np.stack([first, one, other, fourth]), np.stack([one, second, third, other])]
    if best > FAINT and seen.paper(grid_in(np.stack(found))).mean(axis=(1, 2)).min() > PAPER:
        return found
    cards = best > FAINTEST and all(has_card_shape(in_order(each), size, CARD_SLACK) for each in found)
    return found if cards else []


def _lane(ring: Array, small: Array, there: Array) -> tuple[_Rungs, int, int] | None:
    """The rungs of a lane from the first side to the third, its first and behind its last.

    Papers that lean apart leave a wedge between them: then the rungs run from the gap of the one side to that
    of the other.
    """
    rungs = _rungs(ring)
    strip = _strip(rungs, small)
    for start, end in chain(_bare(rungs, strip), _rimmed(rungs, there)):
        return rungs, start, end
    for gaps in _wedges(rungs, strip):
        leaning = _rungs(ring, gaps)
        for start, end in _bare(leaning, _strip(leaning, small), NARROW_END_PX):
            return leaning, start, end
    return None


def _rungs(corners: Array, gaps: tuple[Array, Array] | None = None) -> _Rungs:
    """From the side between the first two corners to the one opposite; `gaps`: places 0..1 on the one and on
    the other that belong together."""
    first, second, third, fourth = corners
    along = (np.arange(ALONG) + 0.5) / ALONG
    beyond = along if gaps is None else np.interp(along, *gaps)
    starts = first + (second - first) * along[:, None]
    ends = fourth + (third - fourth) * beyond[:, None]
    way = (ends - starts) / np.maximum(np.linalg.norm(ends - starts, axis=1, keepdims=True), 1e-6)
    length = np.linalg.norm(second - first) + np.linalg.norm(third - fourth)
    return _Rungs(starts, ends, way, float(length) / 2 / ALONG)


class _Strip(NamedTuple):
    """How far (ALONG, ACROSS) an outline is from the table beside it, and (ALONG,) close to either side; how
    far paper is; and (ALONG,) where the table itself is as usual."""

    off: Array
    near: tuple[Array, Array]
    plain: float
    usual: Array


def _strip(rungs: _Rungs, small: Array) -> _Strip | None:
    """None where paper hardly differs from the table, or the table from itself as much."""
    one, other = (
        np.median(_seen(small, line[:, None] + rungs.way[:, None] * (out * OUTSIDE_PX)[:, None]), axis=1)
        for line, out in ((rungs.starts, -1), (rungs.ends, 1))
    )
    table = one[:, None] + (other - one)[:, None] * ACROSS[:, None]
    off = np.abs(_seen(small, _across(rungs)) - table).max(axis=2)
    near = off[:, :NEAR].mean(axis=1), off[:, -NEAR:].mean(axis=1)
    plain = float(np.median(np.minimum(*near)))
    middles = [np.median(each, axis=0) for each in (one, other)]
    if plain < PLAIN or np.abs(middles[0] - middles[1]).max() > plain:
        return None
    usual = [
        np.abs(each - middle).max(axis=1) < LIKE * plain
        for each, middle in zip((one, other), middles, strict=True)
    ]
    return _Strip(off, near, plain, usual[0] & usual[1])


def _bare(rungs: _Rungs, strip: _Strip | None, narrowest: float = NARROWEST_PX) -> Iterator[tuple[int, int]]:
    """Lanes that look as the table on both their ends does, where paper looks otherwise."""
    if strip is None:
        return
    like = strip.off < LIKE * strip.plain
    lane = (like.mean(axis=1) > NEARLY_ALL) & like[:, 0] & like[:, -1] & strip.usual
    rim = np.minimum(*strip.near) > 2 * LIKE * strip.plain
    for start, end in _runs(lane, rungs.pace, narrowest):
        before, after = rim[max(0, start - SOFT - RIMS) : start - SOFT], rim[end + SOFT : end + SOFT + RIMS]
        if min(before.mean(), after.mean()) > MOSTLY:
            yield start, end


def _wedges(rungs: _Rungs, strip: _Strip | None) -> Iterator[tuple[Array, Array]]:
    """Gaps in both sides that may be the ends of one lane, as `_rungs` takes them; one may be narrow."""
    if strip is None:
        return
    gaps = (near < LIKE * strip.plain for near in strip.near)
    one, other = (list(_runs(each, rungs.pace, NARROW_END_PX)) for each in gaps)
    for each, facing_it in product(one, other):
        if abs(sum(each) - sum(facing_it)) / 2 < LEAN * ALONG:
            here, there = (np.array([0, start / ALONG, end / ALONG, 1]) for start, end in (each, facing_it))
            yield here, there


def _rimmed(rungs: _Rungs, there: Array) -> Iterator[tuple[int, int]]:
    """Lanes between two rims that run from side to side and stop there, where both sides have a gap."""
    sides = [_edge(there, line, rungs.way, SIDE_PX) for line in (rungs.starts, rungs.ends)]
    bare = ~sides[0] & ~sides[1]
    gaps = list(_runs(bare, rungs.pace))
    if not gaps or min(side.mean() for side in sides) < SIDE:
        return
    down = np.gradient(rungs.starts + rungs.ends, axis=0)
    down /= np.maximum(np.linalg.norm(down, axis=1, keepdims=True), 1e-6)
    edge = _lines(there, _across(rungs), down)
    reach = np.minimum(edge[:, 1 : 1 + TIP].mean(axis=1), edge[:, -1 - TIP : -1].mean(axis=1))
    rim = (edge.mean(axis=1) > RIM) & (reach > TIPS)  # print keeps away from the sides
    for line, out in ((rungs.starts, -1), (rungs.ends, 1)):
        past = _lines(there, line[:, None] + rungs.way[:, None] * (out * PAST_PX)[:, None], down)
        rim &= past.mean(axis=1) < GOES_ON
    ends = round(ENDS * ALONG)
    for start, end in pairwise((np.flatnonzero(rim[ends:-ends]) + ends).tolist()):
        if (end - start) * rungs.pace >= NARROWEST_PX and bare[start + 1 : end].mean() > GAP:
            yield start + 1, end
    for start, end in gaps:  # so narrow that the two rims are one
        middle = (start + end) // 2
        if rim[start - SOFT : middle].any() and rim[middle : end + SOFT].any():
            yield start, end


def _runs(places: Array, pace: float, narrowest: float = NARROWEST_PX) -> Iterator[tuple[int, int]]:
    """First and behind last of those (ALONG,) bool that are together and wide enough, away from the ends."""
    changes = np.flatnonzero(np.diff(np.concatenate([[0], places.astype(int), [0]])))
    for start, end in changes.reshape(-1, 2).tolist():
        if start > ENDS * ALONG and end < (1 - ENDS) * ALONG and (end - start) * pace >= narrowest:
            yield start, end


def _across(rungs: _Rungs) -> Array:
    result: Array = rungs.starts[:, None] + (rungs.ends - rungs.starts)[:, None] * ACROSS[:, None]
    return result


def _lines(there: Array, lines: Array, normal: Array) -> Array:
    """(N, P) where lines (N, P, 2) are edge, across normals (N, 2)."""
    normals = np.ascontiguousarray(np.broadcast_to(normal[:, None], lines.shape))
    return _edge(there, lines, normals, RIM_PX)


def _edge(there: Array, places: Array, normals: Array, reach: int) -> Array:
    """(N, ...) whether an edge lies at places (N, ..., 2), across normals of that shape."""
    result: Array = np.logical_or(*facing(there, places, normals, reach))
    return result


def _seen(small: Array, places: Array) -> Array:
    x, y = (np.ascontiguousarray(places[..., k], np.float32) for k in (0, 1))
    return cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
