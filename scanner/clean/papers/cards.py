"""Finds identity cards on a scanner's glass, where their size is known and their rim is hardly seen.

Against the white lid a pale card is a few steps of brightness or hue and here and there a thin shadow. What
differs from the lid at all, joined, gives the place, or what differs more, where the lid is uneven; a
rectangle of the card's true size is then laid where most of its rim is seen. Two that touch are seen by the
lid that shows between their round corners. Nothing else may lie there: a form with a box of that size stays
one page.
"""

from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, bgr_of, box_around, most_of, parts_of, plane_of
from scanner.clean.finder.find import Found
from scanner.clean.finder.outlines import in_order
from scanner.clean.geometry.flatten import ID1_MM, MM_PER_INCH, side_lengths
from scanner.clean.papers.glass import OnGlass

WORK_DPI = 100.0
PX = WORK_DPI / MM_PER_INCH
LID = 0.5  # at least so much of the glass is bare
LIKE_LID, BRIGHT = 7, 150  # how far its own light may differ from a plane; darker is no lid
AWAY = 2.0  # steps of 255 from the lid, of the smoothed picture
JOIN_MM, SLACK_MM, SHADED_MM = 4.0, 4.0, 8.0  # prints so near are one thing; a shadow makes a card wider
LEVELS = ((AWAY, JOIN_MM), (4.0, 1.5), (8.0, 1.5))  # uneven lids and shadows join what lies apart
RADIUS_MM = 4.0  # of the corners, where no rim is looked for
BESIDE_MM = 0.6  # from the rim, where inside and outside are compared
OFF = (2.0, 1.5)  # mm, degrees, that a place may be off
STEP_MM, ROUGH, FINE = 0.67, np.linspace(-1, 1, 7) * OFF[1], np.linspace(-1, 1, 5)
NEAR = (0.5, 0.4)  # and after a rough search
CLEAR = 20.0  # a step that counts fully
SEEN, SEEN_SIDE = 0.7, 0.4  # share of the rim where the two differ by AWAY, of all and of each side
SEEN_WHOLE = 0.9
TINT = 1.5  # more than the lid's: a grey copy of a card is paper
FARTHER_MM, COVERED_MM = np.arange(1.5, 9.1, 0.5), 1.5  # where a larger paper may end; not near another card
PLAIN_MM = np.array([1.3, 2.0])  # from a printed line, where its paper is seen
PLAIN = 0.5  # of a line along a side, that may have steps where the paper is plain
PLAINER, LEAST_BARE = 0.2, 0.3  # share of a side, by which that is seen more; that must not be covered
RIM_MM = 6.0  # of the glass, where the lid throws shadows
ELSE = 0.004  # of the glass, that may be dust
CARD_SLACK, ALIKE = 0.1, 0.3  # of shape, logarithm of sides: two cards on one table
OUT_OF_LINE_MM = 2.0  # by which the sides of one slip are never off
LEAST_STEP, HALF = 3 * AWAY, 0.5  # from lid to card; of it, how far from the lid what shows it may be
NOTCH_MM, NOTCH_WIDE_MM = np.array([0.3, 0.6, 0.9]), np.linspace(-0.8, 0.8, 5)  # between round corners
NOTCHED = 3  # of these places, before the one that tells: a printed rule is narrower
FLESH_MM = np.array([2.0, 3.0, 4.0, 5.0])  # within a card
GLANCE_DPI, INK = 25.0, 140  # of the first look; darker in every channel is print


