"""Tells which way up a page of text is, from the shapes of its lines, without reading them.

Of few letters the ink that rises out of their lines is measured; where they are too small or melted, a small
net is asked.

Rows of letters part upright from lying. Upside down is told from upright by two things: letters stand on
their baseline more exactly than their tops agree, and Latin writing has more above the small letters than
below them (Caprari 2000, "Algorithm for text page up/down orientation determination") - Vietnamese, with
its tone marks, far more.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import cv2
import numpy as np

from scanner.clean.arrays import Array, grey_of, halve, shrink, straight_runs
from scanner.clean.geometry.leaders import leaders
from scanner.clean.geometry.risers import NEAR_PX, PALEST, Rise, rise_of
from scanner.clean.geometry.skew import WORK_SIDE, Rows, Skew, bodies, letter_boxes
from scanner.clean.geometry.textlines import upright
from scanner.clean.geometry.upright import Word, word_of

LEAST_LETTERS = 60
MOST_MARKS = 400
FINE = ((150, 0.0155), (300, 0.018))  # so many letters; higher on a card, in parts of its length
LYING = 2.0  # how much plainer the rows must be across than along
CROSSED = 1.25  # less plain than the other way: melted words that start one under the other make rows too
SURE = 0.35
SMALL_PX, SURE_SMALL = 18, 1.0  # a little soft, small letters may stand less evenly than they hang
SURE_UNFRAMED, PLAIN_UNFRAMED = 0.65, 1.8  # where a table lies around, whose grain looks like letters too
ROWS, BEYOND_DOUBT = 2.5, 1.2  # plainer rows, or a greater vote, need no net
NET_SURE = (5.0, 10.0)  # its lead, by which it is believed; the second to set a page upside down, few lie so
NET_LIKELY = (1.0, 2.0)  # the same, by which it makes a measure doubtful
FEW_PX = 1300  # of a page's longer side, A4 at 110 dots an inch: what neither can tell of its text is told
NET_BARE = 0.08  # of what it was shown, that may be no text
RISEN, PLAINLY_RISEN = 2.5, 6.0  # standard errors, by which many letters rise; the second against their vote
CRISP, NET_AGREES = 0.24, 1.0  # no step of melted lines is so great; a lead of the net, by which they count
RULING = 4.0  # letters' heights: so far no stroke of a letter runs straight on
STACKED = 2.0  # times the height of letters the other way, words melted and one above the other have
IN_LINE, A_WORD = 6, 10  # of few letters; fewer, with no mark, may rise by chance
UNMARKED = (0.03, 2.0)  # the part of their ink that rises or hangs, its standard errors: by which it is sure
SOME_MARKS, MARKED = 2, (0.005, 0.5)  # the same where so many marks agree
MAYBE = (0.01, 1.0)  # the same of what hangs, with a mark, by which it is told
DOT, ROUND = 0.35, 0.7  # of the letters' height, its greatest side; of that, its least
PAPER_PX = 15  # of a page so shrunk: no dot of a dotted line is so large
IN_LINES = 5.0  # plainer rows are lines of text by a vote of SURE; those of bricks and keys have 2 to 3


@dataclass(frozen=True)
class Turn:
    """`degrees`: 0, 90, 180, 270 clockwise to bring the page upright; 0 where not `sure`.

    `skew`: the lean of the lines of the page as it lies; `letter_px`: the usual height of its letters;
    `doubted`: there is text, and which way up it is is unclear, also where it was turned from lying.
    `letters`: (N, 4) their boxes in the page as it lies, shrunk to the side that letters are measured on.
    """

    degrees: int
    sure: bool
    skew: Skew
    letter_px: float = 0.0
    vote: float = 0.0
    letters: Array = field(default_factory=lambda: np.zeros((0, 4)), compare=False)
    doubted: bool = False

    @property
    def plain(self) -> bool:
        """Whether what was measured is plainly text, be its letters too small to be sure which way up."""
        least = SURE if self.skew.plain >= IN_LINES else SURE_UNFRAMED
        return abs(self.vote) >= least and self.skew.plain >= PLAIN_UNFRAMED


def trusted(turn: Turn) -> Turn:
    """The turn of a photograph in which no page was found: none where the text does not tell it plainly."""
    if turn.plain or len(turn.letters) < LEAST_LETTERS:
        return turn
    return replace(turn, degrees=0, doubted=True)


def is_no_card(turn: Turn, shape: tuple[int, ...]) -> bool:
    """Whether a page of that shape in px cannot be a card: its lines run along the short side, or so many
    letters are so small.
    """
    height = turn.letter_px / max(shape[:2])
    standing = turn.sure and (shape[0] > shape[1]) == (turn.degrees % 180 == 0)
    return standing or any(len(turn.letters) >= count and height < least for count, least in FINE)


def find_turn(image: Array) -> Turn:
    """The turn and the lean of a flat page in any tone, BGR or grey."""
    every = letter_boxes(image)
    dots = leaders(every)
    boxes = every[~dots]
    level, across = _Way.both(boxes)
    lies = across.rows.sure and across.rows.plain > LYING * level.rows.plain
    plainer, other = (across, level) if lies else (level, across)
    measured = plainer.turn()
    if measured.sure and plainer.rows.plain < CROSSED * other.rows.plain:
        measured = replace(measured, degrees=0, sure=False, doubted=True)
    if measured.sure and abs(measured.vote) > BEYOND_DOUBT:
        return measured
    grey = grey_of(shrink(image, WORK_SIDE)[0])
    if (told := _of_few(grey, level, across)) is not None:
        return told
    grey = _unruled(_without(grey, every[dots]), plainer)
    risen = _of_many(grey, level, across)
    parted = plainer.rows.plain > LYING * other.rows.plain
    if len(risen) == 1 and risen[0][1] and parted:
        return risen[0][0]
    if not risen and measured.sure and measured.skew.plain > ROWS:
        return measured
    said = word_of(grey)
    if said is None:
        return measured
    for turn, _ in risen:
        if said.degrees == turn.degrees and said.lead >= NET_AGREES:
            return turn
    if len(risen) == 1 and risen[0][1] and (said.degrees - risen[0][0].degrees) % 180 == 0:
        return risen[0][0]
    if len(risen) > 1 or (risen and risen[0][1]):
        return replace(measured, degrees=0, sure=False, doubted=True)
    if said.bare > NET_BARE:
        return measured
    small = bool(risen) or max(image.shape[:2]) < FEW_PX
    return _as_said(said, measured, (level, across), told=small and not measured.sure)


def _as_said(said: Word, measured: Turn, ways: tuple["_Way", "_Way"], *, told: bool) -> Turn:
    """The turn by the net where it leads, or as measured; `told`: where neither knows, that is doubted."""
    believed, likely = (leads[said.degrees == 180] for leads in (NET_SURE, NET_LIKELY))
    if said.lead >= believed:
        turn = ways[said.degrees // 90 % 2].turn()
        against = abs(turn.vote) >= SURE and (turn.vote > 0) != (said.degrees < 180)
        if against and turn.sure:  # which way lines lie the net knows better than which is up
            return replace(turn, doubted=True)
        return replace(turn, degrees=said.degrees, sure=True, doubted=against or said.lead < NET_SURE[1])
    if said.degrees == measured.degrees and (not told or said.lead >= NET_LIKELY[1]):
        return measured
    if said.lead < likely and not told:
        return measured
    return replace(measured, degrees=0, sure=False, doubted=True)


def _of_many(grey: Array, level: "_Way", across: "_Way") -> list[tuple[Turn, bool]]:
    """The turns of a grey page of many letters as their lines, level or across, rise, the likelier first.

    Also whether the lines are crisp; where they have melted the turn is only likely.
    """
    plainer, other = sorted((level, across), key=lambda way: -way.rows.plain)
    ways = [plainer] if plainer.rows.plain > LYING * other.rows.plain else [plainer, other]
    risen = [(way, way.rise(grey)) for way in ways]
    risen.sort(key=lambda each: -each[0].rows.plain * each[1].letters * abs(each[1].errors))
    most = STACKED * min(level.size, across.size)
    return [
        _as_risen(way, rise, most)
        for way, rise in risen
        if way.rows.sure and rise.letters >= LEAST_LETTERS and rise.beyond(0.0, RISEN)
    ]


def _as_risen(way: "_Way", rise: Rise, most: float) -> tuple[Turn, bool]:
    turn, crisp = way.turn(), rise.crisp >= CRISP and way.size < most
    against = abs(turn.vote) >= SURE and turn.vote * rise.part < 0
    if crisp and against and abs(rise.errors) < PLAINLY_RISEN:
        return replace(turn, degrees=0, sure=False, doubted=True), True
    return replace(turn, degrees=180 * (rise.part < 0) + 90 * way.lying, sure=True, doubted=False), crisp


def _unruled(grey: Array, way: "_Way") -> Array:
    """A grey page without its rulings, which lie above and below the letters of a table."""
    near = cv2.blur(grey, (NEAR_PX, NEAR_PX), borderType=cv2.BORDER_REPLICATE)
    dark = (cv2.subtract(near, grey) > PALEST).astype(np.uint8)
    rulings = straight_runs(dark, round(RULING * way.size) or 1)
    return np.where(cv2.dilate(rulings, np.ones((3, 3), np.uint8)) > 0, near, grey)


def _of_few(grey: Array, *ways: "_Way") -> Turn | None:
    """The turn of a grey page of few letters, from their lines level or across; None where they are many.

    It is doubted where there are no lines, or they say little.
    """
    if max(way.letters.sum() for way in ways) >= LEAST_LETTERS:
        return None
    lines = _in_lines(grey, *ways)
    if lines is None and min(grey.shape) > 1:  # large writing hangs together
        small = halve(grey)
        lines = _in_lines(small, *_Way.both(letter_boxes(small)))
    if lines is None:
        return replace(ways[0].turn(), doubted=any(way.letters.any() for way in ways))
    way, rise = lines
    turn, down = ways[way.lying].turn(), rise.part < 0
    above, below = _marks(way.seen, way.letters)
    marks = below - above if down else above - below
    sure = marks >= 0 and rise.beyond(*(MARKED if marks >= SOME_MARKS else UNMARKED))
    chance = not marks and rise.letters < A_WORD
    if way.lying:
        return replace(turn, degrees=270 if down else 90, sure=True, doubted=not sure or chance)
    if sure and not (chance and down):
        return replace(turn, degrees=180 * down, sure=True, doubted=False)
    return replace(turn, doubted=down and (sure or (marks > 0 and rise.beyond(*MAYBE))))


def _in_lines(grey: Array, level: "_Way", across: "_Way") -> tuple["_Way", Rise] | None:
    """Which way the lines of a grey page of few letters lie, and how they rise; None where there are none.

    Dots say nothing: small letters have them above, capitals below, and little else that stands out.
    """
    fewer, more = sorted(((way, way.rise(grey)) for way in (level, across)), key=lambda each: each[1].letters)
    way, rise = more
    if rise.letters < max(IN_LINE, LYING * fewer[1].letters):
        return None
    if (dots := way.dots()).any():
        way, dotted = way.only(~dots), way.boxes[dots]
        rise = way.rise(_without(grey, dotted))
    return way, rise


def _without(grey: Array, dots: Array) -> Array:
    """A grey page with what is around them in the place of dots (N, 4)."""
    if not len(dots):
        return grey
    mask = np.zeros_like(grey)
    for left, top, right, bottom in dots.astype(int).tolist():
        mask[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = 1
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((PAPER_PX, PAPER_PX), np.uint8))
    result: Array = np.where(mask > 0, paper, grey)
    return result


class _Way(NamedTuple):
    """A page whose lines are taken to lie level, or upright: `boxes` of its letters and marks (N, 4) as it
    lies, and `seen` as the lines would be level; which of them are `letters`, and the `rows` of these."""

    lying: bool
    boxes: Array
    seen: Array
    letters: Array
    rows: Rows

    @classmethod
    def of(cls, boxes: Array, *, lying: bool) -> "_Way":
        seen = _quarter(boxes) if lying else boxes
        letters = bodies(seen)
        return cls(lying, boxes, seen, letters, Rows.of(seen[letters]))

    @classmethod
    def both(cls, boxes: Array) -> tuple["_Way", "_Way"]:
        """Level and upright."""
        return cls.of(boxes, lying=False), cls.of(boxes, lying=True)

    def dots(self) -> Array:
        """Which of the boxes are as a dot below or above a letter is."""
        width, height = self.seen[:, 2] - self.seen[:, 0], self.seen[:, 3] - self.seen[:, 1]
        least, most = np.minimum(width, height), np.maximum(width, height)
        round_: Array = (most < DOT * letter_height(self.seen[self.letters])) & (least > ROUND * most)
        return round_ & ~self.letters

    def only(self, kept: Array) -> "_Way":
        """With these of its boxes, all letters among them."""
        return self._replace(boxes=self.boxes[kept], seen=self.seen[kept], letters=self.letters[kept])

    def rise(self, grey: Array) -> Rise:
        """How its letters rise in the grey page."""
        quarters = int(self.lying)
        letters, _ = upright(self.boxes[self.letters], grey.shape, quarters)
        return rise_of(np.ascontiguousarray(np.rot90(grey, -quarters)), letters)

    @property
    def size(self) -> float:
        """The usual height of its letters; of melted words one above the other it is their length."""
        return letter_height(self.seen[self.letters])

    def turn(self) -> Turn:
        """The turn as it is measured."""
        skew, size = self.rows.skew(), self.size
        if not skew.sure:
            return Turn(0, False, skew, size, letters=self.boxes[self.letters])
        vote = _up_vote(self.seen, self.letters, skew)
        sure = abs(vote) >= (SURE if size >= SMALL_PX else SURE_SMALL)
        way_up, way_down = (90, 270) if self.lying else (0, 180)
        degrees = (way_up if vote > 0 else way_down) if sure else 0
        doubted = not sure and (self.lying or vote < -SURE)
        return Turn(degrees, sure, skew, size, vote, self.boxes[self.letters], doubted)


def letter_height(letters: Array) -> float:
    """Median height of the letters' boxes, 0 without letters."""
    return float(np.median(letters[:, 3] - letters[:, 1])) if len(letters) else 0.0


