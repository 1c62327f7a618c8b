"""Says what is wrong with a scanned page and where on it, for the screens and for the terminal.

Words: `scan.verdict.<code>`, `scan.verdict_at.<code>` with the place, `scan.where.<place>`.
"""

from collections.abc import Sequence

from kioskcore.ports import Box, Page
from kioskcore.words import Words

_ALL_OVER = 0.67
"""Of a side: what is longer lies at neither end."""

_MIDDLE = (0.4, 0.6)

_OUTSIDE = frozenset({"another"})
"""What lies outside of the page: its places are parts of the picture as it came."""


def said(words: Words, page: Page) -> list[str]:
    """One sentence for each verdict, with its place where it has one; all may be heard."""
    return [_sentence(words, code, where(page.places.get(code, ()))) for code in page.verdicts]


def _sentence(words: Words, code: str, place: str) -> str:
    if place and words.has(f"scan.verdict_at.{code}"):
        return words.say(f"scan.verdict_at.{code}", where=words.say(f"scan.where.{place}"))
    return words.say(f"scan.verdict.{code}" if words.has(f"scan.verdict.{code}") else "scan.doubt")


def where(boxes: Sequence[Box]) -> str:
    """The part of the page that holds all boxes: "top_left", "bottom", "middle"; "" where none does."""
    if not boxes:
        return ""
    left, top = (min(box[side] for box in boxes) for side in (0, 1))
    right, bottom = (max(box[side] + box[side + 2] for box in boxes) for side in (0, 1))
    if right - left > _ALL_OVER and bottom - top > _ALL_OVER:
        return ""
    ends = (_end(top, bottom, "top", "bottom"), _end(left, right, "left", "right"))
    return "_".join(filter(None, ends)) or "middle"


def _end(low: float, high: float, first: str, last: str) -> str:
    centre = (low + high) / 2
    if high - low > _ALL_OVER or _MIDDLE[0] <= centre <= _MIDDLE[1]:
        return ""
    return first if centre < _MIDDLE[0] else last


def marks(page: Page) -> list[Box]:
    """What can be framed on the picture of the page: the places that are not the whole of it."""
    return [box for code in page.verdicts if code not in _OUTSIDE for box in _parts(page, code)]


def raw_marks(page: Page) -> list[Box]:
    """What can be framed on the picture as it came: what lies outside of the page."""
    return [box for code in page.verdicts if code in _OUTSIDE for box in _parts(page, code)]


def _parts(page: Page, code: str) -> list[Box]:
    return [box for box in page.places.get(code, ()) if box[2] * box[3] < _ALL_OVER]
