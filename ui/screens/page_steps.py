"""Which step of a guide the page on the screen belongs to; rather none than a wrong one."""

from collections.abc import Sequence

from guides.model import Step
from portal.marks import PageMark, best_step, matches

_TELLING = 3
"""Words from which on a text tells a page: shorter ones ("Gửi", "Thanh toán") stand on many pages."""


def step_on_page(steps: Sequence[Step], address: str, text: str) -> int | None:
    """Index of the step that says most about this page; None where no step knows it.

    A short text counts only with the step's address, or with another text of the step that does not merely
    repeat it.
    """
    marks: list[PageMark | None] = []
    owner: list[int] = []
    for number, step in enumerate(steps):
        told = [words for words in step.texts if step.url or _tells(step, words, address, text)]
        alike = [PageMark(step.url, (words,)) for words in told]
        if step.url and not step.texts:
            alike = [PageMark(step.url)]
        marks += alike
        owner += [number] * len(alike)
    best = best_step(marks, address, text)
    return None if best is None else owner[best]


def can_be_known(steps: Sequence[Step]) -> bool:
    """Whether any page can be told to belong to a step: else the person turns the steps by hand."""
    told = [(step, words) for step in steps for words in step.texts]
    if any(step.url for step in steps):
        return True
    return any(_long(words) or _others(step, words) for step, words in told)


def _tells(step: Step, words: str, address: str, text: str) -> bool:
    if _long(words):
        return True
    return any(matches(PageMark("", (words, other)), address, text) for other in _others(step, words))


def _others(step: Step, words: str) -> list[str]:
    mine = words.casefold()
    return [
        other for other in step.texts if mine not in other.casefold() and other.casefold() not in mine
    ]


def _long(words: str) -> bool:
    return len(words.split()) >= _TELLING
