"""The questions before a procedure, answered: can it be done today, or what must be fetched and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from guides.model import Guide, Question


@dataclass(frozen=True)
class Readiness:
    """`today`: nothing that is missing stops it. `missing`: what to fetch, in the order of the questions."""

    today: bool
    missing: tuple[Question, ...]


def readiness(guide: Guide, answers: Mapping[str, bool]) -> Readiness:
    """`answers`: question key -> yes. A question without an answer counts as not all right."""
    missing = tuple(one for one in guide.questions if answers.get(one.key) is not one.good)
    return Readiness(not any(one.stops for one in missing), missing)
