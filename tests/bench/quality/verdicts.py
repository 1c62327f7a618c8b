"""The rows of scan_quality about what is said of a page: told where it is true, and where it is not."""

from collections.abc import Iterator

import numpy as np

from scanner.clean.judge import Verdict
from scanner.clean.page import clean_page
from tests.bench.glossy import any_photograph, shine
from tests.bench.quality.measure import SEED, Asked, Row

FIRST = SEED + 600_000
NEVER_TRUE = (Verdict.BLURRED, Verdict.GLARE, Verdict.DARK, Verdict.CUT, Verdict.BLANK, Verdict.FAINT)
"""Of good photographs that are large enough; some are held by a hand, and some soft."""


def glare(asked: Asked) -> Iterator[Row]:
    """Lights reflected by photographed pages, over print and beside it, and the same pages without."""
    hidden: list[bool] = []
    beside: list[bool] = []
    said: list[tuple[str, ...]] = []
    for seed in range(FIRST, FIRST + asked.count):
        image, corners = any_photograph(seed)
        said.append(_said(image, corners))
        for hides, told in ((True, hidden), (False, beside)):
            shone = shine(np.random.default_rng(seed), image, corners, hides=hides)
            if shone is not None:
                told.append(Verdict.GLARE in _said(shone.image, corners))
    yield "glare over print", f"told {sum(hidden)} of {len(hidden)}", "80 %"
    yield "light on bare paper", f"alarms {sum(beside)} of {len(beside)}", "few"
    blamed = {code.value: sum(code in each for each in said) for code in NEVER_TRUE}
    alarms = ", ".join(f"{code} {count}" for code, count in blamed.items())
    yield "good photographs, alarms", f"{alarms} of {len(said)}", "few"


def _said(image: np.ndarray, corners: np.ndarray) -> tuple[str, ...]:
    return clean_page(image, corners=[tuple(point) for point in corners.tolist()]).verdicts
