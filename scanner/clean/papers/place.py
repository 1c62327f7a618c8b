"""Where the papers of a picture lie, or that a scanner's picture is the page as it is.

A scanner's page mostly fills the picture: it is looked at so, and its edge is looked for only where that does
not show it plainly. Papers that cannot be told apart are left together.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kioskcore.ports import Box
from scanner.clean.arrays import Array
from scanner.clean.finder.find import NOTHING, Found, page_in
from scanner.clean.finder.look import CERTAIN, Look, look_at
from scanner.clean.geometry.flatten import off_square
from scanner.clean.geometry.textlines import lines_past
from scanner.clean.papers.beside import find_beside, in_reading_order
from scanner.clean.papers.cards import find_cards
from scanner.clean.papers.glass import look_on_glass
from scanner.clean.plan import Plan, plan_page

MOST_SLANTED = 1.0  # degrees off a right angle


class Watch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        spent = (time.perf_counter() - start) * 1000
        self.taken[name] = round(self.taken.get(name, 0.0) + spent, 1)


class Place(NamedTuple):
    """The page that was found, and what a scan is as a whole, if that was asked.

    `several`: where several papers may lie, in parts of the picture; `laid`: the papers of a scan that are
    known to lie apart, None where nobody looked for them; `look`: at the picture, if it was looked at.
    """

    found: Found
    whole: Plan | None = None
    several: tuple[Box, ...] = ()
    laid: tuple[Found, ...] | None = ()
    look: Look | None = None


def place_of(image: Array, dpi: float | None, watch: Watch) -> Place:
    """The place of the page in a BGR or grey picture; `dpi`: what the scanner used, None for a camera."""
    whole = None
    with watch.stage("find"):
        laid = find_cards(image, dpi)
    if dpi and not laid.pages:
        with watch.stage("plan"):
            whole = plan_page(image, None, dpi)
        if whole.filled:
            return Place(NOTHING, whole)
        with watch.stage("find"):
            laid = laid if laid.maybe else look_on_glass(image, dpi)
        if laid.maybe:
            return Place(NOTHING, whole, laid.maybe)
    with watch.stage("find"):
        if laid.pages:
            return Place(laid.pages[0], whole, laid=tuple(laid.pages))
        look = look_at(image, dpi=dpi or None)
        found = page_in(image, look, dpi or None)
        if whole and (_is_slanted(found) or _is_part(image, whole, found, dpi, look)):
            found = found.doubted()
    return Place(found, whole, look=look)


def find_pages(image: Array, most: int = 8, dpi: float | None = None) -> list[Found]:
    """Every paper that lies apart, in reading order; one without corners where there is none.

    `dpi`: what the scanner used, None for a camera.
    """
    place = place_of(image, dpi, Watch())
    if place.laid:
        return in_reading_order(place.laid[:most])
    beside = find_beside(image, place.found, most - 1, dpi, laid=place.laid, look=place.look)
    return in_reading_order([place.found, *beside.pages])


def _is_slanted(found: Found) -> bool:
    """Whether a scan's page is not certain, nor has right angles as papers on the glass have."""
    if found.corners is None or found.confidence >= CERTAIN:
        return False
    return off_square(found.corners) > MOST_SLANTED


def _is_part(image: Array, whole: Plan, found: Found, dpi: float | None, look: Look | None) -> bool:
    """Whether lines of text stand on a scan beside what was found there, and on no other paper: then that is
    a box or a ground printed on a page."""
    if found.corners is None or not _has_lines_past(whole, [found]):
        return False
    return _has_lines_past(whole, [found, *find_beside(image, found, dpi=dpi, laid=(), look=look).pages])


def _has_lines_past(whole: Plan, papers: list[Found]) -> bool:
    scale = whole.preview.shape[1] / whole.target.width
    rings = [(paper.corners + 0.5) * scale - 0.5 for paper in papers if paper.corners is not None]
    return lines_past(whole.turn.letters, whole.preview.shape, whole.turn.degrees // 90, rings)
