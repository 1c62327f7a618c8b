"""Finds the papers beside one that was found, and says where one more may lie that is not believed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from kioskcore.ports import Box
from scanner.clean.arrays import Array, box_around
from scanner.clean.finder.find import Found, page_of
from scanner.clean.finder.look import ACCEPT, WORK_SIDE, Look, look_at
from scanner.clean.finder.outlines import Outlines, areas
from scanner.clean.papers.cards import find_cards, is_other_side
from scanner.clean.papers.glass import look_on_glass, overlap

SURE = 0.9  # the confidence in one more paper: a page too many is worse than a picture not cut
LIKELY = 2.0  # of belief, that shape and size of the card beside it add; what is no card has less than -6
HINT = 0.02  # from where a card's other side is told
MAYBE = 0.2  # from where a person is told; of 198 pictures without a missed paper one has so much
MOSTLY = 0.7  # of the picture: a paper that takes more leaves no room for another


@dataclass(frozen=True)
class Beside:
    """The papers beside a first one; `maybe`: where others may lie, in parts of the picture."""

    pages: list[Found] = field(default_factory=list)
    maybe: tuple[Box, ...] = ()


def find_beside(
    image: Array, first: Found, most: int = 7, dpi: float | None = None, *,
    laid: Sequence[Found] | None = None, look: Look | None = None,
) -> Beside:  # fmt: skip
    """The papers beside the one that was found; none where that is doubted or leaves no room.

    What was found is taken out of the picture's edges and the rest is looked at again, so that many papers do
    not crowd each other out. Those that lie apart on a scanner's glass are known together; beside a card in a
    photograph less is asked of what can be its other side, and the eye is not. `laid`: those that are known
    to lie apart, where they were looked for before; `look`: at the picture, where that was done before.
    """
    if first.corners is None or areas(first.corners[None])[0] > MOSTLY * image.shape[0] * image.shape[1]:
        return Beside()
    if laid := _on_glass(image, dpi) if laid is None else laid:
        return Beside([page for page in laid if not _same(page, first)][:most])
    whole = look or look_at(image, dpi=dpi)
    if whole is None:
        return Beside()
    factor = min(1.0, WORK_SIDE / max(image.shape[:2]))
    taken = [(first.corners + 0.5) * factor - 0.5]
    pages: list[Found] = []
    doubted: list[Array] = []
    maybe: list[Array] = []
    before = 0
    while len(pages) < most and len(taken) != before:
        look = whole.without(taken)
        before, maybe = len(taken), []
        outlines, scores = look.candidates
        sides = _other_sides(look, outlines, taken[0])
        known = sides >= ACCEPT
        scores = np.where(known, np.maximum(scores, sides), scores)
        scores = np.where(sides >= HINT, np.maximum(scores, MAYBE), scores)
        for index in np.argsort(-scores):
            corners = outlines.corners[index]
            if scores[index] < MAYBE or len(pages) == most:
                break
            if any(overlap(corners, other) for other in [*taken, *maybe]):
                continue
            if scores[index] < SURE and not known[index] and not is_other_side(corners, taken[0]):
                maybe.append(corners)
                continue
            taken.append(corners)
            score = float(scores[index])
            page = page_of(image, look, outlines.points[index], score, known=bool(known[index]))
            doubted += [corners] if page.corners is None else []
            pages += [] if page.corners is None else [page]
    return Beside(pages, tuple(box_around(each / factor, image.shape) for each in [*doubted, *maybe]))


def _other_sides(look: Look, outlines: Outlines, card: Array) -> Array:
    """(N,) confidences in what may be the other side of a card (4, 2), 0 for others; by their edges alone.

    The eye does not know cards that are dark or printed all over, but their shape and size are known here.
    """
    confidences = np.zeros(len(outlines.points))
    if is_other_side(card, card):
        may = np.array([is_other_side(corners, card) for corners in outlines.corners], bool)
        some = Outlines(outlines.points[may], outlines.real[may])
        confidences[may] = look.scored(some, look.by_edges(some) + LIKELY, sized=True)
    return confidences


def _on_glass(image: Array, dpi: float | None) -> list[Found]:
    """All papers of a scan that are known to lie apart."""
    return find_cards(image, dpi).pages or (look_on_glass(image, dpi).pages if dpi else [])


def in_reading_order(pages: Sequence[Found]) -> list[Found]:
    """Row by row from the top, each from the left; a lone one may be without corners."""
    rows: list[list[Found]] = []
    for page in sorted(pages, key=lambda page: _span(page, 1)[1]):
        top, middle, _ = _span(page, 1)
        row = rows[-1] if rows else []
        beside = all(top < _span(other, 1)[2] for other in row)
        if row and beside and middle < _span(row[0], 1)[2]:
            row.append(page)
        else:
            rows.append([page])
    return [page for row in rows for page in sorted(row, key=lambda page: _span(page, 0)[1])]


def _span(page: Found, axis: int) -> tuple[float, float, float]:
    """Least, middle and most of the corners' x (axis 0) or y (1)."""
    along = np.zeros(1) if page.corners is None else page.corners[:, axis]
    return float(along.min()), float(along.mean()), float(along.max())


def _same(one: Found, other: Found) -> bool:
    return one.corners is not None and other.corners is not None and overlap(one.corners, other.corners)