def find_cards(image: Array, dpi: float | None) -> OnGlass:
    """The ID-1 cards on a BGR scan, corners in its pixels; none where anything else lies on the glass.

    `dpi`: what the scanner used; None for a camera, whose picture tells no size. What has the size of two
    that touch, and may be one paper, is told.
    """
    if not dpi:
        return OnGlass([])
    scale = WORK_DPI / dpi
    if scale > 1 or image.ndim != 3 or min(image.shape[:2]) * scale < ID1_MM[1] * PX:
        return OnGlass([])
    if _has_long_lines(image, dpi):
        return OnGlass([])
    small = cv2.resize(bgr_of(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small.astype(np.float32), (0, 0), 0.8)
    lid = _lid(small)
    if lid is None:
        return OnGlass([])
    off = most_of(cv2.absdiff(small, lid))
    for least, join in LEVELS:
        away = off > least
        places = _places(away, join)
        if not places or _something_else(away, _corners(np.concatenate(places)[:, :3])):
            continue
        things = _things(small, lid, places)
        if not things or _something_else(away, np.concatenate(things)):
            continue
        laid = [(thing + 0.5) / scale - 0.5 for thing in things]
        if all(len(thing) == 1 or _are_two(small, *thing) for thing in things):
            return OnGlass([Found(in_order(ring), 1.0) for ring in np.concatenate(laid)])
        joined = [each.reshape(-1, 2) for each in laid if len(each) > 1]
        return OnGlass([], tuple(box_around(each, image.shape) for each in joined))
    return OnGlass([])


def is_other_side(quad: Array, card: Array) -> bool:
    """Whether both outlines (4, 2) have the shape of a card, seen a little from the side, and one size."""
    (short, long), others = (np.sort(side_lengths(each)) for each in (quad, card))
    shapes = np.array([long / short, others[1] / others[0]]) * ID1_MM[1] / ID1_MM[0]
    ratios = np.array([short, long]) / others
    return bool((abs(shapes - 1) < CARD_SLACK).all() and (abs(np.log(ratios)) < ALIKE).all())


def _has_long_lines(image: Array, dpi: float) -> bool:
    """Whether print hangs together over more than a card's length: most pages are told by this at once."""
    step = max(1, round(dpi / GLANCE_DPI))
    ink = (most_of(bgr_of(np.ascontiguousarray(image[::step, ::step]))) < INK).astype(np.uint8)
    pixel = dpi / step / MM_PER_INCH
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((round(JOIN_MM * pixel) | 1,) * 2, np.uint8))
    boxes = parts_of(joined)[1][1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    return bool((boxes > (max(ID1_MM) + SLACK_MM + JOIN_MM) * pixel).any())


def _lid(small: Array) -> Array | None:
    """(H, W, 3) the bare lid, each channel a plane; None where the glass is mostly covered, or dark."""
    usual = np.median(small[::6, ::6].reshape(-1, 3), axis=0)
    bare = cv2.inRange(small, usual - LIKE_LID, usual + LIKE_LID) > 0
    if usual.min() < BRIGHT or bare.mean() < LID:
        return None
    return plane_of(small, bare, 6)


class _Laid(NamedTuple):
    """A card's true size where its rim is plainest: corners (4, 2), share of each side seen, its tint."""

    corners: Array
    seen: Array
    tint: float

    def is_card(self, *, beside: bool = False) -> bool:
        """`beside`: another surely is one; then one side may be hidden where the others are whole."""
        rim = self.seen.mean() > SEEN and self.seen.min() > SEEN_SIDE
        return bool((rim or (beside and np.sort(self.seen)[1] > SEEN_WHOLE)) and self.tint > TINT)


def _places(away: Array, join: float) -> list[list[Array]]:
    """x, y, degrees, px to look around: of what hangs together and is about as big as a card, or as two."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(join * PX) | 1,) * 2)
    joined = cv2.morphologyEx(away.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    found = []
    for outline in cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        centre, size, angle = cv2.minAreaRect(outline)
        if size[0] < size[1]:
            size, angle = size[::-1], angle + 90
        long, short = ID1_MM
        for count, card, turn in ((1, (long, short), 0), (2, (long, short), 0), (2, (short, long), 90)):
            over = np.array(size) / PX - (count * card[0], card[1])
            if over.min() > -SLACK_MM and over.max() < SHADED_MM:
                way = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
                aside = way * (size[0] - card[0] * PX) / 2 * (count - 1)
                reach = max(OFF[0], over.max() / 2 + 1) * PX
                ends = (-1, 1)[:count]
                found.append([np.array([*(centre + end * aside), angle + turn, reach]) for end in ends])
    return found


def _things(small: Array, lid: Array, places: list[list[Array]]) -> list[Array]:
    """(1 or 2, 4, 2) corners of the cards at places of `_places`, of those that are cards."""
    things = [[_laid(small, lid, place) for place in each] for each in places]
    rings = np.stack([one.corners for thing in things for one in thing])
    things = [thing for thing in things if not any(_goes_on(small, lid, one, rings) for one in thing)]
    sure = any(len(thing) == 1 and thing[0].is_card() for thing in things)
    return [
        np.stack([one.corners for one in thing])
        for thing in things
        if (thing[0].is_card(beside=sure) if len(thing) == 1 else _are_pair(*thing))
    ]


def _goes_on(small: Array, lid: Array, card: _Laid, rings: Array) -> bool:
    """Whether it is laid on a larger paper, whose side is seen farther out than one of the card's.

    That is seen along more of the side; or plain paper, and no lid, lies before it; or the card's is a
    printed line, with the same paper on both sides.
    `rings` (N, 4, 2): all that was laid; what another one covers tells nothing.
    """
    covered = np.zeros(small.shape[:2], np.float32)
    for ring in rings[(rings != card.corners).any(axis=(1, 2))]:
        outline = [np.round(ring).astype(np.int32)]
        cv2.fillPoly(covered, outline, 1)
        cv2.polylines(covered, outline, True, 1, round(2 * COVERED_MM * PX))
    points, outward = (each[0][:, None] for each in _along(card.corners[None]))
    outward = outward[..., None, :] * PX
    lines = points + outward * FARTHER_MM[:, None, None]  # (4, lines, P, 2)
    bare = _seen(covered[..., None], lines)[..., 0] == 0
    steps = _across(small, lines, outward / PX)
    off = np.abs(_seen(small, lines) - _seen(lid, lines)).max(axis=-1)
    least = np.maximum(bare.sum(axis=2), LEAST_BARE * bare.shape[2])
    rims, paper = (((each > AWAY) & bare).sum(axis=2) / least for each in (steps, off))
    share = rims.max(axis=1)
    plain = np.logical_or.accumulate((paper > SEEN_WHOLE) & (rims < PLAIN), axis=1)
    ends = (plain & (rims > SEEN_WHOLE)).any(axis=1)
    both = [_seen(small, points + way * outward * PLAIN_MM[:, None, None]) for way in (-1, 1)]
    printed = (np.median(np.abs(both[0] - both[1]).max(axis=3), axis=2) < AWAY).any(axis=1)
    return bool((ends | (share > card.seen + PLAINER) | (printed & (share > SEEN_WHOLE))).any())


def _are_pair(one: _Laid, other: _Laid) -> bool:
    """Whether all sides of two cards are seen that do not face each other."""
    pairs = ((one, other), (other, one))
    outer = [np.delete(each.seen, _facing(each.corners, beside.corners)[0]) for each, beside in pairs]
    return bool(np.min(outer) > SEEN_WHOLE and min(one.tint, other.tint) > TINT)


def _are_two(small: Array, one: Array, other: Array) -> bool:
    """Whether cards (4, 2) beside each other are no slip of the size of two.

    Their sides are out of line, or the lid is seen between them at both ends of the sides that meet: the
    corners of cards are round.
    """
    sides = [one[_facing(one, other)], other[_facing(other, one)]]
    along = sides[0][1] - sides[0][0] + sides[1][0] - sides[1][1]
    along = along / np.linalg.norm(along)
    across = np.array([along[1], -along[0]])  # from the one to the other
    ends = np.stack([sides[0], sides[1][::-1]])  # (card, end, 2)
    places = ends @ along
    if np.abs(places[0] - places[1]).min() > OUT_OF_LINE_MM * PX:
        return True
    middle = float((ends @ across).mean())
    for end, inward, place in ((0, 1, places[:, 0].max()), (1, -1, places[:, 1].min())):
        corner = across * middle + along * place
        down = along * inward * PX
        notch = corner + down * NOTCH_MM[:, None, None] + across * PX * NOTCH_WIDE_MM[:, None]
        outside = corner - down * (BESIDE_MM + NOTCH_MM[:, None])
        lid = _seen(small, outside).mean(axis=0)
        gap = np.sort(np.abs(_seen(small, notch).mean(axis=0) - lid).max(axis=1))[NOTCHED]
        for card, way in ((0, -1), (1, 1)):
            flesh = ends[card, end] + down * FLESH_MM[:, None] + across * way * FLESH_MM[0] * PX
            step = np.abs(_seen(small, flesh).mean(axis=0) - lid).max()
            if step < LEAST_STEP or gap > HALF * step:
                return False
    return True


def _facing(ring: Array, other: Array) -> list[int]:
    """The two ends, in the ring's order, of the side of a rectangle that faces another one."""
    middles = (ring + np.roll(ring, -1, axis=0)) / 2 - ring.mean(axis=0)
    side = int((middles @ (other.mean(axis=0) - ring.mean(axis=0))).argmax())
    return [side, (side + 1) % 4]


def _seen(small: Array, spots: Array) -> Array:
    """(..., 3) the picture at spots (..., 2)."""
    flat = spots.astype(np.float32).reshape(len(spots), -1, 2)
    x, y = (np.ascontiguousarray(flat[..., k]) for k in (0, 1))
    seen = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return seen.reshape(*spots.shape[:-1], -1)


def _laid(small: Array, lid: Array, around: Array) -> _Laid:
    """The card near a place of `_places`: where its rim is plainest."""
    place, reach = around[:3], around[3]
    far = np.linspace(-reach, reach, 2 * round(reach / PX / STEP_MM) + 1)
    for shifts, leans in ((far, ROUGH), (NEAR[0] * PX * FINE, NEAR[1] * FINE)):
        tries = place + np.stack(np.meshgrid(shifts, shifts, leans), axis=-1).reshape(-1, 3)
        steps = _steps(small, tries)
        best = int(np.minimum(steps, CLEAR).mean(axis=(1, 2)).argmax())
        place = tries[best]
    seen = (steps[best] > AWAY).mean(axis=1)
    corners = _corners(place[None])[0]
    inside = np.zeros(small.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.round(corners).astype(np.int32), 1)
    there = inside > 0
    tint = small[there] - lid[there]
    return _Laid(corners, seen, float((tint.max(axis=1) - tint.min(axis=1)).mean()))


def _corners(places: Array) -> Array:
    """(N, 4, 2) of cards at (N, 3) x, y, degrees."""
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * np.array(ID1_MM) / 2 * PX
    turn = np.deg2rad(places[:, 2])
    ways = np.stack([np.cos(turn), np.sin(turn), -np.sin(turn), np.cos(turn)], axis=1).reshape(-1, 2, 2)
    result: Array = flat @ ways + places[:, None, :2]
    return result


def _steps(small: Array, places: Array) -> Array:
    """(N, 4, P) how far inside and outside of the rim differ, in the channel where they do most."""
    points, outward = _along(_corners(places))
    return _across(small, points, outward[:, :, None])


def _along(corners: Array) -> tuple[Array, Array]:
    """(N, 4, P, 2) points on the sides of cards (N, 4, 2), without their corners; (N, 4, 2) ways outward."""
    sides = np.roll(corners, -1, axis=1) - corners
    lengths = np.linalg.norm(sides, axis=2, keepdims=True)
    ends = RADIUS_MM * PX / lengths
    along = ends + (1 - 2 * ends) * np.linspace(0, 1, 40)
    points = corners[:, :, None] + sides[:, :, None] * along[..., None]
    return points, np.stack([sides[..., 1], -sides[..., 0]], axis=2) / lengths


def _across(small: Array, points: Array, outward: Array) -> Array:
    """(...) how far inside and outside of points (..., 2) differ, in the channel where they do most."""
    values = [_seen(small, points + way * BESIDE_MM * PX * outward) for way in (-1, 1)]
    result: Array = np.abs(values[0] - values[1]).max(axis=-1)
    return result


def _something_else(away: Array, cards: Array) -> bool:
    rest = away.astype(np.uint8)
    rim = round(RIM_MM * PX)
    for card in cards:
        outline = [np.round(card).astype(np.int32)]
        cv2.fillPoly(rest, outline, 0)
        cv2.polylines(rest, outline, True, 0, 2 * rim)
    return float(rest[rim:-rim, rim:-rim].mean()) > ELSE