def _quarter(boxes: Array) -> Array:
    """The boxes after the page is turned 90 degrees clockwise about its top left corner."""
    return np.stack([-boxes[:, 3], boxes[:, 0], -boxes[:, 1], boxes[:, 2]], axis=1)


def _up_vote(boxes: Array, letters: Array, skew: Skew) -> float:
    """Positive where the page is the right way up, negative upside down; about -2..2."""
    if letters.sum() < LEAST_LETTERS:
        return 0.0
    lean = np.deg2rad(skew.degrees)
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    top = boxes[:, 1] * np.cos(lean) - middle * np.sin(lean)
    bottom = boxes[:, 3] * np.cos(lean) - middle * np.sin(lean)
    stand = np.log(_evenness(bottom[letters]) / _evenness(top[letters]))
    above, below = _marks(boxes, letters)
    return float(2.0 * stand + (above - below) / (above + below + 12))


def _evenness(heights: Array) -> float:
    """How exactly many letters share one height: the collision count of a histogram."""
    profile = np.bincount((heights - heights.min()).astype(int)).astype(float)
    profile = np.convolve(profile, [0.5, 1, 0.5], mode="same")
    return float((profile**2).sum()) + 1e-9


def _marks(boxes: Array, letters: Array) -> tuple[int, int]:
    """How many small components sit right above a letter, and how many right below one."""
    boxes = boxes.astype(np.float32)  # whole pixels: exact, and half the time
    big = boxes[letters]
    usual = float(np.median(big[:, 3] - big[:, 1]))
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    small = ~letters & (height < 0.6 * usual) & (width < 1.1 * usual) & (height * width > 0.01 * usual**2)
    marks = boxes[small]
    marks = marks[:: max(1, -(-len(marks) // MOST_MARKS))]
    if not len(marks):
        return 0, 0
    near = np.abs((marks[:, None, 0] + marks[:, None, 2]) - (big[None, :, 0] + big[None, :, 2])) < usual
    over = big[None, :, 1] - marks[:, None, 3]
    under = marks[:, None, 1] - big[None, :, 3]
    above = (near & (over > -0.25 * usual) & (over < 0.45 * usual)).any(axis=1)
    below = (near & (under > -0.25 * usual) & (under < 0.45 * usual)).any(axis=1)
    return int((above & ~below).sum()), int((below & ~above).sum())
